"""The default enclave as deployed: it holds, is as its templates say, and turns red when it is weakened.

One file for all: they share one deployment.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from infra.controls.finding import Verdict
from infra.controls.framework import controls
from infra.deployment.reading_policy import verification_calls
from infra.local.clock import CLOCK
from infra.local.cloudformation import importing, live, operations, schemas
from infra.local.cloudformation.handlers import Failed, lookup
from infra.local.cloudformation.state import Resource, engines
from infra.local.cloudformation.template import Declared
from infra.preflight.item import State
from infra.preflight.run import preflight
from infra.verification import verify
from tests.deployed import keeper
from tests.deployed.conftest import AS_OF, ROOT, World, forked
from tests.deployed.fidelity import Pairs, top_level
from tests.deployed.weakenings import WEAKENINGS, Weaken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.controls.judgement import Judgement
    from infra.local.cloudformation.state import Stack


@pytest.fixture(scope="module")
def verified(world: World) -> Judgement:
    """The judgement on the enclave as deployed. What it looked up first is known to every forked child after it."""
    return verify([world.session], world.settings, as_of=AS_OF, assembly=world.assembly)


def test_every_control_holds_live(verified: Judgement) -> None:
    assert [
        (j.finding.control, j.finding.subject, j.finding.message) for j in verified.judged if j.verdict != Verdict.PASS
    ] == []
    assert verified.exit_code == 0


def test_the_live_posture_equals_the_templates(world: World, verified: Judgement) -> None:
    drift = [(j.finding.subject, j.finding.message) for j in verified.judged if j.finding.control == "drift"]
    assert drift == [(world.settings.name, "the account is as the templates say")]


def drifts(world: World) -> Iterator[dict[str, Any]]:
    """What CloudFormation's drift detection tells of every resource of the enclave."""
    cloudformation = world.client("cloudformation")
    for stack in cloudformation.describe_stacks()["Stacks"]:
        name = stack["StackId"]
        for resource in cloudformation.describe_stack_resources(StackName=name)["StackResources"]:
            yield cloudformation.detect_stack_resource_drift(
                StackName=name, LogicalResourceId=resource["LogicalResourceId"]
            )["StackResourceDrift"]


def declared(world: World) -> dict[tuple[str, str], dict[str, Any]]:
    """Every resource of the assembly's templates, by stack and logical id."""
    manifest = json.loads((world.assembly / "manifest.json").read_text())["artifacts"]
    return {
        (artifact["properties"]["stackName"], name): resource
        for artifact in manifest.values()
        if artifact["type"] == "aws:cloudformation:stack"
        for name, resource in json.loads((world.assembly / artifact["properties"]["templateFile"]).read_text())[
            "Resources"
        ].items()
    }


def test_every_property_is_read_back_equal(world: World, record_property: Any) -> None:
    pairs, seen = Pairs(), set()
    templates = declared(world)
    for told in drifts(world):
        where = (told["StackId"].split("/")[1], told["LogicalResourceId"])
        assert told["StackResourceDriftStatus"] != "DELETED", where
        kind, expected = told["ResourceType"], json.loads(told["ExpectedProperties"])
        said = schemas.without(templates[where].get("Properties", {}), schemas.write_only(kind, world.settings.region))
        assert expected.keys() == said.keys(), where  # nothing that the template says is left out of the count
        unread = told["StackResourceDriftStatus"] == "UNKNOWN"
        pairs.add("/".join(where), kind, expected, expected if unread else top_level(told["PropertyDifferences"]))
        seen.add(where)
    assert seen == templates.keys()
    assert pairs.differing == {}
    page = re.search(r"\| embedded AWS \| (.+) \|", (ROOT / "docs/embedded-aws.md").read_text())
    assert page
    assert str(pairs).startswith(page[1])
    record_property("summary", f"embedded AWS, default enclave: {pairs}")


