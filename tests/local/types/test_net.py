"""Types of EC2: created with their properties through the type, read back equal, changed, refused, gone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.resource_type import resource_types

if TYPE_CHECKING:
    from infra.local.resource_type import Context

Properties = dict[str, Any]
OPEN = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}
NARROW = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]}
NAME = [{"Key": "Name", "Value": "boundary"}]


class Network:
    """A VPC with two subnets, made as their types make them, for what lies in it."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.ec2 = context.client("ec2")
        dns = {"EnableDnsHostnames": True, "EnableDnsSupport": True}
        self.vpc = self.make("VPC", CidrBlock="10.0.0.0/16", **dns)
        self.subnets = [
            self.make("Subnet", VpcId=self.vpc, CidrBlock=f"10.0.{n}.0/24", AvailabilityZone=f"us-gov-west-1{zone}")
            for n, zone in enumerate("ab")
        ]

    def make(self, kind: str, **properties: Any) -> str:
        return resource_types()[f"AWS::EC2::{kind}"].create(properties, self.context)

    def read(self, kind: str, made: str) -> Properties | None:
        return resource_types()[f"AWS::EC2::{kind}"].read(made, self.context)

    def update(self, kind: str, made: str, old: Properties, new: Properties) -> None:
        resource_types()[f"AWS::EC2::{kind}"].update(made, old, new, self.context)

    def delete(self, kind: str, made: str, **properties: Any) -> None:
        resource_types()[f"AWS::EC2::{kind}"].delete(made, properties, self.context)

    def filled(self, properties: Any) -> Any:
        """Properties with `vpc`, `subnet`, `table`, `acl`, `group`, `igw`, `address`, `list` made where asked for."""
        return fill(properties, self)


@pytest.fixture
def network(aws: Context) -> Network:
    return Network(aws)


def _s3_list(network: Network) -> str:
    filters = [{"Name": "prefix-list-name", "Values": ["com.amazonaws.us-gov-west-1.s3"]}]
    (found,) = network.ec2.describe_managed_prefix_lists(Filters=filters)["PrefixLists"]
    return str(found["PrefixListId"])


def _attached_gateway(network: Network) -> str:
    gateway = network.make("InternetGateway")
    network.make("VPCGatewayAttachment", VpcId=network.vpc, InternetGatewayId=gateway)
    return gateway


