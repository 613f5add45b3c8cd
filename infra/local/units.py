"""The units of the state on disk: moto's backends by name, to which our own state belongs too, and what is beside them.

Each is pickled by itself. Backends refer to others by name; locks, threads and AWS's own policies are not written.
"""

from __future__ import annotations

import io
import marshal
import pickle
import sys
import threading
from collections import defaultdict
from copyreg import __newobj__  # type: ignore[attr-defined]  # where pickle looks for it too
from functools import cache
from importlib import import_module
from types import FunctionType
from typing import TYPE_CHECKING, Any

from moto.core.base_backend import BackendDict, BaseBackend

from infra.local.journal import StateError

if TYPE_CHECKING:
    from collections.abc import Callable

BESIDE = "beside the backends"
"""The unit of what no backend has."""
ATTRIBUTES_BESIDE = (
    ("infra.local.clock", "CLOCK", "ahead"),
    ("moto.logs.models", "LogEvent", "_event_id"),
    ("moto.logs.models", "LogStream", "_log_ids"),
    ("moto.organizations.models", "organizations_backends", "master_accounts"),
    ("moto.s3.models", "s3_backends", "bucket_accounts"),
)
"""What that is: a module, what stands in it, and its attribute."""
_TRIES = 10
_LOCKS = (type(threading.Lock()), type(threading.RLock()), threading.Condition, threading.Event)


def backends() -> dict[str, BaseBackend]:
    """Every backend there is, by name."""
    return {
        name_of(each.backend, each.service_name, account, region): backend
        for each in list(_instances())
        for account, regions in list(each.items())
        for region, backend in list(dict.items(regions))
    }


def name_of(kind: type, service: str, account: str, region: str) -> str:
    """The name of a backend, there or not."""
    return f"{kind.__module__}:{kind.__qualname__}:{service}:{account}:{region}"


def take_up(name: str, unit: bytes) -> None:
    """Let what the unit is of be what it says. Raises whatever keeps it from that."""
    there = pickle.loads(unit)
    if name == BESIDE:
        for (module, of, attribute), value in there.items():
            setattr(vars(import_module(module))[of], attribute, value)
        return
    backend = _backend(name)
    backend.__dict__ = {**{k: v for k, v in backend.__dict__.items() if isinstance(v, _LOCKS)}, **there}


def dumped(name: str, backend: BaseBackend) -> bytes:
    """A backend as a unit. Raises StateError for what cannot be written."""
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


def dumped_beside() -> bytes:
    """What no backend has as a unit: of the modules that are loaded, for nothing can be kept in another."""
    there = {
        (module, of, attribute): getattr(vars(sys.modules[module])[of], attribute)
        for module, of, attribute in ATTRIBUTES_BESIDE
        if module in sys.modules
    }
    return pickle.dumps(there, protocol=5)


def _instances() -> list[BackendDict[Any]]:
    return BackendDict._instances  # type: ignore[misc]  # of all kinds


def _backend(name: str) -> BaseBackend:
    module, kind, _, account, region = name.split(":")
    found: BaseBackend = _service(module, kind)[account][region]
    return found


@cache
def _service(module: str, kind: str) -> BackendDict[Any]:
    there = vars(import_module(module)).values()
    return next(each for each in there if isinstance(each, BackendDict) and each.backend.__qualname__ == kind)


class _Pickler(pickle.Pickler):
    """Other backends by name; locks and functions made anew; threads left out."""

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, BaseBackend):
            service = next(each for each in _instances() if each.backend is type(value))
            return _backend, (name_of(type(value), service.service_name, value.account_id, value.region_name),)
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
