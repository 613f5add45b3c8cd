"""One YAML file as plain values with the line of each key, read strictly and without surprises.

Only the part of YAML that everybody reads alike is accepted: no anchors, aliases, merge keys or tags, no
duplicate keys, no numbers with leading zeros; `yes`, `no` and dates stay text. The file is read as a stream of
events, so that neither nesting nor aliases can exhaust the machine.
"""

from __future__ import annotations

import math
import re
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from infra.settings.problem import Key, Problem, shown, spelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 256 * 1024
MAX_DEPTH = 16
MAX_PROBLEMS = 50

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,4})?")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    spelling: spelling.lower() == "true" for spelling in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Document:
    """One file as read: its value, the line of each key, and what was wrong with it as YAML."""

    file: str
    value: Any = None
    lines: dict[Key, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, key: Key) -> int:
        """The line of a key, or of the nearest key around it."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def at(self, key: Key) -> Any:
        """The value at a key as the file has it; None where there is none."""
        value = self.value
        for part in key:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def fault(self, line: int, message: str) -> None:
        """Note an error on a line."""
        self.problems.append(Problem(self.file, line, message))


def read(path: Path, file: str) -> Document:
    """Read a file; whatever is wrong with it is among the document's problems."""
    document = Document(file)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            what = "a directory" if stat.S_ISDIR(status.st_mode) else "no regular file"  # a pipe could wait for ever
            document.fault(1, f"is {what}; name a YAML file")
            return document
        raw = path.read_bytes() if status.st_size <= MAX_BYTES else None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        document.fault(1, f"cannot be read: {reason.lower()}; name a readable YAML file")
        return document
    if raw is None:
        document.fault(1, f"is larger than {MAX_BYTES // 1024} KiB; a settings file is a few KiB")
        return document
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        document.fault(line, f"byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8")
        return document
    parse(text, document)
    return document


def parse(text: str, document: Document) -> None:
    """Fill a document from a text."""
    if found := _UNPRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        document.fault(line, f"character U+{ord(found.group()):04X} is not allowed in YAML; remove it")
        return
    try:
        _build(yaml.parse(text, Loader=_LOADER), document)
    except yaml.YAMLError as error:
        document.value = None
        document.fault(*_explain(error, text))


def _explain(error: yaml.YAMLError, text: str) -> tuple[int, str]:
    """The line and the plain reason of a YAML syntax error."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = (mark.line if mark else 0) + 1
    lines = text.split("\n")
    line = min(line, len(lines))
    if "\t" in lines[line - 1][: len(lines[line - 1]) - len(lines[line - 1].lstrip())]:
        return line, "a tab indents this line; indent with spaces"
    reason = getattr(error, "problem", None) or str(error).split("\n", maxsplit=1)[0]
    return line, f"not valid YAML: {reason}"


@dataclass
class _Open:
    """A mapping or list that is being read."""

    key: Key
    value: Any
    name: str | None = None
    """The mapping's key that waits for its value."""


def _build(events: Iterator[Any], document: Document) -> None:
    """Turn events into values; stops at what makes going on pointless."""
    stack: list[_Open] = []
    documents = 0
    for event in events:
        line = event.start_mark.line + 1
        match event:
            case yaml.DocumentStartEvent():
                documents += 1
                if documents > 1:
                    document.fault(line, "a second YAML document starts here; one file describes one thing")
                    return
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                done = stack.pop()
                value = tuple(done.value) if isinstance(done.value, list) else done.value
                _place(stack, document, value, line, done.key)
            case yaml.AliasEvent():
                document.fault(line, f"alias '*{event.anchor}' is not allowed; write the value out")
                return
            case yaml.NodeEvent():
                if not _node(event, stack, document, line):
                    return
    if documents == 0:
        document.fault(1, "the file is empty; `sallyport new NAME` writes one to start from")


def _node(event: Any, stack: list[_Open], document: Document, line: int) -> bool:
    """Take a scalar or the start of a mapping or list; False where the rest is not worth reading."""
    if not _plain(event, document, line) or len(document.problems) > MAX_PROBLEMS:
        return False
    if len(stack) >= MAX_DEPTH:
        document.fault(line, f"is nested more than {MAX_DEPTH} deep; settings are at most 5 deep")
        return False
    if _takes_key(stack):
        return _name(stack[-1], event, document, line)
    key = _key(stack)
    document.lines.setdefault(key, line)
    if isinstance(event, yaml.MappingStartEvent):
        stack.append(_Open(key, {}))
    elif isinstance(event, yaml.SequenceStartEvent):
        stack.append(_Open(key, []))
    else:
        _place(stack, document, _scalar(event, document, line, key), line, key)
    return True


def _plain(event: Any, document: Document, line: int) -> bool:
    if event.anchor:
        document.fault(line, f"anchor '&{event.anchor}' is not allowed; write the value out where it is used")
        return False
    if event.tag and event.tag != "!":
        document.fault(line, f"tag {event.tag!r} is not allowed; write the plain value")
        return False
    return True


def _takes_key(stack: list[_Open]) -> bool:
    return bool(stack) and isinstance(stack[-1].value, dict) and stack[-1].name is None


def _name(open_: _Open, event: Any, document: Document, line: int) -> bool:
    """Take a mapping's next key; False where the rest cannot be understood."""
    if not isinstance(event, yaml.ScalarEvent):
        document.fault(line, f"a key of {spelled(open_.key) or 'the file'} is a list or mapping; keys are words")
        return False
    name = event.value
    if name == "<<":
        document.fault(line, "merge key '<<' is not allowed; write the values out")
        return False
    open_.name = name
    key = (*open_.key, name)
    if name in open_.value:
        first = document.lines.get(key, line)
        document.fault(line, f"key {spelled(key)!r} is here twice; the first is on line {first}; remove one")
    else:
        document.lines[key] = line
    return True


def _key(stack: list[_Open]) -> Key:
    if not stack:
        return ()
    top = stack[-1]
    return (*top.key, len(top.value) if isinstance(top.value, list) else str(top.name))


def _place(stack: list[_Open], document: Document, value: Any, line: int, key: Key) -> None:
    if not stack:
        document.value = value
        document.lines.setdefault(key, line)
    elif isinstance(stack[-1].value, list):
        stack[-1].value.append(value)
    else:
        stack[-1].value.setdefault(stack[-1].name, value)
        stack[-1].name = None


def _scalar(event: Any, document: Document, line: int, key: Key) -> Any:
    text: str = event.value
    if event.style or event.tag == "!":
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _LEADING_ZERO.fullmatch(text):
        document.fault(
            line, f"{spelled(key)} is {shown(text)[1:-1]}, which readers take for different numbers; quote it"
        )
    elif _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    return text
