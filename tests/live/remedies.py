"""The commands that a remedy names, typed in as the AWS CLI would read them."""

from __future__ import annotations

import re
import shlex
from typing import Any

from infra.local.clients import model_of

GONE = None


def commands(remedy: str) -> list[str]:
    """The commands of the AWS CLI that a remedy names."""
    return [each for each in re.findall(r"`([^`]+)`", remedy) if each.startswith("aws ")]


def type_in(session: Any, command: str) -> str | None:
    """Run a command as the CLI would, by the service's model; how the stack or request stands after it.

    GONE is a stack that is deleted.
    """
    aws, service, name, *words = shlex.split(command)
    assert aws == "aws"
    operation = "".join(part.capitalize() for part in name.split("-"))
    members = model_of(service).operation_model(operation).input_shape.members
    given: dict[str, Any] = {}
    while words:
        option = words.pop(0).removeprefix("--")
        values = []
        while words and not words[0].startswith("--"):
            values.append(words.pop(0))
        if option == "region":
            assert values == [session.region_name]
            continue
        member = "".join(part.capitalize() for part in option.removeprefix("no-").split("-"))
        kind = members[member].type_name
        given[member] = values if kind == "list" else not option.startswith("no-") if kind == "boolean" else values[0]
    client = session.client(service)
    call = getattr(client, name.replace("-", "_"))
    if service != "cloudformation":
        token = call(**given)["ProgressEvent"]["RequestToken"]
        return str(client.get_resource_request_status(RequestToken=token)["ProgressEvent"]["OperationStatus"])
    arn = client.describe_stacks(StackName=given["StackName"])["Stacks"][0]["StackId"]
    call(**given)
    standing = client.describe_stacks(StackName=arn)["Stacks"][0]["StackStatus"]
    return GONE if standing == "DELETE_COMPLETE" else str(standing)
