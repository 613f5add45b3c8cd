"""VPC endpoints as EC2 keeps them: services that exist, policies, private DNS, groups, subnets and route tables."""

from __future__ import annotations

import json
import zlib
from functools import cache
from pathlib import Path
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPCEndPoint
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_resource_id, random_vpc_ep_id

from infra.local.rules import ec2_vpc_endpoint
from infra.local.services.ec2 import refuse, set_on

GATEWAYS = ("s3", "dynamodb", "s3express")


def extend() -> None:
    """Set endpoint operations on moto's EC2 classes; doing it twice changes nothing."""
    for operation in (create_vpc_endpoint, modify_vpc_endpoint, delete_vpc_endpoints, describe_vpc_endpoint_services):
        setattr(EC2Response, operation.__name__, operation)
    set_on(EC2Backend, delete_vpc_endpoints=_delete, _collect_default_endpoint_services=staticmethod(_offered))
    set_on(VPCEndPoint, vpc_endpoint_id=property(lambda endpoint: endpoint.id), requester_managed=False)


def create_vpc_endpoint(self: EC2Response) -> ActionResult:
    """CreateVpcEndpoint."""
    asked, backend = self._get_params(), self.ec2_backend
    vpc = backend.get_vpc(asked["VpcId"])
    service, kind = asked.get("ServiceName", ""), asked.get("VpcEndpointType", "Gateway")
    _check_service(backend, service, kind, asked.get("ServiceRegion", self.region))
    ec2_vpc_endpoint.inbound_dns_of_an_interface(kind, asked.get("DnsOptions", {}))
    interface = kind == "Interface"
    ec2_vpc_endpoint.quota(backend, vpc, kind)
    if asked.get("RouteTableIds") and interface:
        raise refuse("InvalidParameter", "Route table IDs are only supported for Gateway type VPC Endpoint.")
    if not interface and (asked.get("SubnetIds") or asked.get("SecurityGroupIds") or asked.get("PrivateDnsEnabled")):
        raise refuse("InvalidParameter", "Subnets, security groups and private DNS need an Interface VPC endpoint.")
    groups = asked.get("SecurityGroupIds") or ([backend.get_default_security_group(vpc.id).id] if interface else [])
    private = bool(asked.get("PrivateDnsEnabled", interface))
    _check_placement(backend, vpc, asked.get("SubnetIds", []), groups, asked.get("RouteTableIds", []))
    _check_private_dns(backend, vpc, service, private, asked.get("DnsOptions", {}))
    policy = asked.get("PolicyDocument")
    if policy is not None:
        _check_policy(backend, policy)
    kept_by_moto: Any = VPCEndPoint  # abstract to a type checker: moto's CloudFormation hooks are not written
    made = kept_by_moto(
        backend,
        random_vpc_ep_id(),
        vpc.id,
        service,
        kind,
        policy,
        route_table_ids=[],
        subnet_ids=list(asked.get("SubnetIds", [])),
        security_group_ids=list(groups),
        tags={tag["Key"]: tag["Value"] for spec in asked.get("TagSpecifications", []) for tag in spec.get("Tags", [])},
        private_dns_enabled=private,
        destination_prefix_list_id=None if interface else _prefix_list(backend, service),
    )
    made.ip_address_type = asked.get("IpAddressType", "ipv4")
    made.dns_options = {"DnsRecordIpType": "ipv4" if interface else "service-defined", **asked.get("DnsOptions", {})}
    made.service_region = asked.get("ServiceRegion", self.region)
    _name(backend, made)
    _add_routes(backend, made, asked.get("RouteTableIds", []))
    backend.vpc_end_points[made.id] = made
    return ActionResult({"VpcEndpoint": made, "ClientToken": asked.get("ClientToken")})


