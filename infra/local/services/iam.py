"""IAM, where moto lacks or gets wrong what an enclave relies on."""

from __future__ import annotations

from typing import Any

from moto.core.responses import BaseResponse
from moto.iam.responses import IamResponse


def extend() -> None:
    """Mend moto's IAM."""
    IamResponse.get_region_from_url = _region  # type: ignore[method-assign]  # moto is extended from outside


def _region(self: Any, request: Any, full_url: str) -> str:
    """The region signed for: moto takes `us-gov` of iam.us-gov.amazonaws.com for a region of partition aws."""
    found: str = BaseResponse.get_region_from_url(self, request, full_url)
    signed = request.headers.get("Authorization", "").split("/")
    return found if found[-1:].isdigit() or len(signed) < 3 else signed[2]