def made(world: World) -> dict[str, tuple[Stack, Resource]]:
    """One resource of every type, as the engine remembers it."""
    engine = engines[world.settings.accounts.enclave][world.settings.region]
    return {
        resource.type_name: (stack, resource)
        for stack in engine.stacks.values()
        for resource in stack.resources.values()
    }


def test_what_is_read_back_comes_from_the_services_own_api(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.local import clients

    asked: list[str] = []
    answered = clients.client

    def listening(service: str, account: str, region: str) -> Any:
        asked.append(service)
        return answered(service, account, region)

    monkeypatch.setattr(clients, "client", listening)
    for kind, (stack, resource) in made(world).items():
        asked.clear()
        assert live.read(stack, resource), kind
        assert asked, f"{kind} was read without asking a service"


def test_what_identifies_a_resource_leads_to_it(world: World) -> None:
    """As an import finds it: the values of its primary identifier, as it is read, name it, and no stack but its own."""
    engine = engines[world.settings.accounts.enclave][world.settings.region]
    found, unable = set(), set()
    for kind, (stack, resource) in made(world).items():
        told = live.read(stack, resource) or {}
        identifier = {name: lookup(told, name) for name in schemas.identifiers(kind, stack.region)}
        one = importing.Wanted("Imported", kind, identifier)
        if not importing.importable(kind, stack.region):
            unable.add(kind)
            continue
        with pytest.raises(Failed, match=f"already exists in stack {re.escape(stack.arn)}"):
            importing.identify(engine, stack, one, Resource(Declared("Imported", kind, {})))
        missing = {name: f"{value[:-1]}{'0' if value[-1] != '0' else '1'}" for name, value in identifier.items()}
        with pytest.raises(Failed) as refused:
            importing.identify(
                engine, stack, replace(one, identifier=missing), Resource(Declared("Imported", kind, {}))
            )
        assert "Internal failure" not in str(refused.value), kind
        assert "already exists" not in str(refused.value), kind
        found.add(kind)
    assert unable == {"AWS::SNS::TopicPolicy", "AWS::EC2::NetworkAclEntry"}
    assert len(found) > 30


@pytest.mark.parametrize(("control", "weaken"), WEAKENINGS, ids=[f"{c}-{w.__name__}" for c, w in WEAKENINGS])
@pytest.mark.usefixtures("verified")
def test_weakening_turns_the_control_red(control: str, weaken: Weaken, world: World) -> None:
    def weakened() -> set[str]:
        weaken(world)
        judgement = verify([world.session], world.settings, as_of=AS_OF)
        return {each.finding.control for each in judgement.judged if each.verdict is Verdict.FAIL}

    assert control in forked(weakened)


def test_every_control_is_weakened() -> None:
    assert {control for control, _ in WEAKENINGS} == {control.id for control in controls()}


def test_logging_that_someone_deletes_is_back_and_it_is_told_who_did_it(world: World) -> None:
    def back() -> tuple[Any, Any, list[str], list[str]]:
        before, queue = keeper.logging(world), keeper.listening(world)
        caller = world.client("sts").assume_role(
            RoleArn=f"arn:{world.settings.partition}:iam::{world.settings.accounts.enclave}:role/careless",
            RoleSessionName="somebody",
        )["Credentials"]
        keys = {"aws_access_key_id": caller["AccessKeyId"], "aws_secret_access_key": caller["SecretAccessKey"]}
        token = {"aws_session_token": caller["SessionToken"]}
        bedrock = boto3.client("bedrock", region_name=world.settings.region, **keys, **token)
        bedrock.delete_model_invocation_logging_configuration()
        CLOCK.advance(timedelta(0))
        name = "DeleteModelInvocationLoggingConfiguration"
        asked = [{"AttributeKey": "EventName", "AttributeValue": name}]
        events = world.client("cloudtrail").lookup_events(LookupAttributes=asked)["Events"]
        records = [json.loads(each["CloudTrailEvent"])["userIdentity"]["arn"] for each in events]
        return before, keeper.logging(world), keeper.heard(world, queue), records

    before, after, heard, records = forked(back)
    assert after == before
    assert any("InvocationLogging differed" in message for message in heard)
    (told,) = [json.loads(each) for each in heard if "DeleteModelInvocationLoggingConfiguration" in each]
    assert told["detail"]["userIdentity"]["arn"].endswith("assumed-role/careless/somebody")
    assert records == [told["detail"]["userIdentity"]["arn"]]


@pytest.mark.parametrize(("broken", "back", "alarms"), keeper.BREAKS, ids=[each[0].__name__ for each in keeper.BREAKS])
def test_with_a_trigger_broken_the_keeper_does_not_start(
    broken: keeper.Break, back: timedelta | None, alarms: set[str], world: World
) -> None:
    def tried() -> tuple[bool, bool, set[str]]:
        queue = keeper.listening(world)
        broken(world)
        keeper.delete_logging(world)
        at_once = bool(keeper.logging(world))
        CLOCK.advance(back or timedelta(minutes=91))
        return at_once, bool(keeper.logging(world)), keeper.gone_off(keeper.heard(world, queue))

    at_once, later, gone_off = forked(tried)
    assert not at_once
    assert later is (back is not None)
    assert gone_off == alarms


INBOX = {"Fn::GetAtt": ["Inbox", "Arn"]}
LET_IN = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage"}
QUEUE = {
    "Inbox": {"Type": "AWS::SQS::Queue"},
    "Policy": {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": "Inbox"}],
            "PolicyDocument": {"Statement": [{**LET_IN, "Resource": INBOX}]},
        },
    },
    "Rule": {
        "Type": "AWS::Events::Rule",
        "Properties": {"EventPattern": {"source": ["aws.s3"]}, "Targets": [{"Id": "Inbox", "Arn": INBOX}]},
    },
}


