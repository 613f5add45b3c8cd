"""Edits of the synthesised templates that take one thing away, found by type and path, never by logical id.

`tests/deployed/without/<rule>.yaml`, or `<rule>.<case>.yaml`, is one case:

    refused_in: foundation        # the stack whose creation the rule refuses
    edits:
      - stack: archive            # where the edit is made: there or in an earlier stack
        type: AWS::S3::BucketPolicy
        at: [Properties, PolicyDocument, Statement, {Principal: {Service: cloudtrail.amazonaws.com}}]

`at` leads from a resource's body to what is taken away; with none, the resource itself is. A step is a key, or what an
item of a list or mapping must contain (any item: {}). With `set`, what is there, or is not yet, is replaced instead;
with `append`, a list gets one more item, or as many as `times` says. Every resource of the type that the path leads
into is edited, and an edit that finds nothing fails. With `not_stored: true` it is the hosted model's artefact that is
taken away.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent / "without"
STACKS = ("archive", "foundation", "network", "inference", "access", "hosting")


@dataclass(frozen=True)
class Case:
    """One thing taken away, and the rule that then refuses."""

    name: str
    refused_in: str
    edits: tuple[dict[str, Any], ...]
    by_call: bool = False
    """Whether the stack is made all the same, and its state machine's call is refused."""
    stored: bool = True
    """Whether the hosted model's artefact is stored once Foundation stands."""

    @property
    def rule(self) -> str:
        return ".".join(self.name.split(".")[:2])

    @property
    def first(self) -> int:
        """The number of the first stack that is not as it was synthesised, or not followed by what it is for."""
        return min(STACKS.index(stack) for stack in self._changed)

    @property
    def _changed(self) -> list[str]:
        return [*(edit["stack"] for edit in self.edits), *([] if self.stored else ["foundation"])]

    @property
    def last(self) -> int:
        return STACKS.index(self.refused_in)


def cases() -> list[Case]:
    """Every case, those first that need the fewest stacks as they are."""
    read = [(path.stem, yaml.safe_load(path.read_text())) for path in sorted(FOLDER.glob("*.yaml"))]
    found = [
        Case(
            name,
            said["refused_in"],
            tuple(said.get("edits", ())),
            said.get("by_call", False),
            stored=not said.get("not_stored", False),
        )
        for name, said in read
    ]
    return sorted(found, key=lambda case: (case.first, case.name))


def edited(template: dict[str, Any], edits: list[dict[str, Any]]) -> None:
    """Make the edits in a template. Raises AssertionError if one finds nothing."""
    for edit in edits:
        resources = template["Resources"]
        of_type = {name: body for name, body in resources.items() if body["Type"] == edit["type"]}
        if not edit.get("at"):
            assert of_type, f"no {edit['type']} to take away"
            for name in of_type:
                _remove(resources, name)
        else:
            assert sum(_edit(body, edit) for body in of_type.values()), f"nothing is found by {edit}"


def _edit(body: dict[str, Any], edit: dict[str, Any]) -> int:
    *way, last = edit["at"]
    holders = list(_led(body, way))
    if "append" in edit:
        lists = [holder[key] for holder in holders for key in _keys(holder, last)]
        for found in lists:
            found.extend([edit["append"]] * edit.get("times", 1))
        return len(lists)
    if "set" in edit and isinstance(last, str):
        for holder in holders:
            holder[last] = edit["set"]
        return len(holders)
    keys = [(holder, key) for holder in holders for key in reversed(_keys(holder, last))]
    for holder, key in keys:
        if "set" in edit:
            holder[key] = edit["set"]
        else:
            del holder[key]
    return len(keys)


def _led(value: Any, way: list[Any]) -> Iterator[Any]:
    if not way:
        yield value
        return
    for key in _keys(value, way[0]):
        yield from _led(value[key], way[1:])


def _keys(value: Any, step: Any) -> list[Any]:
    if isinstance(step, str):
        return [step] if isinstance(value, dict) and step in value else []
    items = (
        list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []
    )
    return [key for key, item in items if _contains(item, step)]


def _contains(value: Any, wanted: Any) -> bool:
    """Whether a value has at least what is wanted; of a list, one item has to be it."""
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(key in value and _contains(value[key], w) for key, w in wanted.items())
    return bool(value == wanted or (isinstance(value, list) and wanted in value))


def _remove(resources: dict[str, Any], name: str) -> None:
    del resources[name]
    for body in resources.values():
        depends = body.get("DependsOn", [])
        kept = [one for one in ([depends] if isinstance(depends, str) else depends) if one != name]
        body["DependsOn"] = kept
