"""The template language over a stack as it stands: Ref and GetAtt answered by what was really made."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import environment
from infra.local.cloudformation.handlers import Failed, calling, context, lookup, type_of
from infra.local.cloudformation.intrinsics import Scope
from infra.local.cloudformation.refusals import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.cloudformation.state import Desired, Engine, Resource, Stack


def scope(engine: Engine, stack: Stack, desired: Desired, imported: Callable[[str], Any] | None = None) -> Scope:
    """The scope of this template in this stack; a resource not made yet raises ValidationError."""
    return Scope(
        template=desired.template,
        parameters={name: given.value for name, given in desired.parameters.items()},
        pseudo=environment.pseudo(engine, stack.name, stack.arn, desired.notification_arns),
        conditions=desired.conditions,
        reference=lambda logical_id: made(stack, logical_id).physical_id,
        attribute=lambda logical_id, name: attribute(stack, made(stack, logical_id), name),
        imported=imported or partial(environment.imported, engine),
        zones=partial(environment.zones, engine),
        dynamic=partial(environment.dynamic, engine),
    )


def made(stack: Stack, logical_id: str) -> Resource:
    """The resource, which must be there."""
    resource = stack.resources.get(logical_id)
    if resource is None or not resource.physical_id:
        raise ValidationError(f"Template error: resource {logical_id} does not exist in stack {stack.name}")
    return resource


def attribute(stack: Stack, resource: Resource, name: str) -> Any:
    """An attribute as the service tells it; asked once after each change of the resource."""
    if resource.attributes is None:
        with calling():
            kind = type_of(resource.type_name)
            resource.attributes = kind.attributes(resource.physical_id, context(stack, resource))
    value = lookup(resource.attributes or {}, name)
    if value is None:
        raise Failed(f"Attribute {name} of {resource.type_name} {resource.logical_id} has no value")
    return value


def read(stack: Stack, resource: Resource) -> dict[str, Any] | None:
    """The resource as its service tells it now; None if it is gone."""
    with calling():
        return type_of(resource.type_name).read(resource.physical_id, context(stack, resource))
