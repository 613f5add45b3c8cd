"""The CloudFormation API as a whole, put in the place of moto's."""

from __future__ import annotations

import logging
from typing import Any

from moto.cloudformation import urls

from infra.local.cloudformation.api.change_sets import ChangeSets
from infra.local.cloudformation.api.drifts import Drifts
from infra.local.cloudformation.api.exports import Exports
from infra.local.cloudformation.api.history import History
from infra.local.cloudformation.api.stacks import Stacks
from infra.local.cloudformation.api.templates import Templates
from infra.local.cloudformation.handlers import Failed
from infra.local.operations import refusal_of
from infra.local.resource_type import Refused

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
        except Failed as error:
            return refusal_of(self, Refused("ValidationError", str(error)))
        except Exception as error:
            log.exception("%s failed", self._get_action())
            reason = f"{self._get_action()} failed in the embedded AWS: {type(error).__name__}: {error}"
            return refusal_of(self, Refused("InternalFailure", reason))


def extend() -> None:
    """Answer CloudFormation's API from here; before the first request."""
    urls.url_paths["{0}/$"] = CloudFormation.dispatch
