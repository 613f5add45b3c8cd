"""What EC2 refuses of networks: deleting what is in use, referring to what is not there, changing what is fixed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from infra.local.resource_type import Unsupported, resource_types

if TYPE_CHECKING:
    from collections.abc import Callable

    from infra.local.resource_type import Context

NOWHERE = "0123456789abcdef0"
POLICY = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]})


class Place:
    """A VPC with DNS on, two subnets in two zones, a route table and a group, made by plain boto3."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.ec2 = ec2 = context.client("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        ec2.modify_vpc_attribute(VpcId=self.vpc, EnableDnsHostnames={"Value": True})
        self.subnet, self.other_subnet = (
            ec2.create_subnet(VpcId=self.vpc, CidrBlock=cidr, AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for cidr, zone in (("10.0.0.0/24", "us-gov-west-1a"), ("10.0.1.0/24", "us-gov-west-1b"))
        )
        self.table = ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"]
        self.group = self.a_group("one")
        self.acl = ec2.create_network_acl(VpcId=self.vpc)["NetworkAcl"]["NetworkAclId"]

    def a_group(self, name: str) -> str:
        return str(self.ec2.create_security_group(GroupName=name, Description="x", VpcId=self.vpc)["GroupId"])

    def an_endpoint(self, service: str = "bedrock-runtime-fips", **more: Any) -> str:
        asked = {
            "VpcId": self.vpc,
            "VpcEndpointType": "Interface",
            "ServiceName": f"com.amazonaws.us-gov-west-1.{service}",
            "SubnetIds": [self.subnet],
            "SecurityGroupIds": [self.group],
            "PrivateDnsEnabled": True,
            **more,
        }
        return str(self.ec2.create_vpc_endpoint(**asked)["VpcEndpoint"]["VpcEndpointId"])

    def a_gateway_endpoint(self, **more: Any) -> str:
        service = "com.amazonaws.us-gov-west-1.s3"
        made = self.ec2.create_vpc_endpoint(VpcId=self.vpc, ServiceName=service, RouteTableIds=[self.table], **more)
        return str(made["VpcEndpoint"]["VpcEndpointId"])

    def an_internet_gateway(self) -> str:
        gateway = str(self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"])
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        return gateway

    def a_rule(self, **target: Any) -> dict[str, Any]:
        permission = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, **target}
        return {"GroupId": self.group, "IpPermissions": [permission]}

    def an_entry(self, **more: Any) -> dict[str, Any]:
        entry = {"RuleNumber": 100, "Protocol": "6", "RuleAction": "allow", "Egress": False, "CidrBlock": "10.0.0.0/16"}
        return {"NetworkAclId": self.acl, **entry, "PortRange": {"From": 443, "To": 443}, **more}

    def control(self, mode: str, **more: Any) -> str:
        made = self.ec2.create_vpc_encryption_control(VpcId=self.vpc)["VpcEncryptionControl"]
        control = str(made["VpcEncryptionControlId"])
        self.ec2.modify_vpc_encryption_control(VpcEncryptionControlId=control, Mode=mode, **more)
        return control


@pytest.fixture
def place(aws: Context) -> Place:
    return Place(aws)


def refused(code: str, call: Any, **arguments: Any) -> None:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    assert error.value.response["Error"]["Code"] == code


# In use: the type's delete must fail with the service's own error, and the thing must still be there after.
IN_USE: dict[str, tuple[str, str, Callable[[Place], Any]]] = {
    "vpc with subnets": ("VPC", "vpc", lambda place: None),
    "subnet with an endpoint": ("Subnet", "subnet", lambda place: place.an_endpoint()),
    "group of an endpoint": ("SecurityGroup", "group", lambda place: place.an_endpoint()),
    "group another one refers to": (
        "SecurityGroup",
        "group",
        lambda place: place.ec2.authorize_security_group_ingress(
            **{**place.a_rule(UserIdGroupPairs=[{"GroupId": place.group}]), "GroupId": place.a_group("two")}
        ),
    ),
    "table of a subnet": (
        "RouteTable",
        "table",
        lambda place: place.ec2.associate_route_table(RouteTableId=place.table, SubnetId=place.subnet),
    ),
    "acl of a subnet": (
        "NetworkAcl",
        "acl",
        lambda place: resource_types()["AWS::EC2::SubnetNetworkAclAssociation"].create(
            {"NetworkAclId": place.acl, "SubnetId": place.subnet}, place.context
        ),
    ),
}


@pytest.mark.parametrize("case", IN_USE)
def test_what_is_in_use_stays(place: Place, case: str) -> None:
    kind, attribute, use = IN_USE[case]
    use(place)
    known, made = resource_types()[f"AWS::EC2::{kind}"], getattr(place, attribute)
    refused("DependencyViolation", known.delete, physical_id=made, properties={}, context=place.context)
    assert known.read(made, place.context) is not None


@pytest.mark.parametrize("left", ["gateway", "endpoint", "group", "table", "acl"])
def test_a_vpc_goes_only_when_nothing_of_anyones_is_left_in_it(aws: Context, left: str) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    makers = {
        "gateway": lambda: ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc),
        "endpoint": lambda: ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-gov-west-1.s3"),
        "group": lambda: ec2.create_security_group(GroupName="g", Description="g", VpcId=vpc),
        "table": lambda: ec2.create_route_table(VpcId=vpc),
        "acl": lambda: ec2.create_network_acl(VpcId=vpc),
    }
    makers[left]()
    refused("DependencyViolation", ec2.delete_vpc, VpcId=vpc)
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]
    assert "default" in {group["GroupName"] for group in groups}


