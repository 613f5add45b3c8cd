"""Parameters: what the caller gave, checked against what the template declares, as values of the language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation.refusals import ValidationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_STORED = re.compile(r"AWS::SSM::Parameter::Value<(.+)>")
_LIST = re.compile(r"List<(.+)>")


@dataclass(frozen=True)
class Given:
    """One parameter's value: as given, as looked up in Parameter Store, and as Ref sees it."""

    name: str
    text: str
    value: Any
    resolved: str | None = None
    no_echo: bool = False

    def shown(self) -> dict[str, Any]:
        """The parameter as the API tells it."""
        told: dict[str, Any] = {"ParameterKey": self.name, "ParameterValue": "****" if self.no_echo else self.text}
        if self.resolved is not None:
            told["ResolvedValue"] = "****" if self.no_echo else self.resolved
        return told


def resolve(
    declared: Mapping[str, Mapping[str, Any]],
    given: Iterable[Mapping[str, Any]],
    previous: Mapping[str, Given],
    look_up: Callable[[str], str],
) -> dict[str, Given]:
    """The value of every declared parameter.

    `look_up` finds a name in Parameter Store. Raises ValidationError for unknown, missing and refused values.
    """
    asked = {item["ParameterKey"]: item for item in given}
    unknown = sorted(set(asked) - set(declared))
    if unknown:
        raise ValidationError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    texts: dict[str, str] = {}
    for name, declaration in declared.items():
        text = _text(name, asked.get(name, {}), declaration, previous)
        if text is not None:
            texts[name] = text
    missing = [name for name in declared if name not in texts]
    if missing:
        raise ValidationError(f"Parameters: [{', '.join(missing)}] must have values")
    return {name: _given(name, text, declared[name], look_up) for name, text in texts.items()}


def _text(
    name: str, asked: Mapping[str, Any], declaration: Mapping[str, Any], previous: Mapping[str, Given]
) -> str | None:
    if asked.get("UsePreviousValue"):
        if name not in previous:
            raise ValidationError(
                f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for a parameter key "
                "not in the previous template"
            )
        return previous[name].text
    if "ParameterValue" in asked:
        return str(asked["ParameterValue"])
    default = declaration.get("Default")
    if default is None:
        return None
    return str(default).lower() if isinstance(default, bool) else str(default)


def _given(name: str, text: str, declaration: Mapping[str, Any], look_up: Callable[[str], str]) -> Given:
    type_name = str(declaration.get("Type", "String"))
    no_echo = str(declaration.get("NoEcho", False)).lower() == "true"
    stored = _STORED.fullmatch(type_name)
    resolved = look_up(text) if stored else None
    type_name = stored[1] if stored else type_name
    effective = text if resolved is None else resolved
    listed = type_name == "CommaDelimitedList" or bool(_LIST.fullmatch(type_name))
    items = [item.strip() for item in effective.split(",")] if listed and effective else []
    for item in items if listed else [effective]:
        _check(name, item, type_name, declaration)
    return Given(name, text, items if listed else effective, resolved, no_echo)


def _check(name: str, text: str, type_name: str, declaration: Mapping[str, Any]) -> None:
    said = declaration.get("ConstraintDescription")

    def refuse(why: str) -> None:
        raise ValidationError(f"Parameter {name} failed to satisfy constraint: {said}" if said else f"Parameter {why}")

    if type_name in ("Number", "List<Number>"):
        try:
            number = float(text)
        except ValueError:
            raise ValidationError(f"Parameter '{name}' must be a number.") from None
        if number < float(declaration.get("MinValue", number)):
            refuse(f"'{name}' must be a number not less than {declaration['MinValue']}")
        if number > float(declaration.get("MaxValue", number)):
            refuse(f"'{name}' must be a number not greater than {declaration['MaxValue']}")
    allowed = declaration.get("AllowedValues")
    if allowed is not None and text not in [str(value) for value in allowed]:
        refuse(f"'{name}' must be one of AllowedValues")
    pattern = declaration.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(str(pattern), text):
        refuse(f"'{name}' must match pattern {pattern}")
    if len(text) < int(declaration.get("MinLength", 0)):
        refuse(f"'{name}' must contain at least {declaration['MinLength']} characters")
    if len(text) > int(declaration.get("MaxLength", len(text))):
        refuse(f"'{name}' must contain at most {declaration['MaxLength']} characters")
