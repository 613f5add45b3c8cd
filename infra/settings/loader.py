"""From a file to a frozen enclave, or to everything that is wrong with the file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from infra.nearby import nearby
from infra.settings import document as yaml_document
from infra.settings.enclave import Enclave
from infra.settings.explain import explain
from infra.settings.problem import Problem, SettingsError, nearest, shown
from infra.settings.profile import GuardrailProfile
from infra.settings.rules import faults
from infra.settings.types import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

ENCLAVES = Path("enclaves")
PROJECT = Path(__file__).resolve().parents[2]
NOT_ENCLAVES = frozenset({"agreement"})
"""Files of enclaves/ that describe something else."""

MAX_PROBLEMS = 100
"""More than anyone mends in one go."""

_Model = TypeVar("_Model", bound="BaseModel")


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking one file found."""

    enclave: Enclave | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What makes the file unusable."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is allowed but dangerous."""
        return tuple(problem for problem in self.problems if problem.severity == "warning")


def load(path: Path) -> Enclave:
    """The enclave a file describes.

    Raises SettingsError with every error of the file and of the guardrail profile it names.
    """
    checked = check(path)
    if checked.enclave is None:
        raise SettingsError(checked.errors)
    return checked.enclave


def check(path: Path) -> Checked:
    """Read a file and say everything that is wrong with it."""
    return _checked(yaml_document.read(path, str(nearby(path))), path)


def loads(text: str, path: Path = ENCLAVES / "sandbox.yaml") -> Enclave:
    """The enclave a text describes, as if it stood at `path`."""
    document = yaml_document.Document(str(nearby(path)))
    yaml_document.parse(text, document)
    checked = _checked(document, path)
    if checked.enclave is None:
        raise SettingsError(checked.errors)
    return checked.enclave


def find(name: str, root: Path = Path()) -> Path:
    """The file of an enclave by name; raises SettingsError naming the enclaves there are."""
    path = nearby(root / ENCLAVES / f"{name}.yaml")
    known = tuple(file.stem for file in files(root))
    if name in known:
        return path
    guess = nearest(name, known)
    hint = f"; did you mean {guess!r}?" if guess else ""
    raise SettingsError(
        [Problem(str(path), 1, f"there is no enclave {name!r}{hint}; allowed: {', '.join(known) or 'none yet'}")]
    )


def files(root: Path = Path()) -> tuple[Path, ...]:
    """Every enclave's file of a project, sorted."""
    return within(root / ENCLAVES)


def within(folder: Path) -> tuple[Path, ...]:
    """Every enclave's file in a folder, sorted."""
    return tuple(sorted(path for path in folder.glob("*.yaml") if path.stem not in NOT_ENCLAVES))


def _checked(document: yaml_document.Document, path: Path) -> Checked:
    profiles: dict[str, Any] = {}
    problems = list(document.problems)
    enclave: Enclave | None = None
    if document.value is not None or not problems:
        enclave, found = _judge(Enclave, document)
        problems += found
        profile_name = document.at(("guardrail", "profile"))
        readable = document.at(("schema",)) == SCHEMA and isinstance(profile_name, str)
        if readable and not any(p.line == document.line(("guardrail", "profile")) for p in found):
            profile, more = _profile(profile_name, path, document)
            profiles["profile"] = profile
            problems += more
    problems = _shortened(set(problems) | set(_misnamed(document, path)))
    if enclave is None or any(problem.severity == "error" for problem in problems):
        return Checked(None, tuple(problems))
    return Checked(enclave.with_profile(profiles["profile"], tuple(problems)), tuple(problems))


def _misnamed(document: yaml_document.Document, path: Path) -> Iterator[Problem]:
    """In enclaves/ a file is found by its enclave's name, so the two are the same."""
    name = document.at(("name",))
    if path.parent.name == ENCLAVES.name and isinstance(name, str) and name != path.stem:
        message = f"name {shown(name)} is not the file's name; allowed: {path.stem}; change name, or the file's name"
        yield Problem(document.file, document.line(("name",)), message)


def _shortened(problems: set[Problem]) -> list[Problem]:
    """Problems in order; of very many, the first."""
    found = sorted(problems, key=lambda problem: (problem.file, problem.line, problem.message))
    if len(found) <= MAX_PROBLEMS:
        return found
    last = found[MAX_PROBLEMS]
    return [*found[:MAX_PROBLEMS], Problem(last.file, last.line, f"and {len(found) - MAX_PROBLEMS} more from here on")]


def _profile(name: str, path: Path, enclave: yaml_document.Document) -> tuple[GuardrailProfile | None, list[Problem]]:
    """The guardrail profile beside the enclave's file, or else the project's own of that name."""
    beside, project = (folder / "profiles" / f"{name}.yaml" for folder in (path.parent, PROJECT / ENCLAVES))
    file = nearby(beside if beside.exists() or not project.exists() else project)
    if not file.exists():
        known = sorted({other.stem for folder in (beside.parent, project.parent) for other in folder.glob("*.yaml")})
        line = enclave.line(("guardrail", "profile"))
        message = (
            f"guardrail profile {name!r} has no file {file}; allowed: {', '.join(known) or 'none yet'}; "
            "change guardrail.profile"
        )
        return None, [Problem(enclave.file, line, message)]
    document = yaml_document.read(file, str(file))
    if document.value is None and document.problems:
        return None, document.problems
    profile, found = _judge(GuardrailProfile, document)
    return profile, document.problems + found


def _judge(kind: type[_Model], document: yaml_document.Document) -> tuple[_Model | None, list[Problem]]:
    """A document against its model and the rules that join several settings."""
    if not isinstance(document.value, dict):
        message = f"the file holds no settings; allowed: a mapping of {', '.join(_keys(kind))}"
        return None, [Problem(document.file, 1, message)]
    whole: _Model | None = None
    problems: list[Problem] = []
    try:
        whole = kind.model_validate(document.value)
        sections = {_key(kind, name): getattr(whole, name) for name in kind.model_fields}
    except ValidationError as error:
        problems += explain(error, kind, document)
        wrong = {entry["loc"][0] for entry in error.errors(include_url=False) if entry["loc"]}
        if "schema" in wrong and isinstance(document.value.get("schema"), int):
            # A file of another shape: what it says by other rules is no error of it.
            return None, [problem for problem in problems if problem.line == document.line(("schema",))]
        sections = _sound(kind, document.value, wrong)
    problems += [Problem(document.file, document.line(f.key), f.message, f.severity) for f in faults(sections)]
    return whole, problems


def _sound(kind: type[BaseModel], value: Mapping[str, Any], wrong: set[int | str]) -> dict[str, Any]:
    """The sections that hold by themselves, so that one wrong key does not hide the faults of the others."""
    sections: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        key = _key(kind, name)
        if key in wrong:
            continue
        if key not in value:
            sections[key] = field.get_default(call_default_factory=True, validated_data={})
        else:
            sections[key] = TypeAdapter(field.rebuild_annotation()).validate_python(value[key], strict=True)
    return sections


def _key(kind: type[BaseModel], name: str) -> str:
    return kind.model_fields[name].alias or name


def _keys(kind: type[BaseModel]) -> list[str]:
    return [_key(kind, name) for name in kind.model_fields]