def test_a_vpc_takes_what_aws_made_in_it_along(aws: Context) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.create_vpc_encryption_control(VpcId=vpc)
    ec2.delete_vpc(VpcId=vpc)
    there = [{"Name": "vpc-id", "Values": [vpc]}]
    assert ec2.describe_network_acls(Filters=there)["NetworkAcls"] == []
    assert ec2.describe_security_groups(Filters=there)["SecurityGroups"] == []
    assert ec2.describe_vpc_encryption_controls()["VpcEncryptionControls"] == []


# A call, given a place, and the code it is refused with.
REFUSED: dict[str, tuple[str, Callable[[Place], Callable[[], Any]]]] = {
    "subnet in no vpc": (
        "InvalidVpcID.NotFound",
        lambda p: lambda: p.ec2.create_subnet(VpcId=f"vpc-{NOWHERE}", CidrBlock="10.0.9.0/24"),
    ),
    "subnet outside its vpc": (
        "InvalidSubnet.Range",
        lambda p: lambda: p.ec2.create_subnet(VpcId=p.vpc, CidrBlock="10.9.0.0/24"),
    ),
    "subnet over another": (
        "InvalidSubnet.Conflict",
        lambda p: lambda: p.ec2.create_subnet(VpcId=p.vpc, CidrBlock="10.0.0.0/25"),
    ),
    "subnet in a zone of another region": (
        "InvalidParameterValue",
        lambda p: lambda: p.ec2.create_subnet(VpcId=p.vpc, CidrBlock="10.0.9.0/24", AvailabilityZone="us-east-1a"),
    ),
    "group in no vpc": (
        "InvalidVpcID.NotFound",
        lambda p: lambda: p.ec2.create_security_group(GroupName="g", Description="g", VpcId=f"vpc-{NOWHERE}"),
    ),
    "group of a taken name": ("InvalidGroup.Duplicate", lambda p: lambda: p.a_group("one")),
    "default group": (
        "CannotDelete",
        lambda p: (
            lambda: p.ec2.delete_security_group(
                GroupId=p.ec2.describe_security_groups(
                    Filters=[{"Name": "vpc-id", "Values": [p.vpc]}, {"Name": "group-name", "Values": ["default"]}]
                )["SecurityGroups"][0]["GroupId"]
            )
        ),
    ),
    "rule from no group": (
        "InvalidGroup.NotFound",
        lambda p: (
            lambda: p.ec2.authorize_security_group_ingress(**p.a_rule(UserIdGroupPairs=[{"GroupId": f"sg-{NOWHERE}"}]))
        ),
    ),
    "rule to no prefix list": (
        "InvalidPrefixListID.NotFound",
        lambda p: lambda: p.ec2.authorize_security_group_egress(**p.a_rule(PrefixListIds=[{"PrefixListId": "pl-0"}])),
    ),
    "rule without ports": (
        "InvalidParameterValue",
        lambda p: (
            lambda: p.ec2.authorize_security_group_ingress(
                GroupId=p.group, IpPermissions=[{"IpProtocol": "tcp", "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]
            )
        ),
    ),
    "entry of no acl": (
        "InvalidNetworkAclID.NotFound",
        lambda p: lambda: p.ec2.create_network_acl_entry(**p.an_entry(NetworkAclId=f"acl-{NOWHERE}")),
    ),
    "entry of a kept number": (
        "InvalidParameterValue",
        lambda p: lambda: p.ec2.create_network_acl_entry(**p.an_entry(RuleNumber=32767)),
    ),
    "entry that is not there": (
        "InvalidNetworkAclEntry.NotFound",
        lambda p: lambda: p.ec2.delete_network_acl_entry(NetworkAclId=p.acl, RuleNumber=7, Egress=True),
    ),
    "acl that is not there": (
        "InvalidNetworkAclID.NotFound",
        lambda p: lambda: p.ec2.describe_network_acls(NetworkAclIds=[f"acl-{NOWHERE}"]),
    ),
    "default acl": (
        "InvalidParameterValue",
        lambda p: (
            lambda: p.ec2.delete_network_acl(
                NetworkAclId=p.ec2.describe_network_acls(
                    Filters=[{"Name": "vpc-id", "Values": [p.vpc]}, {"Name": "default", "Values": ["true"]}]
                )["NetworkAcls"][0]["NetworkAclId"]
            )
        ),
    ),
    "association that is not there": (
        "InvalidAssociationID.NotFound",
        lambda p: lambda: p.ec2.replace_network_acl_association(AssociationId="aclassoc-0", NetworkAclId=p.acl),
    ),
    "route to no nat gateway": (
        "InvalidNatGatewayID.NotFound",
        lambda p: (
            lambda: p.ec2.create_route(
                RouteTableId=p.table, DestinationCidrBlock="0.0.0.0/0", NatGatewayId=f"nat-{NOWHERE}"
            )
        ),
    ),
    "route to a gateway that is not attached": (
        "InvalidParameterValue",
        lambda p: (
            lambda: p.ec2.create_route(
                RouteTableId=p.table,
                DestinationCidrBlock="0.0.0.0/0",
                GatewayId=p.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"],
            )
        ),
    ),
    "nat gateway without an address": (
        "MissingParameter",
        lambda p: lambda: p.ec2.create_nat_gateway(SubnetId=p.subnet),
    ),
    "endpoint of an unknown service": ("InvalidServiceName", lambda p: lambda: p.an_endpoint("bedrock-nowhere")),
    "endpoint of another region's service": (
        "InvalidServiceName",
        lambda p: lambda: p.an_endpoint(ServiceName="com.amazonaws.us-gov-east-1.kms"),
    ),
    "gateway endpoint of an interface service": (
        "InvalidParameter",
        lambda p: lambda: p.ec2.create_vpc_endpoint(VpcId=p.vpc, ServiceName="com.amazonaws.us-gov-west-1.kms"),
    ),
    "endpoint policy that is no policy": (
        "InvalidPolicyDocument",
        lambda p: lambda: p.an_endpoint(PolicyDocument="{}"),
    ),
    "endpoint policy over its limit": (
        "InvalidPolicyDocument",
        lambda p: lambda: p.an_endpoint(PolicyDocument=POLICY + " " * 20_480),
    ),
    "endpoint of no group": (
        "InvalidGroup.NotFound",
        lambda p: lambda: p.an_endpoint(SecurityGroupIds=[f"sg-{NOWHERE}"]),
    ),
    "endpoint in no subnet that is there": (
        "InvalidSubnetID.NotFound",
        lambda p: lambda: p.an_endpoint(SubnetIds=[f"subnet-{NOWHERE}"]),
    ),
    "inbound resolver only, without a gateway endpoint": (
        "InvalidParameter",
        lambda p: lambda: p.an_endpoint("s3", DnsOptions={"PrivateDnsOnlyForInboundResolverEndpoint": True}),
    ),
    "endpoint that is not there": (
        "InvalidVpcEndpointId.NotFound",
        lambda p: lambda: p.ec2.modify_vpc_endpoint(VpcEndpointId=f"vpce-{NOWHERE}", PolicyDocument=POLICY),
    ),
    "flow log of no vpc": (
        "InvalidVpcID.NotFound",
        lambda p: (
            lambda: p.ec2.create_flow_logs(
                ResourceIds=[f"vpc-{NOWHERE}"],
                ResourceType="VPC",
                TrafficType="ALL",
                LogGroupName="g",
                DeliverLogsPermissionArn="arn:aws-us-gov:iam::111122223333:role/none",
            )
        ),
    ),
    "flow log to a bucket with a role": (
        "InvalidParameter",
        lambda p: (
            lambda: p.ec2.create_flow_logs(
                ResourceIds=[p.vpc],
                ResourceType="VPC",
                TrafficType="ALL",
                LogDestinationType="s3",
                LogDestination="arn:aws-us-gov:s3:::b",
                DeliverLogsPermissionArn="arn:aws-us-gov:iam::111122223333:role/none",
            )
        ),
    ),
    "exclusion of no vpc": (
        "InvalidVpcID.NotFound",
        lambda p: (
            lambda: p.ec2.create_vpc_block_public_access_exclusion(
                VpcId=f"vpc-{NOWHERE}", InternetGatewayExclusionMode="allow-egress"
            )
        ),
    ),
    "control that is not there": (
        "InvalidVpcEncryptionControlId.NotFound",
        lambda p: (
            lambda: p.ec2.modify_vpc_encryption_control(VpcEncryptionControlId=f"vpcec-{NOWHERE}", Mode="enforce")
        ),
    ),
    "gateway where encryption is enforced": (
        "OperationNotPermitted",
        lambda p: (p.control("enforce"), p.an_internet_gateway)[1],
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_awss_own_code(place: Place, case: str) -> None:
    code, prepare = REFUSED[case]
    refused(code, prepare(place))


# Twice, or against what stands there.


def test_a_rule_is_one_rule_whatever_is_said_of_it(place: Place) -> None:
    authorize = place.ec2.authorize_security_group_ingress
    authorize(**place.a_rule(IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "one"}]))
    twice = place.a_rule(IpRanges=[{"CidrIp": "10.0.0.0/8", "Description": "other"}])
    refused("InvalidPermission.Duplicate", authorize, **twice)


def test_a_number_is_taken_once_a_direction(place: Place) -> None:
    place.ec2.create_network_acl_entry(**place.an_entry())
    refused("NetworkAclEntryAlreadyExists", place.ec2.create_network_acl_entry, **place.an_entry(RuleAction="deny"))
    place.ec2.create_network_acl_entry(**place.an_entry(Egress=True))


def test_an_acl_holds_twenty_rules_a_direction_its_last_deny_among_them(place: Place) -> None:
    for number in range(1, 20):
        place.ec2.create_network_acl_entry(**place.an_entry(RuleNumber=number))
    more = place.an_entry(RuleNumber=20)
    refused("NetworkAclEntryLimitExceeded", place.ec2.create_network_acl_entry, **more)


def test_a_new_acl_denies_everything(place: Place) -> None:
    (acl,) = place.ec2.describe_network_acls(NetworkAclIds=[place.acl])["NetworkAcls"]
    assert {(entry["Egress"], entry["RuleNumber"], entry["RuleAction"]) for entry in acl["Entries"]} == {
        (True, 32767, "deny"),
        (False, 32767, "deny"),
    }


def test_a_subnet_keeps_its_acl_when_the_new_one_is_not_there(place: Place) -> None:
    filters = [{"Name": "association.subnet-id", "Values": [place.subnet]}]
    (acl,) = place.ec2.describe_network_acls(Filters=filters)["NetworkAcls"]
    (association,) = (one["NetworkAclAssociationId"] for one in acl["Associations"] if one["SubnetId"] == place.subnet)
    replace = place.ec2.replace_network_acl_association
    refused("InvalidNetworkAclID.NotFound", replace, AssociationId=association, NetworkAclId=f"acl-{NOWHERE}")
    assert place.ec2.describe_network_acls(Filters=filters)["NetworkAcls"] == [acl]


def test_a_subnet_has_one_route_table(place: Place) -> None:
    place.ec2.associate_route_table(RouteTableId=place.table, SubnetId=place.subnet)
    other = place.ec2.create_route_table(VpcId=place.vpc)["RouteTable"]["RouteTableId"]
    associate = place.ec2.associate_route_table
    refused("Resource.AlreadyAssociated", associate, RouteTableId=other, SubnetId=place.subnet)


def test_a_service_has_one_private_name_in_a_vpc(place: Place) -> None:
    place.an_endpoint()
    refused("InvalidParameter", place.an_endpoint)
    second = place.an_endpoint(PrivateDnsEnabled=False)
    modify = place.ec2.modify_vpc_endpoint
    refused("InvalidParameter", modify, VpcEndpointId=second, PrivateDnsEnabled=True)


def test_private_names_need_the_vpcs_dns(place: Place) -> None:
    place.ec2.modify_vpc_attribute(VpcId=place.vpc, EnableDnsHostnames={"Value": False})
    refused("InvalidParameter", place.an_endpoint)


def test_an_endpoint_has_one_subnet_a_zone(place: Place) -> None:
    third = place.ec2.create_subnet(VpcId=place.vpc, CidrBlock="10.0.2.0/24", AvailabilityZone="us-gov-west-1a")
    subnets = [place.subnet, third["Subnet"]["SubnetId"]]
    refused("DuplicateSubnetsInSameZone", lambda: place.an_endpoint(SubnetIds=subnets))


def test_a_gateway_endpoint_is_a_route_until_it_is_gone(place: Place) -> None:
    endpoint = place.a_gateway_endpoint()
    refused("RouteAlreadyExists", place.a_gateway_endpoint)

    def routes() -> list[tuple[Any, Any]]:
        (table,) = place.ec2.describe_route_tables(RouteTableIds=[place.table])["RouteTables"]
        return [
            (route["DestinationPrefixListId"], route["GatewayId"])
            for route in table["Routes"]
            if "DestinationPrefixListId" in route
        ]

    (listed,) = place.ec2.describe_prefix_lists(
        Filters=[{"Name": "prefix-list-name", "Values": ["com.amazonaws.us-gov-west-1.s3"]}]
    )["PrefixLists"]
    assert routes() == [(listed["PrefixListId"], endpoint)]
    assert listed["Cidrs"]
    place.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, RemoveRouteTableIds=[place.table])
    assert routes() == []
    place.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddRouteTableIds=[place.table])
    place.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    assert routes() == []
    assert place.ec2.describe_vpc_endpoints()["VpcEndpoints"] == []


