"""INF-05: a hosted model has no network of its own, is what the settings name, and lets nobody in or content out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra import catalog
from infra.controls.claims import Claim, judged
from infra.controls.finding import Finding, falls_short, holds
from infra.controls.framework import control
from infra.posture.aws.s3 import bucket_at
from infra.unknown import Maybe, Unknown, all_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.sagemaker import Container, DataCapture, EndpointConfig, Model, Variant
    from infra.posture.model import Posture
    from infra.posture.values import Resource
    from infra.settings import Enclave, Hosting

TO_DEPLOY = "deploy the Hosting stack, or take hosting out of the enclave's settings"
HELD = "isolated, pinned and encrypted"


@control(
    "INF-05",
    title="SageMaker: isolated, in the VPC, encrypted, image and weights pinned, no shell, captures encrypted",
    serves=["SC-39"],
    source="SageMaker guide, 'Run containers in internet-free mode', 'Capture data'; CreateModel, read 2026-11-24",
)
def hosted_models_are_isolated(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every SageMaker model, endpoint configuration and endpoint, and that what is declared is there."""
    hosting = settings.hosting
    served: tuple[Resource, ...] = (*posture.models, *posture.endpoint_configs, *posture.endpoints)
    if hosting is None:
        remedy = "declare it under hosting in the enclave's settings, or remove it"
        yield from (falls_short(each, "the settings declare no hosting", remedy=remedy) for each in served)
        if not served:
            yield holds("hosting", "none declared, none there")
        return
    if not posture.endpoints:
        yield falls_short("hosting", f"no endpoint serves {hosting.name}", remedy=TO_DEPLOY)
    for model in posture.models:
        yield from judged(model, _model(model, posture, hosting), held=HELD)
    for config in posture.endpoint_configs:
        yield from judged(config, _config(config, posture), held=HELD)
    configs = {config.id for config in posture.endpoint_configs}
    for endpoint in posture.endpoints:
        found = _among(endpoint.config_name, configs)
        remedy = "set EndpointConfigName to a configuration of the enclave"
        claim = Claim("its configuration is one of the enclave's", found, remedy, endpoint.config_name)
        yield from judged(endpoint, [claim], held=HELD)


def _model(model: Model, posture: Posture, hosting: Hosting) -> Iterator[Claim]:
    subnets = {subnet.id for subnet in posture.subnets}
    groups = {group.id for group in posture.security_groups if not group.default}
    in_subnets = all_of(_among(each, subnets) for each in model.subnet_ids)
    in_groups = all_of(_among(each, groups) for each in model.security_group_ids)
    isolated = model.network_isolation
    yield Claim("it runs in network isolation", isolated, "set EnableNetworkIsolation to true", isolated)
    yield Claim(
        "it stands in subnets of the enclave",
        model.subnet_ids != () and in_subnets,
        "set VpcConfig.Subnets to subnets of the enclave alone",
        model.subnet_ids,
    )
    yield Claim(
        "it has security groups of its own",
        model.security_group_ids != () and in_groups,
        "set VpcConfig.SecurityGroupIds to groups of the enclave, the default one apart",
        model.security_group_ids,
    )
    count = len(model.containers)
    one = "name one container, in PrimaryContainer or as the only one of Containers, and no inference pipeline"
    yield Claim("it has one container", count == 1, one, count)
    for container in model.containers:
        yield from _container(container, hosting)


def _container(container: Container, hosting: Hosting) -> Iterator[Claim]:
    digest = hosting.artifact.removeprefix("sha256:")
    image, access, weights = container.image, container.repository_access, container.artifact
    yield Claim(
        "its image is the declared one, by digest",
        _is(image, hosting.image),
        f"set Image to hosting.image of the settings, {hosting.image}",
        image,
    )
    yield Claim(
        "its image comes from ECR",
        _is(access, "Platform"),
        "take ImageConfig away, or set RepositoryAccessMode to Platform",
        access,
    )
    yield Claim(
        "it serves one model",
        _is(container.mode, "SingleModel"),
        "set Mode to SingleModel, or take it away",
        container.mode,
    )
    yield Claim(
        "it comes from no model package",
        _is(container.model_package, ""),
        "take ModelPackageName away, and name Image and ModelDataSource",
        container.model_package,
    )
    yield Claim(
        "its weights lie under the declared digest",
        weights if isinstance(weights, Unknown) else digest in weights.split("/"),
        f"set the model's S3Uri to where `sallyport models import` stored them, under sha256/{digest}",
        weights,
    )


def _config(config: EndpointConfig, posture: Posture) -> Iterator[Claim]:
    models = {model.id for model in posture.models}
    yield Claim("it serves something", bool(config.variants), "give it a production variant", "no variant")
    for variant in config.variants:
        yield from _variant(variant, config, models)
    yield from _capture(config.data_capture, posture)
    if config.async_output != "":
        remedy = "set AsyncInferenceConfig.OutputConfig.KmsKeyId to a key of the enclave"
        encrypted = _given(config.async_key)
        yield Claim("asynchronous answers are encrypted with a key", encrypted, remedy, config.async_output)


def _variant(variant: Variant, config: EndpointConfig, models: set[str]) -> Iterator[Claim]:
    name, shell, dump, kind = variant.model_name, variant.ssm_access, variant.core_dump_uri, variant.instance_type
    yield Claim(
        "its model is one of the enclave's", _among(name, models), "set ModelName to a model of the enclave", name
    )
    yield Claim(
        "nobody gets a shell",
        shell if isinstance(shell, Unknown) else not shell,
        "set EnableSSMAccess to false, or take it away",
        "EnableSSMAccess: true",
    )
    yield Claim("no core dump leaves the container", _is(dump, ""), "take CoreDumpConfig out of the variant", dump)
    # AWS refuses a key for instances whose storage is local: they encrypt it themselves.
    local = kind if isinstance(kind, Unknown) else catalog.local_storage().has(kind)
    key = _given(config.kms_key_id)
    yield Claim(
        "its volumes are encrypted with a key",
        key if not local or isinstance(local, Unknown) else True,
        "set KmsKeyId to a key of the enclave",
        kind,
    )


def _capture(capture: DataCapture | None, posture: Posture) -> Iterator[Claim]:
    enabled = capture.enabled if capture else False
    turn_on = "set DataCaptureConfig with EnableCapture true, of input and output, at 100 %"
    yield Claim("calls are captured", enabled, turn_on, "no data capture")
    if capture:
        where, key = capture.destination, capture.kms_key_id
        bucket = where if isinstance(where, Unknown) else bucket_at(where, posture.buckets)
        remedy = "set DataCaptureConfig.KmsKeyId to a key of the enclave"
        yield Claim("captures are encrypted with a key", _given(key), remedy, key)
        locked = bucket if isinstance(bucket, Unknown) else bucket.object_lock if bucket else False
        remedy = "set DataCaptureConfig.DestinationS3Uri to a bucket of the enclave with Object Lock"
        yield Claim("captures go to a locked bucket", locked, remedy, where)


def _is(value: Maybe[str], wanted: str) -> Maybe[bool]:
    return value if isinstance(value, Unknown) else value == wanted


def _given(value: Maybe[str]) -> Maybe[bool]:
    return value if isinstance(value, Unknown) else value != ""


def _among(value: Maybe[str], known: set[str]) -> Maybe[bool]:
    return value if isinstance(value, Unknown) else value in known
