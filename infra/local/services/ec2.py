"""EC2's networks, mended: VPCs, subnets, routes and gateways refuse what AWS refuses, and drop nothing.

Only classes are touched, from outside: a function set on `EC2Backend` overrides the mixin's method of that
name and calls it where the original does part of the work. Error codes: EC2 API reference, "Error codes for the
Amazon EC2 API", read 2026-11-24.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import EC2Backend
from moto.ec2.models.elastic_ip_addresses import ElasticAddressBackend
from moto.ec2.models.route_tables import RouteBackend
from moto.ec2.models.subnets import Subnet, SubnetBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses import EC2Response
from moto.ec2.responses.subnets import Subnets


def extend() -> None:
    """Set what is mended on moto's EC2 classes; doing it twice changes nothing."""
    for function in (
        create_vpc,
        delete_vpc,
        create_subnet,
        delete_subnet,
        associate_route_table,
        delete_route_table,
        create_route,
        replace_route,
        delete_nat_gateway,
        release_address,
    ):
        setattr(EC2Backend, function.__name__, function)
    for operation in (modify_subnet_attribute, create_nat_gateway):
        setattr(EC2Response, operation.__name__, operation)
    set_on(Subnet, enable_dns64=False, arn=property(_subnet_arn))


def set_on(kind: type, **members: Any) -> None:
    """Set members on one of moto's classes that moto does not know."""
    for name, member in members.items():
        setattr(kind, name, member)


def refuse(code: str, message: str) -> EC2ClientError:
    """AWS's refusal, to be raised."""
    return EC2ClientError(code, message)


def known_prefix_list(self: Any, prefix_list_id: str) -> None:
    """Refuse a prefix list that is not there."""
    if prefix_list_id not in self.managed_prefix_lists:
        raise refuse("InvalidPrefixListID.NotFound", f"The prefix list ID '{prefix_list_id}' does not exist")


# VPCs


def create_vpc(self: Any, *arguments: Any, **named: Any) -> Any:
    """Let the default group's members reach each other, as AWS does; moto's default group admits nobody."""
    vpc = VPCBackend.create_vpc(self, *arguments, **named)
    group = self.get_default_security_group(vpc.id)
    if group is not None and not group.ingress_rules:
        self.authorize_security_group_ingress(group.id, "-1", None, None, [], source_groups=[{"GroupId": group.id}])
    return vpc


