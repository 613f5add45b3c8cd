"""AWS::SageMaker::EndpointConfig."""

from __future__ import annotations

from typing import Any

from infra import catalog
from infra.local.rule import rule

TYPE = "AWS::SageMaker::EndpointConfig"
API = "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html, read 2026-11-24"


@rule(TYPE, error="ValidationException", source=f"the text is inferred; {API}")
def volume_key(wanted: dict[str, Any], variant: dict[str, Any]) -> str | None:
    """No volume key is named for an instance type with storage of its own, whose hardware encrypts it."""
    kind = variant.get("InstanceType", "")
    if "KmsKeyId" not in wanted or not catalog.local_storage().has(kind):
        return None
    return f"KmsKeyId is not supported for {kind}, which encrypts its local storage itself."


@rule(
    TYPE,
    error="ValidationException",
    source="hashicorp/terraform-provider-aws#48738 (that the API refuses it; the text is inferred); " + API,
)
def isolation(wanted: dict[str, Any], variant: dict[str, Any]) -> str | None:
    """Network isolation, network and role are named by the model, where a variant names one."""
    if "ModelName" not in variant:
        return None
    # They are for inference components; a model brings its own.
    for setting in ("EnableNetworkIsolation", "VpcConfig", "ExecutionRoleArn"):
        if wanted.get(setting):
            return f"{setting} cannot be given where variant {variant['VariantName']} names a model."
    return None
