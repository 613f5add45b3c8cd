"""What every value of a posture is made of: identity, place, origin, and properties read without a crash."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from infra.policy.document import Document, parse, texts
from infra.unknown import Maybe, Unknown

__all__ = ["Document", "Maybe", "Place", "Properties", "Ref", "Resource", "Source", "Unknown"]


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """Who a thing is: `Stack/LogicalId` for what a stack made, the physical id for what no stack made.

    A part that AWS makes with it carries a suffix: `Stack/Vpc.DefaultSecurityGroup`.
    """

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The account and region a thing stands in."""

    account: str
    region: str

    def __str__(self) -> str:
        return f"{self.account}/{self.region}"


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Where a thing is written: template file (or stack), logical id, construct path."""

    template: str = ""
    logical_id: str = ""
    construct_path: str = ""

    def __str__(self) -> str:
        return f"{self.template}: {self.construct_path or self.logical_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """What all resources of a posture have.

    `id` is what other resources call it by (its physical id or name), in canonical form: what AWS makes up is
    written `{Stack/LogicalId}`, a name that the template gives stays as it is.
    """

    ref: Ref
    place: Place
    id: str
    source: Source = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Properties:
    """Resolved properties in CloudFormation's words. Reading never fails: what is not as expected is Unknown."""

    value: Mapping[str, Any] | Unknown

    def __bool__(self) -> bool:
        return bool(self.value)

    def __contains__(self, name: str) -> bool:
        return isinstance(self.value, Unknown) or name in self.value

    def raw(self, name: str, default: Any = None) -> Any:
        """The value as it stands."""
        return self.value if isinstance(self.value, Unknown) else self.value.get(name, default)

    def text(self, name: str, default: str = "") -> Maybe[str]:
        """A text; numbers and booleans in CloudFormation's spelling."""
        value = texts(self.raw(name, default))
        return value[0] if len(value) == 1 else Unknown(f"{name} is a list, expected text")

    def texts(self, name: str) -> tuple[Maybe[str], ...]:
        """A list without order, sorted; an Unknown list is one Unknown element."""
        value = self.raw(name)
        return () if value is None else texts(value)

    def flag(self, name: str, default: bool = False) -> Maybe[bool]:
        """A boolean, `"true"` and `"false"` included."""
        value = self.raw(name, default)
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        return value if isinstance(value, bool | Unknown) else Unknown(f"{name} is {value!r}, expected a boolean")

    def number(self, name: str) -> Maybe[float] | None:
        """A number, also one written as text; None if absent."""
        value = self.raw(name)
        if value is None or isinstance(value, Unknown):
            return value
        try:
            return float(value)
        except (TypeError, ValueError):
            return Unknown(f"{name} is {value!r}, expected a number")

    def whole(self, name: str) -> Maybe[int] | None:
        """A whole number; None if absent."""
        value = self.number(name)
        if value is None or isinstance(value, Unknown):
            return value
        return int(value) if value == int(value) else Unknown(f"{name} is {value!r}, expected a whole number")

    def block(self, name: str) -> Properties:
        """A nested object; empty if absent."""
        return _properties(name, self.raw(name, {}))

    def blocks(self, name: str) -> Iterator[Properties]:
        """A list of nested objects; an Unknown list is one object of which nothing is known."""
        for each in _listed(self.raw(name, [])):
            yield _properties(name, each)

    def document(self, name: str) -> Maybe[Document] | None:
        """A policy; None if absent."""
        value = self.raw(name)
        return None if value is None else parse(value)


def frozen(value: Any) -> Any:
    """A JSON value that cannot be changed; an Unknown in it stays."""
    match value:
        case Mapping():
            return MappingProxyType({key: frozen(each) for key, each in value.items()})
        case list() | tuple():
            return tuple(frozen(each) for each in value)
        case _:
            return value


def parsed(value: Any) -> Any:
    """A JSON value that may come as text; Unknown if the text is no JSON."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return Unknown("text that is not JSON")


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _properties(name: str, value: Any) -> Properties:
    if isinstance(value, Mapping | Unknown):
        return Properties(value)
    return Properties(Unknown(f"{name} is {value!r}, expected an object"))
