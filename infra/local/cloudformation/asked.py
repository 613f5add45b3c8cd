"""What every operation asks first: the engine of the caller's account, and the stack the request names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.state import engines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.cloudformation.state import Engine, Stack


class Asked:
    """Mixed into the response class, which gives account, region, parameters and `answer`."""

    current_account: str
    region: str
    params: Mapping[str, Any]

    def answer(self, told: Mapping[str, Any] | None = None) -> Any:
        """The operation's answer."""
        raise NotImplementedError

    @property
    def engine(self) -> Engine:
        """The stacks of the caller's account and region."""
        found: Engine = engines[self.current_account][self.region]
        return found

    def stack(self, missing: str = "Stack with id {} does not exist") -> Stack:
        """The stack that the request names. Raises ValidationError in the service's words if there is none."""
        name = self.params.get("StackName") or ""
        found = self.engine.find(name)
        if found is None:
            raise ValidationError(missing.format(name))
        return found
