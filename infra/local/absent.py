"""What a call means when its resource, or its setting, is not there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def code_of(error: ClientError) -> str:
    """The service's error code."""
    return str(error.response["Error"]["Code"])


@contextmanager
def absent_is_done(*codes: str) -> Iterator[None]:
    """A deletion that finds nothing, told by one of these error codes, is done."""
    try:
        yield
    except ClientError as error:
        if code_of(error) not in codes:
            raise


def if_there(call: Callable[..., Any], *codes: str, **arguments: Any) -> Any:
    """The call's answer, or None if the service says with one of these error codes that there is none."""
    try:
        return call(**arguments)
    except ClientError as error:
        if code_of(error) in codes:
            return None
        raise


@contextmanager
def undone(undo: Callable[[], object]) -> Iterator[None]:
    """Undo what was made if what follows fails: of a creation that fails, nothing may stay behind."""
    try:
        yield
    except Exception:
        undo()
        raise
