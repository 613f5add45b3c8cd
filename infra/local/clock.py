"""The embedded AWS's own time: what falls due by it is done by one thread, and whoever cannot wait moves it.

Schedules, rules with a schedule, alarms, metrics and the times of events go by it. What the services write on their
resources (creation dates, object locks), and the waits and timeouts inside a workflow, keep the real time.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "embedded clock"
FURTHEST = timedelta(days=7)
"""How far the time is moved at once."""
# How often it looks when nothing wakes it and nothing falls due.
_LONGEST_WAIT_SECONDS = 30.0
# How long it waits, at each time that something falls due, for what that started.
_SETTLE_SECONDS_AT_MOST = 10.0


class Clock:
    """A time that runs with the real one, or faster, and can be moved forward; and what is done by it.

    A work is a function that is given the time, does what is due by then, and says when it is to be called again.
    """

    def __init__(self) -> None:
        self._works: dict[str, Callable[[datetime], datetime | None]] = {}
        self._busy: Callable[[], bool] = lambda: False
        self._speed = 1.0
        self._held: datetime | None = None
        self.reset()
        self._forget_threads()
        os.register_at_fork(after_in_child=self._forget_threads)

    def _forget_threads(self) -> None:
        """In a copy of the process no thread of it runs, and a lock that one held would never be let go."""
        self._turn = threading.RLock()
        self._changed = threading.Condition()
        self._running = self._woken = False
        self._thread: threading.Thread | None = None

    def add(self, name: str, work: Callable[[datetime], datetime | None]) -> None:
        """Let this be done when it falls due."""
        self._works[name] = work

    def wait_for(self, busy: Callable[[], bool]) -> None:
        """Let nobody move the time on while this says that what fell due is still being done."""
        self._busy = busy

    def now(self) -> datetime:
        """The time."""
        return self._held or self._virtual + (time.monotonic() - self._real) * timedelta(seconds=self._speed)

    @property
    def speed(self) -> float:
        """How many seconds pass in a real one."""
        return self._speed

    @property
    def ahead(self) -> timedelta:
        """How far it is from the real time; that of another may be taken over."""
        elapsed = timedelta(seconds=time.monotonic() - self._real)
        return (self._held or self._virtual + elapsed * self._speed) - elapsed - self._wall

    @ahead.setter
    def ahead(self, value: timedelta) -> None:
        self._go_on_from(datetime.now(UTC) + value)

    def reset(self, speed: float = 1.0) -> None:
        """The real time again, to run on from there at this speed."""
        self._go_on_from(datetime.now(UTC))
        self._speed = speed

    def _go_on_from(self, moment: datetime) -> None:
        self._virtual, self._real, self._wall = moment, time.monotonic(), datetime.now(UTC)

    def run_at(self, speed: float) -> None:
        """Go on from now at this speed; ValueError unless it is at least 1."""
        if not speed >= 1:
            raise ValueError(f"speed {speed}: a number of at least 1 is wanted")
        self._go_on_from(self.now())
        self._speed = speed
        self.wake()

    def advance(self, by: timedelta) -> None:
        """Move the time forward, stopping wherever something falls due until it is done and what it started too.

        Raises ValueError for a time that runs backwards, or further than `FURTHEST`.
        """
        if not timedelta(0) <= by <= FURTHEST:
            raise ValueError(f"time moves by 0 to {FURTHEST.total_seconds():.0f} seconds, not {by.total_seconds():.0f}")
        with self._turn:
            moment = self.now()
            end = moment + by
            try:
                while True:
                    self._held = moment
                    following = self._work(moment)
                    self._settle()
                    if moment >= end:
                        break
                    moment = min(max(following or end, moment + timedelta(milliseconds=1)), end)
            finally:
                self._held = None
                self._go_on_from(moment)
        self.wake()

    def _settle(self) -> None:
        until = time.monotonic() + _SETTLE_SECONDS_AT_MOST
        while self._busy() and time.monotonic() < until:
            time.sleep(0.005)

    def _work(self, now: datetime) -> datetime | None:
        return min(filter(None, [work(now) for work in list(self._works.values())]), default=None)

    def start(self) -> None:
        """Begin; nothing happens if it runs already."""
        with self._changed:
            if self._thread is not None:
                return
            self._running = True
            self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)
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
            with self._turn:
                soonest = self._work(self.now())
            left = (soonest - self.now()).total_seconds() / self._speed if soonest else _LONGEST_WAIT_SECONDS
            with self._changed:
                # Whatever woke it since the look above has set the flag, and is not slept over.
                if self._running and not self._woken and left > 0:
                    self._changed.wait(min(left, _LONGEST_WAIT_SECONDS))
                self._woken = False
                if not self._running:
                    return


CLOCK = Clock()
"""The one of this process, as its services are."""
