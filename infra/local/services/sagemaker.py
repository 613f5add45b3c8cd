"""SageMaker hosting: models, endpoint configurations and endpoints as they were put, and what AWS refuses of them.

moto loses a model's isolation and most of an endpoint configuration. Nothing is served: images are not pulled
and artefacts not read, so whether they exist is not asked. Sources: botocore 1.44.5's service model; the
SageMaker API reference and developer guide, read 2026-11-24; error texts from hashicorp/terraform-provider-aws
#40048 and awslabs/spot-tagging-bot-for-digital-assets #2.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra import catalog
from infra.local.operations import Call, check, serve
from infra.local.permissions import role_trusts, service_context
from infra.local.resource_type import Refused
from infra.local.services.applicationautoscaling import variant_key, variant_targets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Kept = dict[str, Any]

# Kinds of things: the word in ARNs, and in messages.
_KINDS = {"Model": ("model", "model"), "EndpointConfig": ("endpoint-config", "endpoint configuration")}
_KINDS["Endpoint"] = ("endpoint", "endpoint")
_ECR = re.compile(r"(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com/.+")


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
    _refuse_role(call, wanted.get("ExecutionRoleArn"), _arn(call, "Model", wanted["ModelName"]))
    if ("PrimaryContainer" in wanted) == bool(wanted.get("Containers")):
        raise _invalid("You must provide either a PrimaryContainer or Containers.")
    for container in wanted.get("Containers") or [wanted["PrimaryContainer"]]:
        _refuse_container(call, container, in_vpc="VpcConfig" in wanted)
    if "VpcConfig" in wanted:
        _refuse_vpc(call, wanted["VpcConfig"])
    isolated = wanted.get("EnableNetworkIsolation", False)
    return _keep(call, "Model", wanted["ModelName"], EnableNetworkIsolation=isolated)


def _refuse_role(call: Call, role: str | None, what: str) -> None:
    # SageMaker says for which resource of which account it takes on a role (developer guide, "Confused deputy").
    if role and not role_trusts(role, "sagemaker.amazonaws.com", service_context(call.account, what)):
        raise _invalid(
            f"Could not assume role {role}. Please ensure that the role exists and allows principal "
            "'sagemaker.amazonaws.com' to assume the role."
        )


def _refuse_container(call: Call, container: Mapping[str, Any], *, in_vpc: bool) -> None:
    if "Image" not in container and "ModelPackageName" not in container:
        raise _invalid("A container must name an Image or a ModelPackageName.")
    if "ModelDataUrl" in container and "ModelDataSource" in container:
        raise _invalid("Specify only one of ModelDataUrl and ModelDataSource.")
    source = container.get("ModelDataSource", {}).get("S3DataSource", {})
    if source.get("S3DataType") == "S3Prefix" and not source["S3Uri"].endswith("/"):
        raise _invalid(f"S3Uri {source['S3Uri']} must end with a slash where S3DataType is S3Prefix.")
    image = container.get("Image", "")
    in_ecr = _ECR.fullmatch(image)
    if in_ecr and in_ecr[2] != call.region:
        raise _invalid(f"Requested image {image} must be in an ECR repository of {call.region}.")
    access = container.get("ImageConfig", {}).get("RepositoryAccessMode", "Platform")
    if access == "Vpc" and (in_ecr or not in_vpc):
        raise _invalid("RepositoryAccessMode Vpc is for a registry other than ECR, reached by the model's VpcConfig.")


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
    _refuse_role(call, wanted.get("ExecutionRoleArn"), what)
    return _keep(call, "EndpointConfig", wanted["EndpointConfigName"])


def _refuse_variant(call: Call, variant: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    name = variant["VariantName"]
    if "ModelName" in variant:
        _found(call, "Model", variant["ModelName"])
        # Both are for inference components; a model brings its own isolation and network.
        for setting in ("EnableNetworkIsolation", "VpcConfig", "ExecutionRoleArn"):
            if wanted.get(setting):
                raise _invalid(f"{setting} cannot be given where variant {name} names a model.")
    kind = variant.get("InstanceType", "")
    if ("ServerlessConfig" in variant) == bool(kind):
        raise _invalid(f"Variant {name} must have either an InstanceType or a ServerlessConfig.")
    if "KmsKeyId" in wanted and catalog.local_storage().has(kind):
        raise _invalid(f"KmsKeyId is not supported for {kind}, which encrypts its local storage itself.")


# --- endpoints --------------------------------------------------------------------------------------------------


def _create_endpoint(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    config = _found(call, "EndpointConfig", wanted["EndpointConfigName"])
    return _keep(call, "Endpoint", wanted["EndpointName"], **_deployed(config, wanted))


def _deployed(config: Kept, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What stands after a deployment, which takes no time here."""
    variants = [_running(variant) for variant in config["ProductionVariants"]]
    told = {
        "EndpointConfigName": config["EndpointConfigName"],
        "ProductionVariants": variants,
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
    types = {variant["VariantName"]: variant.get("InstanceType") for variant in before["ProductionVariants"]}
    for variant in after["ProductionVariants"]:
        name = variant["VariantName"]
        scaled = variant_key(endpoint["EndpointName"], name) in variant_targets(call.account, call.region)
        if scaled and variant.get("InstanceType") != types.get(name):
            raise _invalid(f"The instance type of variant {name} cannot change while it is a scalable target.")
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
