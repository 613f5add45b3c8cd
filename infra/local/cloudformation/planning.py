"""What a deployment would change, told before it does: the changes of a change set, and what is wrong already."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from infra.local.cloudformation import execution, graph, importing, live, outputs, schemas
from infra.local.cloudformation.handlers import Failed, calling, type_of
from infra.local.cloudformation.intrinsics import AFTER_APPLY, Scope, evaluate, is_known
from infra.local.cloudformation.refusals import ValidationError
from infra.local.resource_type import Context, Refused
from infra.local.rules import cloudformation_stack

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from infra.local.cloudformation.state import Desired, Engine, Resource, Stack
    from infra.local.cloudformation.template import Declared

Replacement = Literal["True", "False", "Conditional"]


@dataclass
class Plan:
    """The changes, as the API tells them, and the problems early validation finds."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    imported: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """The properties of what is to be imported, by logical id."""
    found: dict[str, importing.Wanted] = field(default_factory=dict)
    """What is imported because it is there already, by logical id."""
    anything: bool = False
    """Whether there is anything to do at all: outputs and tags change without a resource."""


def plan(
    engine: Engine, stack: Stack, desired: Desired, asked: Collection[str] = (), *, by_itself: bool = False
) -> Plan:
    """What would change, where these resources are imported. Raises ValidationError for what no deployment could do.

    `by_itself` says that what the template names itself, and is there already, is imported too.
    """
    _check_types(stack, desired)
    made = Plan()
    needs = graph.dependencies(desired.template, desired.conditions)
    unsure: set[str] = set()
    scope = _scope(engine, stack, desired, unsure)
    for logical_id in graph.ordered(needs, needs):
        declared = desired.template.resources[logical_id]
        properties, problems = schemas.conform(
            declared.type_name, stack.region, evaluate(dict(declared.properties), scope)
        )
        made.problems += [_problem(declared, problem) for problem in problems]
        current = stack.resources.get(logical_id)
        if current is None or not current.stands:
            unsure.add(logical_id)
            if logical_id in asked:
                made.imported[logical_id] = properties
                made.changes.append(_change("Import", declared, None, properties))
                continue
            if by_itself and current is None and (there := importing.existing(engine, stack, declared, properties)):
                made.found[logical_id], physical_id = there
                made.changes.append(_change("Import", declared, None, properties))
                made.changes[-1]["ResourceChange"]["PhysicalResourceId"] = physical_id
                continue
            if current is None or not current.physical_id:
                made.problems += _taken(stack, declared, properties)
            made.changes.append(_change("Add", declared, None, properties))
            continue
        change = _modified(stack.region, declared, current, properties, desired.tags)
        if change is not None:
            made.changes.append(change)
            if change["ResourceChange"]["Replacement"] != "False":
                unsure.add(logical_id)
    made.changes += _removed(stack, set(needs))
    told = outputs.evaluated(scope)
    before = stack.desired
    made.anything = (
        bool(made.changes) or before is None or told != stack.outputs or dict(desired.tags) != dict(before.tags)
    )
    return made


def _scope(engine: Engine, stack: Stack, desired: Desired, unsure: set[str]) -> Scope:
    def reference(logical_id: str) -> Any:
        return AFTER_APPLY if logical_id in unsure else live.made(stack, logical_id).physical_id

    def attribute(logical_id: str, name: str) -> Any:
        if logical_id in unsure:
            return AFTER_APPLY
        try:
            return live.attribute(stack, live.made(stack, logical_id), name)
        except Failed:
            return AFTER_APPLY  # gone or not told: the deployment will find out and say so

    known = live.scope(engine, stack, desired)
    return Scope(
        template=known.template,
        parameters=known.parameters,
        pseudo=known.pseudo,
        conditions=known.conditions,
        reference=reference,
        attribute=attribute,
        imported=known.imported,
        zones=known.zones,
        dynamic=known.dynamic,
    )


def _check_types(stack: Stack, desired: Desired) -> None:
    changed = [
        logical_id
        for logical_id, resource in stack.resources.items()
        if resource.physical_id
        and (declared := desired.template.resources.get(logical_id))
        and declared.type_name != resource.type_name
    ]
    if changed:
        raise ValidationError(
            "Update of resource type is not permitted. The new template modifies resource type of the following "
            f"resources: [{', '.join(sorted(changed))}]"
        )


def _taken(stack: Stack, declared: Declared, properties: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Whether what is to be added is there already, under the name that the template fixes."""
    identifiers = schemas.identifiers(declared.type_name, stack.region)
    name = properties.get(identifiers[0]) if len(identifiers) == 1 else None
    if not isinstance(name, str) or not is_known(name):
        return []
    kind = type_of(declared.type_name)
    here = Context(stack.account, stack.region, stack.partition, stack.name, stack.arn, declared.logical_id)

    def look() -> Any:
        try:
            with calling():
                return kind.read(name, here)
        except Failed:
            return None  # it cannot be told: whether it can be made, the deployment will find out

    try:
        cloudformation_stack.fixed_name(declared.type_name, name, look)
    except Refused as taken:
        return [_told(declared, taken.code, f"/{identifiers[0]}", taken.message)]
    return []


def _problem(declared: Declared, problem: schemas.Problem) -> dict[str, Any]:
    reason = f"Properties validation failed for resource {declared.logical_id}: {problem.reason}"
    return _told(declared, "PROPERTY_VALIDATION", problem.path.removeprefix("#"), reason)


