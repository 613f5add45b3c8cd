"""Making a stack what its template says: each resource created, changed or replaced as the walk reaches it."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import deletion, environment, graph, live, order, schemas
from infra.local.cloudformation.events import tell
from infra.local.cloudformation.handlers import Failed, calling, context, handling, type_of
from infra.local.cloudformation.intrinsics import Scope, evaluate
from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.state import Desired, Doomed, Resource, Run, Stack, Step
from infra.local.keeping import whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from infra.local.cloudformation.template import Declared

_ALPHABET = string.ascii_uppercase + string.digits
_NEW_PHYSICAL = "Requested update requires the creation of a new physical resource; hence creating one."


class Stopped(Exception):
    """The walk could not go on: the resource that failed, and how."""

    def __init__(self, logical_id: str, verb: str) -> None:
        super().__init__(f"The following resource(s) failed to {verb}: [{logical_id}]. ")


@dataclass(frozen=True)
class Walk:
    """One run over the resources of a template."""

    run: Run
    desired: Desired
    needs: Mapping[str, frozenset[str]]
    scope: Scope


def incarnation() -> str:
    """The random end of a generated name, for one physical resource."""
    number = secrets.randbelow(len(_ALPHABET) ** 12)  # one draw: each asks the system for randomness
    return "".join(_ALPHABET[number // len(_ALPHABET) ** place % len(_ALPHABET)] for place in range(12))


def apply(run: Run, desired: Desired, imports: Mapping[str, Callable[[Walk], None]] | None = None) -> None:
    """Create or change every resource of the template, in order. Raises Stopped at the first that fails.

    `imports` says how to take in what is there already, by logical id.

    What is compared is the last applied properties with the new ones as they read now, with the physical ids
    and attributes that this walk has made so far: a dependant of a replaced resource follows it.
    """
    walk = walk_through(run, desired)
    for logical_id in graph.ordered(walk.needs, walk.needs, order.chance(run)):
        declared = desired.template.resources[logical_id]
        current = run.stack.resources.get(logical_id)
        if current is None and imports and logical_id in imports:
            imports[logical_id](walk)
        elif current is None or not current.stands:
            _create(walk, declared, current)
        else:
            _change(walk, declared, current)


def walk_through(run: Run, desired: Desired) -> Walk:
    """A walk that knows what each resource needs, and what every value reads by then."""
    return Walk(
        run=run,
        desired=desired,
        needs=graph.dependencies(desired.template, desired.conditions),
        scope=live.scope(run.engine, run.stack, desired, imported=lambda name: _import(run, name)),
    )


def _import(run: Run, name: str) -> str:
    with run.engine.changed:
        value = environment.imported(run.engine, name)
        run.stack.imports |= {name}
    return value


def properties_of(walk: Walk, declared: Declared) -> dict[str, Any]:
    """The properties as they read now, in the schema's types. Raises Failed for what the schema refuses."""
    try:
        evaluated = evaluate(dict(declared.properties), walk.scope)
    except ValidationError as error:
        raise Failed(error.message) from error
    conformed, problems = schemas.conform(declared.type_name, walk.run.stack.region, evaluated)
    if problems:
        raise Failed(
            f"Properties validation failed for resource {declared.logical_id} with message:\n"
            + "\n".join(problem.reason for problem in problems)
        )
    return conformed


@whole
def _create(walk: Walk, declared: Declared, half_made: Resource | None) -> None:
    run = walk.run
    if half_made and half_made.physical_id and not deletion.remove(run, Doomed(half_made, "Delete")):
        raise Stopped(declared.logical_id, "delete")
    resource = Resource(
        declared, needs=walk.needs[declared.logical_id], suffix=incarnation(), tags=dict(walk.desired.tags)
    )
    with run.engine.changed:
        run.stack.steps = [step for step in run.stack.steps if half_made is None or step.after is not half_made]
        run.stack.resources[declared.logical_id] = resource
        run.stack.steps.append(Step(None, resource))
    try:
        resource.properties = properties_of(walk, declared)
        tell(run, resource, "CREATE_IN_PROGRESS")
        _make(run.stack, resource)
    except Failed as error:
        tell(run, resource, "CREATE_FAILED", str(error))
        raise Stopped(declared.logical_id, "create") from error
    tell(run, resource, "CREATE_COMPLETE")


def _make(stack: Stack, resource: Resource) -> None:
    def note(physical_id: str) -> None:
        resource.physical_id = physical_id

    with handling("create", stack, resource):
        where = context(stack, resource, note)
        note(type_of(resource.type_name).create(dict(resource.properties), where))


@whole
def _change(walk: Walk, declared: Declared, current: Resource) -> None:
    run, desired, needs = walk.run, walk.desired, walk.needs[declared.logical_id]
    region = run.stack.region
    try:
        properties = properties_of(walk, declared)
        tagged = current.tags != desired.tags and schemas.taggable(declared.type_name, region)
        if properties == current.properties and not tagged:
            with run.engine.changed:
                current.declared, current.needs, current.tags = declared, needs, dict(desired.tags)
            return
        replaces = replacement(region, declared, current.properties, properties)
    except Failed as error:
        tell(run, current, "UPDATE_FAILED", str(error))
        raise Stopped(declared.logical_id, "update") from error
    after = Resource(declared, properties=properties, needs=needs, tags=dict(desired.tags))
    if replaces:
        after.suffix = incarnation()
        _replace(run, current, after)
    else:
        after.suffix, after.physical_id = current.suffix, current.physical_id
        _update(run, current, after)


def replacement(region: str, declared: Declared, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The properties whose change asks for a new physical resource; empty if it changes in place."""
    pointers = schemas.must_replace(declared.type_name, region, old, new)
    if not pointers:
        with calling():
            if type_of(declared.type_name).replaces(dict(old), dict(new)):
                return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))
    return pointers


def _replace(run: Run, current: Resource, after: Resource) -> None:
    with run.engine.changed:
        run.stack.steps.append(Step(current.snapshot(), after))
    try:
        tell(run, current, "UPDATE_IN_PROGRESS", _NEW_PHYSICAL)
        _check_name(run.stack, current, after)
        _make(run.stack, after)
    except Failed as error:
        tell(run, current, "UPDATE_FAILED", str(error))
        raise Stopped(after.logical_id, "update") from error
    with run.engine.changed:
        run.stack.resources[after.logical_id] = after
    tell(run, after, "UPDATE_COMPLETE")


def _check_name(stack: Stack, current: Resource, after: Resource) -> None:
    """Refuse to replace what a name of its own identifies: old and new cannot stand side by side."""
    names = schemas.identifiers(after.type_name, stack.region)
    old, new = ([resource.properties.get(name) for name in names] for resource in (current, after))
    if old == new and names and None not in new:
        raise Failed(
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
            f"Rename {after.properties[names[0]]} and update the stack again."
        )


def _update(run: Run, current: Resource, after: Resource) -> None:
    with run.engine.changed:
        run.stack.steps.append(Step(current.snapshot(), after))
    try:
        tell(run, current, "UPDATE_IN_PROGRESS")
        with handling("update", run.stack, after):
            where = context(run.stack, after)
            type_of(after.type_name).update(after.physical_id, dict(current.properties), dict(after.properties), where)
    except Failed as error:
        current.attributes = None
        tell(run, current, "UPDATE_FAILED", str(error))
        raise Stopped(after.logical_id, "update") from error
    with run.engine.changed:
        run.stack.resources[after.logical_id] = after
    tell(run, after, "UPDATE_COMPLETE")
