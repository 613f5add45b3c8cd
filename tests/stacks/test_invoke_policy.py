"""Requests that the invoke policy lets through, and every way round that it must not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk.assertions import Template

from infra.constructs.customer_key import CustomerKey
from infra.constructs.guardrail import Guardrail
from infra.constructs.invoke_policy import InvokePolicy
from infra.constructs.resource import Resource
from infra.settings import PreviousVersion

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.settings import Enclave

    Ask = Callable[..., bool]

GUARDRAIL = "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:guardrail/abc"
NOVA = "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/amazon.nova-pro-v1:0"
TERRA = "arn:aws-us-gov:bedrock:{}::foundation-model/openai.gpt-5.6-terra"
PROFILE = "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:inference-profile/us-gov.openai.gpt-5.6-terra"
PROPER = {
    "bedrock:GuardrailIdentifier": f"{GUARDRAIL}:7",
    "aws:SourceVpce": "vpce-1",
    "aws:CurrentTime": "2026-11-24T12:00:00Z",
}
MANAGED_POLICY_LIMIT = 6144


def documents(settings: Enclave, resolve: Callable[[Any, dict[str, str]], Any]) -> dict[str, dict[str, Any]]:
    """The policies of the construct, `Policy`, `Bounds` and `Planes`, with their references resolved."""
    stack = Stack(App(), "S", env=Environment(account=settings.accounts.enclave, region=settings.region))
    key = CustomerKey(stack, "Key", settings=settings, deployment_role="arn:role", purpose="a test", uses=[])
    guardrail = Guardrail(stack, "Guardrail", settings=settings, key=key)
    endpoint = Resource(stack, "Runtime", "AWS::EC2::VPCEndpoint", {"VpcId": "vpc-1", "ServiceName": "bedrock-runtime"})
    InvokePolicy(stack, "Invoke", settings=settings, guardrail=guardrail, key=key, endpoint=endpoint)
    resources = Template.from_stack(stack).to_json()["Resources"]
    named = {one["Type"]: name for name, one in resources.items()}
    known = {
        "AWS::Partition": settings.partition,
        "AWS::URLSuffix": "amazonaws.com",
        f"{named['AWS::Bedrock::Guardrail']}.GuardrailArn": GUARDRAIL,
        f"{named['AWS::Bedrock::GuardrailVersion']}.Version": "7",
        named["AWS::EC2::VPCEndpoint"]: "vpce-1",
    }
    return {
        name.removeprefix("Invoke")[:6]: resolve(one["Properties"]["PolicyDocument"], known)
        for name, one in resources.items()
        if one["Type"] == "AWS::IAM::ManagedPolicy"
    }


def statements(settings: Enclave, resolve: Callable[[Any, dict[str, str]], Any]) -> list[dict[str, Any]]:
    return [one for document in documents(settings, resolve).values() for one in document["Statement"]]


@pytest.fixture(scope="module")
def ask(sandbox: Enclave, policies: Any) -> Ask:
    """Whether a request is allowed: a proper one, with some of its context changed or (None) left out."""
    found = {"Statement": statements(sandbox, policies.resolve)}

    def allowed(resource: str = NOVA, action: str = "bedrock:InvokeModel", **changes: str | None) -> bool:
        context = {**PROPER, **{key.replace("_", ":"): value for key, value in changes.items()}}
        given = {key: value for key, value in context.items() if value is not None}
        return bool(policies.decide([found], action, resource, given))

    return allowed


def test_the_declared_models_are_reached_through_guardrail_and_endpoint(ask: Ask) -> None:
    assert ask()
    assert ask(action="bedrock:InvokeModelWithResponseStream")
    assert ask(PROFILE)


@pytest.mark.parametrize(
    "identifier",
    [
        None,
        "",
        GUARDRAIL,
        f"{GUARDRAIL}:DRAFT",
        f"{GUARDRAIL}:6",
        f"{GUARDRAIL}:77",
        f"{GUARDRAIL}x:7",
        "arn:aws-us-gov:bedrock:us-gov-west-1:444455556666:guardrail/abc:7",
    ],
)
def test_no_guardrail_another_one_or_another_version_is_refused(ask: Ask, identifier: str | None) -> None:
    assert not ask(**{"bedrock_GuardrailIdentifier": identifier})
    assert not ask(PROFILE, **{"bedrock_GuardrailIdentifier": identifier})


@pytest.mark.parametrize("endpoint", [None, "vpce-2"])
def test_what_comes_by_no_endpoint_or_another_is_refused(ask: Ask, endpoint: str | None) -> None:
    assert not ask(aws_SourceVpce=endpoint)
    assert not ask(GUARDRAIL, "bedrock:ApplyGuardrail", aws_SourceVpce=endpoint)
    assert ask(GUARDRAIL, "bedrock:ApplyGuardrail")


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/meta.llama3-70b-instruct-v1:0",
        "arn:aws-us-gov:bedrock:us-gov-east-1::foundation-model/amazon.nova-pro-v1:0",
        "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:imported-model/abc",
        "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:provisioned-model/abc",
        "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:inference-profile/us-gov.xai.grok-4.6",
        "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:default-prompt-router/abc",
        "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:project/default",
    ],
)
def test_other_models_and_other_ways_to_a_model_are_refused(ask: Ask, resource: str) -> None:
    assert not ask(resource)


@pytest.mark.parametrize("region", ["us-gov-west-1", "us-gov-east-1"])
def test_a_model_declared_by_profile_is_reached_through_that_profile_alone(ask: Ask, region: str) -> None:
    assert ask(TERRA.format(region), bedrock_InferenceProfileArn=PROFILE)
    assert not ask(TERRA.format(region))
    assert not ask(TERRA.format(region), bedrock_InferenceProfileArn=PROFILE.replace("us-gov.openai", "us.openai"))


def test_the_grant_alone_is_tied_to_the_profile_and_so_is_the_denial(sandbox: Enclave, policies: Any) -> None:
    """Either holds without the other, so that one edit opens nothing."""
    found = statements(sandbox, policies.resolve)
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    for some in (
        [one for one in found if one["Effect"] == "Allow"],
        [everything, *(one for one in found if one["Effect"] == "Deny")],
    ):
        for region in ("us-gov-west-1", "us-gov-east-1"):
            asked = ([{"Statement": some}], "bedrock:InvokeModel", TERRA.format(region))
            assert policies.decide(*asked, {**PROPER, "bedrock:InferenceProfileArn": PROFILE})
            assert not policies.decide(*asked, PROPER)


def test_a_destination_that_is_not_declared_is_refused(ask: Ask) -> None:
    assert not ask(TERRA.format("us-east-1"), bedrock_InferenceProfileArn=PROFILE)


def test_what_the_policy_allows_no_other_policy_widens(sandbox: Enclave, policies: Any) -> None:
    everything = {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    both = [{"Statement": statements(sandbox, policies.resolve)}, everything]

    def allowed(action: str, resource: str, **changes: str) -> bool:
        return bool(policies.decide(both, action, resource, {**PROPER, **changes}))

    assert not allowed("bedrock:InvokeModel", NOVA.replace("amazon.nova-pro", "amazon.nova-lite"))
    assert not allowed("bedrock:InvokeModel", TERRA.format("us-gov-east-1"))
    assert not allowed("bedrock-mantle:CreateInference", "arn:aws-us-gov:bedrock-mantle:us-gov-west-1:1:project/x")


def test_the_previous_version_is_accepted_until_its_day_begins_and_not_after(sandbox: Enclave, policies: Any) -> None:
    previous = PreviousVersion.model_validate({"version": 6, "until": "2027-01-31"})
    choice = sandbox.guardrail.model_copy(update={"previous": previous})
    overlapping = sandbox.model_copy(update={"guardrail": choice}).with_profile(sandbox.profile)
    found = {"Statement": statements(overlapping, policies.resolve)}

    def allowed(version: str, now: str | None) -> bool:
        context = {**PROPER, "bedrock:GuardrailIdentifier": f"{GUARDRAIL}:{version}"}
        if now is None:
            del context["aws:CurrentTime"]
        else:
            context["aws:CurrentTime"] = now
        return bool(policies.decide([found], "bedrock:InvokeModel", NOVA, context))

    assert allowed("6", "2027-01-30T23:59:59Z")
    assert not allowed("6", "2027-01-31T00:00:00Z")
    assert not allowed("6", None)
    assert not allowed("5", "2026-12-01T00:00:00Z")
    assert allowed("7", "2030-01-01T00:00:00Z")


def test_the_grants_never_come_without_guardrail_and_endpoint(sandbox: Enclave, policies: Any) -> None:
    alone = documents(sandbox, policies.resolve)["Policy"]
    assert policies.decide([alone], "bedrock:InvokeModel", NOVA, PROPER)
    for key in ("bedrock:GuardrailIdentifier", "aws:SourceVpce"):
        context = {name: value for name, value in PROPER.items() if name != key}
        assert not policies.decide([alone], "bedrock:InvokeModel", NOVA, context)
    others = [documents(sandbox, policies.resolve)[name] for name in ("Bounds", "Planes")]
    assert {one["Effect"] for document in others for one in document["Statement"]} == {"Deny"}


def with_profiles(sandbox: Enclave, number: int) -> Enclave:
    (terra,) = [model for model in sandbox.models if model.routing == "profile"]
    more = [
        terra.model_copy(update={"id": f"openai.gpt-5.6-terra-{n}", "profile": f"us-gov.openai.gpt-5.6-terra-{n}"})
        for n in range(number - 1)
    ]
    return sandbox.model_copy(update={"models": (*sandbox.models, *more)}).with_profile(sandbox.profile)


def test_eight_models_by_profile_fit(sandbox: Enclave, policies: Any) -> None:
    found = documents(with_profiles(sandbox, 8), policies.resolve)
    assert set(found) == {"Policy", "Bounds", "Planes"}
    assert max(len(json.dumps(one, separators=(",", ":"))) for one in found.values()) <= MANAGED_POLICY_LIMIT


def test_more_models_than_a_policy_holds_are_refused_before_aws_does(sandbox: Enclave, policies: Any) -> None:
    with pytest.raises(ValueError, match="11 of them by profile"):
        documents(with_profiles(sandbox, 11), policies.resolve)
