"""The state of the embedded AWS on disk, where that is asked for: kept after every change, taken up again at the start.

What the state is, in units, is said in `infra/local/units.py`. After a request, and after each step of a stack's
operation, the units that differ are written to the journal. Nothing else happens meanwhile: requests and steps then
come one after the other, so what is on disk is never half of one.
"""

from __future__ import annotations

import hashlib
import logging
import platform
import threading
from contextlib import ExitStack
from functools import cache, wraps
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from moto.core.base_backend import AccountSpecificBackend
from moto.core.models import DEFAULT_ACCOUNT_ID

from infra.local import units
from infra.local.journal import Journal, StateError
from infra.local.mend import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

log = logging.getLogger(__name__)
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
SWEEP_SECONDS = 1.0
"""How often all is looked through for what changed without a request: clocks, alarms, executions."""

stacks_lock = threading.RLock()
"""Guards every stack of every account; taken before the services' lock where both are."""


class Keeping:
    """One journal, and what of it is known to be written."""

    def __init__(self, path: Path, account: str) -> None:
        self._journal = Journal(path, {**_written_by(), "account": account})
        self._account = account
        self._reached: set[str] = set()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._sweep, name="state on disk", daemon=True)

    def take_up(self) -> None:
        """Let every backend be what the journal says. Raises StateError for what cannot be read."""
        for name, unit in self._journal.units.items():
            try:
                units.take_up(name, unit)
            except Exception as error:
                self._journal.close()
                raise StateError(
                    f"state {self._journal.path} cannot be read: {name}: {error!r}; name another file with --state"
                ) from error
        self._thread.start()

    def keep(self, *, everything: bool = False) -> None:
        """Write what changed. Raises StateError for what cannot be written."""
        from infra.local.cloudformation.handlers import services_lock

        with stacks_lock, services_lock:
            there = units.backends()
            unused = set() if everything else {name for name in there if self._idle(name)}
            self._reached.clear()
            now = {units.BESIDE: units.dumped_beside()}
            now |= {name: units.dumped(name, there[name]) for name in there.keys() - unused}
            changed: dict[str, bytes | None] = {
                n: unit for n, unit in now.items() if self._journal.units.get(n) != unit
            }
            if everything:
                changed.update(dict.fromkeys(self._journal.units.keys() - now.keys()))
            if changed:
                self._journal.append(changed)

    def _idle(self, name: str) -> bool:
        """Whether a backend is one of moto's own account that nobody reached for: it has them to look up URLs."""
        return self._account != DEFAULT_ACCOUNT_ID and DEFAULT_ACCOUNT_ID in name and name not in self._reached

    def reach(self, partitions: Any, region: str) -> None:
        """Note that somebody reached for a backend."""
        self._reached.add(units.name_of(partitions.backend, partitions.service_name, partitions.account_id, region))

    def stop(self) -> None:
        """Write the rest, and let go of the file."""
        self._stopped.set()
        self._thread.join()
        self.keep(everything=True)
        self._journal.close()

    def _sweep(self) -> None:
        while not self._stopped.wait(SWEEP_SECONDS):
            try:
                self.keep(everything=True)
            except Exception:
                log.exception("the state could not be written")


_keeping: list[Keeping] = []


def start(path: Path, account: str) -> None:
    """Keep the state in this file from now on, and take up what it holds. Raises StateError."""
    wrap(AccountSpecificBackend, __getitem__=_reaching)
    keeping = Keeping(path, account)
    keeping.take_up()
    _keeping.append(keeping)


def stop() -> None:
    """Keep nothing any longer."""
    while _keeping:
        _keeping.pop().stop()


def keep() -> None:
    """Write what changed, where state is kept."""
    if _keeping:
        _keeping[-1].keep()


def whole(step: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """A step of a stack's operation, of which what is kept is either nothing or all."""

    @wraps(step)
    def taken(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        if not _keeping:
            return step(*args, **kwargs)
        with stacks_lock:
            result = step(*args, **kwargs)
            keep()
            return result

    return taken


def beside(application: Any) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The application, every answer of which goes out once what it says is kept."""
    from infra.local.cloudformation.handlers import services_lock

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if not _keeping:
            return application(environ, start_response)  # type: ignore[no-any-return]  # a WSGI application
        with ExitStack() as held:
            if not _waits(environ):
                held.enter_context(services_lock)
            parts = list(application(environ, start_response))
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            keep()
        return parts

    return answer


def _waits(environ: Mapping[str, Any]) -> bool:
    """Whether a request may wait for others: CloudFormation's, which has its own locks, and executions to their end."""
    return "/cloudformation/" in environ.get("HTTP_AUTHORIZATION", "") or "StartSyncExecution" in environ.get(
        "HTTP_X_AMZ_TARGET", ""
    )


def _reaching(self: Any, motos: Callable[..., Any], region: str) -> Any:
    backend = motos(self, region)
    if _keeping:
        _keeping[-1].reach(self, "aws" if region == "global" else region)
    return backend


@cache
def _written_by() -> dict[str, str]:
    """Whose state it is: other code might take it for something else."""
    code = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        code.update(path.read_bytes())
    return {"moto": version("moto"), "python": platform.python_version(), "code": code.hexdigest()[:12]}
