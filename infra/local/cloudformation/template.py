"""A template: its sections, checked for shape and limits, with every value still as written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.text import parse
from infra.local.rules import cloudformation_stack
from infra.local.rules.cloudformation_stack import URL_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping

SECTIONS = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Globals",
        "Hooks",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
        "Transform",
    }
)
RESOURCE_KEYS = frozenset(
    {
        "Condition",
        "CreationPolicy",
        "DeletionPolicy",
        "DependsOn",
        "Description",
        "Metadata",
        "Properties",
        "Type",
        "UpdatePolicy",
        "UpdateReplacePolicy",
    }
)
LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"


@dataclass(frozen=True)
class Declared:
    """One resource as the template declares it."""

    logical_id: str
    type_name: str
    properties: Mapping[str, Any]
    depends_on: tuple[str, ...] = ()
    condition: str | None = None
    metadata: Any = None
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"
    says_deletion_policy: bool = False
    """Whether the template itself says what becomes of it, as an import asks for."""


@dataclass(frozen=True)
class Template:
    """A template's sections; resources typed, the rest as parsed."""

    text: str
    resources: Mapping[str, Declared]
    description: str = ""
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    metadata: Mapping[str, Any] = field(default_factory=dict)
    version: str = "2010-09-09"
    transforms: tuple[str, ...] = ()


def read(text: str, limit_bytes: int = URL_BYTES) -> Template:
    """The template in this text. Raises ValidationError with CloudFormation's words for what is wrong."""
    cloudformation_stack.template_size(text, limit_bytes)
    document = parse(text)
    unknown = sorted(set(document) - SECTIONS)
    if unknown:
        raise ValidationError(f"Invalid template property or properties [{', '.join(unknown)}]")
    transforms = document.get("Transform") or []
    transforms = [transforms] if isinstance(transforms, str | dict) else transforms
    for transform in transforms:
        if transform != LANGUAGE_EXTENSIONS:
            name = transform if isinstance(transform, str) else transform.get("Name")
            raise ValidationError(
                f"the embedded AWS runs no transform: {name}, only {LANGUAGE_EXTENSIONS}, in Transform"
            )
    sections = {name: _section(document, name) for name in ("Parameters", "Mappings", "Conditions", "Rules", "Outputs")}
    declared = _section(document, "Resources")
    if not declared:
        raise ValidationError("Template format error: At least one Resources member must be defined.")
    for name, section in {**sections, "Resources": declared}.items():
        cloudformation_stack.declarations(name, section)
    return Template(
        text=text,
        resources={name: _declared(name, body) for name, body in declared.items()},
        description=document.get("Description") or "",
        parameters=sections["Parameters"],
        mappings=sections["Mappings"],
        conditions=sections["Conditions"],
        rules=sections["Rules"],
        outputs=sections["Outputs"],
        metadata=document.get("Metadata") or {},
        version=str(document.get("AWSTemplateFormatVersion", "2010-09-09")),
        transforms=tuple(transforms),
    )


def _section(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    section = document.get(name) or {}
    if not isinstance(section, dict):
        raise ValidationError(f"Template format error: {name} must be an object.")
    # Fn::ForEach would be a key among the names; it is the one extension of the language that is not here.
    looped = [key for key in section if str(key).startswith("Fn::")]
    if looped:
        raise ValidationError(f"the embedded AWS does not support {looped[0]}, in {name}")
    return section


def _declared(logical_id: str, body: Any) -> Declared:
    where = f"Resources/{logical_id}"
    if not isinstance(body, dict):
        raise ValidationError(f"Template format error: [/{where}] resource definition is malformed")
    if not logical_id.isalnum():
        raise ValidationError(f"Template format error: Resource name {logical_id} is non alphanumeric.")
    unknown = sorted(set(body) - RESOURCE_KEYS)
    if unknown:
        raise ValidationError(f"Invalid template resource property '{unknown[0]}'")
    type_name = body.get("Type")
    if not isinstance(type_name, str):
        raise ValidationError(f"Template format error: [/{where}] Every Resources object must contain a Type member.")
    properties = body.get("Properties") or {}
    if not isinstance(properties, dict):
        raise ValidationError(f"Template format error: [/{where}/Properties] Properties must be an object.")
    depends_on = body.get("DependsOn") or ()
    deletion = _policy(logical_id, type_name, body, "DeletionPolicy")
    return Declared(
        logical_id=logical_id,
        type_name=type_name,
        properties=properties,
        depends_on=(depends_on,) if isinstance(depends_on, str) else tuple(depends_on),
        condition=body.get("Condition"),
        metadata=body.get("Metadata"),
        deletion_policy=deletion,
        update_replace_policy=_policy(logical_id, type_name, body, "UpdateReplacePolicy"),
        says_deletion_policy="DeletionPolicy" in body,
    )


def _policy(logical_id: str, type_name: str, body: Mapping[str, Any], name: str) -> str:
    allowed = ("Delete", "Retain", "RetainExceptOnCreate") if name == "DeletionPolicy" else ("Delete", "Retain")
    policy = body.get(name, "Delete")
    if policy == "Snapshot":
        raise ValidationError(
            f"Template error: resource type {type_name} does not support {name} Snapshot in the embedded AWS"
        )
    if policy not in allowed:
        raise ValidationError(
            f"Template format error: Unrecognized {name} {policy} for resource {logical_id}, "
            f"allowed {', '.join(allowed)}"
        )
    return str(policy)
