"""The services in process, extended, as the providers of the embedded AWS see them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from moto import mock_aws
from moto.core.base_backend import BackendDict

from infra.local import server
from infra.local.resource_type import Context, Refused, ResourceType, resource_types
from infra.local.shapes import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ACCOUNT, REGION, PARTITION = "111122223333", "us-gov-west-1", "aws-us-gov"
ROOT = f"arn:{PARTITION}:iam::{ACCOUNT}:root"
OF_STACK = [{"Key": "Enclave", "Value": "unit"}]


@pytest.fixture(scope="module")
def _mocked() -> Iterator[None]:
    """moto's mock, on for a module: emptying it takes a tenth of the time of starting it."""
    server.extend()
    with mock_aws():
        yield


@pytest.fixture
def aws(_mocked: None, monkeypatch: pytest.MonkeyPatch) -> Context:
    """An empty account in GovCloud, and the context of one resource in it."""
    for needless in ("MOTO_IAM_LOAD_MANAGED_POLICIES", "MOTO_EC2_LOAD_DEFAULT_AMIS"):
        monkeypatch.setenv(needless, "false")  # emptying the account makes them anew: most of its time
    BackendDict.reset()
    return Context(
        account=ACCOUNT,
        region=REGION,
        partition=PARTITION,
        stack_name="unit",
        stack_id=f"arn:{PARTITION}:cloudformation:{REGION}:{ACCOUNT}:stack/unit/1",
        logical_id="Thing",
        suffix="ABCDEF123456",
    )


@dataclass(frozen=True)
class World:
    """Things that resources under test refer to, made through plain boto3."""

    context: Context
    key: str
    other_key: str
    role: str
    policy: str
    other_policy: str
    topic: str
    queue: str
    logs: str

    def client(self, service: str) -> Any:
        return self.context.client(service)

    def arn(self, service: str, resource: str) -> str:
        return f"arn:{PARTITION}:{service}:{REGION}:{ACCOUNT}:{resource}"


def allow(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": action, "Resource": resource, **more}],
    }


@pytest.fixture
def world(aws: Context) -> World:
    kms, iam, sns, sqs, s3 = (aws.client(name) for name in ("kms", "iam", "sns", "sqs", "s3"))
    services_too: dict[str, Any] = {
        "Principal": {"AWS": ROOT, "Service": ["cloudtrail.amazonaws.com", "s3.amazonaws.com"]}
    }
    key, other_key = (
        kms.create_key(Policy=json.dumps(allow("kms:*", **services_too)))["KeyMetadata"]["Arn"] for _ in range(2)
    )
    trust = allow("sts:AssumeRole", Principal={"Service": "cloudtrail.amazonaws.com"})
    del trust["Statement"][0]["Resource"]
    iam.create_role(RoleName="holder", AssumeRolePolicyDocument=json.dumps(trust))
    one, two = (
        iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(allow("logs:Put*")))["Policy"]["Arn"]
        for name in ("one", "two")
    )
    s3.create_bucket(Bucket="unit-logs", CreateBucketConfiguration={"LocationConstraint": REGION})
    return World(
        aws,
        key,
        other_key,
        "holder",
        one,
        two,
        sns.create_topic(Name="news")["TopicArn"],
        sqs.create_queue(QueueName="inbox")["QueueUrl"],
        "unit-logs",
    )


@pytest.fixture
def life(world: World) -> Callable[..., str]:
    """Create with every property, read it back, change it, read that back, delete; twice over, and with stack tags."""

    def lived(kind: str, made: dict[str, Any], changed: dict[str, Any], unread: tuple[str, ...] = ()) -> str:
        known = resource_types()[kind]
        context = replace(world.context, tags={"Enclave": "unit"})
        physical_id = known.create(made, context)
        assert_attributes(known, physical_id, context)
        for before, now in ((made, made), (made, changed), (changed, made)):
            known.update(physical_id, before, now, context)
            assert_reads(known.read(physical_id, context), now, unread)
        known.delete(physical_id, made, context)
        assert known.read(physical_id, context) is None
        known.delete(physical_id, made, context)
        return physical_id

    return lived


def assert_reads(read: dict[str, Any] | None, said: dict[str, Any], unread: tuple[str, ...] = ()) -> None:
    """What a template said is what the service has."""
    assert read is not None
    expected = {name: value for name, value in said.items() if name not in unread}
    if "Tags" in said:
        tags = said["Tags"]
        expected["Tags"] = {"Enclave": "unit", **tags} if isinstance(tags, dict) else [*OF_STACK, *tags]
    assert {name: read.get(name) for name in expected} == expected


def assert_attributes(kind: ResourceType, physical_id: str, context: Context) -> None:
    """What is read for Fn::GetAtt alone is what is read of the whole, and no attribute is left out of it."""
    whole, part = kind.read(physical_id, context), kind.attributes(physical_id, context)
    assert whole is not None
    assert part is not None
    both = part.keys() & whole.keys() - {"Tags"}
    assert {name: part[name] for name in both} == {name: whole[name] for name in both}
    pointers = schema(kind.type_name, context.region).get("readOnlyProperties", ())
    names = {pointer.split("/")[2] for pointer in pointers}
    assert names & whole.keys() <= part.keys()


@pytest.fixture
def refused() -> Callable[[str], Any]:
    """What AWS refuses, by its error code, whether the service or the type says so."""

    @contextmanager
    def with_code(code: str) -> Iterator[None]:
        with pytest.raises((ClientError, Refused, ParamValidationError)) as caught:
            yield
        error = caught.value
        match error:
            case ClientError():
                found = error.response["Error"]["Code"]
            case Refused():
                found = error.code
            case _:
                found = "ParamValidationError"
        assert found == code, str(error)

    return with_code


@pytest.fixture
def context(aws: Context) -> Context:
    """The same account, in a stack that has a tag."""
    return replace(aws, tags={"Owner": "operations"})
