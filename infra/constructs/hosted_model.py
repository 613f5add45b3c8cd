"""A model on SageMaker: image by digest, weights by content address, no network of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Stack, Tags
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sagemaker as sagemaker
from constructs import Construct

from infra.constructs import role_actions
from infra.constructs.service_role import ServiceRole

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3

    from infra.constructs.boundary import Boundary
    from infra.constructs.log_group import EncryptedLogGroup
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
        boundary: Boundary,
        artifacts: s3.IBucket,
        artifact_key: kms.IKey,
        captures: s3.IBucket,
        log_group: EncryptedLogGroup,
    ) -> None:
        """Make the model.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave.
            hosting: its hosted model.
            boundary: VPC and subnets.
            artifacts: bucket of model artefacts.
            artifact_key: key that encrypts them.
            captures: bucket that takes what the endpoint was asked and answered.
            log_group: log group of the endpoint's containers.
        """
        super().__init__(scope, id)
        stack = Stack.of(self)
        self.group = ec2.SecurityGroup(
            self,
            "Group",
            vpc=boundary.vpc,
            description="network interfaces of the hosted model",
            allow_all_outbound=False,
        )
        ec2.CfnSecurityGroupEgress(
            self,
            "ToArtifacts",
            group_id=self.group.security_group_id,
            destination_prefix_list_id=_s3_prefix_list(settings),
            description="HTTPS to the gateway endpoint of s3",
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
        )
        key = artifact_of(hosting)
        self.role = ServiceRole(
            self,
            "Execution",
            service="sagemaker.amazonaws.com",
            source_arn=f"arn:{stack.partition}:sagemaker:{stack.region}:{stack.account}:*",
            statements=[
                *_image(hosting, stack),
                *_artifact(artifacts, artifact_key, key, stack),
                *_captures(captures, settings, stack),
                *_network(boundary, self.group, stack),
                iam.PolicyStatement(
                    sid="Log",
                    actions=list(role_actions.WRITE_LOGS),
                    resources=[log_group.attr_arn],  # ends in `:*`, which takes in the streams
                ),
                iam.PolicyStatement(
                    sid="Measure",
                    actions=list(role_actions.MEASURE),
                    resources=["*"],  # metrics are no resource in IAM
                    conditions={"StringLike": {"cloudwatch:namespace": "/aws/sagemaker/*"}},
                ),
            ],
        ).role
        self.resource = sagemaker.CfnModel(
            self,
            "Resource",
            execution_role_arn=self.role.role_arn,
            enable_network_isolation=True,
            vpc_config=sagemaker.CfnModel.VpcConfigProperty(
                security_group_ids=[self.group.security_group_id],
                subnets=[subnet.subnet_id for subnet in boundary.subnets],
            ),
            primary_container=sagemaker.CfnModel.ContainerDefinitionProperty(
                image=hosting.image,
                # Platform is how SageMaker names ECR; Vpc would be some other registry.
                image_config=sagemaker.CfnModel.ImageConfigProperty(repository_access_mode="Platform"),
                mode="SingleModel",
                model_data_source=sagemaker.CfnModel.ModelDataSourceProperty(
                    s3_data_source=sagemaker.CfnModel.S3DataSourceProperty(
                        s3_uri=f"s3://{artifacts.bucket_name}/{key}", s3_data_type="S3Object", compression_type="Gzip"
                    )
                ),
            ),
        )
        Tags.of(self.resource).add("Vendor", hosting.vendor)


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


def _image(hosting: Hosting, stack: Stack) -> list[iam.PolicyStatement]:
    registry, _, name = hosting.image.partition("/")
    account, *_, region = registry.split(".")[:4]
    repository = name.partition("@")[0]
    return [
        # A token for the registry takes no resource in IAM.
        iam.PolicyStatement(sid="SignInToRegistry", actions=list(role_actions.SIGN_IN_TO_REGISTRY), resources=["*"]),
        iam.PolicyStatement(
            sid="PullImage",
            actions=list(role_actions.PULL_IMAGE),
            resources=[f"arn:{stack.partition}:ecr:{region}:{account}:repository/{repository}"],
        ),
    ]


def _artifact(artifacts: s3.IBucket, artifact_key: kms.IKey, key: str, stack: Stack) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(sid="FetchArtifact", actions=["s3:GetObject"], resources=[artifacts.arn_for_objects(key)]),
        iam.PolicyStatement(
            sid="FindArtifact",
            actions=["s3:ListBucket"],
            resources=[artifacts.bucket_arn],
            conditions={"StringEquals": {"s3:prefix": key}},
        ),
        iam.PolicyStatement(
            sid="ArtifactKey",
            actions=["kms:Decrypt"],
            resources=[artifact_key.key_arn],
            conditions=_through_s3(stack),
        ),
    ]


def _captures(captures: s3.IBucket, settings: Enclave, stack: Stack) -> list[iam.PolicyStatement]:
    statements = [
        iam.PolicyStatement(
            sid="Capture",
            actions=list(role_actions.CAPTURE),
            resources=[captures.arn_for_objects(f"{captures_of(settings)}/*")],
        )
    ]
    if captures.encryption_key:
        statements.append(
            iam.PolicyStatement(
                sid="CaptureKey",
                actions=list(role_actions.USE_KEY),
                resources=[captures.encryption_key.key_arn],
                conditions=_through_s3(stack),
            )
        )
    return statements


def _network(boundary: Boundary, group: ec2.ISecurityGroup, stack: Stack) -> list[iam.PolicyStatement]:
    """Make network interfaces in the enclave's subnets with the model's group, and no others."""
    here = f"arn:{stack.partition}:ec2:{stack.region}:{stack.account}"
    interfaces = f"{here}:network-interface/*"
    vpc = f"{here}:vpc/{boundary.vpc.vpc_id}"
    create, *manage = role_actions.JOIN_NETWORK
    return [
        iam.PolicyStatement(
            sid="MakeInterfaces",
            actions=[create],
            resources=[
                interfaces,
                f"{here}:security-group/{group.security_group_id}",
                *(f"{here}:subnet/{subnet.subnet_id}" for subnet in boundary.subnets),
            ],
        ),
        iam.PolicyStatement(
            sid="ManageInterfaces",
            actions=manage,
            resources=[interfaces],
            conditions={"ArnEquals": {"ec2:Vpc": vpc}},
        ),
        # Describing takes no resource in IAM.
        iam.PolicyStatement(sid="FindNetwork", actions=list(role_actions.FIND_NETWORK), resources=["*"]),
    ]


def _through_s3(stack: Stack) -> dict[str, dict[str, str]]:
    return {"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}}
