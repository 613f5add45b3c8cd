"""Making a stack what its template says: each resource created, changed or replaced as the walk reaches it."""

from __future__ import annotations

import secrets
import string
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import environment, graph, live, schemas
from infra.local.cloudformation.events import tell
from infra.local.cloudformation.handlers import Failed, calling, context, type_of
from infra.local.cloudformation.intrinsics import Scope, evaluate
from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.state import Desired, Engine, Operation, Resource, Stack, Step

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.cloudformation.template import Declared

_ALPHABET = string.ascii_uppercase + string.digits
_NEW_PHYSICAL = "Requested update requires the creation of a new physical resource; hence creating one."


class Stopped(Exception):
    """The walk could not go on: the resource that failed, and how."""

    def __init__(self, logical_id: str, verb: str) -> None:
        super().__init__(f"The following resource(s) failed to {verb}: [{logical_id}]. ")


def incarnation() -> str:
    """The random end of a generated name, for one physical resource."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def apply(engine: Engine, stack: Stack, desired: Desired, operation: Operation) -> None:
    """Create or change every resource of the template, in order. Raises Stopped at the first that fails.

    What is compared is the last applied properties with the new ones as they read now, with the physical ids
    and attributes that this walk has made so far: a dependant of a replaced resource follows it.
    """
    needs = graph.dependencies(desired.template, desired.conditions)
    scope = live.scope(engine, stack, desired, imported=lambda name: _import(engine, stack, name))
    for logical_id in graph.ordered(needs, needs):
        declared = desired.template.resources[logical_id]
        current = stack.resources.get(logical_id)
        if current is None or not current.physical_id:
            _create(engine, stack, desired, operation, declared, needs[logical_id], scope)
        else:
            _change(engine, stack, desired, operation, declared, needs[logical_id], scope, current)


def _import(engine: Engine, stack: Stack, name: str) -> str:
    with engine.changed:
        value = environment.imported(engine, name)
        stack.imports |= {name}
    return value


def _properties(stack: Stack, declared: Declared, scope: Scope) -> dict[str, Any]:
    try:
        evaluated = evaluate(dict(declared.properties), scope)
    except ValidationError as error:
        raise Failed(error.message) from error
    conformed, problems = schemas.conform(declared.type_name, stack.region, evaluated)
    if problems:
        raise Failed(
            f"Properties validation failed for resource {declared.logical_id} with message:\n"
            + "\n".join(problem.reason for problem in problems)
        )
    return conformed


def _create(
    engine: Engine,
    stack: Stack,
    desired: Desired,
    operation: Operation,
    declared: Declared,
    needs: frozenset[str],
    scope: Scope,
) -> None:
    resource = Resource(declared, needs=needs, suffix=incarnation(), tags=dict(desired.tags))
    with engine.changed:
        stack.resources[declared.logical_id] = resource
        stack.steps.append(Step(None, resource))
    try:
        tell(engine, stack, operation, resource, "CREATE_IN_PROGRESS")
        resource.properties = _properties(stack, declared, scope)
        _make(stack, resource)
    except Failed as error:
        tell(engine, stack, operation, resource, "CREATE_FAILED", str(error))
        raise Stopped(declared.logical_id, "create") from error
    tell(engine, stack, operation, resource, "CREATE_COMPLETE")


def _make(stack: Stack, resource: Resource) -> None:
    def note(physical_id: str) -> None:
        resource.physical_id = physical_id

    with calling():
        where = context(stack, resource.logical_id, resource.suffix, resource.tags, note)
        note(type_of(resource.type_name).create(resource.properties, where))


def _change(
    engine: Engine,
    stack: Stack,
    desired: Desired,
    operation: Operation,
    declared: Declared,
    needs: frozenset[str],
    scope: Scope,
    current: Resource,
) -> None:
    try:
        properties = _properties(stack, declared, scope)
        tagged = current.tags != desired.tags and schemas.taggable(declared.type_name, stack.region)
        if properties == current.properties and not tagged:
            with engine.changed:
                current.declared, current.needs, current.tags = declared, needs, dict(desired.tags)
            return
        replaces = replacement(stack.region, declared, current.properties, properties)
    except Failed as error:
        tell(engine, stack, operation, current, "UPDATE_FAILED", str(error))
        raise Stopped(declared.logical_id, "update") from error
    after = Resource(declared, properties=properties, needs=needs, tags=dict(desired.tags))
    if replaces:
        after.suffix = incarnation()
        _replace(engine, stack, operation, current, after)
    else:
        after.suffix, after.physical_id = current.suffix, current.physical_id
        _update(engine, stack, operation, current, after)


def replacement(region: str, declared: Declared, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The properties whose change asks for a new physical resource; empty if it changes in place."""
    pointers = schemas.must_replace(declared.type_name, region, old, new)
    if not pointers:
        with calling():
            if type_of(declared.type_name).replaces(dict(old), dict(new)):
                return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return pointers


def _replace(engine: Engine, stack: Stack, operation: Operation, current: Resource, after: Resource) -> None:
    before = current.snapshot()
    with engine.changed:
        stack.steps.append(Step(before, after))
    try:
        tell(engine, stack, operation, current, "UPDATE_IN_PROGRESS", _NEW_PHYSICAL)
        _check_name(stack, current, after)
        _make(stack, after)
    except Failed as error:
        tell(engine, stack, operation, current, "UPDATE_FAILED", str(error))
        raise Stopped(after.logical_id, "update") from error
    with engine.changed:
        stack.resources[after.logical_id] = after
    tell(engine, stack, operation, after, "UPDATE_COMPLETE")


def _check_name(stack: Stack, current: Resource, after: Resource) -> None:
    names = schemas.identifiers(after.type_name, stack.region)
    given = [name for name in names if name in after.properties]
    if given and given == names and all(current.properties.get(name) == after.properties[name] for name in names):
        raise Failed(
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
            f"Rename {after.properties[names[0]]} and update the stack again."
        )


def _update(engine: Engine, stack: Stack, operation: Operation, current: Resource, after: Resource) -> None:
    with engine.changed:
        stack.steps.append(Step(current.snapshot(), after))
    try:
        tell(engine, stack, operation, current, "UPDATE_IN_PROGRESS")
        with calling():
            where = context(stack, after.logical_id, after.suffix, after.tags)
            type_of(after.type_name).update(after.physical_id, dict(current.properties), dict(after.properties), where)
    except Failed as error:
        current.attributes = None
        tell(engine, stack, operation, current, "UPDATE_FAILED", str(error))
        raise Stopped(after.logical_id, "update") from error
    with engine.changed:
        stack.resources[after.logical_id] = after
    tell(engine, stack, operation, after, "UPDATE_COMPLETE")
