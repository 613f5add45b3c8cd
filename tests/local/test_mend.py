"""Methods of another's class, wrapped once however often they are mended."""

from __future__ import annotations

from typing import Any

from infra.local.mend import replace, wrap


def test_a_wrapper_is_put_on_once() -> None:
    class Service:
        def answer(self, name: str) -> str:
            return name

    def louder(self: Any, motos: Any, name: str) -> str:
        return f"{motos(self, name)}!"

    for _ in range(2):
        wrap(Service, answer=louder)
    assert Service().answer("yes") == "yes!"


def test_a_replacement_takes_the_methods_place() -> None:
    class Service:
        def answer(self) -> str:
            return "no"

    replace(Service, answer=lambda self: "yes")
    assert Service().answer() == "yes"
