"""The default enclave's own templates: they hold, harmless rewrites hold too, and what is weakened falls short."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from infra.controls.finding import Finding
from infra.controls.framework import controls, run
from infra.controls.judgement import judge
from infra.posture.template.files import Template, read_templates
from infra.posture.template.read import posture_of

if TYPE_CHECKING:
    from pathlib import Path

    from infra.settings import Enclave

# Lists whose order means nothing.
UNORDERED = (
    *("Action", "AdvancedEventSelectors", "AlarmActions", "CaptureOptions", "Domains", "Examples", "FieldSelectors"),
    *("FiltersConfig", "FirewallRules", "ManagedPolicyArns", "PiiEntitiesConfig", "SecurityGroupEgress"),
    *("SecurityGroupIds", "Statement", "SubnetIds", "Subnets", "Targets", "TopicsConfig", "eventName"),
)
Templates = tuple[Template, ...]
Judge = Callable[[Templates], tuple[str, list[Finding]]]


@pytest.fixture(scope="module")
def templates(assembly: Path) -> Templates:
    return read_templates(assembly)


@pytest.fixture(scope="module")
def judged(settings: Enclave) -> Judge:
    known = [each.id for each in controls()]

    def verdict(templates: Templates) -> tuple[str, list[Finding]]:
        findings = run(posture_of(templates), settings)
        judgement = judge(findings, assumptions=settings.assumptions, known=known, as_of=date(2026, 11, 24))
        return judgement.verdict, [each.finding for each in judgement.judged if each.verdict != "pass"]

    return verdict


def rewritten(templates: Templates, change: Callable[[Any], Any]) -> Templates:
    return tuple(replace(template, body=change(template.body)) for template in templates)


def without(value: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: each for name, each in value.items() if name != key}


def reversed_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: [reversed_lists(each) for each in item[::-1]]
            if key in UNORDERED and isinstance(item, list)
            else reversed_lists(item)
            for key, item in reversed(value.items())
        }
    return [reversed_lists(each) for each in value] if isinstance(value, list) else value


def test_the_default_enclave_holds(templates: Templates, judged: Judge) -> None:
    assert judged(templates) == ("pass", [])


def renamed(value: Any, names: dict[str, str]) -> Any:
    """The value with every text that is a logical id replaced, keys too: as Ref, Fn::GetAtt and DependsOn have it."""
    match value:
        case dict():
            return {names.get(key, key): renamed(each, names) for key, each in value.items()}
        case list():
            return [renamed(each, names) for each in value]
        case str():
            return names.get(value, value)
        case _:
            return value


def test_renamed_logical_ids_hold(templates: Templates, judged: Judge) -> None:
    def with_other_ids(body: Any) -> Any:
        names = {name: f"Renamed{number}" for number, name in enumerate(body["Resources"])}
        outputs = {name: renamed(each, names) for name, each in body.get("Outputs", {}).items()}
        return {**renamed(without(body, "Outputs"), names), "Outputs": outputs}

    assert judged(rewritten(templates, with_other_ids)) == ("pass", [])


def test_another_order_holds(templates: Templates, judged: Judge) -> None:
    assert judged(rewritten(templates, reversed_lists)) == ("pass", [])


def test_metadata_changes_nothing(templates: Templates, judged: Judge) -> None:
    def stripped(body: Any) -> Any:
        resources = {
            name: {k: v for k, v in each.items() if k != "Metadata"} for name, each in body["Resources"].items()
        }
        return {**without(body, "Metadata"), "Resources": resources}

    assert judged(rewritten(templates, stripped)) == ("pass", [])


def gone(resource: dict[str, Any]) -> None:
    resource["Type"] = "AWS::CloudFormation::WaitConditionHandle"


def setting(*path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(resource: dict[str, Any]) -> None:
        holder = resource
        for name in path[:-1]:
            holder = holder[name]
        holder[path[-1]] = value

    return change


# A control, the type whose first resource is weakened, and how.
WEAKENED = [
    ("NET-03", "AWS::Route53Resolver::FirewallRuleGroupAssociation", gone),
    ("NET-03", "AWS::Route53Resolver::FirewallDomainList", setting("Properties", "Domains", value=["*"])),
    ("NET-05", "AWS::EC2::VPCBlockPublicAccessOptions", gone),
    ("NET-05", "AWS::EC2::VPCEncryptionControl", setting("Properties", "Mode", value="monitor")),
    ("NET-06", "AWS::EC2::FlowLog", setting("Properties", "TrafficType", value="REJECT")),
    ("NET-06", "AWS::EC2::FlowLog", gone),
    ("NET-06", "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation", gone),
    ("INF-05", "AWS::SageMaker::Model", setting("Properties", "EnableNetworkIsolation", value=False)),
    ("INF-05", "AWS::SageMaker::Endpoint", setting("Properties", "EndpointConfigName", value="other")),
    ("GRD-01", "AWS::Bedrock::Guardrail", setting("Properties", "TopicPolicyConfig", "TopicsConfig", value=[])),
    ("GRD-02", "AWS::Bedrock::Guardrail", setting("Properties", "ContentPolicyConfig", "FiltersConfig", value=[])),
    ("GRD-03", "AWS::Bedrock::Guardrail", setting("Properties", "BlockedInputMessaging", value="welcome")),
    ("GRD-03", "AWS::Bedrock::GuardrailVersion", setting("UpdateReplacePolicy", value="Delete")),
    ("GRD-04", "AWS::Bedrock::EnforcedGuardrailConfiguration", gone),
    ("EVD-01", "AWS::S3::Bucket", setting("DeletionPolicy", value="Delete")),
    ("EVD-01", "AWS::S3::BucketPolicy", gone),
    ("EVD-02", "AWS::S3::BucketPolicy", gone),
    ("EVD-02", "AWS::S3::BucketPolicy", setting("DeletionPolicy", value="Delete")),
    ("EVD-05", "AWS::Scheduler::Schedule", setting("Properties", "State", value="DISABLED")),
    ("EVD-05", "AWS::StepFunctions::StateMachine", gone),
    ("EVD-06", "AWS::SNS::TopicPolicy", gone),
    ("EVD-06", "AWS::CloudTrail::Trail", setting("Properties", "IsLogging", value=False)),
    ("EVD-06", "AWS::CloudWatch::Alarm", setting("Properties", "ActionsEnabled", value=False)),
    ("EVD-07", "AWS::S3::BucketPolicy", gone),
    ("EVD-07", "AWS::Logs::ResourcePolicy", gone),
    ("EVD-07", "AWS::KMS::Key", setting("Properties", "Enabled", value=False)),
    ("EVD-08", "AWS::SNS::TopicPolicy", gone),
    ("EVD-08", "AWS::SNS::Topic", setting("Properties", "KmsMasterKeyId", value="alias/aws/sns")),
    ("SUP-02", "AWS::SageMaker::Model", setting("Properties", "PrimaryContainer", "Image", value="vllm:latest")),
]


@pytest.mark.parametrize(
    ("control", "kind", "weaken"), WEAKENED, ids=[f"{c} {k} {n}" for n, (c, k, _) in enumerate(WEAKENED)]
)
def test_what_is_weakened_falls_short(
    templates: Templates, judged: Judge, control: str, kind: str, weaken: Callable[[dict[str, Any]], None]
) -> None:
    """All resources of the kind in the first stack that has one: each in turn would be slow."""
    holder = next(each for each in templates if any(r["Type"] == kind for r in each.body["Resources"].values()))
    body = json.loads(json.dumps(holder.body))
    for resource in body["Resources"].values():
        if resource["Type"] == kind:
            weaken(resource)
    verdict, findings = judged(tuple(replace(each, body=body) if each is holder else each for each in templates))
    assert verdict == "fail"
    assert control in {each.control for each in findings if each.verdict == "fail"}


STRANGE: tuple[Any, ...] = (
    None,
    7,
    -1.5,
    "x",
    "",
    True,
    [],
    {},
    ["a"],
    {"a": {"b": 1}},
    {"Ref": "Nothing"},
    {"Fn::If": ["No", 1, 2]},
)


def spoilt(body: Mapping[str, Any], choose: random.Random) -> dict[str, Any]:
    """The template with something strange at three places anywhere in its resources."""
    copy: dict[str, Any] = json.loads(json.dumps(body))
    for _ in range(3):
        holder: Any = copy["Resources"]
        key: Any = choose.choice(list(holder))
        for _ in range(choose.randrange(7)):
            inner = holder[key]
            if not inner or not isinstance(inner, dict | list):
                break
            holder, key = inner, choose.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
        holder[key] = choose.choice(STRANGE)
    return copy


@pytest.mark.parametrize("seed", range(20))
def test_no_template_crashes_reader_or_control(templates: Templates, settings: Enclave, seed: int) -> None:
    choose = random.Random(seed)
    number = choose.randrange(len(templates))
    changed = replace(templates[number], body=spoilt(templates[number].body, choose))
    findings = run(posture_of((*templates[:number], changed, *templates[number + 1 :])), settings)
    assert [each.message for each in findings if "control itself failed" in each.message] == []
