"""A topic is edited, deployed and rolled back on the embedded AWS: each change is a version, and all follows it."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template
from moto import mock_aws

from infra.constructs.customer_key import CustomerKey
from infra.constructs.guardrail import Guardrail, GuardrailEnforcement
from infra.constructs.invoke_policy import InvokePolicy
from infra.constructs.resource import Resource
from infra.local import server
from infra.settings import PreviousVersion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.settings import Enclave

NAME = "roll"
SECONDS_AT_MOST = 120


def template(settings: Enclave) -> str:
    """What pins a guardrail version, and the least around it."""
    stack = Stack(App(), "S", env=Environment(account=settings.accounts.enclave, region=settings.region))
    key = CustomerKey(stack, "Key", settings=settings, deployment_role="arn:role", purpose="a test", uses=[])
    guardrail = Guardrail(stack, "Guardrail", settings=settings, key=key)
    GuardrailEnforcement(stack, "Enforcement", guardrail=guardrail)
    vpc = Resource(stack, "Vpc", "AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/24"})
    service = f"com.amazonaws.{settings.region}.s3"
    endpoint = Resource(stack, "Endpoint", "AWS::EC2::VPCEndpoint", {"VpcId": vpc.physical_id, "ServiceName": service})
    InvokePolicy(stack, "Invoke", settings=settings, guardrail=guardrail, key=key, endpoint=endpoint)
    body = Template.from_stack(stack).to_json()
    return json.dumps({"Resources": body["Resources"]})


class Account:
    """An account of the embedded AWS with one stack, and what of it a client meets."""

    def __init__(self, region: str) -> None:
        self._region = region

    def _client(self, service: str) -> Any:
        return boto3.client(service, region_name=self._region)

    def deploy(self, body: str) -> None:
        cloudformation = self._client("cloudformation")
        known = any(one["StackName"] == NAME for one in cloudformation.describe_stacks()["Stacks"])
        put = cloudformation.update_stack if known else cloudformation.create_stack
        put(StackName=NAME, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
        end = time.monotonic() + SECONDS_AT_MOST
        while (status := cloudformation.describe_stacks(StackName=NAME)["Stacks"][0]["StackStatus"]).endswith(
            "PROGRESS"
        ):
            assert time.monotonic() < end, status
            time.sleep(0.05)
        assert status == ("UPDATE_COMPLETE" if known else "CREATE_COMPLETE"), cloudformation.describe_stack_events(
            StackName=NAME
        )["StackEvents"]

    def definition(self, version: str) -> str:
        """How a version words its first topic."""
        bedrock = self._client("bedrock")
        (guardrail,) = bedrock.list_guardrails()["guardrails"]
        found = bedrock.get_guardrail(guardrailIdentifier=guardrail["id"], guardrailVersion=version)
        text: str = found["topicPolicy"]["topics"][0]["definition"]
        return text

    @property
    def versions(self) -> list[str]:
        bedrock = self._client("bedrock")
        (guardrail,) = bedrock.list_guardrails()["guardrails"]
        found = bedrock.list_guardrails(guardrailIdentifier=guardrail["id"])["guardrails"]
        return sorted(one["version"] for one in found if one["version"] != "DRAFT")

    @property
    def enforced(self) -> str:
        (found,) = self._client("bedrock").list_enforced_guardrails_configuration()["guardrailsConfig"]
        version: str = found["guardrailVersion"]
        return version

    @property
    def policy(self) -> dict[str, Any]:
        iam = self._client("iam")
        found = next(one for one in iam.list_policies(Scope="Local")["Policies"] if "InvokePolicy" in one["PolicyName"])
        version = iam.get_policy_version(PolicyArn=found["Arn"], VersionId=found["DefaultVersionId"])
        document: dict[str, Any] = version["PolicyVersion"]["Document"]
        return document


@pytest.fixture
def account(sandbox: Enclave, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    monkeypatch.setenv("MOTO_ACCOUNT_ID", sandbox.accounts.enclave)
    server.extend()
    with mock_aws():
        yield Account(sandbox.region)


def reworded(settings: Enclave, text: str) -> Enclave:
    profile = settings.profile
    topics = (profile.topics[0].model_copy(update={"definition": text}), *profile.topics[1:])
    return settings.with_profile(profile.model_copy(update={"topics": topics}))


def overlapping(settings: Enclave, version: int) -> Enclave:
    until = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
    choice = settings.guardrail.model_copy(
        update={"previous": PreviousVersion.model_validate({"version": version, "until": until})}
    )
    return settings.model_copy(update={"guardrail": choice}).with_profile(settings.profile)


def test_a_topic_is_edited_deployed_and_rolled_back(sandbox: Enclave, account: Account, policies: Any) -> None:
    def accepted() -> list[str]:
        """The versions with which the policy now lets a declared model be invoked."""
        document = account.policy
        (apply,) = [one["Resource"] for one in document["Statement"] if one["Sid"] == "Guardrail"]
        (endpoint,) = [
            one["Condition"]["StringNotEquals"]["aws:SourceVpce"]
            for one in document["Statement"]
            if one["Sid"] == "OnlyThroughEndpoint"
        ]
        model = f"arn:aws-us-gov:bedrock:{sandbox.region}::foundation-model/amazon.nova-pro-v1:0"
        context = {"aws:SourceVpce": endpoint, "aws:CurrentTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")}
        return [
            version
            for version in [*account.versions, "DRAFT"]
            if policies.decide(
                [document],
                "bedrock:InvokeModel",
                model,
                {**context, "bedrock:GuardrailIdentifier": f"{apply}:{version}"},
            )
        ]

    account.deploy(template(sandbox))
    assert (account.versions, account.enforced, accepted()) == (["1"], "1", ["1"])

    edited = reworded(sandbox, "Watching the domestic population at scale without individual legal process.")
    account.deploy(template(overlapping(edited, 1)))
    assert (account.versions, account.enforced, accepted()) == (["1", "2"], "2", ["1", "2"])
    assert account.definition("1") == sandbox.profile.topics[0].definition
    assert account.definition("2") == edited.profile.topics[0].definition

    account.deploy(template(sandbox))
    assert (account.versions, account.enforced, accepted()) == (["1", "2", "3"], "3", ["3"])
    assert account.definition("3") == account.definition("1")
