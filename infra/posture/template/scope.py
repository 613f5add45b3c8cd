"""One template with its references: parameters, pseudo parameters, resources, conditions, other stacks' exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infra.posture.identity import naming, partition, url_suffix, written
from infra.posture.resources import EVERYTHING, Declared, Undecided
from infra.posture.template.intrinsics import FUNCTIONS, NO_VALUE, Json, boolean, text
from infra.posture.values import Properties, Ref, Source, Unknown

if TYPE_CHECKING:
    from infra.posture.template.files import Template

# Transforms that only add functions the resolver knows; any other rewrites the template where nobody sees it.
_HARMLESS_TRANSFORMS = ("AWS::LanguageExtensions",)
# Types that stand for resources written elsewhere.
_ELSEWHERE = ("AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet", "AWS::CloudFormation::Macro")
# Attributes that repeat what a property of these types names, by id or by ARN.
_GUARDRAIL_HOLDERS = ("AWS::Bedrock::GuardrailVersion", "AWS::Bedrock::EnforcedGuardrailConfiguration")


class World:
    """All templates that are read together."""

    def __init__(self, templates: tuple[Template, ...]) -> None:
        self.scopes = [StackScope(template, self) for template in templates]
        self._exports: dict[str, list[tuple[StackScope, Json]]] | None = None

    def exported(self, name: str, of: StackScope) -> Json:
        """The value of an export of the importing stack's account and region."""
        if self._exports is None:
            self._exports = {}
            for scope in self.scopes:
                for exported, value in scope.exports():
                    self._exports.setdefault(exported, []).append((scope, value))
        here = [(s, v) for s, v in self._exports.get(name, []) if s.template.place == of.template.place]
        if len(here) != 1:
            return Unknown(f"{len(here)} templates export {name}")
        scope, value = here[0]
        return scope.value(value)

    def output(self, stack: str, region: str | None, name: str) -> Json:
        """The value of another stack's output."""
        for scope in self.scopes:
            if scope.template.stack == stack and region in (None, scope.template.place.region):
                return scope.value(scope.section("Outputs").get(name, {}).get("Value", Unknown(f"no output {name}")))
        return Unknown(f"stack {stack} is not among the templates")


