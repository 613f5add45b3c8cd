"""AWS::CloudFormation::Stack: what CloudFormation itself refuses of a template, before any resource is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.cloudformation.refusals import ValidationError
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence, Sized

TYPE = "AWS::CloudFormation::Stack"
GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide"
QUOTAS = f"{GUIDE}/cloudformation-limits.html, read 2026-11-24"
DECLARATIONS = {"Resources": 500, "Outputs": 200, "Parameters": 200, "Mappings": 200}
BODY_BYTES = 51_200
"""Of a template in the request itself."""
URL_BYTES = 1_000_000
"""Of a template in a bucket."""
TAGS = 50


def invalid(_: str, message: str) -> ValidationError:
    """CloudFormation's answer to nearly everything."""
    return ValidationError(message)


@rule(TYPE, error="ValidationError", source=QUOTAS, raises=invalid)
def template_size(text: str, limit_bytes: int) -> str | None:
    """A template has at most 51,200 bytes in a request, and 1 MB in a bucket."""
    size = len(text.encode())
    if size <= limit_bytes:
        return None
    return (
        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: "
        f"Member must have length less than or equal to {limit_bytes}, got {size}"
    )


@rule(TYPE, error="ValidationError", source=QUOTAS, raises=invalid)
def declarations(section: str, declared: Sized) -> str | None:
    """A template declares at most 500 resources, and 200 outputs, parameters and mappings each."""
    count, limit = len(declared), DECLARATIONS.get(section)
    if limit is None or count <= limit:
        return None
    return f"Template format error: Number of {section.lower()}, {count}, is greater than maximum allowed, {limit}"


@rule(
    TYPE,
    error="ValidationError",
    source="the region's resource schemas, cfn-lint 1.58.0; https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/"
    "using-services.html, read 2026-11-24",
    raises=invalid,
)
def types(foreign: Sequence[str], region: str) -> str | None:
    """The region has every type of the template."""
    return (
        f"Template format error: Unrecognized resource types: [{', '.join(foreign)}] in {region}" if foreign else None
    )


@rule(
    TYPE,
    error="ValidationError",
    source="botocore 1.44.5, CreateStack: at most 50 tags, read 2026-11-24; cdk-preflight 1.9.1",
    raises=invalid,
)
def tags(given: Sized) -> str | None:
    """A stack has at most 50 tags."""
    return f"Tags must not exceed {TAGS}, got {len(given)}" if len(given) > TAGS else None


@rule(
    TYPE,
    error="NAME_CONFLICT_VALIDATION",
    source=f"{GUIDE}/validate-stack-deployments.html, read 2026-11-24; in GovCloud unverified",
)
def fixed_name(type_name: str, name: str, look: Callable[[], Any]) -> str | None:
    """What a template names itself is not there already, from whoever made it."""
    return f"Resource of type '{type_name}' with identifier '{name}' already exists." if look() else None
