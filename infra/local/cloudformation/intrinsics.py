"""The template language: what an intrinsic function stands for, given what is known."""

from __future__ import annotations

import base64
import ipaddress
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.template import LANGUAGE_EXTENSIONS, Template

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class _Marker:
    """A value of the language that no template can write."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


NO_VALUE: Final = _Marker("AWS::NoValue")
AFTER_APPLY: Final = _Marker("{{changeSet:KNOWN_AFTER_APPLY}}")
"""What a plan writes for a value that only the deployment will know."""

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_DYNAMIC = re.compile(r"\{\{resolve:([^:}]+):([^}]*)\}\}")


def _unavailable(*_: str) -> Any:
    raise ValidationError("Template error: resources cannot be referenced here")


@dataclass(frozen=True)
class Scope:
    """What the language may refer to while one template is evaluated."""

    template: Template
    parameters: Mapping[str, Any]
    pseudo: Mapping[str, Any]
    conditions: Mapping[str, bool] = field(default_factory=dict)
    reference: Callable[[str], Any] = _unavailable
    attribute: Callable[[str, str], Any] = _unavailable
    imported: Callable[[str], Any] = _unavailable
    zones: Callable[[str], list[str]] = _unavailable
    dynamic: Callable[[str, str], str] = _unavailable


def evaluate(node: Any, scope: Scope) -> Any:
    """The node with every intrinsic replaced by its value; AFTER_APPLY where it is not known yet."""
    if isinstance(node, dict):
        if len(node) == 1:
            (name, argument), *_ = node.items()
            if name in FUNCTIONS:
                return FUNCTIONS[name](argument, scope)
            if isinstance(name, str) and name.startswith("Fn::"):
                raise ValidationError(f"Template error: the embedded AWS does not support {name} here")
        values = ((key, evaluate(item, scope)) for key, item in node.items())
        return {key: value for key, value in values if value is not NO_VALUE}
    if isinstance(node, list):
        return [value for value in (evaluate(item, scope) for item in node) if value is not NO_VALUE]
    if isinstance(node, str) and "{{resolve:" in node:
        return _DYNAMIC.sub(lambda found: scope.dynamic(found[1], found[2]), node)
    return node


def as_text(value: Any) -> str:
    """A scalar as the language writes it inside a string."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def is_known(value: Any) -> bool:
    """Whether nothing in this value is left for the deployment to find out."""
    if isinstance(value, dict):
        return all(is_known(item) for item in value.values())
    if isinstance(value, list):
        return all(is_known(item) for item in value)
    return value is not AFTER_APPLY


def _list(argument: Any, name: str, *sizes: int) -> list[Any]:
    if not isinstance(argument, list) or len(argument) not in sizes:
        expected = " or ".join(str(size) for size in sizes)
        raise ValidationError(f"Template error: every {name} object requires a list of {expected} parameters")
    return argument


def _ref(name: Any, scope: Scope) -> Any:
    if not isinstance(name, str):
        raise ValidationError("Template error: every Ref object must have a single String value.")
    if name == "AWS::NoValue":
        return NO_VALUE
    if name in scope.pseudo:
        return scope.pseudo[name]
    if name in scope.parameters:
        return scope.parameters[name]
    return scope.reference(name)


def attribute_of(argument: Any) -> tuple[str, Any]:
    """The logical id and the attribute in either form of Fn::GetAtt."""
    if isinstance(argument, str) and "." in argument:
        logical_id, attribute = argument.split(".", 1)
        return logical_id, attribute
    if isinstance(argument, list) and len(argument) > 1 and isinstance(argument[0], str):
        logical_id, *rest = argument
        return logical_id, ".".join(rest) if all(isinstance(part, str) for part in rest) else rest[0]
    raise ValidationError(
        "Template error: every Fn::GetAtt object requires two non-empty parameters, "
        "the resource name and the resource attribute"
    )


def _get_att(argument: Any, scope: Scope) -> Any:
    logical_id, attribute = attribute_of(argument)
    return scope.attribute(logical_id, evaluate(attribute, scope))


def placeholders(argument: Any) -> tuple[str, Mapping[str, Any], list[str]]:
    """The text, the local variables and the other names in either form of Fn::Sub."""
    text, local = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    if not isinstance(text, str) or not isinstance(local, dict):
        raise ValidationError(
            "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. "
            "Specify a string as first argument, and an optional second argument to specify a mapping of values"
        )
    names = [name.strip() for name in _PLACEHOLDER.findall(text) if not name.startswith("!")]
    return text, local, [name for name in names if name not in local]


def _sub(argument: Any, scope: Scope) -> Any:
    text, local, _ = placeholders(argument)
    values = {name: evaluate(item, scope) for name, item in local.items()}

    def value_of(name: str) -> Any:
        if name in values:
            return values[name]
        return _get_att(name, scope) if "." in name else _ref(name, scope)

    found = {raw: value_of(raw.strip()) for raw in dict.fromkeys(_PLACEHOLDER.findall(text)) if not raw.startswith("!")}
    if AFTER_APPLY in found.values():
        return AFTER_APPLY
    wrong = [name for name, value in found.items() if isinstance(value, dict | list)]
    if wrong:
        raise ValidationError(f"Template error: variable {wrong[0]} in Fn::Sub expression does not resolve to a string")
    done = _PLACEHOLDER.sub(
        lambda hit: f"${{{hit[1][1:]}}}" if hit[1].startswith("!") else as_text(found[hit[1]]), text
    )
    return evaluate(done, scope)


