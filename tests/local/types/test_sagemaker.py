"""SageMaker models, endpoint configurations and endpoints, and what scales them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from infra.deployment.furnished import MANIFEST
from infra.local.resource_type import Context, Refused, Unsupported
from tests.local.types.trips import ACCOUNT, PARTITION, REGION, Trip, arn, made_key, made_role, refused

DIGEST = f"sha256:{'0' * 64}"


def made_network(context: Context) -> dict[str, list[str]]:
    ec2 = context.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/24")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/26")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="model", Description="model", VpcId=vpc)["GroupId"]
    return {"Subnets": [subnet], "SecurityGroupIds": [group]}


def made_weights_and_image(context: Context) -> str:
    """Both, and a role that may fetch them; its ARN."""
    s3, ecr = context.client("s3"), context.client("ecr")
    s3.create_bucket(Bucket="artifacts", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="artifacts", Key="sha256/ab/model.tar.gz", Body=b"weights")
    ecr.create_repository(repositoryName="vllm")
    ecr.put_image(
        repositoryName="vllm", imageManifest="{}", imageManifestMediaType=MANIFEST, imageTag="1", imageDigest=DIGEST
    )
    role = made_role(context, "hosting", "sagemaker.amazonaws.com")
    fetch = {"Effect": "Allow", "Action": ["s3:GetObject", "ecr:*"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [fetch]})
    context.client("iam").put_role_policy(RoleName="hosting", PolicyName="fetch", PolicyDocument=policy)
    return role


def hosted_model(context: Context, **changes: Any) -> dict[str, Any]:
    source = {"S3Uri": "s3://artifacts/sha256/ab/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    return {
        "ModelName": "hosted",
        "ExecutionRoleArn": made_weights_and_image(context),
        "EnableNetworkIsolation": True,
        "VpcConfig": made_network(context),
        "PrimaryContainer": {
            "Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/vllm@{DIGEST}",
            "ImageConfig": {"RepositoryAccessMode": "Platform"},
            "Mode": "SingleModel",
            "ModelDataSource": {"S3DataSource": source},
            "Environment": {"OFFLINE": "1"},
        },
        "Tags": [{"Key": "Purpose", "Value": "test"}],
        **changes,
    }


def hosting_config(context: Context, **changes: Any) -> dict[str, Any]:
    return {
        "EndpointConfigName": "hosted-1",
        "KmsKeyId": made_key(context),
        "ProductionVariants": [
            {
                "VariantName": "main",
                "ModelName": "hosted",
                "InstanceType": "ml.m5.xlarge",
                "InitialInstanceCount": 1,
                "InitialVariantWeight": 1.0,
                "EnableSSMAccess": False,
                "VolumeSizeInGB": 100,
                "ModelDataDownloadTimeoutInSeconds": 600,
                "ContainerStartupHealthCheckTimeoutInSeconds": 600,
                "RoutingConfig": {"RoutingStrategy": "LEAST_OUTSTANDING_REQUESTS"},
            }
        ],
        "DataCaptureConfig": {
            "EnableCapture": True,
            "InitialSamplingPercentage": 100,
            "DestinationS3Uri": "s3://captures/hosted",
            "KmsKeyId": made_key(context),
            "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
            "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
        },
        "Tags": [{"Key": "Purpose", "Value": "test"}],
        **changes,
    }


def hosted(context: Context, **changes: Any) -> tuple[Trip, Trip, Trip]:
    """A model, its endpoint configuration and its endpoint."""
    model = Trip(context, "AWS::SageMaker::Model", hosted_model(context))
    config = Trip(context, "AWS::SageMaker::EndpointConfig", hosting_config(context, **changes))
    deployment = {"AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]}}
    properties = {"EndpointName": "Hosted", "EndpointConfigName": "hosted-1", "DeploymentConfig": deployment}
    return model, config, Trip(context, "AWS::SageMaker::Endpoint", properties)


def test_model_configuration_and_endpoint_are_read_back_whole_and_changed(context: Context) -> None:
    model, config, endpoint = hosted(context)
    for trip in (model, config, endpoint):
        trip.holds()
    assert (model.id, config.id) == (arn("sagemaker", "model/hosted"), arn("sagemaker", "endpoint-config/hosted-1"))
    assert endpoint.id == arn("sagemaker", "endpoint/hosted")  # in small letters, as SageMaker spells it
    told = context.client("sagemaker").describe_endpoint(EndpointName="Hosted")
    assert (told["EndpointStatus"], told["DataCaptureConfig"]["CaptureStatus"]) == ("InService", "Started")
    for trip in (model, config):
        with pytest.raises(Unsupported):  # all else is create-only, so the engine replaces
            trip.change(KmsKeyId="other", EnableNetworkIsolation=False)
        trip.change(Tags=None)
        trip.holds()
    second = Trip(context, "AWS::SageMaker::EndpointConfig", {**config.properties, "EndpointConfigName": "hosted-2"})
    endpoint.change(EndpointConfigName="hosted-2", DeploymentConfig=None)
    endpoint.holds()
    assert "DeploymentConfig" not in endpoint.read()
    with pytest.raises(ClientError, match=r'Could not find endpoint configuration ".*/absent"'):
        endpoint.change(EndpointConfigName="absent")
    # AWS lets a configuration in use go, and then the endpoint cannot be changed any more.
    second.gone()
    with pytest.raises(ClientError, match=r'Could not find endpoint configuration ".*/hosted-2"'):
        endpoint.change(EndpointConfigName="hosted-1")
    endpoint.gone()
    config.gone()
    model.gone()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ExecutionRoleArn": f"arn:{PARTITION}:iam::{ACCOUNT}:role/absent"}, "Could not assume role"),
        ({"VpcConfig.Subnets": ["subnet-00000000000000000"]}, "subnet ID"),
        ({"VpcConfig.SecurityGroupIds": ["sg-00000000000000000"]}, "security group"),
        ({"PrimaryContainer": None}, "either a PrimaryContainer or Containers"),
        ({"PrimaryContainer.ModelDataUrl": "s3://b/k"}, "only one of"),
        ({"PrimaryContainer.ImageConfig": {"RepositoryAccessMode": "Vpc"}}, "other than ECR"),
        ({"PrimaryContainer.Image": f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/vllm:1"}, "us-gov-west-1"),
        ({"PrimaryContainer.Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/vllm:2"}, "Requested image"),
        ({"ModelName": "TAKEN"}, "Cannot create already existing model"),
    ],
)
def test_a_model_is_refused(context: Context, changes: dict[str, Any], says: str) -> None:
    properties = hosted_model(context)
    Trip(context, "AWS::SageMaker::Model", {**properties, "ModelName": "taken"})
    for name, value in changes.items():
        outer, _, inner = name.partition(".")
        (properties[outer] if inner else properties)[inner or outer] = value
    with pytest.raises(ClientError, match=says) as error:
        Trip(context, "AWS::SageMaker::Model", properties)
    assert refused(error) == "ValidationException"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"ProductionVariants.InstanceType": "ml.g5.12xlarge"}, "KmsKeyId is not supported"),
        ({"EnableNetworkIsolation": True}, "EnableNetworkIsolation cannot be given"),
        ({"ProductionVariants.ModelName": "absent"}, "Could not find model"),
        ({"ProductionVariants.InstanceType": None}, "either an InstanceType or a ServerlessConfig"),
        ({"ProductionVariants.InstanceType": "ml.abacus"}, "enum value set"),
    ],
)
def test_an_endpoint_configuration_is_refused(context: Context, changes: dict[str, Any], says: str) -> None:
    Trip(context, "AWS::SageMaker::Model", hosted_model(context))
    properties = hosting_config(context)
    for name, value in changes.items():
        outer, _, inner = name.partition(".")
        holder = properties[outer][0] if inner else properties
        holder[inner or outer] = value
        if value is None:
            del holder[inner]
    with pytest.raises(ClientError, match=says) as error:
        Trip(context, "AWS::SageMaker::EndpointConfig", properties)
    assert refused(error) == "ValidationException"


def may_not_pull(context: Context) -> None:
    fetch = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [fetch]})
    context.client("iam").put_role_policy(RoleName="hosting", PolicyName="fetch", PolicyDocument=policy)


def test_an_endpoint_whose_role_may_not_pull_is_answered_and_fails(context: Context) -> None:
    Trip(context, "AWS::SageMaker::Model", hosted_model(context))
    Trip(context, "AWS::SageMaker::EndpointConfig", hosting_config(context))
    may_not_pull(context)
    with pytest.raises(Refused, match="does not have BatchGetImage permission for the image"):
        Trip(context, "AWS::SageMaker::Endpoint", {"EndpointName": "Hosted", "EndpointConfigName": "hosted-1"})
    told = context.client("sagemaker").describe_endpoint(EndpointName="Hosted")
    assert (told["EndpointStatus"], "BatchGetImage" in told["FailureReason"]) == ("Failed", True)


def test_an_endpoint_that_cannot_be_moved_serves_on_by_its_old_configuration(context: Context) -> None:
    *_, config, endpoint = hosted(context)
    Trip(context, "AWS::SageMaker::EndpointConfig", {**config.properties, "EndpointConfigName": "hosted-2"})
    may_not_pull(context)
    with pytest.raises(Refused, match="does not have BatchGetImage permission for the image"):
        endpoint.change(EndpointConfigName="hosted-2")
    told = context.client("sagemaker").describe_endpoint(EndpointName="Hosted")
    assert (told["EndpointStatus"], told["EndpointConfigName"]) == ("InService", "hosted-1")


SCALED = {
    "ResourceId": "endpoint/Hosted/variant/main",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    "ServiceNamespace": "sagemaker",
}
TRACKING = {
    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
    "TargetValue": 70.0,
    "ScaleInCooldown": 300,
    "ScaleOutCooldown": 60,
    "DisableScaleIn": False,
}


def test_target_and_policy_are_read_back_whole_and_changed(context: Context) -> None:
    _, config, endpoint = hosted(context)
    bounds = {"MinCapacity": 1, "MaxCapacity": 2}
    suspended = {"DynamicScalingInSuspended": True, "DynamicScalingOutSuspended": False}
    state = {**suspended, "ScheduledScalingSuspended": False}
    target = Trip(context, "AWS::ApplicationAutoScaling::ScalableTarget", {**SCALED, **bounds, "SuspendedState": state})
    target.holds()
    assert target.id == target.read()["Id"] == "|".join(SCALED.values())
    target.change(MaxCapacity=4, SuspendedState=None)
    target.holds()
    assert target.read()["SuspendedState"]["DynamicScalingInSuspended"] is False
    kind = "AWS::ApplicationAutoScaling::ScalingPolicy"
    named = {"PolicyName": "follow", "PolicyType": "TargetTrackingScaling"}
    policy = Trip(
        context, kind, {**named, "ScalingTargetId": target.id, "TargetTrackingScalingPolicyConfiguration": TRACKING}
    )
    policy.holds(tagged=False)
    policy.change(TargetTrackingScalingPolicyConfiguration={**TRACKING, "TargetValue": 50.0})
    policy.holds(tagged=False)
    variants = [{**config.properties["ProductionVariants"][0], "InstanceType": "ml.m5.2xlarge"}]
    other = {**config.properties, "EndpointConfigName": "other", "ProductionVariants": variants}
    Trip(context, "AWS::SageMaker::EndpointConfig", other)
    with pytest.raises(ClientError, match="cannot change while it is a scalable target"):
        endpoint.change(EndpointConfigName="other")
    with pytest.raises(ClientError) as error:
        Trip(context, kind, {**named, "TargetTrackingScalingPolicyConfiguration": {"TargetValue": 1.0}, **SCALED})
    assert refused(error) == "ValidationException"
    policy.gone()
    target.gone()
    with pytest.raises(ClientError) as error:
        Trip(context, kind, {**named, **SCALED, "TargetTrackingScalingPolicyConfiguration": TRACKING})
    assert refused(error) == "ObjectNotFoundException"


def test_a_target_needs_its_endpoint_and_goes_with_it(context: Context) -> None:
    bounds = {"MinCapacity": 1, "MaxCapacity": 2}
    with pytest.raises(ClientError, match="variant doesn't exist"):
        Trip(context, "AWS::ApplicationAutoScaling::ScalableTarget", {**SCALED, **bounds})
    *_, endpoint = hosted(context)
    target = Trip(context, "AWS::ApplicationAutoScaling::ScalableTarget", {**SCALED, **bounds})
    with pytest.raises(ClientError, match="cannot be less"):
        target.change(MinCapacity=3)
    endpoint.gone()
    assert target.type.read(target.id, context) is None
