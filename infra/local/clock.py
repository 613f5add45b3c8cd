"""A thread that works by the clock and stops cleanly."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# How often it looks when nothing wakes it and nothing falls due.
_LONGEST_WAIT_SECONDS = 30.0


class Clock:
    """One thread that does what has fallen due and sleeps until the next does.

    `work` is given the time, does what is due by then, and says when it is to be called again.
    """

    def __init__(self, name: str, work: Callable[[datetime], datetime | None]) -> None:
        self._name, self._work = name, work
        self._changed = threading.Condition()
        self._running = False
        self._woken = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; nothing happens if it runs already."""
        with self._changed:
            if self._thread is not None:
                return
            self._running = True
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Stop, and wait until what is being done is over; nothing happens if it does not run."""
        with self._changed:
            thread, self._thread, self._running = self._thread, None, False
            self._changed.notify_all()
        if thread is not None:
            thread.join()

    def wake(self) -> None:
        """Look again: what is due has changed."""
        with self._changed:
            self._woken = True
            self._changed.notify_all()

    def _run(self) -> None:
        while True:
            soonest = self._work(datetime.now(UTC))
            left = (soonest - datetime.now(UTC)).total_seconds() if soonest else _LONGEST_WAIT_SECONDS
            with self._changed:
                # Whatever woke it since the look above has set the flag, and is not slept over.
                if self._running and not self._woken and left > 0:
                    self._changed.wait(min(left, _LONGEST_WAIT_SECONDS))
                self._woken = False
                if not self._running:
                    return
