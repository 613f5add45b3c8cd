"""What the stacks of an enclave made, and the names that AWS made up for it, turned back into the templates' own.

A physical id that AWS made up is written `{Stack/LogicalId}`, wherever it stands in a text; a name that the template
gives stays. That is the form in which the template reader writes references, so the two postures can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from infra.posture.identity import Naming, naming

if TYPE_CHECKING:
    from infra.posture.values import Place, Ref, Source


@dataclass(frozen=True, slots=True)
class Made:
    """One resource of a stack: who it is in the template, and what AWS calls it."""

    type: str
    ref: Ref
    id: str
    """Its own id, without the rest of an ARN or URL."""
    named: bool
    """Whether the template gives its name."""
    source: Source
    place: Place
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"

    @property
    def placeholder(self) -> str:
        """How the id is written in a posture."""
        return self.id if self.named else f"{{{self.ref}}}"


class Names:
    """The resources of an enclave's stacks, by type and id."""

    def __init__(self, made: Iterable[Made]) -> None:
        self._made = {(each.type, each.id): each for each in made}
        self._written = {
            each.id: each.placeholder
            for each in self._made.values()
            if not each.named and naming(each.type).owns_id and each.type != VERSION
        }
        for version in self._of(VERSION):
            guardrail, _, number = version.id.partition("|")
            written = self._written.get(guardrail, guardrail)
            self._written[f"{guardrail}:{number}"] = f"{written}:{{{version.ref}.Version}}"
        self._pattern: re.Pattern[str] | None = None

    def ids(self, type_name: str, place: Place) -> list[str]:
        """The ids of all that the stacks of an account and region made of a type."""
        return sorted(each.id for each in self._of(type_name) if each.place == place)

    def made(self, type_name: str, id: str) -> Made | None:
        """What the stacks made under this id; SageMaker's ARNs carry names in small letters, and so do physical ids."""
        found = self._made.get((type_name, id))
        if found is None and type_name.startswith("AWS::SageMaker::"):
            found = self._made.get((type_name, id.lower()))
        return found

    def also(self, made: Made, id: str) -> None:
        """Another spelling of an id."""
        if not made.named and naming(made.type).owns_id and id not in self._written:
            self._written[id] = made.placeholder
            self._pattern = None

    def add_part(self, whole: Made, part: str, id: str) -> str:
        """Name what AWS made together with a stack's resource: `{Stack/Vpc.DefaultSecurityGroup}`."""
        self._written[id] = f"{{{whole.ref}.{part}}}"
        self._pattern = None
        return self._written[id]

    def version(self, guardrail_id: str, number: str) -> str:
        """A version's number as a posture writes it: AWS made it up where a stack asked for the version."""
        made = self.made(VERSION, f"{guardrail_id}|{number}")
        return f"{{{made.ref}.Version}}" if made else number

    def canonical(self, value: Any) -> Any:
        """A value with every made-up name in it turned back."""
        match value:
            case str():
                return self._compiled().sub(lambda match: self._written[match[0]], value) if self._written else value
            case Mapping():
                return {key: self.canonical(each) for key, each in value.items()}
            case list() | tuple():
                return [self.canonical(each) for each in value]
            case _:
                return value

    def _of(self, type_name: str) -> list[Made]:
        return [each for each in self._made.values() if each.type == type_name]

    def _compiled(self) -> re.Pattern[str]:
        if self._pattern is None:
            longest_first = sorted(self._written, key=len, reverse=True)
            alternatives = "|".join(map(re.escape, longest_first))
            self._pattern = re.compile(rf"(?<![A-Za-z0-9])(?:{alternatives})(?![A-Za-z0-9])")
        return self._pattern


VERSION = "AWS::Bedrock::GuardrailVersion"


def own_id(type_name: str, physical_id: str) -> str:
    """The part of a physical id that is the resource's own: the name in an ARN, a URL, or after what it belongs to."""
    kind = naming(type_name)
    if kind.name and "|" in physical_id:
        return physical_id.rpartition("|")[2]
    for form in (kind.ref, kind.arn):
        if form and (match := _form(form, kind).fullmatch(physical_id)):
            return match["id"]
    return physical_id


@cache
def _pattern_of(form: str, slots: tuple[str, ...]) -> re.Pattern[str]:
    pieces = []
    for literal, slot in re.findall(r"([^{]*)(?:\{(\w+)\})?", form):
        pieces.append(re.escape(literal))
        if slot == "id":
            pieces.append(r"(?P<id>[^:]+)" if slots else r"(?P<id>.+)")
        elif slot == "Path":
            pieces.append(r"/(?:.*/)?")
        elif slot:
            pieces.append(r"[^:/]*")
    return re.compile("".join(pieces))


def _form(form: str, kind: Naming) -> re.Pattern[str]:
    """A format of the naming table as a pattern; a bare `{id}` matches nothing that is an ARN or URL."""
    if form == "{id}":
        return re.compile(r"(?P<id>(?!arn:|https:).+)")
    return _pattern_of(form, tuple(kind.defaults) or ("id",))
