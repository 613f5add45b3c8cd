"""INF-05: a hosted model has no network of its own, is what the settings name, and lets nobody in or content out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra import catalog
from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.posture.aws.s3 import bucket_at
from infra.unknown import Maybe, Unknown, all_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infra.posture.aws.sagemaker import Container, DataCapture, EndpointConfig, Model, Variant
    from infra.posture.model import Posture
    from infra.posture.values import Resource
    from infra.settings import Enclave, Hosting


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
        yield falls_short("hosting", f"no endpoint serves {hosting.name}", remedy="deploy Hosting, or undeclare it")
    for model in posture.models:
        yield from _judged(model, _model(model, posture, hosting))
    for config in posture.endpoint_configs:
        yield from _judged(config, _config(config, posture))
    configs = {config.id for config in posture.endpoint_configs}
    for endpoint in posture.endpoints:
        found = _among(endpoint.config_name, configs)
        yield from _judged(endpoint, [("its configuration is one of the enclave's", found, endpoint.config_name)])


def _judged(subject: Resource, claims: Iterable[tuple[str, Maybe[bool], object]]) -> Iterator[Finding]:
    fine = True
    for claim, truth, value in claims:
        if isinstance(truth, Unknown):
            yield unknown(subject, f"{claim}: {truth}")
        elif not truth:
            yield falls_short(subject, f"not so: {claim}", witness=value, remedy=f"make it so: {claim}")
        fine = fine and truth is True
    if fine:
        yield holds(subject, "isolated, pinned and encrypted")


def _model(model: Model, posture: Posture, hosting: Hosting) -> Iterator[tuple[str, Maybe[bool], object]]:
    subnets = {subnet.id for subnet in posture.subnets}
    groups = {group.id for group in posture.security_groups if not group.default}
    in_subnets = all_of(_among(each, subnets) for each in model.subnet_ids)
    in_groups = all_of(_among(each, groups) for each in model.security_group_ids)
    yield "it runs in network isolation", model.network_isolation, model.network_isolation
    yield "it stands in subnets of the enclave", model.subnet_ids != () and in_subnets, model.subnet_ids
    yield "it has security groups of its own", model.security_group_ids != () and in_groups, model.security_group_ids
    yield "it has one container", len(model.containers) == 1, len(model.containers)
    for container in model.containers:
        yield from _container(container, hosting)


def _container(container: Container, hosting: Hosting) -> Iterator[tuple[str, Maybe[bool], object]]:
    digest = hosting.artifact.removeprefix("sha256:")
    yield "its image is the declared one, by digest", _is(container.image, hosting.image), container.image
    yield "its image comes from ECR", _is(container.repository_access, "Platform"), container.repository_access
    yield "it serves one model", _is(container.mode, "SingleModel"), container.mode
    yield "it comes from no model package", _is(container.model_package, ""), container.model_package
    weights = container.artifact
    addressed = weights if isinstance(weights, Unknown) else digest in weights.split("/")
    yield "its weights lie under the declared digest", addressed, weights


def _config(config: EndpointConfig, posture: Posture) -> Iterator[tuple[str, Maybe[bool], object]]:
    models = {model.id for model in posture.models}
    yield "it serves something", bool(config.variants), "no variant"
    for variant in config.variants:
        yield from _variant(variant, config, models)
    yield from _capture(config.data_capture, posture)
    if config.async_output != "":
        yield "asynchronous answers are encrypted with a key", _given(config.async_key), config.async_output


def _variant(variant: Variant, config: EndpointConfig, models: set[str]) -> Iterator[tuple[str, Maybe[bool], object]]:
    yield "its model is one of the enclave's", _among(variant.model_name, models), variant.model_name
    shell = variant.ssm_access
    yield "nobody gets a shell", shell if isinstance(shell, Unknown) else not shell, "EnableSSMAccess: true"
    yield "no core dump leaves the container", _is(variant.core_dump_uri, ""), variant.core_dump_uri
    kind = variant.instance_type
    # AWS refuses a key for instances whose storage is local: they encrypt it themselves.
    local = kind if isinstance(kind, Unknown) else catalog.local_storage().has(kind)
    key = _given(config.kms_key_id)
    yield "its volumes are encrypted with a key", key if not local or isinstance(local, Unknown) else True, kind


def _capture(capture: DataCapture | None, posture: Posture) -> Iterator[tuple[str, Maybe[bool], object]]:
    yield "calls are captured", capture.enabled if capture else False, "no data capture"
    if capture:
        where = capture.destination
        bucket = where if isinstance(where, Unknown) else bucket_at(where, posture.buckets)
        yield "captures are encrypted with a key", _given(capture.kms_key_id), capture.kms_key_id
        locked = bucket if isinstance(bucket, Unknown) else bucket.object_lock if bucket else False
        yield "captures go to a locked bucket", locked, where


def _is(value: Maybe[str], wanted: str) -> Maybe[bool]:
    return value if isinstance(value, Unknown) else value == wanted


def _given(value: Maybe[str]) -> Maybe[bool]:
    return value if isinstance(value, Unknown) else value != ""


def _among(value: Maybe[str], known: set[str]) -> Maybe[bool]:
    return value if isinstance(value, Unknown) else value in known
