"""Tags of a resource, made to be what its template and its stack say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def tag_argument(client: Any, operation: str, tags: list[dict[str, str]]) -> dict[str, Any]:
    """The argument by which an operation of a service takes tags, in whichever form it does."""
    members = _members(client, operation)
    name = next(member for member in members if member.lower() in ("tags", "taglist"))
    if members[name].type_name == "map":
        return {name: {tag["Key"]: tag["Value"] for tag in tags}}
    key = next(member for member in members[name].member.members if member.lower().endswith("key"))
    value = next(member for member in members[name].member.members if member.lower().endswith("value"))
    return {name: [{key: tag["Key"], value: tag["Value"]} for tag in tags]}


def untag_argument(client: Any, operation: str, keys: list[str]) -> dict[str, Any]:
    """The argument by which an operation takes the keys of tags to drop."""
    members = _members(client, operation)
    name = next(member for member in members if member.lower().startswith("tag"))
    if members[name].member.type_name == "structure":
        return {name: [{"Key": key} for key in keys]}
    return {name: keys}


def as_told(found: Any) -> list[dict[str, str]]:
    """Tags in whichever form a service tells them, as CloudFormation's sorted list; AWS's own are left out."""
    if isinstance(found, dict):
        pairs = dict(found)
    else:
        ends = [{name.lower().removeprefix("tag"): value for name, value in tag.items()} for tag in found]
        pairs = {tag["key"]: tag["value"] for tag in ends}
    return [{"Key": key, "Value": pairs[key]} for key in sorted(pairs) if not key.startswith("aws:")]


def _members(client: Any, operation: str) -> Any:
    return client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape.members
