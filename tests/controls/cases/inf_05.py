"""INF-05: what the default enclave hosts, isolated and encrypted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from infra.settings import load

HOSTING = load(Path(__file__).resolve().parents[3] / "enclaves" / "sandbox.yaml").hosting
assert HOSTING is not None
DIGEST = HOSTING.artifact.removeprefix("sha256:")
GOOD: dict[str, Any] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.64.0.0/22"}},
    "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.64.0.0/26"}},
    "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": {"Ref": "Vpc"}}},
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"ObjectLockEnabled": True}},
    "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
    "Model": {
        "Type": "AWS::SageMaker::Model",
        "Properties": {
            "EnableNetworkIsolation": True,
            "PrimaryContainer": {
                "Image": HOSTING.image,
                "ModelDataSource": {
                    "S3DataSource": {
                        "S3DataType": "S3Object",
                        "S3Uri": {"Fn::Sub": f"s3://${{Bucket}}/sha256/{DIGEST}/model.tar.gz"},
                    }
                },
            },
            "VpcConfig": {"Subnets": [{"Ref": "Subnet"}], "SecurityGroupIds": [{"Fn::GetAtt": ["Group", "GroupId"]}]},
        },
    },
    "Config": {
        "Type": "AWS::SageMaker::EndpointConfig",
        "Properties": {
            "ProductionVariants": [
                {
                    "VariantName": "primary",
                    "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
                    "InstanceType": HOSTING.instance_type,
                    "EnableSSMAccess": False,
                }
            ],
            "DataCaptureConfig": {
                "EnableCapture": True,
                "DestinationS3Uri": {"Fn::Sub": "s3://${Bucket}/captures"},
                "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]},
            },
        },
    },
    "Endpoint": {
        "Type": "AWS::SageMaker::Endpoint",
        "Properties": {"EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}},
    },
}
MODEL, CONTAINER = "Model.Properties", "Model.Properties.PrimaryContainer"
CONFIG, VARIANT = "Config.Properties", "Config.Properties.ProductionVariants.0"
PRIMARY = GOOD["Config"]["Properties"]["ProductionVariants"][0]
OTHER_MODEL = {"Type": "AWS::SageMaker::Model", "Properties": {"PrimaryContainer": {"Image": "vllm:latest"}}}
BYPASSES = {
    "not isolated": {f"{MODEL}.EnableNetworkIsolation": False},
    "isolation dropped": {f"{MODEL}.EnableNetworkIsolation": None},
    "no VPC": {f"{MODEL}.VpcConfig": None},
    "subnet of somebody else": {f"{MODEL}.VpcConfig.Subnets": [{"Ref": "Subnet"}, "subnet-0123"]},
    "default security group": {
        f"{MODEL}.VpcConfig.SecurityGroupIds": [{"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}]
    },
    "tag in place of a digest": {f"{CONTAINER}.Image": HOSTING.image.split("@")[0] + ":latest"},
    "another digest": {f"{CONTAINER}.Image": HOSTING.image[:-1] + "0"},
    "image from another registry": {f"{CONTAINER}.ImageConfig": {"RepositoryAccessMode": "Vpc"}},
    "many models": {f"{CONTAINER}.Mode": "MultiModel"},
    "model package": {f"{CONTAINER}.ModelPackageName": "arn:aws-us-gov:sagemaker:us-gov-west-1:1:model-package/x"},
    "other weights": {f"{CONTAINER}.ModelDataSource.S3DataSource.S3Uri": {"Fn::Sub": "s3://${Bucket}/model.tar.gz"}},
    "weights dropped": {f"{CONTAINER}.ModelDataSource": None},
    "second container": {f"{MODEL}.Containers": [{"Image": HOSTING.image}]},
    "second model": {"Second": OTHER_MODEL},
    "shell": {f"{VARIANT}.EnableSSMAccess": True},
    "core dumps": {f"{VARIANT}.CoreDumpConfig": {"DestinationS3Uri": "s3://dumps/here"}},
    "variant of another model": {f"{VARIANT}.ModelName": "another-model"},
    "shadow variant of another model": {f"{CONFIG}.ShadowProductionVariants": [{**PRIMARY, "ModelName": "x"}]},
    "volumes without a key": {f"{VARIANT}.InstanceType": "ml.m5.xlarge"},
    "nothing captured": {f"{CONFIG}.DataCaptureConfig.EnableCapture": False},
    "capture dropped": {f"{CONFIG}.DataCaptureConfig": None},
    "captures without a key": {f"{CONFIG}.DataCaptureConfig.KmsKeyId": None},
    "captures elsewhere": {f"{CONFIG}.DataCaptureConfig.DestinationS3Uri": "s3://elsewhere/captures"},
    "captures in an unlocked bucket": {"Bucket.Properties.ObjectLockEnabled": False},
    "asynchronous answers without a key": {
        f"{CONFIG}.AsyncInferenceConfig": {"OutputConfig": {"S3OutputPath": "s3://elsewhere/answers"}}
    },
    "endpoint config swapped": {"Endpoint.Properties.EndpointConfigName": "another-config"},
    "no endpoint": {"Endpoint": None},
}
UNKNOWN = {
    "isolation from a parameter": {f"{MODEL}.EnableNetworkIsolation": {"Ref": "Anything"}},
    "image from a parameter": {f"{CONTAINER}.Image": {"Ref": "Anything"}},
    "endpoint config from a parameter": {"Endpoint.Properties.EndpointConfigName": {"Ref": "Anything"}},
    "subnets from a parameter": {f"{MODEL}.VpcConfig.Subnets": {"Ref": "Anything"}},
}
HARMLESS = {
    "volumes with a key": {f"{VARIANT}.InstanceType": "ml.m5.xlarge", f"{CONFIG}.KmsKeyId": {"Ref": "Key"}},
    "the container in a list": {
        f"{MODEL}.PrimaryContainer": None,
        f"{MODEL}.Containers": [GOOD["Model"]["Properties"]["PrimaryContainer"]],
    },
    "config by Ref": {"Endpoint.Properties.EndpointConfigName": {"Ref": "Config"}},
    "shell access left out": {f"{VARIANT}.EnableSSMAccess": None},
}
SECTIONS = {"Parameters": {"Anything": {"Type": "String"}}}
