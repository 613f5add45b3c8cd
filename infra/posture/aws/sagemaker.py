"""Models hosted on SageMaker: model, endpoint configuration, endpoint; and the repositories images come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.posture.values import Maybe, Properties, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.policy.document import Document
    from infra.posture.resources import Resources


@dataclass(frozen=True, slots=True)
class Container:
    """One container of a model."""

    image: Maybe[str]
    repository_access: Maybe[str]
    artifact: Maybe[str]
    """S3 URI of the weights; empty if it names none."""
    artifact_type: Maybe[str]
    mode: Maybe[str]
    model_package: Maybe[str]
    environment: tuple[tuple[str, Maybe[str]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Resource):
    """One SageMaker model; its id is its name."""

    arn: str
    execution_role_arn: Maybe[str]
    network_isolation: Maybe[bool]
    subnet_ids: tuple[Maybe[str], ...]
    security_group_ids: tuple[Maybe[str], ...]
    containers: tuple[Container, ...]


@dataclass(frozen=True, slots=True)
class Variant:
    """One production or shadow variant of an endpoint configuration."""

    name: Maybe[str]
    model_name: Maybe[str]
    instance_type: Maybe[str]
    ssm_access: Maybe[bool]
    core_dump_uri: Maybe[str]
    core_dump_key: Maybe[str]
    shadow: bool


@dataclass(frozen=True, slots=True)
class DataCapture:
    """What an endpoint keeps of its calls, and where."""

    enabled: Maybe[bool]
    destination: Maybe[str]
    kms_key_id: Maybe[str]
    sampling_percentage: Maybe[int] | None
    modes: tuple[Maybe[str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointConfig(Resource):
    """One endpoint configuration; its id is its name."""

    arn: str
    kms_key_id: Maybe[str]
    variants: tuple[Variant, ...]
    data_capture: DataCapture | None
    async_output: Maybe[str]
    async_key: Maybe[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Resource):
    """One endpoint; its id is its name."""

    arn: str
    config_name: Maybe[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalableTarget(Resource):
    """How far something may be scaled."""

    resource_id: Maybe[str]
    dimension: Maybe[str]
    min_capacity: Maybe[int] | None
    max_capacity: Maybe[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository(Resource):
    """One ECR repository; its id is its name."""

    arn: str
    tag_mutability: Maybe[str]
    encryption: Maybe[str]
    kms_key: Maybe[str]
    policy: Maybe[Document] | None


def models(resources: Resources) -> Iterator[Model]:
    """All models."""
    for model in resources.of("AWS::SageMaker::Model"):
        given = model.properties
        vpc = given.block("VpcConfig")
        containers = [*given.blocks("Containers")]
        if "PrimaryContainer" in given:
            containers.append(given.block("PrimaryContainer"))
        yield Model(
            **model.common,
            arn=model.arn,
            execution_role_arn=given.text("ExecutionRoleArn"),
            network_isolation=given.flag("EnableNetworkIsolation"),
            subnet_ids=vpc.texts("Subnets"),
            security_group_ids=vpc.texts("SecurityGroupIds"),
            containers=tuple(_container(each) for each in containers),
        )


def endpoint_configs(resources: Resources) -> Iterator[EndpointConfig]:
    """All endpoint configurations."""
    for config in resources.of("AWS::SageMaker::EndpointConfig"):
        given = config.properties
        shadows = [_variant(each, shadow=True) for each in given.blocks("ShadowProductionVariants")]
        variants = [_variant(each, shadow=False) for each in given.blocks("ProductionVariants")]
        asynchronous = given.block("AsyncInferenceConfig").block("OutputConfig")
        yield EndpointConfig(
            **config.common,
            arn=config.arn,
            kms_key_id=given.text("KmsKeyId"),
            variants=tuple(sorted([*variants, *shadows], key=str)),
            data_capture=_capture(given.block("DataCaptureConfig")),
            async_output=asynchronous.text("S3OutputPath"),
            async_key=asynchronous.text("KmsKeyId"),
        )


def endpoints(resources: Resources) -> Iterator[Endpoint]:
    """All endpoints."""
    for endpoint in resources.of("AWS::SageMaker::Endpoint"):
        name = endpoint.properties.text("EndpointConfigName")
        yield Endpoint(**endpoint.common, arn=endpoint.arn, config_name=_name(name))


def scalable_targets(resources: Resources) -> Iterator[ScalableTarget]:
    """All scalable targets."""
    for target in resources.of("AWS::ApplicationAutoScaling::ScalableTarget"):
        given = target.properties
        yield ScalableTarget(
            **target.common,
            resource_id=given.text("ResourceId"),
            dimension=given.text("ScalableDimension"),
            min_capacity=given.whole("MinCapacity"),
            max_capacity=given.whole("MaxCapacity"),
        )


def repositories(resources: Resources) -> Iterator[Repository]:
    """All ECR repositories."""
    for repository in resources.of("AWS::ECR::Repository"):
        given = repository.properties
        encryption = given.block("EncryptionConfiguration")
        yield Repository(
            **repository.common,
            arn=repository.arn,
            tag_mutability=given.text("ImageTagMutability", "MUTABLE"),
            encryption=encryption.text("EncryptionType", "AES256"),
            kms_key=encryption.text("KmsKey"),
            policy=given.document("RepositoryPolicyText"),
        )


def _name(reference: Maybe[str]) -> Maybe[str]:
    """A name, whether given as such or, as Ref gives it, as the last part of an ARN."""
    if isinstance(reference, Unknown) or not reference.startswith("arn:"):
        return reference
    return reference.split(":", 5)[5].partition("/")[2]


def _container(given: Properties) -> Container:
    source = given.block("ModelDataSource").block("S3DataSource")
    environment = given.block("Environment")
    names = [] if isinstance(environment.value, Unknown) else list(environment.value)
    pairs = [(name, environment.text(name)) for name in names]
    return Container(
        image=given.text("Image"),
        repository_access=given.block("ImageConfig").text("RepositoryAccessMode", "Platform"),
        artifact=source.text("S3Uri") if source else given.text("ModelDataUrl"),
        artifact_type=source.text("S3DataType", "S3Object"),
        mode=given.text("Mode", "SingleModel"),
        model_package=given.text("ModelPackageName"),
        environment=tuple(sorted(pairs, key=str)),
    )


def _variant(given: Properties, *, shadow: bool) -> Variant:
    dump = given.block("CoreDumpConfig")
    return Variant(
        name=given.text("VariantName"),
        model_name=_name(given.text("ModelName")),
        instance_type=given.text("InstanceType"),
        ssm_access=given.flag("EnableSSMAccess"),
        core_dump_uri=dump.text("DestinationS3Uri"),
        core_dump_key=dump.text("KmsKeyId"),
        shadow=shadow,
    )


def _capture(given: Properties) -> DataCapture | None:
    if not given:
        return None
    return DataCapture(
        enabled=given.flag("EnableCapture"),
        destination=given.text("DestinationS3Uri"),
        kms_key_id=given.text("KmsKeyId"),
        sampling_percentage=given.whole("InitialSamplingPercentage"),
        modes=tuple(sorted({each.text("CaptureMode") for each in given.blocks("CaptureOptions")}, key=str)),
    )
