"""What a rule counts against a quota, where two templates cannot show it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from moto.core.base_backend import BackendDict

from infra.deployment.furnished import MANIFEST
from infra.local import server
from infra.local.cloudformation import operations

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "ml.m5.xlarge"


@pytest.fixture(scope="module")
def account() -> Iterator[server.Server]:
    operations.wait(10)
    with server.start() as started:
        BackendDict.reset()
        yield started


def test_a_prefix_list_counts_in_full_and_what_is_refused_leaves_nothing(account: server.Server) -> None:
    ec2 = account.client("ec2")
    group = ec2.create_security_group(
        GroupName="one", Description="one", VpcId=ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    )["GroupId"]

    def admit(entries: int) -> None:
        made = ec2.create_managed_prefix_list(
            PrefixListName=f"of-{entries}", AddressFamily="IPv4", MaxEntries=entries, Entries=[{"Cidr": "10.0.0.0/8"}]
        )["PrefixList"]["PrefixListId"]
        rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": made}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])

    with pytest.raises(ClientError, match="RulesPerSecurityGroupLimitExceeded"):
        admit(61)
    assert ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissions"] == []
    admit(60)


def test_an_update_counts_the_old_fleet_and_the_new_until_more_is_granted(account: server.Server) -> None:
    sagemaker, quotas = account.client("sagemaker"), account.client("service-quotas")
    trusted = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [trusted]})
    role = account.client("iam").create_role(RoleName="one", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    pull = {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [pull]})
    account.client("iam").put_role_policy(RoleName="one", PolicyName="pull", PolicyDocument=policy)
    ecr = account.client("ecr")
    ecr.create_repository(repositoryName="one")
    ecr.put_image(repositoryName="one", imageManifest="{}", imageManifestMediaType=MANIFEST, imageTag="latest")
    image = f"{account.account}.dkr.ecr.{account.region}.amazonaws.com/one:latest"
    sagemaker.create_model(ModelName="one", ExecutionRoleArn=role, PrimaryContainer={"Image": image})
    for count in (2, 3):
        variant: dict[str, Any] = {"VariantName": "a", "ModelName": "one", "InstanceType": KIND}
        sagemaker.create_endpoint_config(
            EndpointConfigName=f"of-{count}", ProductionVariants=[{**variant, "InitialInstanceCount": count}]
        )
    sagemaker.create_endpoint(EndpointName="one", EndpointConfigName="of-2")
    with pytest.raises(
        ClientError, match=r"ResourceLimitExceeded.* utilization of 2 Instances and a request delta of 3"
    ):
        sagemaker.update_endpoint(EndpointName="one", EndpointConfigName="of-3")
    code = next(
        quota["QuotaCode"]
        for page in quotas.get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker")
        for quota in page["Quotas"]
        if quota["QuotaName"] == f"{KIND} for endpoint usage"
    )
    quotas.request_service_quota_increase(ServiceCode="sagemaker", QuotaCode=code, DesiredValue=5)
    sagemaker.update_endpoint(EndpointName="one", EndpointConfigName="of-3")
