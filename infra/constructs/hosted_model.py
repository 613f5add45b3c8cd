"""A model on SageMaker: image by digest, weights by content address, no network of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from infra.constructs import names, role_actions
from infra.constructs.consumer_groups import HTTPS, Group
from infra.constructs.resource import Resource
from infra.constructs.service_role import ServiceRole, acting_for
from infra.constructs.statement import EVERYTHING, allow

if TYPE_CHECKING:
    from infra.constructs.boundary import Boundary
    from infra.constructs.bucket import Bucket
    from infra.constructs.customer_key import CustomerKey
    from infra.constructs.locked_bucket import LockedBucket
    from infra.constructs.log_group import LogGroup
    from infra.constructs.role import ManagedPolicy
    from infra.constructs.statement import Conditions, Statement
    from infra.settings import Enclave, Hosting


class HostedModel(Construct):
    """The model, the role it is loaded with, and the security group of its network interfaces.

    Network isolation cuts the container off from every network; SageMaker itself fetches the weights through the VPC,
    so the group lets out HTTPS to S3's prefix list and nothing more, and lets nothing in.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        hosting: Hosting,
        ceiling: ManagedPolicy,
        boundary: Boundary,
        artifacts: Bucket,
        artifact_key: CustomerKey,
        captures: LockedBucket,
        log_group: LogGroup,
    ) -> None:
        """Make the model.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave.
            hosting: its hosted model.
            ceiling: permissions boundary of its role.
            boundary: VPC and subnets.
            artifacts: bucket of model artefacts.
            artifact_key: key that encrypts them.
            captures: bucket that takes what the endpoint was asked and answered.
            log_group: log group of the endpoint's containers.
        """
        super().__init__(scope, id)
        self.group = Group(self, "Group", vpc_id=boundary.vpc_id, description="network interfaces of the hosted model")
        Resource(
            self,
            "ToArtifacts",
            "AWS::EC2::SecurityGroupEgress",
            {
                "GroupId": self.group.id,
                "DestinationPrefixListId": _s3_prefix_list(settings),
                "Description": "HTTPS to the gateway endpoint of s3",
                **HTTPS,
            },
        )
        key = artifact_of(hosting)
        self.role = ServiceRole(
            self,
            "Execution",
            service="sagemaker.amazonaws.com",
            boundary=ceiling,
            source=acting_for(settings, names.arn(settings, "sagemaker", "*")),
            statements=[
                *_image(hosting, settings),
                *_artifact(artifacts, artifact_key, key, settings),
                *_captures(captures, settings),
                *_network(boundary, self.group, settings),
                allow("Log", role_actions.WRITE_LOGS, [log_group.arn]),
                allow(
                    "Measure",
                    role_actions.MEASURE,
                    EVERYTHING,
                    conditions={"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}},
                ),
            ],
        )
        self.resource = Resource(
            self,
            "Resource",
            "AWS::SageMaker::Model",
            {
                "ExecutionRoleArn": self.role.arn,
                "EnableNetworkIsolation": True,
                "VpcConfig": {
                    "SecurityGroupIds": [self.group.id],
                    "Subnets": [subnet.subnet_id for subnet in boundary.subnets],
                },
                "PrimaryContainer": {
                    "Image": hosting.image,
                    "ImageConfig": {"RepositoryAccessMode": "Platform"},
                    "Mode": "SingleModel",
                    "ModelDataSource": {
                        "S3DataSource": {
                            "S3Uri": f"s3://{artifacts.name}/{key}",
                            "S3DataType": "S3Object",
                            "CompressionType": "Gzip",
                        }
                    },
                },
                "Tags": [{"Key": "Vendor", "Value": hosting.vendor}],
            },
        )


def hosted(settings: Enclave) -> Hosting:
    """The hosted model of the settings; an error where they have none."""
    if settings.hosting is None:
        raise ValueError(f"enclave {settings.name} has no hosting; give it one, or make no Hosting stack for it")
    return settings.hosting


def _s3_prefix_list(settings: Enclave) -> str:
    found: str | None = settings.network.prefix_lists.get("s3")
    if found is None:
        raise ValueError(
            f"enclave {settings.name} has hosting but no prefix list of s3, so the model could not fetch its weights; "
            "give network.prefix_lists.s3 the id that `aws ec2 describe-managed-prefix-lists` shows"
        )
    return found


def artifact_of(hosting: Hosting) -> str:
    """Where the artefact lies in the bucket: `sallyport models import` stores it under its digest, once."""
    return f"sha256/{hosting.artifact.removeprefix('sha256:')}/model.tar.gz"


def captures_of(settings: Enclave) -> str:
    """Where in the captures bucket the endpoint's records lie."""
    return f"data-capture/{settings.name}"


def _image(hosting: Hosting, settings: Enclave) -> list[Statement]:
    registry, _, name = hosting.image.partition("/")
    account, *_, region = registry.split(".")[:4]
    repository = name.partition("@")[0]
    return [
        # A token for the registry takes no resource in IAM.
        allow("SignInToRegistry", role_actions.SIGN_IN_TO_REGISTRY, EVERYTHING),
        allow(
            "PullImage",
            role_actions.PULL_IMAGE,
            [f"arn:{settings.partition}:ecr:{region}:{account}:repository/{repository}"],
        ),
    ]


def _artifact(artifacts: Bucket, artifact_key: CustomerKey, key: str, settings: Enclave) -> list[Statement]:
    return [
        allow("FetchArtifact", ["s3:GetObject"], [artifacts.objects(key)]),
        allow("FindArtifact", ["s3:ListBucket"], [artifacts.arn], conditions={"StringEquals": {"s3:prefix": key}}),
        allow("ArtifactKey", ["kms:Decrypt"], [artifact_key.arn], conditions=_through_s3(settings)),
    ]


def _captures(captures: LockedBucket, settings: Enclave) -> list[Statement]:
    return [
        allow("Capture", role_actions.CAPTURE, [captures.objects(f"{captures_of(settings)}/*")]),
        allow("CaptureKey", role_actions.USE_KEY, [captures.key.arn], conditions=_through_s3(settings)),
    ]


def _network(boundary: Boundary, group: Group, settings: Enclave) -> list[Statement]:
    """Make network interfaces in the enclave's subnets with the model's group, and no others."""
    interfaces = names.arn(settings, "ec2", "network-interface/*")
    vpc = names.arn(settings, "ec2", f"vpc/{boundary.vpc_id}")
    create, *manage = role_actions.JOIN_NETWORK
    return [
        allow(
            "MakeInterfaces",
            [create],
            [
                interfaces,
                names.arn(settings, "ec2", f"security-group/{group.id}"),
                *(names.arn(settings, "ec2", f"subnet/{subnet.subnet_id}") for subnet in boundary.subnets),
            ],
        ),
        allow("ManageInterfaces", manage, [interfaces], conditions={"ArnEquals": {"ec2:Vpc": vpc}}),
        # Describing takes no resource in IAM.
        allow("FindNetwork", role_actions.FIND_NETWORK, EVERYTHING),
    ]


def _through_s3(settings: Enclave) -> Conditions:
    return {"StringEquals": {"kms:ViaService": names.host(settings, "s3")}}