def _told(declared: Declared, name: str, pointer: str, reason: str) -> dict[str, Any]:
    return {
        "LogicalResourceId": declared.logical_id,
        "ResourceType": declared.type_name,
        "ValidationName": name,
        "ValidationStatus": "FAILED",
        "ValidationFailureMode": "FAIL",
        "ValidationPath": f"/Resources/{declared.logical_id}/Properties{pointer}",
        "ValidationStatusReason": reason,
    }


def _context(declared: Declared, properties: Mapping[str, Any]) -> str:
    told: dict[str, Any] = {"Properties": properties}
    if declared.metadata is not None:
        told["Metadata"] = declared.metadata
    if declared.deletion_policy != "Delete":
        told["DeletionPolicy"] = declared.deletion_policy
    if declared.update_replace_policy != "Delete":
        told["UpdateReplacePolicy"] = declared.update_replace_policy
    return as_json(told)


def as_json(value: Any) -> str:
    """The value as the change set tells it, with a mark where only the deployment will know."""
    return json.dumps(value, separators=(",", ":"), default=str)


def _change(action: str, declared: Declared, current: Resource | None, properties: Mapping[str, Any]) -> dict[str, Any]:
    change: dict[str, Any] = {
        "Action": action,
        "LogicalResourceId": declared.logical_id,
        "ResourceType": declared.type_name,
        "Scope": [],
        "Details": [],
    }
    if current is not None:
        change["PhysicalResourceId"] = current.physical_id
        change["BeforeContext"] = _context(current.declared, current.properties)
    if action != "Remove":
        change["AfterContext"] = _context(declared, properties)
    return {"Type": "Resource", "ResourceChange": change}


def _removed(stack: Stack, there: set[str]) -> list[dict[str, Any]]:
    changes = []
    for logical_id, resource in sorted(stack.resources.items()):
        if logical_id in there or not resource.physical_id:
            continue
        change = _change("Remove", resource.declared, resource, {})
        kept = resource.declared.deletion_policy != "Delete"
        change["ResourceChange"]["PolicyAction"] = "Retain" if kept else "Delete"
        changes.append(change)
    return changes


def _modified(
    region: str, declared: Declared, current: Resource, properties: Mapping[str, Any], tags: Mapping[str, str]
) -> dict[str, Any] | None:
    """The change of a resource that is there, or None."""
    old = current.properties
    names = sorted(name for name in {*old, *properties} if old.get(name) != properties.get(name))
    tagged = dict(tags) != current.tags and schemas.taggable(declared.type_name, region)
    beside = [
        name
        for name, before, after in (
            ("Metadata", current.declared.metadata, declared.metadata),
            ("DeletionPolicy", current.declared.deletion_policy, declared.deletion_policy),
            ("UpdateReplacePolicy", current.declared.update_replace_policy, declared.update_replace_policy),
        )
        if before != after
    ]
    if not names and not tagged and not beside:
        return None
    recreated = set()
    if names:
        recreated = _recreated(region, declared, old, properties)
    change = _change("Modify", declared, current, properties)
    told = change["ResourceChange"]
    told["Scope"] = [*(["Properties"] if names else []), *beside, *(["Tags"] if tagged else [])]
    told["Details"] = [_property(name, declared, old, properties, name in recreated) for name in names]
    told["Details"] += [{"Target": {"Attribute": name, "RequiresRecreation": "Never"}, **_DIRECT} for name in beside]
    if tagged:
        told["Details"].append({"Target": {"Attribute": "Tags", "RequiresRecreation": "Never"}, **_DIRECT})
    sure = any(is_known(properties.get(name)) for name in recreated)
    told["Replacement"] = ("True" if sure else "Conditional") if recreated else "False"
    if recreated:
        kept = declared.update_replace_policy != "Delete"
        told["PolicyAction"] = "ReplaceAndRetain" if kept else "ReplaceAndDelete"
    return change


_DIRECT = {"Evaluation": "Static", "ChangeSource": "DirectModification"}


def _recreated(region: str, declared: Declared, old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """The top-level properties whose change asks for a new physical resource."""
    if is_known(dict(new)):
        pointers = execution.replacement(region, declared, old, new)
    else:
        pointers = schemas.must_replace(declared.type_name, region, old, new)
    return {pointer.split("/")[0] for pointer in pointers}


def _property(
    name: str, declared: Declared, old: Mapping[str, Any], new: Mapping[str, Any], recreates: bool
) -> dict[str, Any]:
    known = is_known(new.get(name))
    kind = "Modify" if name in old and name in new else "Add" if name in new else "Remove"
    target: dict[str, Any] = {
        "Attribute": "Properties",
        "Name": name,
        "Path": f"/Properties/{name}",
        "RequiresRecreation": ("Always" if known else "Conditionally") if recreates else "Never",
        "AttributeChangeType": kind,
    }
    if name in old:
        target["BeforeValue"] = _text(old[name])
    if name in new:
        target["AfterValue"] = _text(new[name])
    detail: dict[str, Any] = {"Target": target, "Evaluation": "Static" if known else "Dynamic"}
    detail["ChangeSource"] = "DirectModification" if known else "ResourceReference"
    used = sorted(graph.references(declared.properties.get(name), {}))
    if not known and used:
        detail["CausingEntity"] = used[0]
    return detail


def _text(value: Any) -> str:
    return value if isinstance(value, str) else as_json(value)
