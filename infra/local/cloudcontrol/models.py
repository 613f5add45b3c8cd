"""What Cloud Control remembers: how its requests went."""

from __future__ import annotations

from typing import Any

from moto.core.base_backend import BackendDict, BaseBackend


class CloudControlBackend(BaseBackend):
    """The requests of one account and region."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.requests: dict[str, dict[str, Any]] = {}


cloudcontrol_backends = BackendDict(CloudControlBackend, "cloudcontrol")
