"""Systems Manager's parameters, where moto lacks or gets wrong what an enclave relies on."""

from __future__ import annotations

import re
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.ssm.models import SimpleSystemManagerBackend

from infra.local.mend import wrap
from infra.local.rules import ssm_parameter


def extend() -> None:
    """Mend moto's parameters."""
    wrap(SimpleSystemManagerBackend, put_parameter=_put_parameter)


def _put_parameter(backend: Any, motos: Any, *arguments: Any, **named: Any) -> Any:
    """A value is what its pattern allows; the arguments are name, description, value, type, pattern and the rest."""
    _, _, value, _, pattern, *_ = arguments
    ssm_parameter.value(value, named.get("tier") or "Standard")
    if pattern:
        try:
            matches = re.search(pattern, value)
        except re.error:
            raise JsonRESTError(
                "InvalidAllowedPatternException", f"The regular expression pattern is not valid: {pattern}"
            ) from None
        if not matches:
            raise JsonRESTError(
                "ParameterPatternMismatchException",
                f"Parameter value, cannot be validated against allowedPattern: {pattern}",
            )
    return motos(backend, *arguments, **named)
