"""SageMaker's runtime: an endpoint here serves no model, and says so instead of making an answer up."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from infra.local.operations import serve
from infra.local.resource_type import Unsupported

if TYPE_CHECKING:
    from infra.local.operations import Call


def extend() -> None:
    """Refuse what moto answers with placeholders."""
    from moto.sagemakerruntime.responses import SageMakerRuntimeResponse

    serve(SageMakerRuntimeResponse, {"InvokeEndpoint": _invoke, "InvokeEndpointAsync": _invoke})


def _invoke(_call: Call) -> NoReturn:
    raise Unsupported("inference by a SageMaker endpoint")
