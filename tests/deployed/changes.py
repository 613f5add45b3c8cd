"""What changes of a resource, by its type: once so that it changes in place, once so that it is replaced.

A table of types, not of resources: each entry says what becomes of the properties as they stand, whatever they are.
Where a type has no entry its schema decides: a name that can only be given at creation is changed, tags are.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_network
from typing import TYPE_CHECKING, Any

from infra.local import shapes
from infra.local.cloudformation import schemas
from infra.local.cloudformation.graph import references
from infra.posture.identity import naming

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from infra.local.cloudformation.state import Resource

How = Callable[[Any], Any]
"""From a value, or None where there is none, to another."""


@dataclass(frozen=True)
class Change:
    """One property of one resource, and what it is to be."""

    name: str
    of: str
    property: str
    value: Any
    replaces: bool

    def applied(self, template: Mapping[str, Any]) -> dict[str, Any]:
        """The template with the change."""
        changed = copy.deepcopy(dict(template))
        changed["Resources"][self.of].setdefault("Properties", {})[self.property] = self.value
        return changed


def text(value: str | None) -> str:
    return f"{value or ''} changed".strip()


def name(value: str | None) -> str:
    """Another that begins the same, as policies ask for, and is no longer."""
    return f"{(value or 'to-be-changed')[:-7]}changed"


def more(value: int | str | None) -> int | str:
    return str(int(value) + 1) if isinstance(value, str) else (value or 0) + 1


def flipped(value: bool | None) -> bool:
    return not value


def other(*choices: Any) -> How:
    """The first of these that it is not yet."""
    return lambda value: next(each for each in choices if each != value)


def longer(item: Any) -> How:
    """With this item more."""
    return lambda value: [*(value or ()), item]


def within(path: str, how: How) -> How:
    """Changed where this path leads; -1 is the last item of a list."""

    def change(value: Any) -> Any:
        changed = copy.deepcopy(value if value is not None else {})
        *steps, last = [int(step) if step.lstrip("-").isdigit() else step for step in path.split("/")]
        at = changed
        for step in steps:
            at = at.setdefault(step, {}) if isinstance(at, dict) else at[step]
        at[last] = how(at.get(last) if isinstance(at, dict) else at[last])
        return changed

    return change


def narrower(document: Any) -> Any:
    """The last statement holds under one condition more."""
    if isinstance(document, str):
        return json.dumps(narrower(json.loads(document)))
    return within("Statement/-1/Condition/Bool", lambda value: {**(value or {}), "aws:SecureTransport": "true"})(
        document
    )


def beside(value: str) -> str:
    """As large a network, the one after the next."""
    network = ip_network(value)
    return str(ip_network((int(network.network_address) + 2 * network.num_addresses, network.prefixlen)))


Table = dict[str, tuple[str, How]]
IN_PLACE: Table = {
    "AWS::ApplicationAutoScaling::ScalableTarget": ("MaxCapacity", more),
    "AWS::ApplicationAutoScaling::ScalingPolicy": (
        "TargetTrackingScalingPolicyConfiguration",
        within("TargetValue", more),
    ),
    "AWS::Bedrock::EnforcedGuardrailConfiguration": (
        "SelectiveContentGuarding",
        within("System", other("SELECTIVE", "COMPREHENSIVE")),
    ),
    "AWS::Bedrock::Guardrail": ("BlockedInputMessaging", text),
    "AWS::CloudTrail::Trail": ("EnableLogFileValidation", flipped),
    "AWS::CloudWatch::Alarm": ("Threshold", more),
    "AWS::EC2::NetworkAclEntry": ("RuleAction", other("deny", "allow")),
    "AWS::EC2::SecurityGroupEgress": ("Description", text),
    "AWS::EC2::SecurityGroupIngress": ("Description", text),
    "AWS::EC2::Subnet": ("MapPublicIpOnLaunch", flipped),
    "AWS::EC2::VPC": ("EnableDnsHostnames", flipped),
    "AWS::EC2::VPCBlockPublicAccessOptions": (
        "InternetGatewayBlockMode",
        other("block-ingress", "block-bidirectional"),
    ),
    "AWS::EC2::VPCEncryptionControl": ("NatGatewayExclusionInput", other("enable", "disable")),
    "AWS::EC2::VPCEndpoint": ("PolicyDocument", narrower),
    "AWS::Events::Rule": ("State", other("DISABLED", "ENABLED")),
    "AWS::IAM::ManagedPolicy": ("PolicyDocument", narrower),
    "AWS::IAM::Role": ("MaxSessionDuration", other(7200, 3600)),
    "AWS::KMS::Key": ("RotationPeriodInDays", other(180, 365)),
    "AWS::Logs::LogGroup": ("RetentionInDays", other(30, 60)),
    "AWS::Logs::MetricFilter": ("MetricTransformations", within("0/MetricValue", more)),
    "AWS::Logs::ResourcePolicy": ("PolicyDocument", narrower),
    "AWS::Route53Resolver::FirewallDomainList": ("Domains", longer("changed.example")),
    "AWS::Route53Resolver::FirewallRuleGroup": ("FirewallRules", within("-1/Priority", more)),
    "AWS::Route53Resolver::FirewallRuleGroupAssociation": ("Priority", more),
    "AWS::S3::Bucket": (
        "LifecycleConfiguration",
        within(
            "Rules",
            longer(
                {
                    "Id": "changed",
                    "Status": "Enabled",
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
                }
            ),
        ),
    ),
    "AWS::S3::BucketPolicy": ("PolicyDocument", narrower),
    "AWS::SNS::Topic": ("DisplayName", text),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", narrower),
    "AWS::Scheduler::Schedule": ("ScheduleExpression", other("rate(20 minutes)", "rate(15 minutes)")),
    "AWS::StepFunctions::StateMachine": ("TracingConfiguration", within("Enabled", flipped)),
}
REPLACING: Table = {
    "AWS::Bedrock::GuardrailVersion": ("Description", text),
    "AWS::EC2::FlowLog": ("TrafficType", other("REJECT", "ALL")),
    "AWS::EC2::NetworkAclEntry": ("RuleNumber", lambda value: value + 7),
    "AWS::EC2::SecurityGroup": ("GroupDescription", text),
    "AWS::EC2::SecurityGroupEgress": ("FromPort", other(442, 443)),
    "AWS::EC2::SecurityGroupIngress": ("FromPort", other(442, 443)),
    "AWS::EC2::Subnet": ("CidrBlock", beside),
    "AWS::IAM::ManagedPolicy": ("Description", text),
    "AWS::Route53Resolver::ResolverQueryLoggingConfig": ("Name", name),
    "AWS::SageMaker::EndpointConfig": ("DataCaptureConfig", within("InitialSamplingPercentage", other(50, 100))),
    "AWS::SageMaker::Model": ("EnableNetworkIsolation", flipped),
}


def changes(resources: Mapping[str, Resource], region: str) -> Iterator[Change]:
    """What can change of these resources, as they stand."""
    for _, resource in sorted(resources.items()):
        found = [*_own(resource, region)]
        yield from found or _through(resource, resources, region)


def _own(resource: Resource, region: str) -> Iterator[Change]:
    kind, named = resource.type_name, naming(resource.type_name).name
    create_only = {
        each.removeprefix("/properties/") for each in shapes.schema(kind, region).get("createOnlyProperties", ())
    }
    in_place, replacing = IN_PLACE.get(kind), REPLACING.get(kind)
    if in_place is None and schemas.taggable(kind, region) and "Tags" not in create_only:
        in_place = ("Tags", longer({"Key": "Changed", "Value": "yes"}))
    if replacing is None and named in create_only:
        replacing = (named, name)
    for entry in (in_place, replacing):
        if entry:
            changed, how = entry
            value = how(resource.properties.get(changed, _own_name(resource) if changed == named else None))
            yield Change(resource.logical_id, resource.logical_id, changed, value, entry is replacing)


def _own_name(resource: Resource) -> str:
    """What CloudFormation has called it, without the rest of an ARN, or what it belongs to."""
    return re.split(r"[:/|]", resource.physical_id)[-1]


def _through(resource: Resource, resources: Mapping[str, Resource], region: str) -> Iterator[Change]:
    """What it is of itself cannot change: something that it needs is replaced, and it follows."""
    for need in sorted(resource.needs):
        for change in _own(resources[need], region):
            if change.replaces:
                kind = resource.type_name
                follows = not schemas.updatable(kind, region)
                yield Change(resource.logical_id, need, change.property, change.value, follows)
                return


def removable(template: Mapping[str, Any]) -> list[str]:
    """What the template can do without: nothing in it needs it, and no output tells of it."""
    needed = set(references(template.get("Outputs", {}), {}))
    for name, each in template["Resources"].items():
        beside = each.get("DependsOn", ())
        needed |= set(references(each.get("Properties", {}), {})) - {name}
        needed |= {beside} if isinstance(beside, str) else set(beside)
    return sorted(template["Resources"].keys() - needed)


def without(template: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The template without this resource."""
    return {**template, "Resources": {key: each for key, each in template["Resources"].items() if key != name}}