def test_a_missing_endpoint_is_told_and_does_not_stop_the_rest(place: Place) -> None:
    endpoint = place.an_endpoint()
    answer = place.ec2.delete_vpc_endpoints(VpcEndpointIds=[f"vpce-{NOWHERE}", endpoint])
    assert [one["Error"]["Code"] for one in answer["Unsuccessful"]] == ["InvalidVpcEndpointId.NotFound"]
    assert place.ec2.describe_vpc_endpoints()["VpcEndpoints"] == []


def test_an_endpoint_without_a_policy_lets_everyone_do_everything(place: Place) -> None:
    endpoint = place.an_endpoint(PolicyDocument=POLICY)
    place.ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, ResetPolicy=True)
    (told,) = place.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    (statement,) = json.loads(told["PolicyDocument"])["Statement"]
    assert (statement["Principal"], statement["Action"], statement["Resource"]) == ("*", "*", "*")


@pytest.mark.parametrize("service", ["bedrock-runtime", "bedrock-runtime-fips", "states-fips", "sagemaker.runtime"])
def test_the_services_of_an_enclave_are_offered_and_answer_to_their_names(place: Place, service: str) -> None:
    name = f"com.amazonaws.us-gov-west-1.{service}"
    told = place.ec2.describe_vpc_endpoint_services(ServiceNames=[name])["ServiceDetails"]
    assert [kind["ServiceType"] for one in told for kind in one["ServiceType"]] == ["Interface"]
    endpoint = place.an_endpoint(service)
    (made,) = place.ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    assert told[0]["PrivateDnsName"] in {entry["DnsName"] for entry in made["DnsEntries"]}
    assert made["State"] == "available"