@dataclass(slots=True)
class StackScope:
    """One template, and what its expressions give."""

    template: Template
    world: World
    _memo: dict[tuple[str, str], Json] = field(default_factory=dict)

    def section(self, name: str) -> Mapping[str, Any]:
        """A top-level section; empty if absent or no object."""
        found = self.template.body.get(name)
        return found if isinstance(found, Mapping) else {}

    def exports(self) -> Iterator[tuple[str, Json]]:
        """The names this stack exports, and their unresolved values."""
        for output in self.section("Outputs").values():
            if not isinstance(output, Mapping) or "Export" not in output or self._there(output) is False:
                continue
            name = text(self.value(output["Export"].get("Name")))
            if isinstance(name, str):
                yield name, output.get("Value")

    # What the functions ask ---------------------------------------------------------------------------------

    def value(self, expression: Json) -> Json:
        """An expression with all functions resolved; what cannot be is Unknown where it stands."""
        match expression:
            case str():
                return Unknown(f"{expression} is resolved at deployment") if "{{resolve:" in expression else expression
            case list():
                values = [self.value(each) for each in expression]
                return [each for each in values if each is not NO_VALUE]
            case Mapping():
                return self._object(expression)
            case _:
                return expression

    def _object(self, expression: Mapping[str, Any]) -> Json:
        if len(expression) == 1:
            ((name, argument),) = expression.items()
            if name in FUNCTIONS:
                return FUNCTIONS[name](self, argument)
        if rewritten := next((key for key in expression if key.startswith("Fn::")), None):
            return Unknown(f"{rewritten} is not understood")
        values = {key: self.value(each) for key, each in expression.items()}
        return {key: each for key, each in values.items() if each is not NO_VALUE}

    def reference(self, name: str) -> Json:
        """What `Ref` gives."""
        if name.startswith("AWS::"):
            return self._pseudo(name)
        if name in self.section("Parameters"):
            return self._parameter(name)
        return self._of_resource(name, lambda kind, own: written(kind.ref, own, self.template.place, self._texts(name)))

    def attribute(self, logical_id: str, attribute: str) -> Json:
        """What `Fn::GetAtt` gives."""
        resource = self.section("Resources").get(logical_id)
        if not isinstance(resource, Mapping):
            return Unknown(f"{self.template.path} has no resource {logical_id}")
        type_name = resource.get("Type", "")
        if str(type_name).startswith(("Custom::", "AWS::CloudFormation::")):
            return Unknown(f"{logical_id}.{attribute} is made by {type_name}")
        if type_name in _GUARDRAIL_HOLDERS and attribute in ("GuardrailArn", "GuardrailId"):
            held = text(self._property(logical_id, "GuardrailIdentifier"))
            if isinstance(held, Unknown):
                return held
            guardrail = naming("AWS::Bedrock::Guardrail")
            return written(guardrail.attributes[attribute], held.rpartition("guardrail/")[2], self.template.place)

        def found(kind: Any, id: str) -> Json:
            if attribute in kind.attributes:
                return written(kind.attributes[attribute], id, self.template.place, self._texts(logical_id))
            properties = resource.get("Properties")
            if isinstance(properties, Mapping) and attribute in properties:
                return self._property(logical_id, attribute)
            return f"{{{self.template.stack}/{logical_id}.{attribute}}}"

        return self._of_resource(logical_id, found)

    def condition(self, name: str) -> bool | Unknown:
        """What a named condition decides."""
        if name not in self.section("Conditions"):
            return Unknown(f"{self.template.path} has no condition {name}")
        decided = self._once("condition", name, lambda: boolean(self, self.section("Conditions")[name]))
        return decided if isinstance(decided, bool | Unknown) else Unknown(f"condition {name} is no boolean")

    def exported(self, name: str) -> Json:
        """What `Fn::ImportValue` gives."""
        return self._once("import", name, lambda: self.world.exported(name, self))

    def output(self, stack: str, region: str | None, name: str) -> Json:
        """What `Fn::GetStackOutput` gives."""
        return self._once("output", f"{stack}/{region}/{name}", lambda: self.world.output(stack, region, name))

    def mapping(self, name: str) -> Json:
        """A map of the Mappings section."""
        return self.section("Mappings").get(name)

    # Resources ----------------------------------------------------------------------------------------------

    def declared(self) -> Iterator[Declared]:
        """Every resource that is, or may be, there."""
        for logical_id, resource in self.section("Resources").items():
            if not isinstance(resource, Mapping) or not isinstance(resource.get("Type"), str):
                continue  # `partial` speaks of it
            there = self._there(resource)
            if there is False:
                continue
            kind = naming(resource["Type"])
            own_id = self._id(logical_id)
            properties = self.value(resource.get("Properties") or {})
            yield Declared(
                type=resource["Type"],
                ref=Ref(f"{self.template.stack}/{logical_id}"),
                place=self.template.place,
                id=own_id,
                arn=written(kind.arn, own_id, self.template.place, self._texts(logical_id)),
                properties=Properties({"Properties": properties}).block("Properties"),
                source=self._source(logical_id, resource),
                deletion_policy=text(self.value(resource.get("DeletionPolicy", "Delete"))),
                update_replace_policy=text(self.value(resource.get("UpdateReplacePolicy", "Delete"))),
                undecided=there if isinstance(there, Unknown) else None,
            )

    def partial(self) -> Iterator[Undecided]:
        """What makes the template more than what can be read of it."""
        stack = Ref(self.template.stack)
        source = Source(template=self.template.path)
        transforms = self.template.body.get("Transform") or []
        for transform in [transforms] if isinstance(transforms, str) else transforms:
            if transform not in _HARMLESS_TRANSFORMS:
                yield Undecided(EVERYTHING, stack, f"transform {transform} rewrites the template", source)
        for logical_id, resource in self.section("Resources").items():
            kind = resource.get("Type") if isinstance(resource, Mapping) else None
            where = Ref(f"{self.template.stack}/{logical_id}")
            if not isinstance(kind, str):
                yield Undecided(EVERYTHING, where, "it is no resource that can be read", source)
            elif kind in _ELSEWHERE or kind.endswith("::MODULE"):
                yield Undecided(EVERYTHING, where, f"the template that {kind} stands for is not read", source)

    def _source(self, logical_id: str, resource: Mapping[str, Any]) -> Source:
        metadata = resource.get("Metadata")
        path = metadata.get("aws:cdk:path") if isinstance(metadata, Mapping) else None
        return Source(self.template.path, logical_id, str(path or self.template.construct_paths.get(logical_id, "")))

    def _there(self, holder: Mapping[str, Any]) -> bool | Unknown:
        name = holder.get("Condition")
        return True if name is None else self.condition(str(name))

    def _id(self, logical_id: str) -> str:
        resource = self.section("Resources")[logical_id]
        name = naming(str(resource.get("Type"))).name
        given = text(self._property(logical_id, name)) if name else Unknown("AWS makes it up")
        return given if isinstance(given, str) and given else f"{{{self.template.stack}/{logical_id}}}"

    def _property(self, logical_id: str, name: str) -> Json:
        properties = self.section("Resources")[logical_id].get("Properties")
        if not isinstance(properties, Mapping) or name not in properties:
            return Unknown(f"{logical_id} has no {name}")
        return self._once("property", f"{logical_id}.{name}", lambda: self.value(properties[name]))

    def _texts(self, logical_id: str) -> dict[str, str]:
        """The properties that stand in the type's formats."""
        defaults = naming(str(self.section("Resources")[logical_id].get("Type"))).defaults
        given = {name: text(self._property(logical_id, name)) for name in defaults}
        return {name: value if isinstance(value, str) else defaults[name] for name, value in given.items()}

    def _of_resource(self, logical_id: str, give: Callable[[Any, str], Json]) -> Json:
        resource = self.section("Resources").get(logical_id)
        if not isinstance(resource, Mapping):
            return Unknown(f"{self.template.path} has no resource {logical_id}")
        if self._there(resource) is False:
            return Unknown(f"{logical_id} is left out by its condition")
        return give(naming(str(resource.get("Type"))), self._id(logical_id))

    def _pseudo(self, name: str) -> Json:
        place = self.template.place
        known = {
            "AWS::AccountId": place.account,
            "AWS::NoValue": NO_VALUE,
            "AWS::Partition": partition(place.region),
            "AWS::Region": place.region,
            "AWS::StackName": self.template.stack,
            "AWS::URLSuffix": url_suffix(place.region),
        }
        return known.get(name, Unknown(f"{name} is not in a template"))

    def _parameter(self, name: str) -> Json:
        parameter = self.section("Parameters")[name]
        kind = str(parameter.get("Type", "String")) if isinstance(parameter, Mapping) else ""
        if kind.startswith("AWS::SSM::Parameter::"):
            return Unknown(f"parameter {name} is read from SSM at deployment")
        value = self.template.parameters.get(name, parameter.get("Default") if isinstance(parameter, Mapping) else None)
        if value is None:
            return Unknown(f"parameter {name} has no default")
        if kind == "CommaDelimitedList" or kind.startswith("List<"):
            return [each.strip() for each in str(value).split(",")]
        return text(value)

    def _once(self, kind: str, name: str, find: Callable[[], Json]) -> Json:
        """Found once; Unknown if finding it needs itself."""
        key = (kind, name)
        if key not in self._memo:
            self._memo[key] = Unknown(f"{kind} {name} refers to itself")
            self._memo[key] = find()
        return self._memo[key]
