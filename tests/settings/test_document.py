"""YAML read strictly: whatever a file holds, it gives values or errors with a line, never a traceback."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from infra.settings.document import MAX_BYTES, Document, parse, read

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

REFUSED = {
    "alias bomb": (BOMB, 1, "anchor '&a' is not allowed"),
    "alias": ("a: 1\nb: *a\n", 2, "alias '*a' is not allowed"),
    "merge key": ("a: {b: 1}\nc:\n  <<: {d: 1}\n", 3, "merge key '<<' is not allowed"),
    "tag": ("a: 1\nb: !!python/object/apply:os.system ['true']\n", 2, "tag 'tag:yaml.org,2002:python/object/apply"),
    "tab": ("a:\n\tb: 1\n", 2, "a tab indents this line; indent with spaces"),
    "key twice": ("a:\n  b: 1\n  b: 2\n", 3, "key 'a.b' is here twice; the first is on line 2"),
    "second document": ("a: 1\n---\nb: 2\n", 2, "a second YAML document starts here"),
    "deep nesting": ("[" * 5000, 1, "is nested more than 16 deep"),
    "deep mapping": ("".join(" " * n + "a:\n" for n in range(100)), 16, "is nested more than 16 deep"),
    "list as key": ("? [a, b]\n: 1\n", 1, "a key of the file is a list or mapping"),
    "leading zero": ("a: 1\nb: 0123\n", 2, "b is 0123, which readers take for different numbers; quote it"),
    "NUL": ("a: 1\nb: x\0y\n", 2, "character U+0000 is not allowed in YAML"),
    "escape": ("a: 1\nb: \x1b[31m\n", 2, "character U+001B is not allowed in YAML"),
    "lone surrogate": ("a: \ud800\n", 1, "character U+D800 is not allowed in YAML"),
    "unclosed": ("a: [1, 2\nb: 3\n", 2, "not valid YAML: "),
    "unclosed quote": ('a: "x\nb: 1\n', 3, "not valid YAML: "),
    "bare percent": ("%\n", 1, "not valid YAML: "),
    "at sign": ("a: @x\n", 1, "not valid YAML: "),
    "empty": ("", 1, "the file is empty; `sallyport new NAME` writes one"),
    "comment alone": ("# nothing\n", 1, "the file is empty"),
}


def parsed(text: str) -> Document:
    document = Document("x.yaml")
    parse(text, document)
    return document


@pytest.mark.parametrize("case", REFUSED)
def test_what_readers_take_differently_is_refused_with_its_line(case: str) -> None:
    text, line, says = REFUSED[case]
    problems = parsed(text).problems
    assert [(problem.line, says in problem.message) for problem in problems] == [(line, True)], problems


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("12", 12),
        ("-3", -3),
        ("0", 0),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30:45", "12:30:45"),
        ("2027-06-30", "2027-06-30"),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        (".nan", ".nan"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("9" * 18, int("9" * 18)),
        ("9" * 5000, "9" * 5000),
        ("'12'", "12"),
        ('"true"', "true"),
        ("! 12", "12"),
        (">-\n  a\n  b", "a b"),
    ],
)
def test_a_scalar_is_what_every_reader_takes_it_for_or_text(text: str, value: object) -> None:
    document = parsed(f"key: {text}\n")
    assert document.problems == []
    assert document.value == {"key": value}
    assert type(document.value["key"]) is type(value)


def test_lines_are_those_of_the_keys() -> None:
    document = parsed("a: 1\nb:\n  - c: >-\n      long\n      text\n    d: [1,\n        2]\n")
    assert {key: document.line(key) for key in (("a",), ("b", 0, "c"), ("b", 0, "d"), ("b", 0, "d", 1))} == {
        ("a",): 1,
        ("b", 0, "c"): 3,
        ("b", 0, "d"): 6,
        ("b", 0, "d", 1): 7,
    }
    assert document.line(("b", 0, "e")) == 3
    assert document.line(("z",)) == 1


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "x.yaml"


def test_a_byte_order_mark_is_no_part_of_the_first_key(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read(file, "x.yaml").value == {"a": 1}


@pytest.mark.parametrize(
    ("raw", "line", "says"),
    [
        (b"a: 1\nb: \xff\n", 2, "byte 0xff is not UTF-8; save the file as UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, "byte 0xff is not UTF-8"),
        (b"a: 1\nb: \xe9t\xe9\n", 2, "byte 0xe9 is not UTF-8"),
        (b"#" * (MAX_BYTES + 1), 1, "is larger than 256 KiB"),
    ],
)
def test_bytes_that_are_no_settings(file: Path, raw: bytes, line: int, says: str) -> None:
    file.write_bytes(raw)
    (problem,) = read(file, "x.yaml").problems
    assert problem.line == line
    assert says in problem.message


def test_a_missing_file_and_a_directory_are_errors(tmp_path: Path) -> None:
    (missing,) = read(tmp_path / "none.yaml", "none.yaml").problems
    assert missing.message == "cannot be read: no such file or directory; name a readable YAML file"
    (directory,) = read(tmp_path, "folder").problems
    assert directory.message == "is a directory; name a YAML file"
    (impossible,) = read(Path("a\0b"), "a").problems
    assert "cannot be read" in impossible.message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_an_error(file: Path) -> None:
    file.write_text("a: 1\n")
    file.chmod(0)
    (problem,) = read(file, "x.yaml").problems
    assert "cannot be read: permission denied" in problem.message


def test_a_pipe_without_a_writer_does_not_hang(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    (problem,) = read(pipe, "pipe.yaml").problems
    assert "is no regular file" in problem.message


@pytest.mark.parametrize("text", [BOMB, "[" * 60_000, "{" * 60_000, "a: " * 60_000, "- " * 60_000, "? " * 60_000])
def test_a_hostile_file_costs_little(text: str) -> None:
    start = time.perf_counter()
    assert parsed(text).problems
    assert time.perf_counter() - start < 2