@pytest.mark.usefixtures("verified")
def test_a_queue_of_the_enclave_is_read_with_its_policy(world: World) -> None:
    """The default enclave has none: a rule of another stack of it sends to one, then is let in no more."""

    def told() -> list[str]:
        judgement = verify([world.session], world.settings, as_of=AS_OF)
        return [str(j.verdict) for j in judgement.judged if j.finding.subject == f"{world.settings.name}-inbox/Rule"]

    def before_and_after() -> tuple[list[str], list[str]]:
        stacks, name = world.client("cloudformation"), f"{world.settings.name}-inbox"
        stacks.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": QUEUE}))
        operations.wait(10)
        admitted = told()
        queue = world.physical_id("inbox", "Inbox")
        world.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": ""})
        return admitted, told()

    admitted, refused = forked(before_and_after)
    assert admitted == ["pass"]
    assert refused == ["fail"]


def test_the_enclave_s_own_is_not_taken_for_somebody_else_s(world: World) -> None:
    """A preflight of an enclave that stands: what exists once is its own, and its quotas are not counted twice."""
    report = preflight({"enclave": world.session}, world.settings, assembly=world.assembly)
    about = ("singletons", "quotas")
    states = {each.item.id: each.answer for each in report.results if each.item.group in about}
    others = [answer.said for answer in states.values() if answer.state is not State.VERIFIED]
    assert others == []
    assert "it goes to the enclave's own" in states["invocation-logging"].said
    assert "0 in use by others" in states["quota-trails"].said


def test_the_derived_policy_permits_every_call_of_a_verification(world: World) -> None:
    made = set()

    def note(model: Any, **_: Any) -> None:
        made.add(f"{model.service_model.service_name}:{model.name}")

    world.session.events.register("before-call", note)
    try:
        verify([world.session], world.settings, as_of=AS_OF, assembly=world.assembly)
    finally:
        world.session.events.unregister("before-call", note)
    assert len(made) > 40
    assert made - verification_calls() == set()
