"""An answer of the API, told in its own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.core.responses import ActionResult
from moto.core.serialize import DefaultAttributePicker

if TYPE_CHECKING:
    from moto.core.common_types import TYPE_RESPONSE
    from moto.core.responses import ActionContext


class Answer(ActionResult):
    """A result whose members are named as the API names them.

    moto would look for other spellings of every member that is not there, which takes longer than to write the rest.
    """

    def execute_result(self, context: ActionContext) -> TYPE_RESPONSE:
        """Status, headers and body."""
        serializer = context.serializer_class(
            operation_model=context.operation_model, value_picker=DefaultAttributePicker()
        )
        told = serializer.serialize(self.result)
        return told["status_code"], dict(told["headers"]), told["body"]