# Flow logs


def test_a_flow_log_to_a_bucket_that_lets_nobody_in_is_not_made(place: Place) -> None:
    s3 = place.context.client("s3")
    s3.create_bucket(Bucket="closed", CreateBucketConfiguration={"LocationConstraint": "us-gov-west-1"})
    properties = {"ResourceId": place.vpc, "ResourceType": "VPC", "TrafficType": "ALL", "LogDestinationType": "s3"}
    kind = resource_types()["AWS::EC2::FlowLog"]
    for name, problem in (("closed", "Access Denied for LogDestination: closed"), ("none", "none does not exist")):
        asked = {**properties, "LogDestination": f"arn:aws-us-gov:s3:::{name}"}
        with pytest.raises(Exception, match=problem):
            kind.create(asked, place.context)
    assert place.ec2.describe_flow_logs()["FlowLogs"] == []


def test_a_flow_log_whose_role_may_not_write_says_so(place: Place) -> None:
    place.context.client("logs").create_log_group(logGroupName="flows")
    asked = {
        "ResourceIds": [place.vpc],
        "ResourceType": "VPC",
        "TrafficType": "ALL",
        "LogGroupName": "flows",
        "DeliverLogsPermissionArn": "arn:aws-us-gov:iam::111122223333:role/none",
    }
    place.ec2.create_flow_logs(**asked)
    (told,) = place.ec2.describe_flow_logs()["FlowLogs"]
    assert (told["DeliverLogsStatus"], told["DeliverLogsErrorMessage"]) == ("FAILED", "Access error")
    refused("FlowLogAlreadyExists", place.ec2.create_flow_logs, **asked)


