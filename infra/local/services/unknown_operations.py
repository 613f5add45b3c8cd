"""An operation that moto lacks is answered with an error that names it, and not with a traceback as HTML.

SDKs try a status of 500 again for most of a minute and then show an XML parse error; this is a refusal.
"""

from __future__ import annotations

from typing import Any

from infra.local.operations import refusal_of
from infra.local.resource_type import Unsupported


def extend() -> None:
    """Answer for whatever operation none of moto's services has."""
    from moto.core.responses import BaseResponse

    answer = BaseResponse.call_action
    if answer.__module__ == __name__:
        return

    def call_action(self: Any) -> Any:
        try:
            return answer(self)
        except NotImplementedError:
            return refusal_of(self, Unsupported(f"{self.service_name}:{self._get_action()}"))

    BaseResponse.call_action = call_action  # type: ignore[method-assign]  # moto has no other hook for this
