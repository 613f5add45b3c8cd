"""The state of the embedded AWS on disk, where that is asked for: kept after every change, taken up again at the start.

The state is that of moto's backends, to which ours belongs too. Each is a unit of the journal; after a request, and
after each step of a stack's operation, those that differ are written. Nothing else happens meanwhile: requests and
steps then come one after the other, so what is on disk is never half of one.
"""

from __future__ import annotations

import hashlib
import io
import logging
import marshal
import pickle
import platform
import threading
from collections import defaultdict
from contextlib import ExitStack
from copyreg import __newobj__  # type: ignore[attr-defined]  # where pickle looks for it too
from functools import cache, wraps
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from moto.core.base_backend import AccountSpecificBackend, BackendDict, BaseBackend
from moto.core.models import DEFAULT_ACCOUNT_ID

from infra.local.journal import Journal, StateError
from infra.local.mend import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

log = logging.getLogger(__name__)
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
SWEEP_SECONDS = 1.0
"""How often all is looked through for what changed without a request: clocks, alarms, executions."""
_TRIES = 10
_LOCKS = (type(threading.Lock()), type(threading.RLock()), threading.Condition, threading.Event)

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
            backend = _backend(name)
            try:
                there = pickle.loads(unit)
            except Exception as error:
                raise StateError(
                    f"state {self._journal.path} cannot be read: {name}: {error!r}; name another file with --state"
                ) from error
            backend.__dict__ = {**{k: v for k, v in backend.__dict__.items() if isinstance(v, _LOCKS)}, **there}
        self._thread.start()

    def keep(self, *, everything: bool = False) -> None:
        """Write what changed. Raises StateError for what cannot be written."""
        from infra.local.cloudformation.handlers import services_lock

        with stacks_lock, services_lock:
            there = _backends()
            unused = set() if everything else {name for name in there if self._idle(name)}
            self._reached.clear()
            changed: dict[str, bytes | None] = {}
            for name in there.keys() - unused:
                unit = _dumped(name, there[name])
                if self._journal.units.get(name) != unit:
                    changed[name] = unit
            if everything:
                changed.update(dict.fromkeys(self._journal.units.keys() - there.keys()))
            if changed:
                self._journal.append(changed)

    def _idle(self, name: str) -> bool:
        """Whether a backend is one of moto's own account that nobody reached for: it has them to look up URLs."""
        return self._account != DEFAULT_ACCOUNT_ID and DEFAULT_ACCOUNT_ID in name and name not in self._reached

    def reach(self, partitions: Any, region: str) -> None:
        """Note that somebody reached for a backend."""
        self._reached.add(_name(partitions.backend, partitions.service_name, partitions.account_id, region))

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


# --- backends, by name ------------------------------------------------------------------------------------------


def _instances() -> list[BackendDict[Any]]:
    return BackendDict._instances  # type: ignore[misc]  # of all kinds


def _name(kind: type, service: str, account: str, region: str) -> str:
    return f"{kind.__module__}:{kind.__qualname__}:{service}:{account}:{region}"


def _backends() -> dict[str, BaseBackend]:
    return {
        _name(each.backend, each.service_name, account, region): backend
        for each in list(_instances())
        for account, regions in list(each.items())
        for region, backend in list(dict.items(regions))
    }


def _backend(name: str) -> BaseBackend:
    module, kind, _, account, region = name.split(":")
    found: BaseBackend = _service(module, kind)[account][region]
    return found


@cache
def _service(module: str, kind: str) -> BackendDict[Any]:
    there = vars(import_module(module)).values()
    return next(each for each in there if isinstance(each, BackendDict) and each.backend.__qualname__ == kind)


# --- pickling ---------------------------------------------------------------------------------------------------


class _Pickler(pickle.Pickler):
    """Other backends by name; locks and functions made anew; threads left out."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, BaseBackend):
            service = next(each for each in _instances() if each.backend is type(value))
            return _backend, (_name(type(value), service.service_name, value.account_id, value.region_name),)
        if isinstance(value, _LOCKS):
            return type(value) if isinstance(value, threading.Event | threading.Condition) else _FRESH[type(value)], ()
        if isinstance(value, threading.Thread):
            return _nothing, ()
        if isinstance(value, FunctionType) and "<locals>" in value.__qualname__ and not value.__closure__:
            return _function, (value.__module__, marshal.dumps(value.__code__))
        if isinstance(value, defaultdict) and type(value) is not defaultdict:
            beside = {**vars(value), _FACTORY: value.default_factory}
            return __newobj__, (type(value),), beside, None, iter(dict.items(value)), _state
        if type(value).__name__ == "AWSManagedPolicy":
            where = _managed.get(id(value))
            if where:
                return _policy, where, {"attachment_count": value.attachment_count}
        return NotImplemented


_FACTORY = "default factory"
_FRESH: dict[type, Callable[[], Any]] = {
    type(threading.Lock()): threading.Lock,
    type(threading.RLock()): threading.RLock,
}
_managed: dict[int, tuple[str, str, str]] = {}


def _state(made: Any, beside: dict[str, Any]) -> None:
    """Give a dictionary whose class has a constructor of its own what it had beside its items."""
    made.default_factory = beside.pop(_FACTORY)
    vars(made).update(beside)


def _nothing() -> None:
    """What a thread is once it is gone."""


def _function(module: str, code: bytes) -> FunctionType:
    return FunctionType(marshal.loads(code), vars(import_module(module)))


def _policy(account: str, partition: str, arn: str) -> Any:
    """A policy of AWS's own, which every IAM has from the start."""
    from moto.iam.models import iam_backends

    return iam_backends[account][partition].managed_policies[arn]


def _dumped(name: str, backend: BaseBackend) -> bytes:
    if name.startswith("moto.iam."):
        for policy in backend.aws_managed_policies:  # type: ignore[attr-defined]  # IAM's
            _managed[id(policy)] = (backend.account_id, backend.region_name, policy.arn)
    there = {key: value for key, value in backend.__dict__.items() if not isinstance(value, _LOCKS)}
    for attempt in range(_TRIES):
        written = io.BytesIO()
        try:
            _Pickler(written, protocol=5).dump(there)
            return written.getvalue()
        except RuntimeError:  # a dictionary changed meanwhile: an execution is at work
            if attempt == _TRIES - 1:
                raise
        except Exception as error:
            raise StateError(f"the state of {name} cannot be written: {error!r}") from error
    raise AssertionError


@cache
def _written_by() -> dict[str, str]:
    """Whose state it is: other code might take it for something else."""
    code = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        code.update(path.read_bytes())
    return {"moto": version("moto"), "python": platform.python_version(), "code": code.hexdigest()[:12]}