def _join(argument: Any, scope: Scope) -> Any:
    delimiter, items = _list(argument, "Fn::Join", 2)
    items = evaluate(items, scope)
    if items is AFTER_APPLY or (isinstance(items, list) and AFTER_APPLY in items):
        return AFTER_APPLY
    if not isinstance(items, list) or any(isinstance(item, dict | list) for item in items):
        raise ValidationError(
            "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
            "(2) a list of strings to be joined"
        )
    return evaluate(as_text(delimiter).join(as_text(item) for item in items), scope)


def _select(argument: Any, scope: Scope) -> Any:
    index, items = (evaluate(part, scope) for part in _list(argument, "Fn::Select", 2))
    if AFTER_APPLY in (index, items):
        return AFTER_APPLY
    if not isinstance(items, list) or not str(index).isdigit():
        raise ValidationError("Template error: every Fn::Select object requires an index and a list of values")
    if int(index) >= len(items):
        raise ValidationError(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
    return items[int(index)]


def _split(argument: Any, scope: Scope) -> Any:
    delimiter, text = (evaluate(part, scope) for part in _list(argument, "Fn::Split", 2))
    return AFTER_APPLY if text is AFTER_APPLY else as_text(text).split(delimiter)


def condition_holds(name: Any, scope: Scope) -> bool:
    """Whether a named condition holds. Raises ValidationError if the template has none of this name."""
    if name not in scope.conditions:
        raise ValidationError(f"Template error: unresolved condition dependency {name} in Fn::If")
    return scope.conditions[name]


def _if(argument: Any, scope: Scope) -> Any:
    name, then, otherwise = _list(argument, "Fn::If", 3)
    return evaluate(then if condition_holds(name, scope) else otherwise, scope)


def _find_in_map(argument: Any, scope: Scope) -> Any:
    name, first, second, *fallback = _list(argument, "Fn::FindInMap", 3, 4)
    keys = [as_text(evaluate(key, scope)) for key in (name, first, second)]
    value: Any = scope.template.mappings
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            if fallback and LANGUAGE_EXTENSIONS in scope.template.transforms:
                return evaluate(fallback[0]["DefaultValue"], scope)
            raise ValidationError(f"Template error: Unable to get mapping for {'::'.join(keys)}")
        value = value[key]
    return value


def _import_value(argument: Any, scope: Scope) -> Any:
    name = evaluate(argument, scope)
    return AFTER_APPLY if name is AFTER_APPLY else scope.imported(as_text(name))


def _get_azs(argument: Any, scope: Scope) -> Any:
    return scope.zones(evaluate(argument, scope) or scope.pseudo["AWS::Region"])


def _cidr(argument: Any, scope: Scope) -> Any:
    values = [evaluate(part, scope) for part in _list(argument, "Fn::Cidr", 2, 3)]
    if AFTER_APPLY in values:
        return AFTER_APPLY
    try:
        block = ipaddress.ip_network(as_text(values[0]))
        count = int(values[1])
        bits = int(values[2]) if len(values) == 3 else block.max_prefixlen - block.prefixlen
        blocks = block.subnets(new_prefix=block.max_prefixlen - bits)
        found = [str(subnet) for _, subnet in zip(range(count), blocks, strict=False)]
    except ValueError as error:
        raise ValidationError(f"Template error: Fn::Cidr cannot be evaluated: {error}") from error
    if len(found) < count:
        raise ValidationError(f"Template error: Fn::Cidr cannot make {count} blocks of {bits} bits in {block}")
    return found


def _base64(argument: Any, scope: Scope) -> Any:
    value = evaluate(argument, scope)
    return AFTER_APPLY if value is AFTER_APPLY else base64.b64encode(as_text(value).encode()).decode()


def _extension(name: str, scope: Scope) -> None:
    if LANGUAGE_EXTENSIONS not in scope.template.transforms:
        raise ValidationError(f"Template error: {name} needs the transform {LANGUAGE_EXTENSIONS}")


def _length(argument: Any, scope: Scope) -> Any:
    _extension("Fn::Length", scope)
    value = evaluate(argument, scope)
    if value is AFTER_APPLY:
        return AFTER_APPLY
    if not isinstance(value, list):
        raise ValidationError("Template error: Fn::Length requires a list")
    return len(value)


def _to_json_string(argument: Any, scope: Scope) -> Any:
    _extension("Fn::ToJsonString", scope)
    value = evaluate(argument, scope)
    return json.dumps(value, separators=(",", ":")) if is_known(value) else AFTER_APPLY


FUNCTIONS: Final[Mapping[str, Callable[[Any, Scope], Any]]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
    "Fn::GetAZs": _get_azs,
    "Fn::Cidr": _cidr,
    "Fn::Base64": _base64,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json_string,
}