def flow_log_role(network: Network) -> str:
    """A role that flow logs may assume and that may write to any log group; the group `flows` is there."""
    network.context.client("logs").create_log_group(logGroupName="flows")
    statement = {"Effect": "Allow", "Principal": {"Service": "vpc-flow-logs.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = {"Version": "2012-10-17", "Statement": [statement]}
    writes = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
    iam = network.context.client("iam")
    role = iam.create_role(RoleName="flows", AssumeRolePolicyDocument=json.dumps(trust))["Role"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": [writes]})
    iam.put_role_policy(RoleName="flows", PolicyName="writes", PolicyDocument=policy)
    return str(role["Arn"])


def log_bucket(network: Network) -> str:
    """A bucket that lets log delivery in."""
    aws = network.context
    s3, arn = aws.client("s3"), f"arn:{aws.partition}:s3:::flows"
    s3.create_bucket(Bucket="flows", CreateBucketConfiguration={"LocationConstraint": aws.region})
    delivery = {"Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"}}
    only = {"StringEquals": {"aws:SourceAccount": aws.account, "s3:x-amz-acl": "bucket-owner-full-control"}}
    writes = {"Action": "s3:PutObject", "Resource": f"{arn}/AWSLogs/{aws.account}/*", "Condition": only}
    looks = {"Action": "s3:GetBucketAcl", "Resource": arn}
    policy = {"Version": "2012-10-17", "Statement": [{**delivery, **writes}, {**delivery, **looks}]}
    s3.put_bucket_policy(Bucket="flows", Policy=json.dumps(policy))
    return arn


MAKERS: dict[str, Any] = {
    "vpc": lambda network: network.vpc,
    "subnet": lambda network: network.subnets[0],
    "other-subnet": lambda network: network.subnets[1],
    "table": lambda network: network.make("RouteTable", VpcId=network.vpc),
    "other-table": lambda network: network.make("RouteTable", VpcId=network.vpc),
    "acl": lambda network: network.make("NetworkAcl", VpcId=network.vpc),
    "group": lambda network: network.make("SecurityGroup", VpcId=network.vpc, GroupDescription="one", GroupName="one"),
    "other-group": lambda network: network.make(
        "SecurityGroup", VpcId=network.vpc, GroupDescription="two", GroupName="two"
    ),
    "s3-list": _s3_list,
    "igw": _attached_gateway,
    "address": lambda network: network.ec2.allocate_address(Domain="vpc")["AllocationId"],
    "nat": lambda network: network.make(
        "NatGateway", SubnetId=network.subnets[0], AllocationId=network.ec2.allocate_address()["AllocationId"]
    ),
    "loose-igw": lambda network: network.make("InternetGateway"),
    "role": flow_log_role,
    "bucket": log_bucket,
}


def fill(value: Any, network: Network) -> Any:
    made: dict[str, str] = network.__dict__.setdefault("made", {})
    if isinstance(value, dict):
        return {key: fill(item, network) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, network) for item in value]
    if isinstance(value, str) and value.startswith("<"):
        name = value.strip("<>")
        if name not in made:
            made[name] = MAKERS[name](network)
        return made[name]
    return value


SERVICE = "com.amazonaws.us-gov-west-1.bedrock-runtime-fips"
INTERFACE = {
    "VpcId": "<vpc>",
    "ServiceName": SERVICE,
    "VpcEndpointType": "Interface",
    "PrivateDnsEnabled": True,
    "SubnetIds": ["<subnet>", "<other-subnet>"],
    "SecurityGroupIds": ["<group>"],
    "PolicyDocument": NARROW,
    "IpAddressType": "ipv4",
    "DnsOptions": {"DnsRecordIpType": "ipv4"},
    "ServiceRegion": "us-gov-west-1",
    "Tags": NAME,
}
GATEWAY = {
    "VpcId": "<vpc>",
    "ServiceName": "com.amazonaws.us-gov-west-1.s3",
    "VpcEndpointType": "Gateway",
    "RouteTableIds": ["<table>"],
    "PolicyDocument": NARROW,
}
ENTRY = {
    "NetworkAclId": "<acl>",
    "RuleNumber": 100,
    "Egress": True,
    "Protocol": 6,
    "RuleAction": "allow",
    "CidrBlock": "10.0.0.0/16",
    "PortRange": {"From": 443, "To": 443},
}
GROUP = {
    "VpcId": "<vpc>",
    "GroupName": "workload",
    "GroupDescription": "of the workload",
    "SecurityGroupIngress": [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16", "Description": "from inside"},
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "SourceSecurityGroupId": "<group>", "Description": "x"},
    ],
    "SecurityGroupEgress": [
        {
            "IpProtocol": "tcp",
            "FromPort": 443,
            "ToPort": 443,
            "DestinationPrefixListId": "<s3-list>",
            "Description": "to S3",
        },
        {"IpProtocol": "icmp", "FromPort": 252, "ToPort": 86, "CidrIp": "255.255.255.255/32"},
    ],
    "Tags": NAME,
}
RULE = {"GroupId": "<group>", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "Description": "HTTPS"}

ENFORCED = {
    "VpcId": "<vpc>",
    "Mode": "enforce",
    "InternetGatewayExclusionInput": "disable",
    "EgressOnlyInternetGatewayExclusionInput": "disable",
    "NatGatewayExclusionInput": "disable",
    "VirtualPrivateGatewayExclusionInput": "disable",
    "VpcPeeringExclusionInput": "disable",
    "LambdaExclusionInput": "disable",
    "VpcLatticeExclusionInput": "disable",
    "ElasticFileSystemExclusionInput": "disable",
    "Tags": NAME,
}

