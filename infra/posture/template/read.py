"""The posture that templates describe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.posture.model import Posture, Stack, build
from infra.posture.resources import Resources
from infra.posture.template.files import Template, read_templates
from infra.posture.template.scope import World
from infra.posture.values import Place, Ref, Source

if TYPE_CHECKING:
    from pathlib import Path


def read(*paths: Path, place: Place | None = None) -> Posture:
    """The posture of an assembly folder, or of template files read together.

    `place` is the account and region that plain template files are meant for.
    Raises TemplateError for files that are neither.
    """
    return posture_of(read_templates(*paths, place=place))


def posture_of(templates: tuple[Template, ...]) -> Posture:
    """The posture of templates already loaded."""
    scopes = World(templates).scopes
    resources = Resources(
        declared=tuple(declared for scope in scopes for declared in scope.declared()),
        partial=tuple(partial for scope in scopes for partial in scope.partial()),
    )
    return build(resources, tuple(_stack(template) for template in templates))


def _stack(template: Template) -> Stack:
    return Stack(
        ref=Ref(template.stack),
        place=template.place,
        id=template.stack,
        source=Source(template=template.path),
        termination_protection=template.termination_protection,
    )
