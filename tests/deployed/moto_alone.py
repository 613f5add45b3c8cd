"""`python -m tests.deployed.moto_alone ASSEMBLY ACCOUNT REGION`: the same templates on moto as it is, not extended.

In moto's favour: a resource or an export that its own CloudFormation does not know or fails at is left out, where the
whole stack would fail; what a property should be is what it resolved itself; and an operation that it lacks answers
that nothing is there. The embedded AWS's own readers ask its services; whatever they cannot read is not equal.
Prints what came of it; on standard error, why.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3
from moto import mock_aws
from moto.cloudformation import parsing

from infra.local import clients
from infra.local.cloudformation import drift, schemas
from infra.local.resource_type import Context, resource_types
from tests.deployed.fidelity import Pairs, top_level

if TYPE_CHECKING:
    from collections.abc import Callable

Made = dict[tuple[str, str], tuple[Any, dict[str, Any]]]


def forgiving() -> Made:
    """Let moto go on after a resource that it cannot make; what it made, with the properties it resolved."""
    made: Made = {}
    failed: set[tuple[str, str]] = set()
    resolving, creating = parsing.parse_resource_and_generate_name, parsing.parse_and_create_resource
    resolved: dict[tuple[str, str], dict[str, Any]] = {}

    def resolve(logical_id: str, resource_json: dict[str, Any], resources_map: Any) -> Any:
        told = resolving(logical_id, resource_json, resources_map)
        if told:
            resolved[resources_map["AWS::StackName"], logical_id] = json.loads(
                json.dumps(told[1]["Properties"], default=str)
            )
        return told

    def create(logical_id: str, resource_json: dict[str, Any], resources_map: Any, **rest: Any) -> Any:
        where = (resources_map["AWS::StackName"], logical_id)
        if where in failed:
            return None
        try:
            resource = creating(logical_id, resource_json, resources_map, **rest)
        except Exception as error:
            print(*where, resource_json["Type"], repr(error)[:200], file=sys.stderr)
            resource = None
        if resource is None:
            failed.add(where)
        else:
            made[where] = (resource, resolved[where])
        return resource

    def exports(outputs: Any) -> list[Any]:
        told = []
        for name, output in (outputs._output_json_map or {}).items():
            if "Export" not in output:
                continue
            try:
                of = [
                    parsing.clean_json(each, outputs._resource_map)
                    for each in (output["Export"]["Name"], output["Value"])
                ]
            except Exception as error:
                print(outputs._stack_id, name, repr(error)[:200], file=sys.stderr)
            else:
                told.append(parsing.Export(outputs._stack_id, *of))
        return told

    loose: Any = parsing
    loose.parse_resource_and_generate_name = resolve
    loose.parse_and_create_resource = create
    loose.ResourceMap.validate_outputs = lambda _: None
    loose.OutputMap.exports = property(exports)
    return made


class Asking:
    """A boto3 client of moto; an operation that moto lacks gives an empty answer."""

    def __init__(self, service: str, account: str, region: str) -> None:
        # By the name of IAM's endpoint in GovCloud moto takes a request for one of the partition `aws`.
        host = f"https://iam.{region}.amazonaws.com" if service == "iam" else None
        self._client = boto3.client(service, region_name=region, endpoint_url=host)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._client, name)
        if name not in self._client.meta.method_to_api_mapping:
            return found

        def ask(**arguments: Any) -> Any:
            try:
                return found(**arguments)
            except NotImplementedError:
                return {}

        return ask


def deploy(assembly: Path, region: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Create every stack, each after those it needs; every resource of the templates."""
    manifest = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    waiting = {name: one for name, one in manifest.items() if one["type"] == "aws:cloudformation:stack"}
    cloudformation = boto3.client("cloudformation", region_name=region)
    boto3.client("ssm", region_name=region).put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version", Type="String", Value="33"
    )
    said: dict[tuple[str, str], dict[str, Any]] = {}
    while waiting:
        name = next(n for n, one in waiting.items() if not set(one.get("dependencies", ())) & waiting.keys())
        properties = waiting.pop(name)["properties"]
        body = (assembly / properties["templateFile"]).read_text()
        said |= {(properties["stackName"], n): one for n, one in json.loads(body)["Resources"].items()}
        try:
            cloudformation.create_stack(StackName=properties["stackName"], TemplateBody=body)
        except Exception as error:
            print(properties["stackName"], repr(error)[:300], file=sys.stderr)
    return said


def main(assembly: Path, account: str, region: str) -> Pairs:
    """Deploy, read back through the embedded AWS's own readers, compare."""
    made, pairs = forgiving(), Pairs()
    clients.client = Asking  # every reader's way to a service
    with mock_aws():
        for where, one in deploy(assembly, region).items():
            kind, hidden = one["Type"], schemas.write_only(one["Type"], region)
            expected = schemas.without(one.get("Properties", {}), hidden)
            pairs.add("/".join(where), kind, expected, expected.keys() - read_equal(where, kind, made, account, region))
    if found := extensions():
        sys.exit(f"moto is not as it is: {found}")
    return pairs


def lenient(loads: Callable[..., Any]) -> Callable[..., Any]:
    """Policies that moto tells as something other than JSON are not equal; the rest of their resource may be."""

    def load(text: Any, **options: Any) -> Any:
        try:
            return loads(text, **options)
        except (TypeError, ValueError):
            return text

    return load


def extensions() -> list[str]:
    """What of moto is not its own."""
    return sorted(
        f"{kind.__module__}.{kind.__qualname__}.{name}"
        for module in [each for name, each in sys.modules.items() if name.startswith("moto.")]
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__.startswith("moto.")
        for name, member in vars(kind).items()
        if str(getattr(member, "__module__", "")).startswith("infra.")
    )


def read_equal(where: tuple[str, str], kind: str, made: Made, account: str, region: str) -> set[str]:
    """The properties of one resource that the service tells as they should be."""
    if where not in made:
        return set()
    resource, properties = made[where]
    expected = schemas.without(properties, schemas.write_only(kind, region))
    context = Context(account, region, "aws-us-gov", where[0], f"arn:aws-us-gov:cloudformation:::{where[0]}", where[1])
    try:
        with patch.object(json, "loads", lenient(json.loads)):
            actual = resource_types()[kind].read(resource.physical_resource_id, context)
    except Exception as error:
        print(*where, kind, repr(error)[:200], file=sys.stderr)
        return set()
    if actual is None:
        print(*where, kind, resource.physical_resource_id, "not found", file=sys.stderr)
        return set()
    actual = schemas.without(actual, schemas.write_only(kind, region))
    return set(expected) - top_level(drift.between(kind, region, expected, actual))


if __name__ == "__main__":
    print(f"moto, not extended, the same templates: {main(Path(sys.argv[1]), *sys.argv[2:])}")
