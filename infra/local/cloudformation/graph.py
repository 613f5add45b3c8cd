"""Which resource of a template needs which, and the order that follows."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation.intrinsics import attribute_of, placeholders
from infra.local.cloudformation.refusals import ValidationError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from random import Random

    from infra.local.cloudformation.template import Template


def active(template: Template, conditions: Mapping[str, bool]) -> list[str]:
    """The logical ids whose condition holds, in the template's order."""
    missing = sorted(
        {entry.condition for entry in template.resources.values() if entry.condition} - set(template.conditions)
    )
    if missing:
        raise ValidationError(
            f"Template format error: Unresolved condition dependencies [{', '.join(missing)}] "
            "in the Resources block of the template"
        )
    return [name for name, entry in template.resources.items() if not entry.condition or conditions[entry.condition]]


def references(node: Any, conditions: Mapping[str, bool]) -> Iterator[str]:
    """Every name that Ref, GetAtt or Sub uses in the node, in the branches that the conditions leave."""
    if isinstance(node, dict):
        if len(node) == 1:
            (name, argument), *_ = node.items()
            match name:
                case "Ref" if isinstance(argument, str):
                    yield argument
                    return
                case "Fn::GetAtt":
                    yield attribute_of(argument)[0]
                    return
                case "Fn::Sub":
                    _, local, names = placeholders(argument)
                    yield from (found.split(".", 1)[0] for found in names)
                    yield from references(list(local.values()), conditions)
                    return
                case "Fn::If" if isinstance(argument, list) and len(argument) == 3 and argument[0] in conditions:
                    yield from references(argument[1 if conditions[argument[0]] else 2], conditions)
                    return
        for item in node.values():
            yield from references(item, conditions)
    elif isinstance(node, list):
        for item in node:
            yield from references(item, conditions)


def dependencies(template: Template, conditions: Mapping[str, bool]) -> dict[str, frozenset[str]]:
    """What each active resource needs. Raises ValidationError for a name that is nothing, and for a cycle."""
    there = active(template, conditions)
    known = set(there)
    needs: dict[str, frozenset[str]] = {}
    unresolved: set[str] = set()
    for name in there:
        entry = template.resources[name]
        used = {
            found
            for found in references(dict(entry.properties), conditions)
            if found not in template.parameters and not found.startswith("AWS::")
        }
        unresolved |= used - known
        unresolved |= set(entry.depends_on) - set(template.resources)
        # A dependency on a resource whose condition is false is no dependency.
        needs[name] = frozenset((used | set(entry.depends_on)) & known)
    if unresolved:
        raise ValidationError(
            f"Template format error: Unresolved resource dependencies [{', '.join(sorted(unresolved))}] "
            "in the Resources block of the template"
        )
    ordered(there, needs)
    return needs


def ordered(names: Iterable[str], needs: Mapping[str, Iterable[str]], shuffled: Random | None = None) -> list[str]:
    """The names, each after everything it needs, otherwise as they came, or by chance where that is given.

    By chance each of the names whose needs are met is as likely the next. Raises ValidationError for a cycle.
    """
    listed = list(names)
    position = {name: index for index, name in enumerate(listed)}
    sorter = TopologicalSorter({name: [need for need in needs.get(name, ()) if need in position] for name in listed})
    try:
        sorter.prepare()
    except CycleError as error:
        around = sorted(set(error.args[1]), key=position.__getitem__)
        raise ValidationError(f"Circular dependency between resources: [{', '.join(around)}]") from error
    done: list[str] = []
    ready: list[str] = []
    while sorter.is_active():
        ready = sorted([*ready, *sorter.get_ready()], key=position.__getitem__)
        following = ready if shuffled is None else [shuffled.choice(ready)]
        done.extend(following)
        sorter.done(*following)
        ready = [name for name in ready if name not in following]
    return done
