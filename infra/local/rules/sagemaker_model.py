"""AWS::SageMaker::Model."""

from __future__ import annotations

import re
from typing import Any

from infra.local.permissions import role_trusts, service_context
from infra.local.rule import rule

TYPE = "AWS::SageMaker::Model"
API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"
ECR = re.compile(r"(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com/(.+)")


@rule(
    TYPE,
    error="ValidationException",
    source="https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html; "
    "hashicorp/terraform-provider-aws#40048; read 2026-11-24",
)
def trust(account: str, role: str | None, arn: str) -> str | None:
    """The role is there and trusts SageMaker, for this model of this account."""
    if not role or role_trusts(role, "sagemaker.amazonaws.com", service_context(account, arn)):
        return None
    return (
        f"Could not assume role {role}. Please ensure that the role exists and allows principal "
        "'sagemaker.amazonaws.com' to assume the role."
    )


@rule(TYPE, error="ValidationException", source="ed-donner/alex#30 (the text), read 2026-11-24")
def image_region(region: str, image: str) -> str | None:
    """An image in ECR lies in the model's own region."""
    found = ECR.fullmatch(image)
    if found is None or found[2] == region:
        return None
    return (
        f'Region of "{image}" does not match expected region of {region}. Cross region ECR image pulls are not allowed.'
    )


@rule(
    TYPE,
    error="ValidationException",
    source=f"{API}/API_ImageConfig.html; aws/sagemaker-python-sdk#4700 (the text); read 2026-11-24",
)
def repository_access(container: dict[str, Any], *, in_vpc: bool) -> str | None:
    """Platform is the access to an image in ECR, Vpc that to one in a registry the model's network reaches."""
    image = container.get("Image", "")
    access = container.get("ImageConfig", {}).get("RepositoryAccessMode", "Platform")
    in_ecr = ECR.fullmatch(image) is not None
    if access == "Platform" and image and not in_ecr:
        return f'Using non-ECR image "{image}" without Vpc repository access mode is not supported.'
    if access == "Vpc" and (in_ecr or not in_vpc):
        return "RepositoryAccessMode Vpc is for a registry other than ECR, reached by the model's VpcConfig."
    return None


@rule(TYPE, error="ValidationException", source=f"{API}/API_S3ModelDataSource.html, read 2026-11-24")
def prefix(container: dict[str, Any]) -> str | None:
    """A prefix of model data ends in a slash."""
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    if source.get("S3DataType") != "S3Prefix" or source["S3Uri"].endswith("/"):
        return None
    return f"S3Uri {source['S3Uri']} must end with a slash where S3DataType is S3Prefix."