def delete_vpc(self: Any, vpc_id: str) -> Any:
    """Refuse while anything lies in the VPC that AWS does not delete with it; then drop its default NACL too."""
    vpc = self.get_vpc(vpc_id)
    attached = [
        *(igw for igw in list(self.internet_gateways.values()) if igw.vpc is vpc),
        *(eigw for eigw in list(self.egress_only_internet_gateways.values()) if eigw.vpc_id == vpc_id),
        *(end for end in list(self.vpc_end_points.values()) if end.vpc_id == vpc_id),
        *(nat for nat in list(self.nat_gateways.values()) if nat.vpc_id == vpc_id and nat.state != "deleted"),
        *(acl for acl in list(self.network_acls.values()) if acl.vpc_id == vpc_id and not acl.default),
        *(group for group in list(self.groups[vpc_id].values()) if not group.is_default),
    ]
    if attached:
        raise refuse("DependencyViolation", f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    groups = self.groups.pop(vpc_id)  # the default group goes with its VPC, though deleting it alone is refused
    try:
        deleted = VPCBackend.delete_vpc(self, vpc_id)
    except Exception:
        self.groups[vpc_id] = groups
        raise
    for acl in [acl for acl in list(self.network_acls.values()) if acl.vpc_id == vpc_id]:
        self.network_acls.pop(acl.id)
    return deleted


# Subnets


def create_subnet(self: Any, vpc_id: str, cidr_block: str, *args: Any, **kwargs: Any) -> Any:
    """Refuse a zone of another region; only subnets of the default VPC are default for their zone."""
    names = ("ipv6_cidr_block", "availability_zone", "availability_zone_id")
    asked = {**dict(zip(names, args, strict=False)), **kwargs}
    zones = self.describe_availability_zones()
    known = {zone.name for zone in zones} | {zone.zone_id for zone in zones}
    zone = asked.get("availability_zone") or asked.get("availability_zone_id")
    if zone and zone not in known:
        offered = ", ".join(sorted(zone.name for zone in zones))
        message = f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created"
        raise refuse("InvalidParameterValue", f"{message} in the following availability zones: {offered}.")
    if cidr_block and "/" in cidr_block and not 16 <= int(cidr_block.split("/")[1]) <= 28:
        raise refuse("InvalidSubnet.Range", f"The CIDR '{cidr_block}' is invalid.")
    subnet = SubnetBackend.create_subnet(self, vpc_id, cidr_block, *args, **kwargs)
    subnet.default_for_az = subnet.map_public_ip_on_launch = self.get_vpc(vpc_id).is_default
    return subnet


def _subnet_arn(self: Any) -> str:
    backend = self.ec2_backend
    return f"arn:{backend.partition}:ec2:{backend.region_name}:{backend.account_id}:subnet/{self.id}"


def delete_subnet(self: Any, subnet_id: str) -> Any:
    """Refuse while interfaces, endpoints or NAT gateways lie in the subnet; its associations go with it."""
    self.get_subnet(subnet_id)
    inside = [
        *(eni for eni in list(self.enis.values()) if eni.subnet.id == subnet_id),
        *(end for end in list(self.vpc_end_points.values()) if subnet_id in (end.subnet_ids or ())),
        *(nat for nat in list(self.nat_gateways.values()) if nat.subnet_id == subnet_id and nat.state != "deleted"),
    ]
    if inside:
        raise refuse("DependencyViolation", f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    for table in list(self.route_tables.values()):
        table._associations = {key: at for key, at in table._associations.items() if at != subnet_id}
    for acl in list(self.network_acls.values()):
        acl._associations = {key: at for key, at in acl._associations.items() if at.subnet_id != subnet_id}
    return SubnetBackend.delete_subnet(self, subnet_id)


def modify_subnet_attribute(self: EC2Response) -> ActionResult:
    """Take the attributes that moto ignores, too."""
    subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
    if (dns64 := self._get_param("EnableDns64.Value")) is not None:
        subnet.enable_dns64 = dns64
    if (index := self._get_param("EnableLniAtDeviceIndex")) is not None:
        subnet.enable_lni_at_device_index = index
    names = subnet.private_dns_name_options_on_launch
    for parameter, member in (
        ("PrivateDnsHostnameTypeOnLaunch", "HostnameType"),
        ("EnableResourceNameDnsARecordOnLaunch.Value", "EnableResourceNameDnsARecord"),
        ("EnableResourceNameDnsAAAARecordOnLaunch.Value", "EnableResourceNameDnsAAAARecord"),
    ):
        if (value := self._get_param(parameter)) is not None:
            names[member] = value
    return Subnets.modify_subnet_attribute(self)


# Route tables


def associate_route_table(self: Any, route_table_id: str, gateway_id: str | None = None, subnet_id: str = "") -> Any:
    """Refuse a subnet that has a table already, or lies in another VPC."""
    table = self.get_route_table(route_table_id)
    if subnet_id:
        if self.get_subnet(subnet_id).vpc_id != table.vpc_id:
            message = f"Route table {route_table_id} and subnet {subnet_id} belong to different networks"
            raise refuse("InvalidParameterValue", message)
        for other in list(self.route_tables.values()):
            if subnet_id in other._associations.values() and other is not table:
                message = f"the specified association for route table {route_table_id} conflicts with an existing one"
                raise refuse("Resource.AlreadyAssociated", message)
    return RouteBackend.associate_route_table(self, route_table_id, gateway_id, subnet_id)


def delete_route_table(self: Any, route_table_id: str) -> None:
    """Refuse the main table while its VPC stands; gateway endpoints forget a table that goes."""
    table = self.get_route_table(route_table_id)
    tables = [other for other in list(self.route_tables.values()) if other.vpc_id == table.vpc_id]
    if table.main_association_id and len(tables) > 1:
        message = f"The routeTable '{route_table_id}' has dependencies and cannot be deleted."
        raise refuse("DependencyViolation", message)
    RouteBackend.delete_route_table(self, route_table_id)
    for endpoint in list(self.vpc_end_points.values()):
        endpoint.route_table_ids = [one for one in endpoint.route_table_ids or () if one != route_table_id]


def create_route(self: Any, route_table_id: str, *args: Any, **kwargs: Any) -> Any:
    """Refuse targets that are not there, or not attached to the table's VPC."""
    _check_target(self, self.get_route_table(route_table_id), kwargs)
    return RouteBackend.create_route(self, route_table_id, *args, **kwargs)


def replace_route(self: Any, route_table_id: str, *args: Any, **kwargs: Any) -> Any:
    """The same checks as for a new route."""
    _check_target(self, self.get_route_table(route_table_id), kwargs)
    return RouteBackend.replace_route(self, route_table_id, *args, **kwargs)


def _check_target(self: Any, table: Any, target: dict[str, Any]) -> None:
    nat = target.get("nat_gateway_id")
    if nat and (nat not in self.nat_gateways or self.nat_gateways[nat].state == "deleted"):
        raise refuse("InvalidNatGatewayID.NotFound", f"The natGateway ID '{nat}' does not exist")
    transit = target.get("transit_gateway_id")
    if transit and transit not in self.transit_gateways:
        raise refuse("InvalidTransitGatewayID.NotFound", f"The transitGateway ID '{transit}' does not exist")
    prefixes = target.get("destination_prefix_list_id")
    if prefixes:
        known_prefix_list(self, prefixes)
    gateway = target.get("gateway_id") or ""
    if gateway.startswith("igw-") and getattr(self.get_internet_gateway(gateway).vpc, "id", None) != table.vpc_id:
        message = f"route table {table.id} and network gateway {gateway} belong to different networks"
        raise refuse("InvalidParameterValue", message)


# Gateways and addresses


def create_nat_gateway(self: EC2Response) -> ActionResult:
    """Refuse a public NAT gateway without a free address."""
    allocation = self._get_param("AllocationId")
    kind = self._get_param("ConnectivityType") or "public"
    if kind == "public" and not allocation:
        raise refuse("MissingParameter", "The request must include the AllocationId parameter.")
    if allocation and self.ec2_backend.address_by_allocation([allocation])[0].association_id:
        raise refuse("Resource.AlreadyAssociated", f"Elastic IP address [{allocation}] is already associated")
    tags = {tag["Key"]: tag["Value"] for spec in self._get_param("TagSpecifications", []) for tag in spec["Tags"]}
    subnet = self.ec2_backend.get_subnet(self._get_param("SubnetId"))
    return ActionResult({"NatGateway": self.ec2_backend.create_nat_gateway(subnet.id, allocation, tags, kind)})


def delete_nat_gateway(self: Any, nat_gateway_id: str) -> Any:
    """Its interface goes with it, and its address is free again."""
    gateway = self.nat_gateways.get(nat_gateway_id)
    if gateway is None or gateway.state == "deleted":
        raise refuse("NatGatewayNotFound", f"The Nat Gateway {nat_gateway_id} was not found")
    for address in gateway.address_set:
        if address.get("associationId"):
            self.disassociate_address(association_id=address["associationId"])
    self.enis.pop(gateway._eni.id, None)
    gateway.state = "deleted"
    return gateway


def release_address(self: Any, address: str | None = None, allocation_id: str | None = None) -> None:
    """Refuse an address in use."""
    found = self.address_by_ip([address]) if address else self.address_by_allocation([allocation_id])
    if found[0].association_id:
        raise refuse("InvalidIPAddress.InUse", f"Address {found[0].public_ip} is in use.")
    ElasticAddressBackend.release_address(self, address, allocation_id)
