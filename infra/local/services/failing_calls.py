"""Calls that fail because `infra/local/faults.py` was told so, answered by each service's own protocol."""

from __future__ import annotations

from typing import Any

from moto.core.responses import BaseResponse
from moto.s3.responses import S3Response

from infra.local import faults
from infra.local.clients import OWN_AGENT
from infra.local.mend import wrap
from infra.local.operations import refusal_of
from infra.local.resource_type import Refused


def extend() -> None:
    """Let a service fail by order; S3, which moto dispatches by a way of its own, too."""
    wrap(BaseResponse, call_action=_call)
    wrap(S3Response, _bucket_response=_call, _key_response=_call)


def stop() -> None:
    """Forget what was ordered: the next server fails by itself alone."""
    faults.clear()


def _call(self: Any, motos: Any, *arguments: Any, **named: Any) -> Any:
    if not faults.pending_calls() or OWN_AGENT in self.headers.get("User-Agent", ""):
        return motos(self, *arguments, **named)
    fault = faults.answer(self.boto3_service_name, self._get_action() or "")
    if fault is None:
        return motos(self, *arguments, **named)
    refused = Refused(fault.code, "this call fails by order of the embedded AWS's switch")
    _, headers, body = refusal_of(self, refused)
    if fault.reset:
        headers[faults.RESET_HEADER] = "1"
    return fault.status, {**headers, "status": str(fault.status)}, body
