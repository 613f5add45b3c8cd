"""Tags of a resource, made to be what its template and its stack say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def as_map(tags: object, key: str = "Key", value: str = "Value") -> dict[str, str]:
    """Tags as a mapping, from the mapping or the list of pairs that an API or a template holds."""
    if isinstance(tags, dict):
        return dict(tags)
    if isinstance(tags, list):
        return {tag[key]: tag[value] for tag in tags}
    return {}


def as_list(tags: Mapping[str, str], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Tags as the sorted list of pairs that most APIs take."""
    return [{key: name, value: tags[name]} for name in sorted(tags)]


def wanted(properties: Mapping[str, object], stack_tags: Mapping[str, str]) -> dict[str, str]:
    """The tags a resource should have: the stack's, overridden by its own."""
    return {**stack_tags, **as_map(properties.get("Tags"))}


def change(current: Mapping[str, str], target: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """What to add or overwrite, and which keys to remove, to get from `current` to `target`."""
    put = {key: value for key, value in target.items() if current.get(key) != value}
    return put, sorted(set(current) - set(target))


def settle(
    current: Mapping[str, str],
    target: Mapping[str, str],
    *,
    put: Callable[[dict[str, str]], object],
    drop: Callable[[list[str]], object],
) -> None:
    """Put what `target` has and `current` has not, drop what it no longer has; no call where nothing differs."""
    added, gone = change(current, target)
    if added:
        put(added)
    if gone:
        drop(gone)
