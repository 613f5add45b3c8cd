"""An operation that moto lacks is answered with an error that names it, and not with a traceback as HTML.

SDKs try a status of 500 again for most of a minute and then show an XML parse error; this is a refusal.
"""

from __future__ import annotations

from typing import Any

from infra.local.mend import wrap
from infra.local.operations import refusal_of
from infra.local.resource_type import Unsupported


def extend() -> None:
    """Answer for whatever operation none of moto's services has."""
    from moto.core.responses import BaseResponse

    wrap(BaseResponse, call_action=_call_action)


def _call_action(self: Any, motos: Any) -> Any:
    try:
        return motos(self)
    except NotImplementedError:
        return refusal_of(self, Unsupported(f"{self.service_name}:{self._get_action()}"))