def modify_vpc_endpoint(self: EC2Response) -> ActionResult:
    """ModifyVpcEndpoint."""
    asked, backend = self._get_params(), self.ec2_backend
    (endpoint,) = backend.describe_vpc_endpoints([asked["VpcEndpointId"]])
    vpc = backend.get_vpc(endpoint.vpc_id)
    subnets = _changed(endpoint.subnet_ids, asked, "SubnetIds")
    groups = _changed(endpoint.security_group_ids, asked, "SecurityGroupIds")
    _check_placement(backend, vpc, subnets, groups, asked.get("AddRouteTableIds", []))
    if "PolicyDocument" in asked:
        _check_policy(backend, asked["PolicyDocument"])
    private = bool(asked.get("PrivateDnsEnabled", endpoint.private_dns_enabled))
    if private and not endpoint.private_dns_enabled:
        _check_private_dns(backend, vpc, endpoint.service_name, private, asked.get("DnsOptions", {}))
    _add_routes(backend, endpoint, asked.get("AddRouteTableIds", []))
    _drop_routes(backend, endpoint, asked.get("RemoveRouteTableIds", []))
    endpoint.subnet_ids, endpoint.security_group_ids = subnets, groups
    endpoint.private_dns_enabled = private
    endpoint.ip_address_type = asked.get("IpAddressType", endpoint.ip_address_type)
    endpoint.dns_options = {**endpoint.dns_options, **asked.get("DnsOptions", {})}
    if asked.get("ResetPolicy"):
        endpoint.policy_document = json.dumps(VPCEndPoint.DEFAULT_POLICY)
    endpoint.policy_document = asked.get("PolicyDocument", endpoint.policy_document)
    _name(backend, endpoint)
    return ActionResult({"Return": True})


def delete_vpc_endpoints(self: EC2Response) -> ActionResult:
    """DeleteVpcEndpoints: what is not there is told, and does not stop the rest."""
    missing = self.ec2_backend.delete_vpc_endpoints(self._get_params()["VpcEndpointIds"])
    message = "The Vpc Endpoint Id '{}' does not exist"
    return ActionResult(
        {
            "Unsuccessful": [
                {"ResourceId": one, "Error": {"Code": "InvalidVpcEndpointId.NotFound", "Message": message.format(one)}}
                for one in missing
            ]
        }
    )


def describe_vpc_endpoint_services(self: EC2Response) -> ActionResult:
    """DescribeVpcEndpointServices, from this module's table."""
    asked = self._get_params()
    found = self.ec2_backend.describe_vpc_endpoint_services(
        service_names=asked.get("ServiceNames", []),
        filters=[{**one, "Value": one.get("Values", [])} for one in asked.get("Filters", [])],
        max_results=asked.get("MaxResults"),
        next_token=asked.get("NextToken"),
        region=self.region,
    )
    names = {"ServiceNames": "serviceNames", "ServiceDetails": "servicesDetails", "NextToken": "nextToken"}
    return ActionResult({member: found[key] for member, key in names.items()})


@cache
def services() -> frozenset[str]:
    """The endpoint services AWS has, without `com.amazonaws.<region>.`."""
    lines = Path(__file__).with_name("vpc_endpoint_services.txt").read_text().splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _offered(account: str, region: str) -> list[dict[str, Any]]:
    from moto.ec2.models import ec2_backends

    zones = [zone.name for zone in ec2_backends[account][region].describe_availability_zones()]
    kinds = {name: ["Interface", *(["Gateway"] if name in GATEWAYS else [])] for name in services()}
    return [
        {
            "ServiceName": f"com.amazonaws.{region}.{name}",
            "ServiceId": f"vpce-svc-{zlib.crc32(f'{region}.{name}'.encode()):017x}",
            "ServiceType": [{"ServiceType": kind}],
            "AvailabilityZones": zones,
            "Owner": "amazon",
            "BaseEndpointDnsNames": [f"{_host(name)}.{region}.vpce.amazonaws.com"],
            "PrivateDnsName": f"{_host(name)}.{region}.amazonaws.com",
            "PrivateDnsNames": [{"PrivateDnsName": f"{_host(name)}.{region}.amazonaws.com"}],
            "VpcEndpointPolicySupported": True,
            "AcceptanceRequired": False,
            "ManagesVpcEndpoints": False,
            "Tags": [],
        }
        for name in sorted(kinds)
        for kind in kinds[name]
    ]


def _check_service(backend: Any, service: str, kind: str, region: str) -> None:
    own = {one.service_name for one in list(backend.configurations.values())}
    ec2_vpc_endpoint.service(region, service, services(), own)
    name = service.removeprefix(f"com.amazonaws.{region}.")
    if kind == "Gateway" and name not in GATEWAYS:
        message = "Endpoint type (Gateway) does not match available service types ([Interface])."
        raise refuse("InvalidParameter", message)


