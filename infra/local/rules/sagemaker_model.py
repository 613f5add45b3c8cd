"""AWS::SageMaker::Model."""

from __future__ import annotations

from typing import Any

from infra.local.model_data import ECR, in_registry, readable, stored
from infra.local.permissions import role_trusts, service_context
from infra.local.rule import rule

TYPE = "AWS::SageMaker::Model"
API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference"


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


@rule(
    TYPE, error="ValidationException", source=f"{API}/API_S3ModelDataSource.html; the text is inferred; read 2026-11-24"
)
def prefix(container: dict[str, Any]) -> str | None:
    """A prefix of model data ends in a slash."""
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    if source.get("S3DataType") != "S3Prefix" or source["S3Uri"].endswith("/"):
        return None
    return f"S3Uri {source['S3Uri']} must end with a slash where S3DataType is S3Prefix."


@rule(
    TYPE,
    error="ValidationException",
    source="aws-samples/easy-amazon-sagemaker-deployments#4 (error, text, and that CreateModel gives it); "
    "read 2026-11-24",
)
def image(image: str) -> str | None:
    """An image in ECR is there, by its digest or its tag."""
    if not ECR.fullmatch(image) or in_registry(image):
        return None
    return f"Requested image {image} not found."


@rule(
    TYPE,
    error="ValidationException",
    source="aws-ia/ecs-blueprints#223 (error and text, as CloudFormation tells them), "
    "aws/amazon-sagemaker-examples#4479; read 2026-11-24",
)
def artifact(uri: str) -> str | None:
    """Model data is stored where the model says."""
    return None if stored(uri) else f"Could not find model data at {uri}."


@rule(
    TYPE,
    error="ValidationException",
    source="philschmid/llm-sagemaker-sample#2 (error and text); "
    "https://repost.aws/knowledge-center/sagemaker-s3-accessdenied-training (the rights, the object's key among them; "
    "that the key is tried at this moment is inferred); read 2026-11-24",
)
def artifact_access(region: str, role: str | None, uri: str) -> str | None:
    """The role may read the model data, which lies in the model's own region."""
    if not role or readable(role, region, uri):
        return None
    return (
        f'Could not access model data at {uri}. Please ensure that the role "{role}" exists and that its trust '
        'relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". '
        f'Also ensure that the role has "s3:GetObject" permissions and that the object is located in {region}. If your '
        'Model uses multiple models or uncompressed models, please ensure that the role has "s3:ListBucket" '
        "permission."
    )
