"""Methods of moto's classes, replaced or wrapped from outside, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MARK = "sallyport_mends"


def replace(owner: type, **functions: Callable[..., Any]) -> None:
    """Put these functions in the place of methods of moto's."""
    for name, function in functions.items():
        setattr(owner, name, function)


def wrap(owner: type, **wrappers: Callable[..., Any]) -> None:
    """Let each wrapper answer for a method of moto's: it is called as `wrapper(self, moto's own, …)`."""
    for name, wrapper in wrappers.items():
        motos = getattr(owner, name)
        if wrapper not in getattr(motos, MARK, ()):
            setattr(owner, name, _wrapped(motos, wrapper))


def _wrapped(motos: Callable[..., Any], wrapper: Callable[..., Any]) -> Callable[..., Any]:
    def method(self: Any, *arguments: Any, **named: Any) -> Any:
        return wrapper(self, motos, *arguments, **named)

    setattr(method, MARK, (*getattr(motos, MARK, ()), wrapper))
    return method
