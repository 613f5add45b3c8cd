"""Taking what is there already into a stack: what may be imported, which resource it is, and that it is the stack's.

Sources: CloudFormation user guide, "Import AWS resources into a CloudFormation stack"; the messages as the tests of
github.com/ministackorg/ministack have them from AWS; both read 2026-11-24. What a resource that is not there is told
as differs by type on AWS; here it is one sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import graph, order, schemas
from infra.local.cloudformation.events import tell
from infra.local.cloudformation.execution import Stopped, incarnation, properties_of, walk_through
from infra.local.cloudformation.handlers import Failed, calling, context, handling, lookup, type_of
from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.state import ChangeSet, Desired, Engine, Resource, Run, Stack, Step
from infra.local.keeping import whole
from infra.local.resource_type import resource_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from infra.local.cloudformation.execution import Walk
    from infra.local.cloudformation.planning import Plan
    from infra.local.cloudformation.template import Declared

REVIEW = (
    "Verify that resources and their properties defined in the template match the intended configuration of the "
    "resource import to avoid unexpected changes."
)
"""What an executable change set of this kind gives as its reason."""


@dataclass(frozen=True)
class Wanted:
    """One resource to import: what the template calls it, and what identifies it."""

    logical_id: str
    type_name: str
    identifier: Mapping[str, str]


def importable(type_name: str, region: str) -> bool:
    """Whether resources of this type can be imported."""
    kind = resource_types().get(type_name)
    return kind is not None and kind.importable and schemas.readable(type_name, region)


def wanted(asked: Sequence[Mapping[str, Any]], desired: Desired, region: str) -> dict[str, Wanted]:
    """What a request asks to import, by logical id. Raises ValidationError."""
    if not asked:
        raise ValidationError("Must Provide at least one resource to import")
    found = {one["LogicalResourceId"]: one for one in asked}
    if len(found) != len(asked):
        raise ValidationError("Every resource to import must have unique LogicalResourceId")
    there = graph.active(desired.template, desired.conditions)
    if unknown := [name for name in found if name not in there]:
        raise ValidationError(
            f"The logical resource ids {_listed(unknown)} provided in ResourceToImport do not exist in the template."
        )
    return {name: _wanted(one, desired.template.resources[name].type_name, region) for name, one in found.items()}


def asked(change_set: ChangeSet, desired: Desired, region: str) -> dict[str, Wanted]:
    """The same for a change set that was made well."""
    return wanted(change_set.request["ResourcesToImport"], desired, region)


def by_itself(change_set: ChangeSet | None) -> dict[str, Callable[[Walk], None]]:
    """How to take in what a change set with ImportExistingResources has found, by logical id."""
    if change_set is None:
        return {}
    return {logical_id: partial(_adopt, one=one) for logical_id, one in change_set.found.items()}


def check_kept(desired: Desired, found: Mapping[str, Wanted]) -> None:
    """Refuse to import by itself what a later deletion of the stack would delete. Raises Failed."""
    unkept = [
        f"{logical_id} ({{{', '.join(f'{key}={value}' for key, value in one.identifier.items())}}})"
        for logical_id, one in found.items()
        if desired.template.resources[logical_id].deletion_policy == "Delete"
    ]
    if unkept:
        raise Failed(
            "CloudFormation is attempting to import some resources because they already exist in your account. The "
            "resources must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate' in the "
            f"template for successful import. The affected resources are {', '.join(unkept)}"
        )


def existing(
    engine: Engine, stack: Stack, declared: Declared, properties: Mapping[str, Any]
) -> tuple[Wanted, str] | None:
    """What the template names itself, is there and in no stack, and its physical id; None if there is no such thing."""
    kind, region = declared.type_name, stack.region
    names = schemas.identifiers(kind, region)
    identifier = {part: value for part in names if isinstance(value := properties.get(part), str) and value}
    if not importable(kind, region) or len(identifier) < len(names):
        return None
    one = Wanted(declared.logical_id, kind, identifier)
    try:
        return one, identify(engine, stack, one, Resource(declared, properties=dict(properties)))
    except Failed:
        return None  # it is not there, or a stack's: to make it will say so


def _wanted(one: Mapping[str, Any], declared: str, region: str) -> Wanted:
    name, kind, given = one["LogicalResourceId"], one["ResourceType"], one["ResourceIdentifier"]
    if schemas.exists(kind, region):
        names = schemas.identifiers(kind, region)
        if sorted(given) != sorted(names):
            raise ValidationError(f"Invalid resource identifier for resource type {kind}. Expected {_listed(names)}")
    if kind != declared:
        raise ValidationError(
            f"Resource type of [{name}] passed in ResourceToImport does not match with resource type defined in the "
            f"template. Resource type in ResourceToImport: {kind}; Resource type in Template: {declared}."
        )
    if not importable(kind, region):
        raise ValidationError(f"ResourceTypes [{kind}] are not supported for Import")
    return Wanted(name, kind, {part: given[part] for part in names})


def check(stack: Stack, desired: Desired, asked: Mapping[str, Wanted], planned: Plan) -> None:
    """Refuse an import beside which anything else would change."""
    touched: dict[str, list[str]] = {}
    for change in planned.changes:
        told = change["ResourceChange"]
        touched.setdefault(told["Action"], []).append(told["LogicalResourceId"])
    fresh, imported = touched.get("Add", []), touched.get("Import", [])
    if not fresh and not imported:
        raise ValidationError("The template should contain at least one new resource to import.")
    if there := [name for name in asked if name not in imported]:
        raise ValidationError(
            f"Resources {_listed(there)} passed in ResourceToImport are already in a stack and cannot be imported."
        )
    if fresh:
        raise ValidationError(f"Resources {_listed(fresh)} is missing from ResourceToImport list")
    if modified := sorted((*touched.get("Modify", []), *touched.get("Remove", []))):
        raise ValidationError(
            f"You have modified resources {_listed(modified)} in your template that are not being imported. "
            "Update, create or delete operations cannot be executed during import operations."
        )
    if unsaid := [name for name in asked if not desired.template.resources[name].says_deletion_policy]:
        raise ValidationError(
            f"The following resources to import {_listed(unsaid)} must have DeletionPolicy attribute specified in the "
            "template."
        )
    before = stack.desired.template.outputs if stack.desired else {}
    if dict(before) != dict(desired.template.outputs):
        raise ValidationError("As part of the import operation, you cannot modify or add [Outputs]")


def name(engine: Engine, stack: Stack, desired: Desired, asked: Mapping[str, Wanted], planned: Plan) -> None:
    """Say in the plan which resource each is. Raises Failed if one is not there, or is a stack's already."""
    for change in planned.changes if asked else ():
        told = change["ResourceChange"]
        one = asked[told["LogicalResourceId"]]
        declared = desired.template.resources[one.logical_id]
        properties = dict(planned.imported[one.logical_id])
        told["PhysicalResourceId"] = identify(engine, stack, one, Resource(declared, properties=properties))


