"""The AWS CLI's own way of calling, for tests: it is no part of the setup, so botocore's models give its options.

`aws SERVICE OPERATION --option VALUE … [--query JMESPATH] [--output text] [--region REGION]`, `aws SERVICE wait WHAT
--option VALUE …`. An option that the operation has no parameter for ends with 252, as in the CLI; an error of the
service with 254.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import boto3
import jmespath
from botocore import xform_name
from botocore.exceptions import ClientError, ParamValidationError


def value(shape: Any, words: list[str]) -> Any:
    """What the words after an option come to, by the parameter's type."""
    words = [_read(word) for word in words]
    if shape.type_name == "list":
        if words[0].startswith("["):
            return json.loads(words[0])
        return [value(shape.member, [word]) for word in words]
    (word,) = words
    if shape.type_name == "structure" and not word.startswith("{"):
        return _shorthand(shape, word)
    if shape.type_name in ("structure", "map"):
        return json.loads(word)
    return {"integer": int, "long": int, "float": float}.get(shape.type_name, str)(word)


def _read(word: str) -> str:
    return Path(word.removeprefix("file://")).read_text(encoding="utf-8") if word.startswith("file://") else word


def _shorthand(shape: Any, word: str) -> dict[str, Any]:
    """`Key=Owner,Values=a,b`: a word without a name of its own goes to the list before it."""
    given: dict[str, list[str]] = {}
    for part in word.split(","):
        name, equals, first = part.partition("=")
        if equals:
            given[name] = members = [first]
        else:
            members.append(part)
    return {name: value(shape.members[name], members) for name, members in given.items()}


def main(service: str, operation: str, *rest: str) -> int:
    """Make one call and print its answer; the CLI's exit code."""
    waits, rest = (rest[0], rest[1:]) if operation == "wait" else ("", rest)
    options: dict[str, list[str]] = {}
    for word in rest:
        if word.startswith("--"):
            options[word[2:]] = latest = []
        else:
            latest.append(word)
    query, output, region = (options.pop(name, [""])[0] for name in ("query", "output", "region"))
    client = boto3.client({"s3api": "s3"}.get(service, service), region_name=region or None)
    names = {xform_name(name, "-"): name for name in client.meta.service_model.operation_names}
    waiter = client.get_waiter(waits.replace("-", "_")) if waits else None
    operation = xform_name(waiter.config.operation, "-") if waiter else operation
    if operation not in names:
        return _refused(252, f"argument operation: Invalid choice: {operation}")
    shape = client.meta.service_model.operation_model(names[operation]).input_shape
    members = {xform_name(name, "-"): (name, member) for name, member in (shape.members.items() if shape else ())}
    given: dict[str, Any] = {}
    for option, words in options.items():
        name, member = members.get(option) or members.get(option.removeprefix("no-")) or ("", None)
        if member is None:
            return _refused(252, f"Unknown options: --{option}")
        given[name] = not option.startswith("no-") if member.type_name == "boolean" else value(member, words)
    try:
        make = waiter.wait if waiter else getattr(client, operation.replace("-", "_"))
        answer = make(**given) or {}
    except ParamValidationError as error:
        return _refused(252, str(error))
    except ClientError as error:
        return _refused(254, str(error))
    answer.pop("ResponseMetadata", None)
    found = jmespath.search(query, answer) if query else answer
    if output == "text":
        rows = found if isinstance(found, list) else [found]
        print("\n".join("\t".join(map(str, row)) if isinstance(row, list) else str(row) for row in rows))
    elif found:
        print(json.dumps(found, default=str, indent=4))
    return 0


def _refused(code: int, message: str) -> int:
    print(message, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