# Block public access and encryption control


def test_what_blocks_the_internet_shows_at_vpcs_and_subnets(place: Place) -> None:
    def modes() -> tuple[str, str]:
        (vpc,) = place.ec2.describe_vpcs(VpcIds=[place.vpc])["Vpcs"]
        (subnet,) = place.ec2.describe_subnets(SubnetIds=[place.subnet])["Subnets"]
        vpc_mode, subnet_mode = (one["BlockPublicAccessStates"]["InternetGatewayBlockMode"] for one in (vpc, subnet))
        return vpc_mode, subnet_mode

    options = place.ec2.describe_vpc_block_public_access_options()["VpcBlockPublicAccessOptions"]
    assert (options["State"], options["InternetGatewayBlockMode"]) == ("default-state", "off")
    place.ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-bidirectional")
    assert modes() == ("block-bidirectional", "block-bidirectional")
    exclude = place.ec2.create_vpc_block_public_access_exclusion
    made = exclude(SubnetId=place.subnet, InternetGatewayExclusionMode="allow-bidirectional")
    assert modes() == ("block-bidirectional", "off")
    (told,) = place.ec2.describe_vpc_block_public_access_exclusions()["VpcBlockPublicAccessExclusions"]
    assert told["ResourceArn"] == f"arn:aws-us-gov:ec2:us-gov-west-1:111122223333:subnet/{place.subnet}"
    exclusion = made["VpcBlockPublicAccessExclusion"]["ExclusionId"]
    place.ec2.delete_vpc_block_public_access_exclusion(ExclusionId=exclusion)
    exclude(VpcId=place.vpc, InternetGatewayExclusionMode="allow-egress")
    assert modes() == ("block-ingress", "block-ingress")


