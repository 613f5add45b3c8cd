"""What AWS asks for before it takes a resource: every row by its type, and what the embedded AWS makes of it.

The rows stand in `infra/local/preconditions/`, a file per section. A row is raised by rules (`infra/local/rule.py`), or
does not apply here and says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = Path(__file__).parent / "preconditions"


@dataclass(frozen=True)
class Precondition:
    """One row.

    Attributes:
        section: the file it stands in.
        type: CloudFormation's name of the type, or the API's operation where there is no type.
        what: what is refused, in a few words.
        raised: the rules that refuse it, by name.
        not_applicable: why no rule does, where none does.
        open: what is still to be done, where neither is said.
    """

    section: str
    type: str
    what: str
    raised: tuple[str, ...] = ()
    not_applicable: str = ""
    open: str = ""


@cache
def preconditions() -> tuple[Precondition, ...]:
    """Every row, in the order of the files and of their lines."""
    return tuple(
        Precondition(
            section=path.stem,
            type=row["type"],
            what=row["what"],
            raised=tuple(row.get("raised", ())),
            not_applicable=row.get("not_applicable", ""),
            open=row.get("open", ""),
        )
        for path, content in _files()
        for row in content["rows"]
    )


@cache
def not_in_the_enclave() -> Mapping[str, str]:
    """The rules that no template of the enclave depends on, by name, each with its reason."""
    return {
        name: reason for _, content in _files() for name, reason in (content.get("not_in_the_enclave") or {}).items()
    }


def _files() -> list[tuple[Path, dict[str, Any]]]:
    return [(path, yaml.safe_load(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.yaml"))]
