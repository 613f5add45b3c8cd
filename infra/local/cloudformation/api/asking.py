"""What every operation of the API starts from: the caller's engine, the stack it names, pages of a long list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.core.responses import BaseResponse

from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.state import ChangeSet, Engine, Operation, Stack, engines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGE = 100


class Asking(BaseResponse):
    """One request: its input is `self.params`, typed by botocore's model."""

    params: Mapping[str, Any]

    @property
    def engine(self) -> Engine:
        """The engine of the caller's account and region."""
        engine: Engine = engines[self.current_account][self.region]
        return engine

    def existing(self, missing: str = "Stack [{}] does not exist") -> Stack:
        """The stack that the request names. Raises ValidationError in the operation's own words."""
        name = self.params.get("StackName")
        if not name:
            raise ValidationError(
                "1 validation error detected: Value null at 'stackName' failed to satisfy constraint: "
                "Member must not be null"
            )
        stack = self.engine.find(name)
        if stack is None:
            raise ValidationError(missing.format(name))
        return stack

    def operation(self, kind: Any) -> Operation:
        """A new operation as the request wants it run."""
        config = self.params.get("DeploymentConfig") or {}
        return Operation(
            kind=kind,
            token=self.params.get("ClientRequestToken"),
            disable_rollback=bool(self.params.get("DisableRollback") or config.get("DisableRollback")),
            on_failure=self.params.get("OnFailure") or self.params.get("OnStackFailure") or "ROLLBACK",
            retain_except_on_create=bool(self.params.get("RetainExceptOnCreate")),
        )

    def page(self, items: Sequence[Any], size: int = PAGE) -> tuple[list[Any], str | None]:
        """The page that NextToken asks for, and the token of the next; a token counts what is left.

        Counted from the end, a page stays the same while new events arrive at the front.
        """
        token = self.params.get("NextToken")
        if token is not None and not str(token).isdigit():
            raise ValidationError("Invalid NextToken")
        first = len(items) - int(token) if token is not None else 0
        rest = len(items) - first - size
        return list(items[first : first + size]), str(rest) if rest > 0 else None


def tags(of: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as the API tells them."""
    return [{"Key": key, "Value": of[key]} for key in sorted(of)]


def check_idle(stack: Stack, verb: str) -> None:
    """Refuse a stack that is being worked on."""
    if stack.in_progress:
        raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not be {verb}.")


UPDATABLE = frozenset(
    {
        "CREATE_COMPLETE",
        "CREATE_FAILED",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_FAILED",
        "UPDATE_ROLLBACK_COMPLETE",
    }
)


def check_updatable(stack: Stack) -> None:
    """Refuse to update a stack in a state that has no way forward."""
    if stack.status not in UPDATABLE:
        raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not be updated.")


def without_none(told: Mapping[str, Any]) -> dict[str, Any]:
    """An answer without the members that have no value."""
    return {key: value for key, value in told.items() if value is not None}


def obsolete(stack: Stack, executed: ChangeSet | None) -> None:
    """Forget the other change sets of a stack that is about to change, as CloudFormation does."""
    for arn, change_set in list(stack.change_sets.items()):
        if change_set is not executed:
            del stack.change_sets[arn]
