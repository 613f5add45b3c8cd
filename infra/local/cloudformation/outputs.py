"""A stack's outputs, what it exports and imports, and that an export in use stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import graph, live
from infra.local.cloudformation.handlers import Failed
from infra.local.cloudformation.intrinsics import AFTER_APPLY, Scope, as_text, evaluate
from infra.local.cloudformation.refusals import ValidationError

if TYPE_CHECKING:
    from infra.local.cloudformation.state import Desired, Engine, Stack


def evaluated(scope: Scope) -> list[dict[str, Any]]:
    """The outputs whose condition holds, as the API tells them. Raises ValidationError for one that is no text."""
    outputs = []
    for name, body in sorted(scope.template.outputs.items()):
        if body.get("Condition") and not scope.conditions[body["Condition"]]:
            continue
        value = evaluate(body["Value"], scope)
        if isinstance(value, dict | list):
            raise ValidationError(
                f"Template format error: Output {name} is malformed. "
                "The Value field of every Outputs member must evaluate to a String."
            )
        output = {"OutputKey": name, "OutputValue": value if value is AFTER_APPLY else as_text(value)}
        if body.get("Description"):
            output["Description"] = str(body["Description"])
        if body.get("Export"):
            output["ExportName"] = as_text(evaluate(body["Export"]["Name"], scope))
        outputs.append(output)
    return outputs


def settle(engine: Engine, stack: Stack, desired: Desired) -> None:
    """Publish the outputs of a stack whose resources are made. Raises Failed if an export forbids it."""
    try:
        outputs = evaluated(live.scope(engine, stack, desired))
    except ValidationError as error:
        raise Failed(error.message) from error
    with engine.changed:
        _check(engine, stack, {o["ExportName"]: o["OutputValue"] for o in outputs if "ExportName" in o})
        stack.outputs = outputs


def _check(engine: Engine, stack: Stack, wanted: dict[str, str]) -> None:
    for name, (owner, value) in engine.exports().items():
        if owner is not stack:
            if name in wanted:
                raise Failed(
                    f"Export with name {name} is already exported by stack {owner.name}. Rollback requested by user."
                )
            continue
        users = [user for user in engine.importers(name) if user != stack.name]
        if not users or wanted.get(name) == value:
            continue
        verb = "updated" if name in wanted else "deleted"
        raise Failed(f"Export {name} cannot be {verb} as it is in use by {' and '.join(users)}")


def check_delete(engine: Engine, stack: Stack) -> None:
    """Refuse to delete a stack whose export another one imports. Raises Failed."""
    with engine.changed:
        _check(engine, stack, {})


def imports(engine: Engine, stack: Stack, desired: Desired) -> frozenset[str]:
    """The names of the exports that this template imports."""
    names: set[str] = set()

    def note(name: str) -> Any:
        names.add(name)
        return AFTER_APPLY

    scope = live.scope(engine, stack, desired, imported=note)
    bodies = [
        desired.template.resources[name].properties for name in graph.active(desired.template, desired.conditions)
    ]
    for node in _import_nodes([*bodies, *desired.template.outputs.values()], scope):
        evaluate(node, scope)
    return frozenset(names)


def _import_nodes(node: Any, scope: Scope) -> list[dict[str, Any]]:
    if isinstance(node, list):
        return [found for item in node for found in _import_nodes(item, scope)]
    if not hasattr(node, "items"):
        return []
    if len(node) == 1 and "Fn::ImportValue" in node:
        return [node]
    if len(node) == 1 and "Fn::If" in node:
        name, then, otherwise = node["Fn::If"]
        return _import_nodes(then if scope.conditions[name] else otherwise, scope)
    return [found for item in node.values() for found in _import_nodes(item, scope)]
