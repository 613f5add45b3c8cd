"""S3, where moto lacks or gets wrong what an enclave relies on."""

from __future__ import annotations

from typing import Any

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket


def extend() -> None:
    """Mend moto's S3."""
    FakeBucket.get_permission = _undecided  # type: ignore[method-assign]  # moto is extended from outside


def _undecided(self: Any, action: str, resource: str) -> PermissionResult:
    """Object calls are not decided by bucket policies here: moto's own reading ignores Principal and Condition."""
    return PermissionResult.NEUTRAL
