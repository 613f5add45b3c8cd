"""What a deployment would do, found without doing it: the changes of a change set, and what the schemas refuse."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import environment, execution, graph, live, outputs, schemas
from infra.local.cloudformation.handlers import Failed
from infra.local.cloudformation.intrinsics import AFTER_APPLY, Scope, evaluate, is_known

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.cloudformation.state import Desired, Engine, Resource, Stack
    from infra.local.cloudformation.template import Declared

UNCHANGED = "The submitted information didn't contain changes. Submit different information to create a change set."
EARLY_VALIDATION = "AWS::EarlyValidation::PropertyValidation"


@dataclass
class Plan:
    """The changes, in the order of the walk; what the schemas refuse; whether there is anything to do at all."""

    changes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    anything: bool = False


def plan(engine: Engine, stack: Stack, desired: Desired) -> Plan:
    """What making the stack as desired would change. Raises ValidationError where the template cannot be evaluated."""
    made = Plan()
    moving: set[str] = set()
    """Logical ids whose physical id or attributes only the deployment will know."""
    scope = _scope(engine, stack, desired, moving)
    needs = graph.dependencies(desired.template, desired.conditions)
    for logical_id in graph.ordered(needs, needs):
        declared = desired.template.resources[logical_id]
        evaluated = evaluate(dict(declared.properties), scope)
        properties, refused = schemas.conform(declared.type_name, stack.region, evaluated)
        made.problems += [_problem(stack, declared, refusal) for refusal in refused]
        current = stack.resources.get(logical_id)
        if current is None or not current.physical_id:
            moving.add(logical_id)
            made.changes.append(_change("Add", declared, None, after=properties))
            continue
        changed = _changed(stack, declared, current, properties, desired)
        if changed is not None:
            if changed["Replacement"] != "False":
                moving.add(logical_id)
            made.changes.append(changed)
    for logical_id, current in stack.resources.items():
        if logical_id not in needs and current.physical_id:
            made.changes.append(_change("Remove", current.declared, current, before=current.properties))
    made.anything = bool(made.changes) or _otherwise_different(scope, stack, desired)
    return made


def _scope(engine: Engine, stack: Stack, desired: Desired, moving: set[str]) -> Scope:
    def known(logical_id: str) -> Resource | None:
        resource = stack.resources.get(logical_id)
        return None if logical_id in moving or resource is None or not resource.physical_id else resource

    def reference(logical_id: str) -> Any:
        resource = known(logical_id)
        return AFTER_APPLY if resource is None else resource.physical_id

    def attribute(logical_id: str, name: str) -> Any:
        resource = known(logical_id)
        try:
            return AFTER_APPLY if resource is None else live.attribute(stack, resource, name)
        except Failed:
            return AFTER_APPLY

    return Scope(
        template=desired.template,
        parameters={name: given.value for name, given in desired.parameters.items()},
        pseudo=environment.pseudo(engine, stack.name, stack.arn, desired.notification_arns),
        conditions=desired.conditions,
        reference=reference,
        attribute=attribute,
        imported=partial(environment.imported, engine),
        zones=partial(environment.zones, engine),
        dynamic=partial(environment.dynamic, engine),
    )


def _changed(
    stack: Stack, declared: Declared, current: Resource, properties: Mapping[str, Any], desired: Desired
) -> dict[str, Any] | None:
    """The change of a resource that is there, or None if it stays as it is."""
    scopes = []
    if properties != current.properties:
        scopes.append("Properties")
    if current.tags != desired.tags and schemas.taggable(declared.type_name, stack.region):
        scopes.append("Tags")
    if declared.metadata != current.declared.metadata:
        scopes.append("Metadata")
    if declared.deletion_policy != current.declared.deletion_policy:
        scopes.append("DeletionPolicy")
    if declared.update_replace_policy != current.declared.update_replace_policy:
        scopes.append("UpdateReplacePolicy")
    if not scopes:
        return None
    names = sorted(n for n in {*properties, *current.properties} if properties.get(n) != current.properties.get(n))
    creating = execution.replacement(stack.region, declared, current.properties, properties) if names else []
    recreated = {pointer.split("/")[0] for pointer in creating}
    details = [_detail(name, current.properties, properties, creates=name in recreated) for name in names]
    unsure = all(not is_known(properties.get(name)) for name in recreated)
    replacement = "False" if not recreated else "Conditional" if unsure else "True"
    changed = _change("Modify", declared, current, before=current.properties, after=properties)
    body = changed
    body["Scope"], body["Details"], body["Replacement"] = scopes, details, replacement
    if replacement == "True":
        body["PolicyAction"] = "ReplaceAnd" + ("Delete" if declared.update_replace_policy == "Delete" else "Retain")
    return body


def _detail(name: str, before: Mapping[str, Any], after: Mapping[str, Any], *, creates: bool) -> dict[str, Any]:
    known = is_known(after.get(name))
    kind = "Add" if name not in before else "Remove" if name not in after else "Modify"
    target = {
        "Attribute": "Properties",
        "Name": name,
        "Path": f"/Properties/{name}",
        "RequiresRecreation": ("Always" if known else "Conditionally") if creates else "Never",
        "AttributeChangeType": kind,
    }
    if name in before:
        target["BeforeValue"] = _text(before[name])
    if name in after:
        target["AfterValue"] = _text(after[name])
    return {
        "Target": target,
        "Evaluation": "Static" if known else "Dynamic",
        "ChangeSource": "DirectModification" if known else "ResourceReference",
    }


def _change(
    action: str,
    declared: Declared,
    current: Resource | None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "Action": action,
        "LogicalResourceId": declared.logical_id,
        "ResourceType": declared.type_name,
        "Scope": [],
        "Details": [],
    }
    if current is not None:
        told["PhysicalResourceId"] = current.physical_id
    if action == "Remove":
        told["PolicyAction"] = "Delete" if declared.deletion_policy == "Delete" else "Retain"
    if before is not None:
        told["BeforeContext"] = json.dumps({"Properties": _shown(before)}, separators=(",", ":"))
    if after is not None:
        told["AfterContext"] = json.dumps({"Properties": _shown(after)}, separators=(",", ":"))
    return told


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _shown(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shown(item) for item in value]
    return str(AFTER_APPLY) if value is AFTER_APPLY else value


def _text(value: Any) -> str:
    shown = _shown(value)
    return shown if isinstance(shown, str) else json.dumps(shown, separators=(",", ":"))


def _problem(stack: Stack, declared: Declared, refused: schemas.Problem) -> dict[str, Any]:
    return {
        "EventType": "VALIDATION_ERROR",
        "StackId": stack.arn,
        "LogicalResourceId": declared.logical_id,
        "ResourceType": declared.type_name,
        "ValidationName": EARLY_VALIDATION,
        "ValidationStatus": "FAILED",
        "ValidationFailureMode": "FAIL",
        "ValidationStatusReason": refused.reason,
        "ValidationPath": f"/Resources/{declared.logical_id}/Properties{refused.path.removeprefix('#')}",
    }


def _otherwise_different(scope: Scope, stack: Stack, desired: Desired) -> bool:
    """Whether tags, parameters, outputs or protections of resources differ although no resource changes."""
    before = stack.desired
    if before is None:
        return True
    return (
        dict(before.tags) != dict(desired.tags)
        or before.notification_arns != desired.notification_arns
        or {n: g.text for n, g in before.parameters.items()} != {n: g.text for n, g in desired.parameters.items()}
        or outputs.evaluated(scope) != stack.outputs
    )