def test_enforcement_waits_until_what_is_not_encrypted_is_gone_or_excluded(place: Place) -> None:
    gateway = place.an_internet_gateway()
    control = place.control("monitor")
    (told,) = place.ec2.describe_vpc_encryption_controls(VpcIds=[place.vpc])["VpcEncryptionControls"]
    assert (told["Mode"], told["State"], "ResourceExclusions" in told) == ("monitor", "available", False)
    modify = place.ec2.modify_vpc_encryption_control
    enforce = {"VpcEncryptionControlId": control, "Mode": "enforce"}
    refused("VpcEncryptionControlStateTransitionFailed", modify, **enforce)
    blocking = place.ec2.get_vpc_resources_blocking_encryption_enforcement(VpcId=place.vpc)
    assert [one["Id"] for one in blocking["NonCompliantResources"]] == [gateway]
    modify(**enforce, InternetGatewayExclusion="enable")
    (vpc,) = place.ec2.describe_vpcs(VpcIds=[place.vpc])["Vpcs"]
    told = vpc["EncryptionControl"]
    assert told["Mode"] == "enforce"
    assert told["ResourceExclusions"]["InternetGateway"]["State"] == "enabled"
    assert told["ResourceExclusions"]["NatGateway"]["State"] == "disabled"


def test_a_nat_gateway_frees_its_address_when_it_goes(place: Place) -> None:
    allocation = place.ec2.allocate_address(Domain="vpc")["AllocationId"]
    made = place.ec2.create_nat_gateway(SubnetId=place.subnet, AllocationId=allocation)["NatGateway"]
    refused("InvalidIPAddress.InUse", place.ec2.release_address, AllocationId=allocation)
    refused("DependencyViolation", place.ec2.delete_subnet, SubnetId=place.subnet)
    place.ec2.delete_nat_gateway(NatGatewayId=made["NatGatewayId"])
    refused("NatGatewayNotFound", place.ec2.delete_nat_gateway, NatGatewayId=made["NatGatewayId"])
    place.ec2.release_address(AllocationId=allocation)
    place.ec2.delete_subnet(SubnetId=place.subnet)


