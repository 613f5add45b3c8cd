"""The formats that a command prints in: the name of one is the name of the module that renders it."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """How to print."""

    TEXT = "text"
    JSON = "json"
