"""CloudFormation's API behind moto's address: an operation is its snake_case method, errors are the service's own."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from infra.local.cloudformation.change_sets import ChangeSetOperations
from infra.local.cloudformation.queries import QueryOperations
from infra.local.cloudformation.refusals import InternalFailure, UnsupportedOperation
from infra.local.cloudformation.stack_operations import StackOperations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from moto.core.exceptions import ServiceException

log = logging.getLogger(__name__)


class CloudFormation(StackOperations, ChangeSetOperations, QueryOperations, BaseResponse):
    """Every operation; each takes its parameters as botocore's model types them."""

    def __init__(self) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    def call_action(self) -> Any:
        """Run the operation; a fault of ours is told as an error that no SDK tries again, never as an HTML page."""
        try:
            return super().call_action()
        except NotImplementedError as error:
            return self._refused(UnsupportedOperation(f"the embedded AWS: {error}"))
        except Exception as error:
            log.exception("a CloudFormation operation failed")
            return self._refused(InternalFailure(f"{type(error).__name__}: {error}"))

    def _refused(self, error: ServiceException) -> Any:
        status, headers, body = self.serialized(ActionResult(error))
        return status, headers, body

    def answer(self, told: Mapping[str, Any] | None = None) -> ActionResult:
        """The operation's answer, or an empty one."""
        return EmptyResult() if told is None else ActionResult(dict(told))


def hook_in() -> None:
    """Answer CloudFormation's address with this engine; before the first request, for moto caches its routes."""
    from moto.cloudformation import urls

    urls.url_paths["{0}/$"] = CloudFormation.dispatch
