"""AWS::SSM::Parameter."""

from __future__ import annotations

from moto.core.exceptions import JsonRESTError

from infra.local.rule import rule

SIZES = {"Standard": 4096, "Advanced": 8192, "Intelligent-Tiering": 8192}
"""Characters of a value, by the parameter's tier."""


@rule(
    "AWS::SSM::Parameter",
    error="ValidationException",
    source="https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html; cdk-preflight "
    "1.9.1, reproduced on AWS by its authors (the texts); read 2026-11-24",
    raises=JsonRESTError,
)
def value(text: str, tier: str) -> str | None:
    """A value has at most 4,096 characters, 8,192 in the advanced tier, and names no other parameter in braces."""
    if "{{" in text and "}}" in text:
        return 'Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.'
    if len(text) <= SIZES.get(tier, SIZES["Standard"]):
        return None
    if tier in ("Advanced", "Intelligent-Tiering"):
        return f"Advanced-tier parameters support a maximum parameter value of {SIZES[tier]} characters."
    return f"Standard tier parameters support a maximum parameter value of {SIZES['Standard']} characters."
