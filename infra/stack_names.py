"""Which stacks are an enclave's: named after it and one word, such as `sandbox-network`."""

from __future__ import annotations

import re


def of_enclave(stack: str, enclave: str) -> bool:
    """Whether a stack is the enclave's; `sandbox-east-network` is of `sandbox-east`, not of `sandbox`."""
    return re.fullmatch(rf"{re.escape(enclave)}-[a-z]+", stack) is not None
