"""The CloudFormation API as a whole, put in the place of moto's."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from moto.cloudformation import urls
from moto.core.responses import ActionResult

from infra.local.cloudformation.api.change_sets import ChangeSets
from infra.local.cloudformation.api.drifts import Drifts
from infra.local.cloudformation.api.exports import Exports
from infra.local.cloudformation.api.history import History
from infra.local.cloudformation.api.stacks import Stacks
from infra.local.cloudformation.api.templates import Templates
from infra.local.cloudformation.handlers import Failed
from infra.local.cloudformation.refusals import InternalFailure, ValidationError

if TYPE_CHECKING:
    from moto.core.exceptions import ServiceException

log = logging.getLogger(__name__)


class CloudFormation(Stacks, ChangeSets, History, Templates, Exports, Drifts):
    """One request to CloudFormation."""

    def __init__(self) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    def call_action(self) -> Any:
        """The answer; whatever goes wrong is an error of the API, for moto would answer HTML and the SDK try again."""
        try:
            return super().call_action()
        except NotImplementedError:
            return self._refused(ValidationError(f"the embedded AWS does not offer {self._get_action()}"))
        except Failed as error:
            return self._refused(ValidationError(str(error)))
        except Exception as error:
            log.exception("%s failed", self._get_action())
            return self._refused(
                InternalFailure(f"{self._get_action()} failed in the embedded AWS: {type(error).__name__}: {error}")
            )

    def _refused(self, error: ServiceException) -> Any:
        status, headers, body = self.serialized(ActionResult(error))
        headers["status"] = str(status)
        return status, headers, body


def extend() -> None:
    """Answer CloudFormation's API from here; before the first request."""
    urls.url_paths["{0}/$"] = CloudFormation.dispatch
