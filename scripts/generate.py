"""`python -m scripts.generate`: write what is generated; with --check, say what is not as it would be written.

A generator is a module `infra/<room>/generated.py` with a function `generated()` that yields files and their texts.
It is a command of the makefile, not of `sallyport`.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import infra

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent


def everything() -> Iterator[tuple[Path, str]]:
    """Each generated file of the project, and the text it should have."""
    for room in sorted(pkgutil.iter_modules(infra.__path__), key=lambda room: room.name):
        if room.ispkg and (ROOT / "infra" / room.name / "generated.py").exists():
            yield from importlib.import_module(f"infra.{room.name}.generated").generated()


def main(arguments: list[str]) -> int:
    """Write or check every generated file; 1 if one differs under --check."""
    stale = []
    for path, text in everything():
        file = ROOT / path
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if "--check" not in arguments:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    for path in stale:
        print(f"{path} {'is not as `make generated` writes it' if '--check' in arguments else 'written'}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
