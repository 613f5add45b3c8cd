"""A journal on disk: what was written to it stands after the process is killed, and a half-written end is left out.

A header of two lines, then records: length, SHA-256, and the pickle of what changed by name. Whoever can write the file
can run code as whoever reads it, as with any pickle: it is for its owner alone.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import pickle
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAGIC = b"sallyport embedded AWS, state\n"
_LENGTH, _DIGEST = 8, 32
# A journal this many times as long as what it says is written anew.
_SLACK, _SMALL_BYTES = 8, 32_000_000

Units = dict[str, bytes]


class StateError(Exception):
    """The state on disk cannot be read or written; the message says what to do."""


class Journal:
    """One file of state, held by one process."""

    def __init__(self, path: Path, header: Mapping[str, Any]) -> None:
        """Open or make the file. Raises StateError if another holds it, or if it is of another kind or version."""
        self.path, self._header = path, MAGIC + json.dumps(dict(header), sort_keys=True).encode() + b"\n"
        try:
            self._lock = path.with_name(f"{path.name}.lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.units = self._read(path.read_bytes()) if path.exists() else {}
            self._rewrite()
        except BlockingIOError:
            raise StateError(f"state {path} is in use by another embedded AWS; stop it, or name another file") from None
        except OSError as error:
            raise StateError(f"state {path} cannot be used: {error}; name another file with --state") from None

    def append(self, changed: Mapping[str, bytes | None]) -> None:
        """Write what changed, None for what is gone; when this returns, a killed process does not undo it.

        Raises StateError if it cannot be written, with nothing of it left in the file.
        """
        payload = pickle.dumps(dict(changed), protocol=5)
        record = len(payload).to_bytes(_LENGTH) + hashlib.sha256(payload).digest() + payload
        try:
            if os.write(self._file, record) != len(record):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            os.ftruncate(self._file, self._bytes)
            raise StateError(f"state {self.path} cannot be written: {error}; make room there") from None
        self._bytes += len(record)
        _apply(self.units, changed)
        if self._bytes > _SMALL_BYTES and self._bytes > _SLACK * sum(map(len, self.units.values())):
            long = self._file
            self._rewrite()
            os.close(long)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self._file)
        self._lock.close()

    def _rewrite(self) -> None:
        """Put a file that holds what there is now, and no more, in the place of the old one, whole or not at all."""
        beside = self.path.with_name(f"{self.path.name}.new")
        payload = pickle.dumps(dict(self.units), protocol=5)
        written = self._header + len(payload).to_bytes(_LENGTH) + hashlib.sha256(payload).digest() + payload
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
        self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        self._bytes = len(written)

    def _read(self, text: bytes) -> Units:
        if not text.startswith(MAGIC) or b"\n" not in text[len(MAGIC) :]:
            raise StateError(f"{self.path} is no state of the embedded AWS; name another file with --state")
        start = text.index(b"\n", len(MAGIC)) + 1
        if text[:start] != self._header:
            there, here = (_shown(line) for line in (text[len(MAGIC) : start], self._header[len(MAGIC) :]))
            raise StateError(
                f"state {self.path} was written with {there}, this is {here}; start what wrote it, or name another file"
            )
        units: Units = {}
        while start < len(text):
            head = start + _LENGTH + _DIGEST
            end = head + int.from_bytes(text[start : start + _LENGTH])
            if head > len(text) or end > len(text):
                break  # the process was killed while it wrote: nobody has been told that this happened
            payload = text[head:end]
            if hashlib.sha256(payload).digest() != text[start + _LENGTH : head]:
                raise StateError(f"state {self.path} is damaged at byte {start}; restore a copy, or name another file")
            _apply(units, pickle.loads(payload))
            start = end
        return units


def _apply(units: Units, changed: Mapping[str, bytes | None]) -> None:
    for name, value in changed.items():
        if value is None:
            units.pop(name, None)
        else:
            units[name] = value


def _shown(line: bytes) -> str:
    try:
        return ", ".join(f"{name} {value}" for name, value in sorted(json.loads(line).items()))
    except ValueError:
        return "an unreadable header"
