"""SageMaker: models, endpoint configurations, endpoints, and how far they scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.live.found import Found, reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names

MODEL = ("Containers", "EnableNetworkIsolation", "ExecutionRoleArn", "PrimaryContainer", "VpcConfig")
CONFIG = ("AsyncInferenceConfig", "DataCaptureConfig", "KmsKeyId", "ProductionVariants", "ShadowProductionVariants")


@reader
def hosting(account: Account, names: Names) -> Iterator[Found]:
    """Everything that SageMaker serves or could; of what no stack made, what names something of the enclave stays."""
    for listed in account.all("sagemaker", "list_models", "Models"):
        model = account.call("sagemaker", "describe_model", ModelName=listed["ModelName"])
        yield Found("AWS::SageMaker::Model", listed["ModelName"], _given(model, MODEL))
    for listed in account.all("sagemaker", "list_endpoint_configs", "EndpointConfigs"):
        name = listed["EndpointConfigName"]
        config = account.call("sagemaker", "describe_endpoint_config", EndpointConfigName=name)
        yield Found("AWS::SageMaker::EndpointConfig", name, _given(config, CONFIG))
    for listed in account.all("sagemaker", "list_endpoints", "Endpoints"):
        endpoint = account.call("sagemaker", "describe_endpoint", EndpointName=listed["EndpointName"])
        given = {"EndpointConfigName": endpoint["EndpointConfigName"]}
        yield Found("AWS::SageMaker::Endpoint", listed["EndpointName"], given)


@reader
def scaling(account: Account, names: Names) -> Iterator[Found]:
    """Scalable targets of SageMaker."""
    targets = account.all(
        "application-autoscaling", "describe_scalable_targets", "ScalableTargets", ServiceNamespace="sagemaker"
    )
    for target in targets:
        target_id = f"{target['ResourceId']}|{target['ScalableDimension']}|sagemaker"
        kept = ("MaxCapacity", "MinCapacity", "ResourceId", "ScalableDimension")
        yield Found("AWS::ApplicationAutoScaling::ScalableTarget", target_id, {name: target[name] for name in kept})


def _given(answer: dict[str, Any], kept: tuple[str, ...]) -> dict[str, Any]:
    return {name: answer[name] for name in kept if answer.get(name) is not None}
