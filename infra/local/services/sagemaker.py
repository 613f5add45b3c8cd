"""SageMaker hosting: models, endpoint configurations and endpoints as they were put, and what AWS refuses of them.

moto loses a model's isolation and most of an endpoint configuration. Nothing is served: images and artefacts are looked
for, and never pulled or read. Sources: botocore 1.44.5's service model; the
SageMaker API reference and developer guide, read 2026-11-24; error texts from hashicorp/terraform-provider-aws
#40048 and awslabs/spot-tagging-bot-for-digital-assets #2.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local.operations import Call, check, serve
from infra.local.resource_type import Refused
from infra.local.rules import sagemaker_endpoint, sagemaker_endpoint_config, sagemaker_model
from infra.local.services.applicationautoscaling import variant_key, variant_targets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Kept = dict[str, Any]

# Kinds of things: the word in ARNs, and in messages.
_KINDS = {"Model": ("model", "model"), "EndpointConfig": ("endpoint-config", "endpoint configuration")}
_KINDS["Endpoint"] = ("endpoint", "endpoint")


def extend() -> None:
    """Serve these operations from moto's SageMaker."""
    from moto.sagemaker.responses import SageMakerResponse

    serve(SageMakerResponse, OPERATIONS)
    check(SageMakerResponse)


def _invalid(message: str) -> Refused:
    return Refused("ValidationException", message)


def _arn(call: Call, kind: str, name: str) -> str:
    return call.arn("sagemaker", f"{_KINDS[kind][0]}/{name.lower()}")


def _found(call: Call, kind: str, name: str) -> Kept:
    """The thing of this name; names differ in more than case."""
    arn = _arn(call, kind, name)
    found: Kept | None = call.kept(kind).get(arn)
    if found is None:
        raise _invalid(f'Could not find {_KINDS[kind][1]} "{arn}".')
    return found


def _keep(call: Call, kind: str, name: str, **more: Any) -> Mapping[str, Any]:
    arn = _arn(call, kind, name)
    if arn in call.kept(kind):
        raise _invalid(f'Cannot create already existing {_KINDS[kind][1]} "{arn}".')
    put = {key: value for key, value in call.parameters.items() if key not in ("Tags", "DeploymentConfig")}
    tags = {tag["Key"]: tag["Value"] for tag in call.parameters.get("Tags", [])}
    call.kept(kind)[arn] = {**put, **more, f"{kind}Arn": arn, "CreationTime": datetime.now(UTC)}
    call.kept("tags")[arn] = tags
    return {f"{kind}Arn": arn}


def _describe(kind: str) -> Callable[[Call], Mapping[str, Any]]:
    return lambda call: _found(call, kind, call.parameters[f"{kind}Name"])


def _delete(kind: str) -> Callable[[Call], None]:
    # AWS lets a model or a configuration go though it is in use; what uses it finds out when it is changed.
    def delete(call: Call) -> None:
        arn = _found(call, kind, call.parameters[f"{kind}Name"])[f"{kind}Arn"]
        del call.kept(kind)[arn]
        call.kept("tags").pop(arn, None)

    return delete


def _list(kind: str, *more: str) -> Callable[[Call], Mapping[str, Any]]:
    told = (f"{kind}Name", f"{kind}Arn", "CreationTime", *more)

    def listing(call: Call) -> Mapping[str, Any]:
        contains = call.parameters.get("NameContains", "").lower()
        entries = [entry for entry in call.kept(kind).values() if contains in entry[f"{kind}Name"].lower()]
        summaries = [{key: entry[key] for key in told if key in entry} for entry in entries]
        return call.page(f"{kind}s", summaries, token="NextToken", size="MaxResults")

    return listing


# --- models -----------------------------------------------------------------------------------------------------


