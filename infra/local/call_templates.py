"""Arguments of calls as templates: a name in braces stands for a value.

A string that is one name becomes the value itself, whatever its type (`"{Domains}"`); within a text it becomes text.
`"{Options.Type}"` and `"{Policies.0}"` reach into values.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"\{(\w+(?:\.\w+)*)\}")


def filled(template: Any, names: Mapping[str, Any]) -> Any:
    """The template with its names replaced; an argument whose name has no value is left out."""
    match template:
        case str():
            whole = _NAME.fullmatch(template)
            if whole:
                return _reach(names, whole[1])
            return inserted(template, names)
        case dict():
            values = {key: filled(value, names) for key, value in template.items()}
            return {key: value for key, value in values.items() if value is not None}
        case list():
            return [value for value in (filled(item, names) for item in template) if value is not None]
        case _:
            return template


def inserted(text: str, names: Mapping[str, Any]) -> str:
    """The text with every name in braces replaced by its value as text."""
    return _NAME.sub(lambda found: _text(_reach(names, found[1])), text)


def _reach(names: Mapping[str, Any], path: str) -> Any:
    value: Any = names
    for step in path.split("."):
        match value:
            case dict():
                value = value.get(step)
            case list() if step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            case _:
                return None
    return value


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