def _check_placement(backend: Any, vpc: Any, subnets: list[str], groups: list[str], tables: list[str]) -> None:
    placed = [backend.get_subnet(one) for one in subnets]
    ec2_vpc_endpoint.one_subnet_a_zone(placed)
    ec2_vpc_endpoint.groups_of_an_interface(backend, groups)
    found = [
        *placed,
        *(backend.describe_security_groups(group_ids=groups) if groups else ()),
        *(backend.get_route_table(one) for one in tables),
    ]
    for thing in found:
        if thing.vpc_id != vpc.id:
            raise refuse("InvalidParameter", f"{thing.id} does not belong to VPC {vpc.id}")


def _check_private_dns(backend: Any, vpc: Any, service: str, private: bool, options: dict[str, Any]) -> None:
    ec2_vpc_endpoint.gateway_for_inbound_dns(backend, vpc, service, private, options)
    if private:
        ec2_vpc_endpoint.private_dns_of_the_vpc(vpc)
        ec2_vpc_endpoint.one_private_dns_domain(backend, vpc, service, _domain(backend, service))


def _check_policy(backend: Any, policy: str) -> None:
    try:
        statements = json.loads(policy)["Statement"]
    except (ValueError, KeyError, TypeError):
        raise refuse("InvalidPolicyDocument", "The policy document is not a valid JSON policy document.") from None
    if not statements:
        raise refuse("InvalidPolicyDocument", "The policy document must have a statement.")
    ec2_vpc_endpoint.policy_size(backend.account_id, backend.region_name, policy)


def _changed(current: list[str], asked: dict[str, Any], what: str) -> list[str]:
    dropped = asked.get(f"Remove{what}", [])
    return [*(one for one in current or () if one not in dropped), *asked.get(f"Add{what}", [])]


def _prefix_list(backend: Any, service: str) -> str | None:
    lists = list(backend.managed_prefix_lists.values())
    return next((one.id for one in lists if one.prefix_list_name == service), None)


def _add_routes(backend: Any, endpoint: Any, tables: list[str]) -> None:
    listed = endpoint.destination_prefix_list_id
    for one in tables:
        routes = backend.get_route_table(one).routes
        if listed and any(route.destination_prefix_list_id == listed for route in routes):
            message = f"route table {one} already has a route with destination-prefix-list-id {listed}"
            raise refuse("RouteAlreadyExists", message)
    for one in tables:
        if listed:
            # `vpc_endpoint_id` is for Gateway Load Balancers; AWS shows a gateway endpoint as the route's GatewayId.
            route = backend.create_route(one, None, destination_prefix_list_id=listed)
            route.vpc_endpoint_id = endpoint.id
        endpoint.route_table_ids.append(one)


def _drop_routes(backend: Any, endpoint: Any, tables: list[str]) -> None:
    for one in tables:
        if one in endpoint.route_table_ids:
            endpoint.route_table_ids.remove(one)
            if endpoint.destination_prefix_list_id:
                backend.delete_route(one, endpoint.destination_prefix_list_id)


def _delete(self: Any, vpce_ids: list[str] | None = None) -> list[str]:
    missing = []
    for one in vpce_ids or ():
        endpoint = self.vpc_end_points.pop(one, None)
        if endpoint is None:
            missing.append(one)
        else:
            _drop_routes(self, endpoint, list(endpoint.route_table_ids))
            self.tags.pop(one, None)
    return missing


def _host(name: str) -> str:
    """`sagemaker.runtime` is served as `runtime.sagemaker.<region>`."""
    return ".".join(reversed(name.split(".")))


def _domain(backend: Any, service: str) -> str:
    return f"{_host(service.removeprefix(f'com.amazonaws.{backend.region_name}.'))}.{backend.region_name}.amazonaws.com"


def _name(backend: Any, endpoint: Any) -> None:
    """Give an interface endpoint its DNS names; the private one only while private DNS is on."""
    if endpoint.vpc_endpoint_type != "Interface":
        endpoint.dns_entries = []
        return
    domain = _domain(backend, endpoint.service_name)
    if not endpoint.dns_entries:
        public = f"{endpoint.id}-{random_resource_id(8)}.{domain.replace('.amazonaws.com', '.vpce.amazonaws.com')}"
        endpoint.dns_entries = [{"DnsName": public, "HostedZoneId": f"Z{random_resource_id(13).upper()}"}]
    private = {"DnsName": domain, "HostedZoneId": f"Z{random_resource_id(20).upper()}"}
    endpoint.dns_entries = [endpoint.dns_entries[0], *([private] if endpoint.private_dns_enabled else [])]