def identify(engine: Engine, stack: Stack, one: Wanted, resource: Resource) -> str:
    """The physical id of what is to be imported. Raises Failed if it is not there, or is a stack's already."""
    region = stack.region
    with calling():
        kind, here = type_of(one.type_name), context(stack, resource)
        told = kind.read(kind.imported(dict(one.identifier), here), here)
        same = told is not None and all(_same(lookup(told, name), value) for name, value in one.identifier.items())
        if told is None or not same:
            value = "|".join(one.identifier.values())
            raise Failed(f"Resource of type '{one.type_name}' with identifier '{value}' was not found.")
        physical_id = kind.imported(
            {name: lookup(told, name) for name in schemas.identifiers(one.type_name, region)}, here
        )
    for name, value in one.identifier.items():
        said = resource.properties.get(name, value)
        if isinstance(said, str) and not _same(said, value):
            raise Failed(f"The template says {name} {said} of {one.logical_id}, and its identifier says {value}.")
    with engine.changed:
        for other in engine.stacks.values():
            held = (each for each in other.resources.values() if each is not resource and not other.gone)
            if any(each.type_name == one.type_name and _same(each.physical_id, physical_id) for each in held):
                raise Failed(f"{'|'.join(one.identifier.values())} already exists in stack {other.arn}")
    return physical_id


def _same(told: Any, given: str) -> bool:
    """A queue is known by its URL, whose host is whatever the caller reached it by."""
    if str(told).startswith("http") and given.startswith("http"):
        return str(told).split("/", 3)[3:] == given.split("/", 3)[3:]
    return str(told) == given


def apply(run: Run, desired: Desired, asked: Mapping[str, Wanted]) -> None:
    """Make each of these a resource of the stack, as it stands. Raises Stopped at the first that cannot be."""
    walk = walk_through(run, desired)
    for logical_id in graph.ordered(walk.needs, walk.needs, order.chance(run)):
        if logical_id in asked and logical_id not in run.stack.resources:
            _adopt(walk, asked[logical_id])


@whole
def _adopt(walk: Walk, one: Wanted) -> None:
    run, logical_id = walk.run, one.logical_id
    declared = walk.desired.template.resources[logical_id]
    resource = Resource(
        declared, needs=walk.needs[logical_id], suffix=incarnation(), tags=dict(walk.desired.tags), imported=True
    )
    with run.engine.changed:
        run.stack.resources[logical_id] = resource
        run.stack.steps.append(Step(None, resource))
    try:
        resource.properties = properties_of(walk, declared)
        tell(run, resource, "IMPORT_IN_PROGRESS", "Resource import started.")
        resource.physical_id = identify(run.engine, run.stack, one, resource)
    except Failed as error:
        tell(run, resource, "IMPORT_FAILED", str(error))
        raise Stopped(logical_id, "import") from error
    tell(run, resource, "IMPORT_COMPLETE", "Resource import completed.")
    _tag(run, resource)


def _tag(run: Run, resource: Resource) -> None:
    """Let the stack's tags reach it, by the type's own update, as CloudFormation does after every import."""
    tell(run, resource, "UPDATE_IN_PROGRESS", "Apply stack-level tags to imported resource if applicable.")
    try:
        if resource.tags and schemas.taggable(resource.type_name, run.stack.region):
            with handling("update", run.stack, resource):
                where, same = context(run.stack, resource), dict(resource.properties)
                type_of(resource.type_name).update(resource.physical_id, same, dict(same), where)
    except Failed as error:
        tell(run, resource, "UPDATE_FAILED", str(error))
        raise Stopped(resource.logical_id, "update") from error
    tell(run, resource, "UPDATE_COMPLETE")


def take_back(run: Run) -> None:
    """Let go of what a failed import has taken in; nothing of it is deleted, and no tag is taken from it."""
    while run.stack.steps:
        _let_go(run)


@whole
def _let_go(run: Run) -> None:
    resource = run.stack.steps[-1].after
    tell(run, resource, "IMPORT_ROLLBACK_IN_PROGRESS")
    tell(run, resource, "IMPORT_ROLLBACK_COMPLETE")
    with run.engine.changed:
        run.stack.steps.pop()
        run.stack.resources.pop(resource.logical_id, None)


def _listed(names: Iterable[str]) -> str:
    return f"[{', '.join(names)}]"
