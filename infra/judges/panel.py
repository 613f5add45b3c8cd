"""All judges over all templates, less what `accepted.yaml` accepts with a reason."""

from __future__ import annotations

import importlib
import pkgutil
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

import infra.judges as panel
from infra.judges.template import JudgeError
from infra.nearby import nearby

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from infra.judges.template import Objection, Template

ACCEPTED = Path(__file__).with_name("accepted.yaml")


@dataclass(frozen=True)
class Acceptance:
    """One kind of finding that a reviewer accepted, with the reason in prose.

    In judge and subject `*` stands for anything. In a rule it stands for itself, for `[Resource::*]` is what cdk-nag
    calls a wildcard resource: there `<any>` stands for anything.
    """

    judge: str
    rule: str
    subject: str
    reason: str

    def covers(self, objection: Objection, template: Template) -> bool:
        """Whether this acceptance speaks of that objection; the subject is `stack id/construct path`."""
        path = template.construct_paths.get(objection.logical_id) or objection.logical_id
        return (
            _matches(self.judge, objection.judge)
            and _matches(self.rule, objection.rule, anything="<any>")
            and _matches(self.subject, path)
        )


@dataclass(frozen=True)
class Hearing:
    """What the judges said: objections that stand, and those accepted, each with its acceptance."""

    judges: tuple[str, ...]
    standing: tuple[Objection, ...]
    accepted: tuple[tuple[Objection, Acceptance], ...]


def _matches(pattern: str, text: str, anything: str = "*") -> bool:
    """Nothing else is special: rule names hold brackets, which fnmatch would read as sets."""
    return re.fullmatch(".*".join(map(re.escape, pattern.split(anything))), text, re.DOTALL) is not None


def acceptances(path: Path = ACCEPTED) -> tuple[Acceptance, ...]:
    """The reviewed file's entries. Raises ValueError where one lacks a key or has an empty reason."""
    entries: list[dict[str, Any]] = yaml.safe_load(path.read_text()) or []
    for entry in entries:
        if set(entry) != {"judge", "rule", "subject", "reason"} or not all(str(v).strip() for v in entry.values()):
            raise ValueError(f"{nearby(path)}: an acceptance needs judge, rule, subject and a reason, got {entry}")
    return tuple(Acceptance(**entry) for entry in entries)


def _heard(judge: ModuleType, templates: Sequence[Template]) -> list[Objection]:
    try:
        return list(judge.judge(templates))
    except JudgeError:
        raise
    except Exception as error:  # whatever a tool trips over, its verdict is not known
        raise JudgeError(f"{judge.NAME} failed: {type(error).__name__}: {error}") from error


def hear(templates: Sequence[Template], accepted: Sequence[Acceptance] | None = None) -> Hearing:
    """Run every judge; those that need the CDK wait for one child process while cfn-lint works in this one.

    Raises JudgeError if a judge could not be run.
    """
    judges = [importlib.import_module(f"{panel.__name__}.{m.name}") for m in pkgutil.iter_modules(panel.__path__)]
    judges = [module for module in judges if hasattr(module, "judge")]
    with ThreadPoolExecutor(max_workers=len(judges)) as pool:
        heard = [o for said in pool.map(lambda module: _heard(module, templates), judges) for o in said]
    by_stack = {template.stack: template for template in templates}
    allowed = acceptances() if accepted is None else accepted
    standing: list[Objection] = []
    settled: list[tuple[Objection, Acceptance]] = []
    for objection in sorted(set(heard)):
        match = next((a for a in allowed if a.covers(objection, by_stack[objection.stack])), None)
        if match is None:
            standing.append(objection)
        else:
            settled.append((objection, match))
    return Hearing(tuple(sorted(m.NAME for m in judges)), tuple(standing), tuple(settled))
