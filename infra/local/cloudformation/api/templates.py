"""Templates: as they were given, summed up, and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import importing, request, schemas
from infra.local.cloudformation.api.answer import Answer
from infra.local.cloudformation.api.asking import Asking, without_none
from infra.local.cloudformation.planning import as_json
from infra.local.cloudformation.refusals import ChangeSetNotFound, ValidationError

if TYPE_CHECKING:
    from infra.local.cloudformation.template import Template


class Templates(Asking):
    """The operations on templates."""

    def get_template(self) -> Answer:
        named = self.params.get("ChangeSetName")
        with self.engine.changed:
            if named:
                desired = next(
                    (
                        change_set.desired
                        for stack in self.engine.stacks.values()
                        for change_set in stack.change_sets.values()
                        if named == change_set.arn
                        or (named == change_set.name and self.params.get("StackName") in (stack.name, stack.arn))
                    ),
                    None,
                )
                if desired is None:
                    raise ChangeSetNotFound(f"ChangeSet [{named}] does not exist")
            else:
                stack = self.existing("Stack with id {} does not exist")
                desired = stack.desired or stack.target
            # A stack in review has no template yet; the API answers with an empty one.
            body = desired.template.text if desired else "{}"
        return Answer({"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]})

    def get_template_summary(self) -> Answer:
        template = self._template()
        capabilities = request.needed_capabilities(template)
        told: dict[str, Any] = {
            "Parameters": [_parameter(name, body) for name, body in template.parameters.items()],
            "Description": template.description or None,
            "Capabilities": capabilities or None,
            "CapabilitiesReason": _because(template) if capabilities else None,
            "ResourceTypes": sorted({entry.type_name for entry in template.resources.values()}),
            "Version": template.version,
            "Metadata": as_json(template.metadata) if template.metadata else None,
            "DeclaredTransforms": list(template.transforms) or None,
            "ResourceIdentifierSummaries": _identifiers(template, self.engine.region_name),
        }
        return Answer(without_none(told))

    def validate_template(self) -> Answer:
        template = self._template()
        capabilities = request.needed_capabilities(template)
        told = {
            "Parameters": [
                {key: value for key, value in _parameter(name, body).items() if key in _TEMPLATE_PARAMETER}
                for name, body in template.parameters.items()
            ],
            "Description": template.description or None,
            "Capabilities": capabilities or None,
            "CapabilitiesReason": _because(template) if capabilities else None,
            "DeclaredTransforms": list(template.transforms) or None,
        }
        return Answer(without_none(told))

    def _template(self) -> Template:
        if self.params.get("StackName"):
            stack = self.existing("Stack with id {} does not exist")
            desired = stack.desired or stack.target
            if desired is None:
                raise ValidationError(f"Stack {stack.name} has no template yet")
            return desired.template
        return request.template(self.engine, self.params, None)


_TEMPLATE_PARAMETER = frozenset({"ParameterKey", "DefaultValue", "NoEcho", "Description"})


def _because(template: Template) -> str:
    types = sorted({entry.type_name for entry in template.resources.values() if entry.type_name in request.IAM_TYPES})
    return f"The following resource(s) require capabilities: [{', '.join(types)}]"


def _parameter(name: str, body: Any) -> dict[str, Any]:
    default = body.get("Default")
    allowed = body.get("AllowedValues")
    return without_none(
        {
            "ParameterKey": name,
            "DefaultValue": None if default is None else str(default),
            "ParameterType": body.get("Type", "String"),
            "NoEcho": str(body.get("NoEcho", False)).lower() == "true",
            "Description": body.get("Description"),
            "ParameterConstraints": {"AllowedValues": [str(value) for value in allowed]} if allowed else {},
        }
    )


def _identifiers(template: Template, region: str) -> list[dict[str, Any]]:
    by_type: dict[str, list[str]] = {}
    for name, entry in sorted(template.resources.items()):
        by_type.setdefault(entry.type_name, []).append(name)
    return [
        {
            "ResourceType": type_name,
            "LogicalResourceIds": names,
            "ResourceIdentifiers": [",".join(schemas.identifiers(type_name, region))],
        }
        for type_name, names in sorted(by_type.items())
        if schemas.exists(type_name, region) and importing.importable(type_name, region)
    ]