def _create_model(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    # SageMaker says for which resource of which account it takes on a role (developer guide, "Confused deputy").
    sagemaker_model.trust(call.account, wanted.get("ExecutionRoleArn"), _arn(call, "Model", wanted["ModelName"]))
    if ("PrimaryContainer" in wanted) == bool(wanted.get("Containers")):
        raise _invalid("You must provide either a PrimaryContainer or Containers.")
    for container in wanted.get("Containers") or [wanted["PrimaryContainer"]]:
        _refuse_container(call, container, in_vpc="VpcConfig" in wanted)
    if "VpcConfig" in wanted:
        _refuse_vpc(call, wanted["VpcConfig"])
    isolated = wanted.get("EnableNetworkIsolation", False)
    return _keep(call, "Model", wanted["ModelName"], EnableNetworkIsolation=isolated)


def _refuse_container(call: Call, container: dict[str, Any], *, in_vpc: bool) -> None:
    if "Image" not in container and "ModelPackageName" not in container:
        raise _invalid("A container must name an Image or a ModelPackageName.")
    if "ModelDataUrl" in container and "ModelDataSource" in container:
        raise _invalid("Specify only one of ModelDataUrl and ModelDataSource.")
    sagemaker_model.prefix(container)
    sagemaker_model.image_region(call.region, container.get("Image", ""))
    sagemaker_model.repository_access(container, in_vpc=in_vpc)
    sagemaker_model.image(container.get("Image", ""))
    source = container.get("ModelDataSource", {}).get("S3DataSource", {}).get("S3Uri")
    uri = source or container.get("ModelDataUrl")
    if uri and container.get("Mode") != "MultiModel":  # whose prefix may well be empty yet
        sagemaker_model.artifact_access(call.region, call.parameters.get("ExecutionRoleArn"), uri)
        sagemaker_model.artifact(uri)


def _refuse_vpc(call: Call, wanted: Mapping[str, Any]) -> None:
    from moto.ec2.models import ec2_backends

    backend = ec2_backends[call.account][call.region]
    known = {subnet for zone in backend.subnets.values() for subnet in zone}
    for subnet in wanted["Subnets"]:
        if subnet not in known:
            raise _invalid(f"The subnet ID '{subnet}' does not exist.")
    for group in wanted["SecurityGroupIds"]:
        if backend.get_security_group_from_id(group) is None:
            raise _invalid(f"The security group '{group}' does not exist.")


# --- endpoint configurations ------------------------------------------------------------------------------------


def _create_config(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    variants = [*wanted["ProductionVariants"], *wanted.get("ShadowProductionVariants", [])]
    if len({variant["VariantName"] for variant in variants}) < len(variants):
        raise _invalid("Variant names must be unique within an endpoint configuration.")
    for variant in variants:
        _refuse_variant(call, variant, wanted)
    what = _arn(call, "EndpointConfig", wanted["EndpointConfigName"])
    sagemaker_model.trust(call.account, wanted.get("ExecutionRoleArn"), what)
    return _keep(call, "EndpointConfig", wanted["EndpointConfigName"])


def _refuse_variant(call: Call, variant: dict[str, Any], wanted: dict[str, Any]) -> None:
    name = variant["VariantName"]
    if "ModelName" in variant:
        _found(call, "Model", variant["ModelName"])
    sagemaker_endpoint_config.isolation(wanted, variant)
    kind = variant.get("InstanceType", "")
    if ("ServerlessConfig" in variant) == bool(kind):
        raise _invalid(f"Variant {name} must have either an InstanceType or a ServerlessConfig.")
    sagemaker_endpoint_config.volume_key(wanted, variant)


# --- endpoints --------------------------------------------------------------------------------------------------


def _create_endpoint(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    config = _found(call, "EndpointConfig", wanted["EndpointConfigName"])
    _refuse_instances(call, config)
    return _keep(call, "Endpoint", wanted["EndpointName"], **{**_deployed(config, wanted), **_failed(call, config)})


def _failed(call: Call, config: Kept) -> dict[str, str]:
    """What an endpoint tells whose instances cannot be brought up, or nothing; the call that makes it is answered."""
    try:
        for variant in config["ProductionVariants"]:
            model = call.kept("Model").get(_arn(call, "Model", variant.get("ModelName", "")), {})
            for container in model.get("Containers") or [model.get("PrimaryContainer", {})]:
                sagemaker_endpoint.pull(model.get("ExecutionRoleArn"), container.get("Image", ""))
    except sagemaker_endpoint.EndpointFailed as failed:
        return {"EndpointStatus": failed.status, "FailureReason": failed.reason}
    return {}


def _refuse_instances(call: Call, config: Kept) -> None:
    """A fleet is started whole before one that it replaces is stopped, so both count."""
    standing: Counter[str] = Counter()
    for endpoint in call.kept("Endpoint").values():
        standing += _instances(endpoint["sallyport_instances"])
    sagemaker_endpoint.quota(call.account, call.region, standing, _instances(config["ProductionVariants"]))


def _instances(variants: list[dict[str, Any]]) -> Counter[str]:
    found: Counter[str] = Counter()
    for variant in variants:
        if "InstanceType" in variant:
            found[variant["InstanceType"]] += variant.get("InitialInstanceCount", 1)
    return found


def _deployed(config: Kept, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What stands after a deployment, which takes no time here."""
    variants = [_running(variant) for variant in config["ProductionVariants"]]
    told = {
        "EndpointConfigName": config["EndpointConfigName"],
        "ProductionVariants": variants,
        # Of our own, and never told: botocore's model has no such member.
        "sallyport_instances": config["ProductionVariants"],
        "EndpointStatus": "InService",
        "LastModifiedTime": datetime.now(UTC),
    }
    if "ShadowProductionVariants" in config:
        told["ShadowProductionVariants"] = [_running(variant) for variant in config["ShadowProductionVariants"]]
    capture = config.get("DataCaptureConfig")
    if capture:
        told["DataCaptureConfig"] = {
            "EnableCapture": capture.get("EnableCapture", True),
            "CaptureStatus": "Started" if capture.get("EnableCapture", True) else "Stopped",
            "CurrentSamplingPercentage": capture["InitialSamplingPercentage"],
            "DestinationS3Uri": capture["DestinationS3Uri"],
            "KmsKeyId": capture.get("KmsKeyId", ""),
        }
    if "DeploymentConfig" in wanted:
        told["LastDeploymentConfig"] = wanted["DeploymentConfig"]
    return told


def _running(variant: Mapping[str, Any]) -> dict[str, Any]:
    weight = variant.get("InitialVariantWeight", 1.0)
    running = {"VariantName": variant["VariantName"], "CurrentWeight": weight, "DesiredWeight": weight}
    if "InitialInstanceCount" in variant:
        count = variant["InitialInstanceCount"]
        running |= {"CurrentInstanceCount": count, "DesiredInstanceCount": count}
    carried = ("ManagedInstanceScaling", "RoutingConfig")
    return {**running, **{key: variant[key] for key in carried if key in variant}}


def _update_endpoint(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    endpoint = _found(call, "Endpoint", wanted["EndpointName"])
    before = _found(call, "EndpointConfig", endpoint["EndpointConfigName"])
    after = _found(call, "EndpointConfig", wanted["EndpointConfigName"])
    _refuse_instances(call, after)
    types = {variant["VariantName"]: variant.get("InstanceType") for variant in before["ProductionVariants"]}
    for variant in after["ProductionVariants"]:
        name = variant["VariantName"]
        scaled = variant_key(endpoint["EndpointName"], name) in variant_targets(call.account, call.region)
        if scaled and variant.get("InstanceType") != types.get(name):
            raise _invalid(f"The instance type of variant {name} cannot change while it is a scalable target.")
    endpoint.pop("FailureReason", None)
    if failed := _failed(call, after):
        endpoint["FailureReason"] = failed["FailureReason"]  # the old fleet serves on
        return {"EndpointArn": endpoint["EndpointArn"]}
    kept_deployment = endpoint.pop("LastDeploymentConfig", None)
    endpoint.update(_deployed(after, wanted))
    if kept_deployment and wanted.get("RetainDeploymentConfig"):
        endpoint["LastDeploymentConfig"] = kept_deployment
    return {"EndpointArn": endpoint["EndpointArn"]}


def _delete_endpoint(call: Call) -> None:
    endpoint = _found(call, "Endpoint", call.parameters["EndpointName"])
    for variant in endpoint["ProductionVariants"]:
        # SageMaker deregisters the variants of an endpoint that goes (developer guide, "Delete an endpoint").
        scaled = variant_targets(call.account, call.region)
        scaled.pop(variant_key(endpoint["EndpointName"], variant["VariantName"]), None)
    _delete("Endpoint")(call)


# --- tags -------------------------------------------------------------------------------------------------------


def _add_tags(call: Call) -> Any:
    tags = call.kept("tags").get(call.parameters["ResourceArn"])
    if tags is None:
        return NotImplemented
    tags.update({tag["Key"]: tag["Value"] for tag in call.parameters["Tags"]})
    return {"Tags": _pairs(tags)}


def _list_tags(call: Call) -> Any:
    tags = call.kept("tags").get(call.parameters["ResourceArn"])
    return NotImplemented if tags is None else {"Tags": _pairs(tags)}


def _delete_tags(call: Call) -> Any:
    tags = call.kept("tags").get(call.parameters["ResourceArn"])
    if tags is None:
        return NotImplemented
    for key in call.parameters["TagKeys"]:
        tags.pop(key, None)
    return None


def _pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


OPERATIONS: dict[str, Callable[[Call], Any]] = {
    "CreateModel": _create_model,
    "DescribeModel": _describe("Model"),
    "DeleteModel": _delete("Model"),
    "ListModels": _list("Model"),
    "CreateEndpointConfig": _create_config,
    "DescribeEndpointConfig": _describe("EndpointConfig"),
    "DeleteEndpointConfig": _delete("EndpointConfig"),
    "ListEndpointConfigs": _list("EndpointConfig"),
    "CreateEndpoint": _create_endpoint,
    "DescribeEndpoint": _describe("Endpoint"),
    "UpdateEndpoint": _update_endpoint,
    "DeleteEndpoint": _delete_endpoint,
    "ListEndpoints": _list("Endpoint", "LastModifiedTime", "EndpointStatus"),
    "AddTags": _add_tags,
    "ListTags": _list_tags,
    "DeleteTags": _delete_tags,
}
