"""What several enclaves must hold together: those of one project, or of one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.nearby import nearby
from infra.settings import document as yaml_document
from infra.settings.loader import ENCLAVES, check, files, find, within
from infra.settings.problem import Key, Problem, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from typing import Literal

    from infra.settings.enclave import Enclave
    from infra.settings.loader import Checked

BASELINE = "VPC block public access, guardrail enforcement, invocation logging and data retention"
"""What exists once per account and region."""


def together(enclaves: Mapping[Path, Enclave], *, whole: bool = True) -> Iterator[Problem]:
    """Names are told apart, and what exists once per account and region has one owner.

    `whole` says that no enclave of the project is missing, so that an owner who is not here is nowhere.
    """
    names: dict[tuple[str, str, str], Path] = {}
    owners: dict[tuple[str, str], list[Path]] = {}
    for path, enclave in sorted(enclaves.items()):
        if enclave.account_baseline:
            owners.setdefault((enclave.accounts.enclave, enclave.region), []).append(path)
    for path, enclave in sorted(enclaves.items()):
        place = (enclave.accounts.enclave, enclave.region)
        where = f"account {place[0]} in {place[1]}"
        if (first := names.setdefault((*place, enclave.name), path)) != path:
            message = f"name {enclave.name!r} is that of {nearby(first)} in the same account and region; change name"
            yield _problem(path, ("name",), message)
        others = [str(nearby(other)) for other in owners.get(place, []) if other != path]
        if enclave.account_baseline and others:
            message = (
                f"account_baseline is true, but {' and '.join(others)} owns the baseline of {where} as well; "
                "allowed: true in one of them; change account_baseline"
            )
            yield _problem(path, ("account_baseline",), message)
        if whole and place not in owners:
            message = (
                f"account_baseline is false, and no enclave here owns the baseline of {where}: nothing sets its "
                f"{BASELINE}; change account_baseline to true in one, unless another project owns it"
            )
            yield _problem(path, ("account_baseline",), message, "warning")


def among_others(checked: Mapping[Path, Checked]) -> Iterator[Problem]:
    """What these files and the other enclaves of their projects do not hold together, as far as it concerns these.

    A file with errors of its own is left out; then nobody is said to be missing either.
    """
    known = {path.resolve(): (path, each) for path, each in checked.items()}
    for path in list(known):
        if path.parent.name == ENCLAVES.name:
            for other in within(known[path][0].parent):
                if other.resolve() not in known:
                    known[other.resolve()] = (other, check(other))
    readable = {path: each.enclave for path, each in known.values() if each.enclave}
    concerned = {str(nearby(path)) for path in checked}
    for problem in together(readable, whole=len(readable) == len(known)):
        if problem.file in concerned:
            yield problem


def choose(name: str) -> Enclave:
    """The enclave of that name in the current folder's project, as it stands among the others.

    Its `warnings` have what is dangerous in the file and about it. Raises SettingsError as `find` and `load` do, and
    for what the enclaves of the project do not hold together.
    """
    path = find(name)
    checked = check(path)
    problems = [*checked.problems, *among_others({path: checked})]
    errors = [problem for problem in problems if problem.severity == "error"]
    if checked.enclave is None or errors:
        raise SettingsError(errors)
    return checked.enclave.with_profile(checked.enclave.profile, tuple(problems))


def neighbours(of: Enclave, root: Path) -> tuple[Enclave, ...]:
    """The other enclaves of a project in the same account, in any region; a file with errors of its own is left out."""
    found = (check(path).enclave for path in files(root))
    return tuple(
        each for each in found if each and each.name != of.name and each.accounts.enclave == of.accounts.enclave
    )


def _problem(path: Path, key: Key, message: str, severity: Literal["error", "warning"] = "error") -> Problem:
    return Problem(str(nearby(path)), yaml_document.read(path, str(path)).line(key), message, severity)
