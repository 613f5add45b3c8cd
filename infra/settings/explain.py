"""pydantic's errors in the project's own words: what is wrong, the value got, what is allowed, where to change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from infra.settings.problem import Key, Problem, nearest, shown, spelled
from infra.settings.types import kind

if TYPE_CHECKING:
    from pydantic import ValidationError

    from infra.settings.document import Document


def explain(error: ValidationError, model: type[BaseModel], document: Document) -> list[Problem]:
    """Every error of a validation, each at its line."""
    return [_problem(entry, model, document) for entry in error.errors(include_url=False)]


def _problem(entry: Any, model: type[BaseModel], document: Document) -> Problem:
    loc: Key = tuple(entry["loc"])
    of_key = loc[-1:] == ("[key]",)  # pydantic marks an error in a mapping's key so
    key = loc[:-1] if of_key else loc
    context: dict[str, Any] = entry.get("ctx") or {}
    name = spelled(key) or "the file"
    match entry["type"]:
        case "missing":
            text = f"key {name!r} is missing: {_described(model, key)}"
        case "extra_forbidden":
            text = _unknown(key, model)
        case "too_short" | "too_long":
            count = context["actual_length"]
            what = f"{name} has {count} {'entry' if count == 1 else 'entries'}"
            text = f"{what}; allowed: {_length(context)}; change {name}"
        case _ if of_key:
            allowed = _allowed(entry, context)
            guess = nearest(str(key[-1]), allowed.split(", ")) if entry["type"] == "literal_error" else None
            hint = f"; did you mean {guess!r}?" if guess else ""
            text = f"key {shown(key[-1])} is not allowed in {spelled(key[:-1])}{hint}; allowed: {allowed}"
        case _:
            why, allowed = _reason(entry, context)
            remedy = context.get("remedy") or f"change {name}"
            text = f"{name} is {shown(entry['input'])}{why}; allowed: {allowed}; {remedy}"
    return Problem(document.file, document.line(key), text)


def _reason(entry: Any, context: dict[str, Any]) -> tuple[str, str]:
    why = context.get("why") or ""
    if not why and entry["type"].endswith("_type"):
        why = kind(entry["input"])
    return (f", {why}" if why and not _says_so(why, entry["input"]) else ""), _allowed(entry, context)


def _says_so(why: str, value: Any) -> bool:
    """Whether the value as shown tells its kind already."""
    return why == "empty" or (why == kind(value) and isinstance(value, tuple | dict | bool))


def _allowed(entry: Any, context: dict[str, Any]) -> str:
    if "allowed" in context:
        return str(context["allowed"])
    match entry["type"]:
        case "literal_error":
            return str(context["expected"]).replace("'", "").replace(" or ", ", ")
        case "bool_type":
            return "true or false"
        case "tuple_type":
            return "a list"
        case "model_type" | "mapping_type" | "dict_type" | "model_attributes_type":
            return "a mapping of keys to values"
    return str(entry["msg"])[:1].lower() + str(entry["msg"])[1:]


def _length(context: dict[str, Any]) -> str:
    if "min_length" in context:
        return f"{context['min_length']} or more"
    return f"{context['max_length']} or fewer"


def _unknown(key: Key, model: type[BaseModel]) -> str:
    parent = _model_at(model, key[:-1])
    known = [field.alias or name for name, field in parent.model_fields.items()] if parent else []
    guess = nearest(str(key[-1]), known)
    hint = f"; did you mean {guess!r}?" if guess else ""
    where = f" in {spelled(key[:-1])}" if key[:-1] else ""
    return f"unknown key {str(key[-1])!r}{where}{hint}; allowed: {', '.join(known)}"


def _described(model: type[BaseModel], key: Key) -> str:
    parent = _model_at(model, key[:-1])
    for name, field in parent.model_fields.items() if parent else ():
        if (field.alias or name) == key[-1]:
            example = field.examples[0] if field.examples else None
            such = "" if example is None else f"; add it, such as `{key[-1]}: {written(example)}`"
            return f"{field.description}{such or '; add it'}"
    return "it is required; add it"


def written(value: Any) -> str:
    """A value as a settings file would have it."""
    match value:
        case str():
            return f'"{value}"' if value.isdigit() else value
        case list():
            return f"[{', '.join(written(each) for each in value)}]"
        case dict():
            return f"{{{', '.join(f'{key}: {written(each)}' for key, each in value.items())}}}"
    return shown(value)


def _model_at(model: type[BaseModel], key: Key) -> type[BaseModel] | None:
    """The model of the mapping at a key."""
    at: type[BaseModel] | None = model
    for part in key:
        if isinstance(part, int) or at is None:
            continue
        field = next((f for name, f in at.model_fields.items() if (f.alias or name) == part), None)
        at = next(_models(field.annotation), None) if field else None
    return at


def _models(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