# Types


def test_a_property_that_the_service_would_drop_is_refused(place: Place) -> None:
    vpc = resource_types()["AWS::EC2::VPC"]
    with pytest.raises(Unsupported, match="VpcEncryptionControl of AWS::EC2::VPC"):
        vpc.create({"CidrBlock": "10.1.0.0/16", "VpcEncryptionControl": {"Mode": "enforce"}}, place.context)


def test_a_group_does_not_read_the_rules_of_other_resources_as_its_own(place: Place) -> None:
    kinds = resource_types()
    made = kinds["AWS::EC2::SecurityGroup"].create({"GroupDescription": "x", "VpcId": place.vpc}, place.context)
    rule = {"GroupId": made, "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/16"}
    kinds["AWS::EC2::SecurityGroupIngress"].create(rule, place.context)
    foreign = place.a_rule(IpRanges=[{"CidrIp": "0.0.0.0/0"}])
    place.ec2.authorize_security_group_ingress(**{**foreign, "GroupId": made})
    found = kinds["AWS::EC2::SecurityGroup"].read(made, place.context)
    assert found is not None
    assert [one["CidrIp"] for one in found["SecurityGroupIngress"]] == ["0.0.0.0/0"]


def test_a_group_whose_rules_are_refused_is_not_left_behind(place: Place) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 1, "ToPort": 1, "SourceSecurityGroupId": f"sg-{NOWHERE}"}
    properties = {"GroupName": "left", "GroupDescription": "x", "VpcId": place.vpc, "SecurityGroupIngress": [rule]}
    create = resource_types()["AWS::EC2::SecurityGroup"].create
    refused("InvalidGroup.NotFound", create, properties=properties, context=place.context)
    groups = place.ec2.describe_security_groups()["SecurityGroups"]
    assert "left" not in {group["GroupName"] for group in groups}


@pytest.mark.parametrize(("old", "new", "replaces"), [("default", "dedicated", True), ("dedicated", "default", False)])
def test_only_dedicated_to_default_happens_in_place(old: str, new: str, replaces: bool) -> None:
    vpc = resource_types()["AWS::EC2::VPC"]
    assert vpc.replaces({"InstanceTenancy": old}, {"InstanceTenancy": new}) is replaces


def test_arns_are_of_the_regions_partition(place: Place) -> None:
    (group,) = place.ec2.describe_security_groups(GroupIds=[place.group])["SecurityGroups"]
    (subnet,) = place.ec2.describe_subnets(SubnetIds=[place.subnet])["Subnets"]
    assert group["SecurityGroupArn"].startswith("arn:aws-us-gov:ec2:us-gov-west-1:")
    assert subnet["SubnetArn"].startswith("arn:aws-us-gov:ec2:us-gov-west-1:")
