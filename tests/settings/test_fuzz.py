"""Whatever a settings file holds: an enclave, or errors that each name a line of a file on one line; no traceback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.settings import SettingsError, check, loads

if TYPE_CHECKING:
    import pytest

SANDBOX = Path("enclaves/sandbox.yaml")
TEXT = SANDBOX.read_text()
PROFILE = Path("enclaves/profiles/baseline.yaml").read_text()
LINES = TEXT.splitlines()
VALUE: dict[str, Any] = yaml.safe_load(TEXT)
FEW = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
"""About a second each: derandomised, so that a red run is red again."""

YAML_PIECES = [": ", "- ", "\n", "\n  ", "\t", "#", "&a ", "*a", "<<: ", "!!int ", "!x ", "? ", "|", ">\n", "'", '"']
YAML_PIECES += ["[", "]", "{", "}", ",", "---\n", "...\n", "%YAML 1.1\n", "\0", "\ufeff", "\u2028", "\x85", "\ud800"]
WORDS = ["0x1", "0o7", "1e9", "1_0", ".nan", "-.inf", "~", "null", "yes", "2027-06-30", "2027-02-30", "-1", "0123", "é"]
WORDS += [
    "us-gov-west-1",
    "name",
    "models",
    "schema: 1",
    "region:",
    "${name}",
    "%s",
    "{0}",
    "10.0.0.0/24",
    "\U0001f600",
]
PIECES = [*YAML_PIECES, *WORDS, "\x1b[31m", "\u202e", "\\x00", "9" * 40, "1" * 5000, "a" * 2000]
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from([*PIECES, *(str(each) for each in VALUE.values()), "", " ", "10.0.0.0/24", "0.0.0.0/0"]),
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PIECES) | st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


def judged(text: str) -> None:
    """Load a text; what comes back is an enclave, or errors as the house writes them."""
    try:
        assert loads(text, SANDBOX).profile.topics
        return
    except SettingsError as error:
        problems = error.errors
    assert problems
    for problem in problems:
        assert 1 <= problem.line <= max(text.count("\n") + 2, PROFILE.count("\n"))
        assert str(problem).isprintable(), repr(str(problem))
        assert len(problem.message) < 2500
        assert problem.severity == "error"


@FEW
@given(
    st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, 30), st.sampled_from(PIECES)), min_size=1, max_size=4)
)
def test_pieces_put_anywhere(edits: list[tuple[int, int, str]]) -> None:
    text = TEXT
    for start, length, piece in edits:
        text = text[:start] + piece + text[start + length :]
    judged(text)


@FEW
@given(st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.integers(0, len(LINES) - 1)), min_size=1, max_size=5))
def test_lines_moved_doubled_and_dropped(moves: list[tuple[int, int]]) -> None:
    lines = list(LINES)
    for source, target in moves:
        lines[target % len(lines) : target % len(lines)] = [lines[source % len(lines)]]
        del lines[(source + target) % len(lines)]
    judged("\n".join(lines))


@FEW
@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=60))
def test_any_text(text: str) -> None:
    judged(text)


@FEW
@given(st.binary(max_size=60), st.integers(0, len(TEXT)))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, raw: bytes, at: int) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.yaml"
    path.write_bytes(TEXT[:at].encode() + raw + TEXT[at:].encode())
    for problem in check(path).problems:
        assert problem.line >= 1
        assert problem.message.isprintable()


def keys(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The place of every value inside a value."""
    inner: list[tuple[Any, ...]] = [path] if path else []
    if isinstance(value, dict):
        return inner + [each for key, below in value.items() for each in keys(below, (*path, key))]
    if isinstance(value, list):
        return inner + [each for index, below in enumerate(value) for each in keys(below, (*path, index))]
    return inner


PLACES = keys(VALUE)


def put(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """The same value with another one at a place."""
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(copy[path[0]], path[1:], new)
    return copy


@FEW
@given(st.sampled_from(PLACES), ANYTHING, st.booleans())
def test_another_value_anywhere(place: tuple[Any, ...], new: Any, flow: bool) -> None:
    judged(yaml.safe_dump(put(VALUE, place, new), default_flow_style=flow, allow_unicode=True, sort_keys=False))


@FEW
@given(st.sampled_from([place for place in PLACES if len(place) == 1]), st.sampled_from(PLACES))
def test_one_setting_in_another_s_place(place: tuple[Any, ...], source: tuple[Any, ...]) -> None:
    value = VALUE
    for part in source:
        value = value[part]
    judged(yaml.safe_dump(put(VALUE, place, value), sort_keys=False))


@FEW
@given(st.data())
def test_a_profile_with_another_value_anywhere(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    (folder / "profiles").mkdir(parents=True, exist_ok=True)
    profile = yaml.safe_load(PROFILE)
    changed = put(profile, data.draw(st.sampled_from(keys(profile))), data.draw(ANYTHING))
    (folder / "profiles" / "baseline.yaml").write_text(yaml.safe_dump(changed), errors="surrogatepass")
    (folder / "sandbox.yaml").write_text(TEXT)
    for problem in check(folder / "sandbox.yaml").problems:
        assert problem.message.isprintable()
