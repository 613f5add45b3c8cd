"""Paths as messages show them: relative to the current folder where they lie under it, so that they can be pasted."""

from __future__ import annotations

from pathlib import Path


def nearby(path: Path) -> Path:
    """The same file by its shortest name from here; one that lies elsewhere keeps the name it has."""
    try:
        return path.relative_to(Path.cwd())
    except (ValueError, OSError):  # elsewhere, relative already, or the current folder is gone
        return path
