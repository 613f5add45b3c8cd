"""AWS::EC2::VPCEndpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.declared import EC2_TAGS, Call, Declared, Tagging
from infra.local.resource_type import Refused
from infra.local.shapes import as_json, to_api

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties

INBOUND = "PrivateDnsOnlyForInboundResolverEndpoint"
_ONLY = {True: "OnlyInboundResolver", False: "AllResolvers"}
LISTS = ("SubnetIds", "RouteTableIds", "SecurityGroupIds")


class VpcEndpoint(Declared, name="AWS::EC2::VPCEndpoint"):
    """An interface or gateway endpoint with its policy; changing lists means adding and removing."""

    service = "ec2"
    creates = Call("create_vpc_endpoint")
    identity = "VpcEndpoint.VpcEndpointId"
    lacks = ("ResourceConfigurationArn", "ServiceNetworkArn")
    reads = (Call("describe_vpc_endpoints", {"VpcEndpointIds": ["{id}"]}, "VpcEndpoints[0]"),)
    tagging = Tagging(**EC2_TAGS, kind="vpc-endpoint")
    renames: ClassVar = {"Id": "VpcEndpointId"}
    # CloudFormation's default; the API's own is true for an interface endpoint.
    defaults: ClassVar = {"PrivateDnsEnabled": False}

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        entries = [f"{entry['HostedZoneId']}:{entry['DnsName']}" for entry in answer.get("DnsEntries", [])]
        groups = [group["GroupId"] for group in answer.get("Groups", [])]
        policy = as_json(answer["PolicyDocument"])
        options = answer.get("DnsOptions", {})
        if INBOUND in options:
            answer = {**answer, "DnsOptions": {**options, INBOUND: _ONLY[bool(options[INBOUND])]}}
        return {**answer, "DnsEntries": entries, "SecurityGroupIds": groups, "PolicyDocument": policy}

    def create(self, properties: Properties, context: Context) -> str:
        return super().create(_spelled(properties), context)

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        old, new = {**self.defaults, **_spelled(old)}, {**self.defaults, **_spelled(new)}
        ec2, lists = context.client("ec2"), {}
        for name in LISTS:
            before, after = old.get(name) or [], new.get(name) or []
            lists[f"Add{name}"] = [one for one in after if one not in before]
            lists[f"Remove{name}"] = [one for one in before if one not in after]
        changes: dict[str, Any] = {
            name: new[name]
            for name in ("PolicyDocument", "PrivateDnsEnabled", "IpAddressType", "DnsOptions")
            if name in new and new[name] != old.get(name)
        }
        if "PolicyDocument" in old and "PolicyDocument" not in new:
            changes["ResetPolicy"] = True
        changes |= {name: ids for name, ids in lists.items() if ids}
        if changes:
            ec2.modify_vpc_endpoint(**to_api(ec2, "modify_vpc_endpoint", changes, VpcEndpointId=physical_id))
        self._retag(physical_id, new, context)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        for failed in context.client("ec2").delete_vpc_endpoints(VpcEndpointIds=[physical_id])["Unsuccessful"]:
            if not failed["Error"]["Code"].endswith(".NotFound"):
                raise Refused(failed["Error"]["Code"], failed["Error"]["Message"])


def _spelled(properties: Properties) -> Properties:
    """The properties with what the API calls true or false, and CloudFormation by name."""
    options = properties.get("DnsOptions", {})
    if INBOUND not in options:
        return properties
    said = options[INBOUND]
    rest = {name: value for name, value in options.items() if name != INBOUND}
    only = {} if said == "NotSpecified" else {INBOUND: said == _ONLY[True]}
    return {**properties, "DnsOptions": {**rest, **only}}