# Type, its properties, the same after a change in place (None where nothing can change).
CASES: list[tuple[str, Properties, Properties | None]] = [
    (
        "VPC",
        {
            "CidrBlock": "10.1.0.0/16",
            "EnableDnsHostnames": True,
            "EnableDnsSupport": True,
            "InstanceTenancy": "default",
            "Tags": NAME,
        },
        {"CidrBlock": "10.1.0.0/16", "EnableDnsHostnames": False, "EnableDnsSupport": False},
    ),
    (
        "Subnet",
        {
            "VpcId": "<vpc>",
            "CidrBlock": "10.0.9.0/24",
            "AvailabilityZone": "us-gov-west-1c",
            "MapPublicIpOnLaunch": True,
            "AssignIpv6AddressOnCreation": False,
            "EnableDns64": False,
            "PrivateDnsNameOptionsOnLaunch": {
                "HostnameType": "resource-name",
                "EnableResourceNameDnsARecord": True,
                "EnableResourceNameDnsAAAARecord": False,
            },
            "Tags": NAME,
        },
        {
            "VpcId": "<vpc>",
            "CidrBlock": "10.0.9.0/24",
            "AvailabilityZone": "us-gov-west-1c",
            "MapPublicIpOnLaunch": False,
            "AssignIpv6AddressOnCreation": False,
            "EnableDns64": True,
            "PrivateDnsNameOptionsOnLaunch": {
                "HostnameType": "ip-name",
                "EnableResourceNameDnsARecord": False,
                "EnableResourceNameDnsAAAARecord": False,
            },
            "Tags": [{"Key": "Name", "Value": "renamed"}],
        },
    ),
    (
        "RouteTable",
        {"VpcId": "<vpc>", "Tags": NAME},
        {"VpcId": "<vpc>", "Tags": [{"Key": "Tier", "Value": "isolated"}]},
    ),
    ("SubnetRouteTableAssociation", {"RouteTableId": "<table>", "SubnetId": "<subnet>"}, None),
    ("NetworkAcl", {"VpcId": "<vpc>", "Tags": NAME}, {"VpcId": "<vpc>"}),
    ("NetworkAclEntry", ENTRY, {**ENTRY, "RuleAction": "deny", "CidrBlock": "10.0.1.0/24"}),
    (
        "NetworkAclEntry",
        {
            "NetworkAclId": "<acl>",
            "RuleNumber": 110,
            "Protocol": 1,
            "RuleAction": "allow",
            "CidrBlock": "10.0.0.0/16",
            "Icmp": {"Code": -1, "Type": -1},
        },
        None,
    ),
    ("NetworkAclEntry", {**ENTRY, "RuleNumber": 120, "Protocol": -1, "PortRange": {"From": 0, "To": 65535}}, None),
    ("SubnetNetworkAclAssociation", {"NetworkAclId": "<acl>", "SubnetId": "<subnet>"}, None),
    (
        "SecurityGroup",
        GROUP,
        {**GROUP, "SecurityGroupIngress": [], "SecurityGroupEgress": GROUP["SecurityGroupEgress"][:1]},
    ),
    (
        "SecurityGroupIngress",
        {**RULE, "SourceSecurityGroupId": "<other-group>"},
        {**RULE, "SourceSecurityGroupId": "<other-group>", "Description": "said otherwise"},
    ),
    ("SecurityGroupIngress", {**RULE, "CidrIp": "10.0.0.0/16"}, {**RULE, "CidrIp": "10.0.0.0/16", "Description": "y"}),
    ("SecurityGroupEgress", {**RULE, "DestinationSecurityGroupId": "<other-group>"}, None),
    (
        "SecurityGroupEgress",
        {**RULE, "DestinationPrefixListId": "<s3-list>"},
        {**RULE, "DestinationPrefixListId": "<s3-list>", "Description": "z"},
    ),
    (
        "VPCEndpoint",
        INTERFACE,
        {
            **INTERFACE,
            "PolicyDocument": OPEN,
            "PrivateDnsEnabled": False,
            "SubnetIds": ["<subnet>"],
            "SecurityGroupIds": ["<other-group>"],
            "Tags": [],
        },
    ),
    ("Route", {"RouteTableId": "<table>", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "<igw>"}, None),
    (
        "Route",
        {"RouteTableId": "<table>", "DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "<nat>"},
        {"RouteTableId": "<table>", "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "<igw>"},
    ),
    ("Route", {"RouteTableId": "<table>", "DestinationIpv6CidrBlock": "::/0", "GatewayId": "<igw>"}, None),
    ("InternetGateway", {"Tags": NAME}, {"Tags": [{"Key": "Name", "Value": "out"}]}),
    ("VPCGatewayAttachment", {"VpcId": "<vpc>", "InternetGatewayId": "<loose-igw>"}, None),
    (
        "NatGateway",
        {"SubnetId": "<subnet>", "AllocationId": "<address>", "ConnectivityType": "public", "Tags": NAME},
        {"SubnetId": "<subnet>", "AllocationId": "<address>", "ConnectivityType": "public"},
    ),
    ("NatGateway", {"SubnetId": "<subnet>", "ConnectivityType": "private"}, None),
    ("EIP", {"Domain": "vpc", "Tags": NAME}, {"Domain": "vpc"}),
    (
        "FlowLog",
        {
            "ResourceId": "<vpc>",
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogDestinationType": "cloud-watch-logs",
            "LogGroupName": "flows",
            "DeliverLogsPermissionArn": "<role>",
            "MaxAggregationInterval": 60,
            "LogFormat": "${version} ${srcaddr}",
            "Tags": NAME,
        },
        None,
    ),
    (
        "FlowLog",
        {
            "ResourceId": "<subnet>",
            "ResourceType": "Subnet",
            "TrafficType": "REJECT",
            "LogDestinationType": "s3",
            "LogDestination": "<bucket>",
            "DestinationOptions": {
                "FileFormat": "parquet",
                "HiveCompatiblePartitions": True,
                "PerHourPartition": False,
            },
        },
        None,
    ),
    (
        "VPCBlockPublicAccessOptions",
        {"InternetGatewayBlockMode": "block-bidirectional"},
        {"InternetGatewayBlockMode": "block-ingress"},
    ),
    ("VPCEncryptionControl", ENFORCED, {"VpcId": "<vpc>", "Mode": "monitor", "Tags": NAME}),
    ("VPCEncryptionControl", {"VpcId": "<vpc>"}, {**ENFORCED, "NatGatewayExclusionInput": "enable"}),
    ("VPCEndpoint", GATEWAY, {**GATEWAY, "RouteTableIds": ["<other-table>"], "PolicyDocument": OPEN}),
]


def without_tags(properties: Properties) -> Properties:
    return {name: value for name, value in properties.items() if not (name == "Tags" and not value)}


@pytest.mark.parametrize(("kind", "properties", "changed"), CASES)
def test_what_a_template_says_is_read_back_changed_and_taken_away(
    network: Network, kind: str, properties: Properties, changed: Properties | None
) -> None:
    before = network.filled(properties)
    made = network.make(kind, **before)
    found = network.read(kind, made)
    assert found is not None
    assert {name: found.get(name) for name in before} == before
    if changed is not None:
        after = network.filled(changed)
        network.update(kind, made, before, after)
        found = network.read(kind, made)
        assert found is not None
        assert {name: found.get(name) for name in without_tags(after)} == without_tags(after)
        if not after.get("Tags"):
            assert "Tags" not in found
    network.delete(kind, made, **before)
    assert network.read(kind, made) is None
    network.delete(kind, made, **before)
