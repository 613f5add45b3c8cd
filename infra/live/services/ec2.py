"""EC2: VPCs and what stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.live.found import Found, reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from infra.live.account import Account
    from infra.live.names import Names

VPC = "AWS::EC2::VPC"


@reader
def vpcs(account: Account, names: Names) -> Iterator[Found]:
    """VPCs, further address blocks, and the switches over them."""
    for vpc in account.all("ec2", "describe_vpcs", "Vpcs"):
        vpc_id = vpc["VpcId"]
        ipv6 = [each["Ipv6CidrBlock"] for each in vpc.get("Ipv6CidrBlockAssociationSet", [])]
        yield Found(
            VPC,
            vpc_id,
            {
                "CidrBlock": vpc["CidrBlock"],
                "EnableDnsSupport": _attribute(account, vpc_id, "enableDnsSupport", "EnableDnsSupport"),
                "EnableDnsHostnames": _attribute(account, vpc_id, "enableDnsHostnames", "EnableDnsHostnames"),
                **({"Ipv6CidrBlocks": ipv6} if ipv6 else {}),
            },
        )
        for block in vpc.get("CidrBlockAssociationSet", []):
            if block["CidrBlock"] != vpc["CidrBlock"]:
                given = {"VpcId": vpc_id, "CidrBlock": block["CidrBlock"]}
                yield Found("AWS::EC2::VPCCidrBlock", block["AssociationId"], given)


def _attribute(account: Account, vpc_id: str, attribute: str, member: str) -> bool:
    answer = account.call("ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute=attribute)
    return bool(answer[member]["Value"])


@reader
def protection(account: Account, names: Names) -> Iterator[Found]:
    """Block public access with its exclusions, and encryption controls."""
    options = account.call("ec2", "describe_vpc_block_public_access_options")["VpcBlockPublicAccessOptions"]
    yield Found(
        "AWS::EC2::VPCBlockPublicAccessOptions",
        account.place.account,
        {"InternetGatewayBlockMode": options["InternetGatewayBlockMode"]},
        acts_on_all=True,
    )
    exclusions = account.all("ec2", "describe_vpc_block_public_access_exclusions", "VpcBlockPublicAccessExclusions")
    for exclusion in exclusions:
        if exclusion["State"] not in ("delete-complete", "disable-complete", "create-failed"):
            kind, _, excluded = exclusion["ResourceArn"].rpartition(":")[2].partition("/")
            yield Found(
                "AWS::EC2::VPCBlockPublicAccessExclusion",
                exclusion["ExclusionId"],
                {
                    "InternetGatewayExclusionMode": exclusion["InternetGatewayExclusionMode"],
                    "VpcId" if kind == "vpc" else "SubnetId": excluded,
                },
            )
    for control in account.all("ec2", "describe_vpc_encryption_controls", "VpcEncryptionControls"):
        if control["State"] not in ("deleting", "deleted"):
            let_off = {
                f"{kind}ExclusionInput": "enable"
                for kind, state in control.get("ResourceExclusions", {}).items()
                if state.get("State") in ("enabling", "enabled", "disabling")
            }
            yield Found(
                "AWS::EC2::VPCEncryptionControl",
                control["VpcEncryptionControlId"],
                {"VpcId": control["VpcId"], "Mode": control["Mode"], **let_off},
            )


@reader
def subnets(account: Account, names: Names) -> Iterator[Found]:
    """Subnets."""
    for subnet in account.all("ec2", "describe_subnets", "Subnets"):
        ipv6 = [each["Ipv6CidrBlock"] for each in subnet.get("Ipv6CidrBlockAssociationSet", [])]
        yield Found(
            "AWS::EC2::Subnet",
            subnet["SubnetId"],
            {
                "VpcId": subnet["VpcId"],
                "CidrBlock": subnet.get("CidrBlock", ""),
                "AvailabilityZone": subnet["AvailabilityZone"],
                "MapPublicIpOnLaunch": subnet.get("MapPublicIpOnLaunch", False),
                "AssignIpv6AddressOnCreation": subnet.get("AssignIpv6AddressOnCreation", False),
                **({"Ipv6CidrBlock": ipv6[0]} if ipv6 else {}),
            },
        )


@reader
def route_tables(account: Account, names: Names) -> Iterator[Found]:
    """Route tables, their routes and associations; local routes and those of gateway endpoints are implied."""
    for table in account.all("ec2", "describe_route_tables", "RouteTables"):
        table_id = table["RouteTableId"]
        main = any(each.get("Main") for each in table.get("Associations", []))
        part = (VPC, table["VpcId"], "MainRouteTable") if main else None
        yield Found("AWS::EC2::RouteTable", table_id, {"VpcId": table["VpcId"]}, part_of=part)
        for route in table.get("Routes", []):
            if route.get("GatewayId", "") != "local" and not route.get("GatewayId", "").startswith("vpce-"):
                yield Found(
                    "AWS::EC2::Route", f"{table_id}|{_destination(route)}", {"RouteTableId": table_id, **_route(route)}
                )
        for association in table.get("Associations", []):
            if "SubnetId" in association:
                yield Found(
                    "AWS::EC2::SubnetRouteTableAssociation",
                    association["RouteTableAssociationId"],
                    {"RouteTableId": table_id, "SubnetId": association["SubnetId"]},
                )


def _destination(route: Mapping[str, Any]) -> str:
    return str(
        route.get("DestinationCidrBlock")
        or route.get("DestinationIpv6CidrBlock")
        or route.get("DestinationPrefixListId")
    )


def _route(route: Mapping[str, Any]) -> dict[str, Any]:
    names = {"EgressOnlyInternetGatewayId", "GatewayId", "InstanceId", "LocalGatewayId", "NatGatewayId"}
    names |= {"CarrierGatewayId", "CoreNetworkArn", "NetworkInterfaceId", "TransitGatewayId", "VpcPeeringConnectionId"}
    names |= {"DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId", "OdbNetworkArn"}
    return {name: value for name, value in route.items() if name in names and value}


@reader
def network_acls(account: Account, names: Names) -> Iterator[Found]:
    """Network ACLs, their entries and associations; the default one serves whatever no other does."""
    for acl in account.all("ec2", "describe_network_acls", "NetworkAcls"):
        acl_id, default = acl["NetworkAclId"], bool(acl["IsDefault"])
        part = (VPC, acl["VpcId"], "DefaultNetworkAcl") if default else None
        yield Found("AWS::EC2::NetworkAcl", acl_id, {"VpcId": acl["VpcId"], "IsDefault": default}, part_of=part)
        for entry in acl.get("Entries", []):
            yield Found(
                "AWS::EC2::NetworkAclEntry",
                f"{acl_id}|{entry['RuleNumber']}|{entry['Egress']}",
                {"NetworkAclId": acl_id, **_entry(entry)},
            )
        for association in () if default else acl.get("Associations", []):
            yield Found(
                "AWS::EC2::SubnetNetworkAclAssociation",
                association["NetworkAclAssociationId"],
                {"NetworkAclId": acl_id, "SubnetId": association["SubnetId"]},
            )


def _entry(entry: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("CidrBlock", "Egress", "Ipv6CidrBlock", "PortRange", "Protocol", "RuleAction", "RuleNumber")
    return {name: entry[name] for name in kept if entry.get(name) is not None}


@reader
def security_groups(account: Account, names: Names) -> Iterator[Found]:
    """Security groups with all their rules."""
    for group in account.all("ec2", "describe_security_groups", "SecurityGroups"):
        default = group["GroupName"] == "default"
        part = (VPC, group["VpcId"], "DefaultSecurityGroup") if default else None
        yield Found(
            "AWS::EC2::SecurityGroup",
            group["GroupId"],
            {
                "VpcId": group["VpcId"],
                "IsDefault": default,
                "SecurityGroupIngress": list(_rules(group.get("IpPermissions", []), "Source")),
                "SecurityGroupEgress": list(_rules(group.get("IpPermissionsEgress", []), "Destination")),
                "EgressIsComplete": True,
            },
            part_of=part,
        )


def _rules(permissions: Iterable[Mapping[str, Any]], side: str) -> Iterator[dict[str, Any]]:
    """One rule for each peer of each permission."""
    peers = (
        ("IpRanges", "CidrIp", "CidrIp"),
        ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId", f"{side}PrefixListId"),
        ("UserIdGroupPairs", "GroupId", f"{side}SecurityGroupId"),
    )
    for permission in permissions:
        ports = {name: permission[name] for name in ("FromPort", "ToPort") if permission.get(name) is not None}
        for several, member, name in peers:
            for peer in permission.get(several, []):
                yield {"IpProtocol": permission["IpProtocol"], **ports, name: peer[member]}


@reader
def endpoints(account: Account, names: Names) -> Iterator[Found]:
    """VPC endpoints."""
    for endpoint in account.all("ec2", "describe_vpc_endpoints", "VpcEndpoints"):
        if endpoint.get("State", "").lower() in ("deleting", "deleted"):
            continue
        elsewhere = endpoint.get("ServiceRegion", account.region) != account.region
        yield Found(
            "AWS::EC2::VPCEndpoint",
            endpoint["VpcEndpointId"],
            {
                "VpcId": endpoint["VpcId"],
                "ServiceName": endpoint["ServiceName"],
                "VpcEndpointType": endpoint.get("VpcEndpointType", "Gateway"),
                "PrivateDnsEnabled": endpoint.get("PrivateDnsEnabled", False),
                "SubnetIds": endpoint.get("SubnetIds", []),
                "RouteTableIds": endpoint.get("RouteTableIds", []),
                "SecurityGroupIds": [group["GroupId"] for group in endpoint.get("Groups", [])],
                **({"PolicyDocument": endpoint["PolicyDocument"]} if endpoint.get("PolicyDocument") else {}),
                **({"ServiceRegion": endpoint["ServiceRegion"]} if elsewhere else {}),
            },
        )


@reader
def flow_logs(account: Account, names: Names) -> Iterator[Found]:
    """Flow logs."""
    kinds = {"vpc": "VPC", "subnet": "Subnet", "eni": "NetworkInterface"}
    for log in account.all("ec2", "describe_flow_logs", "FlowLogs"):
        kept = ("DeliverLogsPermissionArn", "LogDestination", "LogDestinationType", "LogFormat", "LogGroupName")
        yield Found(
            "AWS::EC2::FlowLog",
            log["FlowLogId"],
            {
                "ResourceId": log["ResourceId"],
                "ResourceType": kinds.get(log["ResourceId"].split("-")[0], "TransitGateway"),
                "TrafficType": log.get("TrafficType", ""),
                "MaxAggregationInterval": log.get("MaxAggregationInterval", 600),
                **{name: log[name] for name in kept if log.get(name)},
            },
        )


@reader
def gateways(account: Account, names: Names) -> Iterator[Found]:
    """Gateways, peerings and attachments of VPCs."""
    for gateway in account.all("ec2", "describe_internet_gateways", "InternetGateways"):
        yield Found("AWS::EC2::InternetGateway", gateway["InternetGatewayId"], _attached(gateway["Attachments"]))
    for gateway in account.all("ec2", "describe_egress_only_internet_gateways", "EgressOnlyInternetGateways"):
        gateway_id = gateway["EgressOnlyInternetGatewayId"]
        yield Found("AWS::EC2::EgressOnlyInternetGateway", gateway_id, _attached(gateway["Attachments"]))
    for gateway in account.all("ec2", "describe_nat_gateways", "NatGateways"):
        if gateway["State"] not in ("deleting", "deleted", "failed"):
            given = {"SubnetId": gateway.get("SubnetId", ""), "VpcId": gateway["VpcId"]}
            yield Found("AWS::EC2::NatGateway", gateway["NatGatewayId"], given)
    for gateway in account.all("ec2", "describe_vpn_gateways", "VpnGateways"):
        if gateway.get("State") not in ("deleting", "deleted"):
            given = _attached(gateway.get("VpcAttachments", []))
            yield Found("AWS::EC2::VPNGateway", gateway["VpnGatewayId"], given)
    for peering in account.all("ec2", "describe_vpc_peering_connections", "VpcPeeringConnections"):
        if peering["Status"]["Code"] not in ("deleting", "deleted", "expired", "failed", "rejected"):
            yield Found(
                "AWS::EC2::VPCPeeringConnection",
                peering["VpcPeeringConnectionId"],
                {
                    "VpcId": peering["RequesterVpcInfo"].get("VpcId", ""),
                    "PeerVpcId": peering["AccepterVpcInfo"].get("VpcId", ""),
                },
            )
    attachments = account.all("ec2", "describe_transit_gateway_vpc_attachments", "TransitGatewayVpcAttachments")
    for attachment in attachments:
        if attachment["State"] not in ("deleting", "deleted", "failed", "rejected"):
            given = {"VpcId": attachment["VpcId"], "SubnetIds": attachment.get("SubnetIds", [])}
            yield Found("AWS::EC2::TransitGatewayAttachment", attachment["TransitGatewayAttachmentId"], given)


def _attached(attachments: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The VPCs a gateway is attached to, as the model reads them from the gateway itself."""
    return {"VpcIds": [each["VpcId"] for each in attachments if each.get("State") not in ("detaching", "detached")]}


@reader
def interfaces(account: Account, names: Names) -> Iterator[Found]:
    """Network interfaces that a service did not make for an endpoint."""
    for interface in account.all("ec2", "describe_network_interfaces", "NetworkInterfaces"):
        if interface.get("InterfaceType") not in ("vpc_endpoint", "gateway_load_balancer_endpoint"):
            yield Found(
                "AWS::EC2::NetworkInterface",
                interface["NetworkInterfaceId"],
                {
                    "SubnetId": interface["SubnetId"],
                    "GroupSet": [group["GroupId"] for group in interface.get("Groups", [])],
                },
            )
