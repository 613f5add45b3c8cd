"""Block public access of VPCs, which moto lacks: the account's mode in a region, and exclusions from it.

API shapes: botocore 1.44.5, service `ec2`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPC
from moto.ec2.responses import EC2Response
from moto.ec2.utils import random_resource_id

from infra.local.operations import Call, kept, serve
from infra.local.resource_type import Refused
from infra.local.services.ec2 import set_on

LEFT_OPEN = {"allow-bidirectional": "off", "allow-egress": "block-ingress"}
"""What an exclusion leaves of a block, by the exclusion's mode."""


def extend() -> None:
    """Serve these operations, and let VPCs and subnets tell what blocks the internet."""
    serve(
        EC2Response,
        {
            "DescribeVpcBlockPublicAccessOptions": describe_options,
            "ModifyVpcBlockPublicAccessOptions": modify_options,
            "CreateVpcBlockPublicAccessExclusion": create_exclusion,
            "DescribeVpcBlockPublicAccessExclusions": describe_exclusions,
            "ModifyVpcBlockPublicAccessExclusion": modify_exclusion,
            "DeleteVpcBlockPublicAccessExclusion": delete_exclusion,
        },
        invalid="InvalidParameterValue",
    )
    set_on(VPC, block_public_access_states=property(_states))
    set_on(Subnet, block_public_access_states=property(_states))


def describe_options(call: Call) -> dict[str, Any]:
    """DescribeVpcBlockPublicAccessOptions: off until someone turns it on."""
    return {"VpcBlockPublicAccessOptions": _options(call)}


def modify_options(call: Call) -> dict[str, Any]:
    """ModifyVpcBlockPublicAccessOptions."""
    mode = call.parameters["InternetGatewayBlockMode"]
    changed = {"InternetGatewayBlockMode": mode, "State": "update-complete", "LastUpdateTimestamp": _now()}
    call.kept("public_access").update(changed)
    return {"VpcBlockPublicAccessOptions": _options(call)}


def create_exclusion(call: Call) -> dict[str, Any]:
    """CreateVpcBlockPublicAccessExclusion, of one VPC or one subnet."""
    asked = call.parameters
    if ("VpcId" in asked) == ("SubnetId" in asked):
        raise Refused("InvalidParameterCombination", "exactly one of VpcId and SubnetId must be given")
    if "VpcId" in asked:
        excluded = f"vpc/{call.backend.get_vpc(asked['VpcId']).id}"
    else:
        excluded = f"subnet/{call.backend.get_subnet(asked['SubnetId']).id}"
    made = {
        "ExclusionId": f"vpcbpa-exclude-{random_resource_id(17)}",
        "InternetGatewayExclusionMode": asked["InternetGatewayExclusionMode"],
        "ResourceArn": call.arn("ec2", excluded),
        "State": "create-complete",
        "CreationTimestamp": _now(),
        "LastUpdateTimestamp": _now(),
        "Tags": [tag for spec in asked.get("TagSpecifications", []) for tag in spec.get("Tags", [])],
    }
    call.kept("public_access_exclusions")[made["ExclusionId"]] = made
    return {"VpcBlockPublicAccessExclusion": made}


def describe_exclusions(call: Call) -> dict[str, Any]:
    """DescribeVpcBlockPublicAccessExclusions, by id or by resource-arn, internet-gateway-exclusion-mode, state."""
    asked = call.parameters
    found = [_exclusion(call, one) for one in asked.get("ExclusionIds", call.kept("public_access_exclusions"))]
    names = {
        "resource-arn": "ResourceArn",
        "internet-gateway-exclusion-mode": "InternetGatewayExclusionMode",
        "state": "State",
    }
    return {"VpcBlockPublicAccessExclusions": filtered(found, asked.get("Filters", []), names)}


def modify_exclusion(call: Call) -> dict[str, Any]:
    """ModifyVpcBlockPublicAccessExclusion."""
    found = _exclusion(call, call.parameters["ExclusionId"])
    mode = call.parameters["InternetGatewayExclusionMode"]
    found.update(InternetGatewayExclusionMode=mode, State="update-complete", LastUpdateTimestamp=_now())
    return {"VpcBlockPublicAccessExclusion": found}


def delete_exclusion(call: Call) -> dict[str, Any]:
    """DeleteVpcBlockPublicAccessExclusion."""
    found = _exclusion(call, call.parameters["ExclusionId"])
    del call.kept("public_access_exclusions")[found["ExclusionId"]]
    return {"VpcBlockPublicAccessExclusion": {**found, "State": "delete-complete", "DeletionTimestamp": _now()}}


def _options(call: Call) -> dict[str, Any]:
    return {
        "AwsAccountId": call.account,
        "AwsRegion": call.region,
        "State": "default-state",
        "InternetGatewayBlockMode": "off",
        "ManagedBy": "account",
        "ExclusionsAllowed": "allowed",
        **call.kept("public_access"),
    }


def _exclusion(call: Call, exclusion_id: str) -> dict[str, Any]:
    found: dict[str, Any] | None = call.kept("public_access_exclusions").get(exclusion_id)
    if found is None:
        message = f"The exclusion ID '{exclusion_id}' does not exist"
        raise Refused("InvalidVpcBlockPublicAccessExclusionId.NotFound", message)
    return found


def _states(self: Any) -> dict[str, str]:
    """What blocks the internet at a VPC or a subnet: the account's mode, less what an exclusion leaves open."""
    mode = kept(self.ec2_backend, "public_access").get("InternetGatewayBlockMode", "off")
    names = {self.id, getattr(self, "vpc_id", self.id)}
    for one in list(kept(self.ec2_backend, "public_access_exclusions").values()):
        if mode != "off" and one["ResourceArn"].rsplit("/", 1)[1] in names:
            mode = LEFT_OPEN[one["InternetGatewayExclusionMode"]]
    return {"InternetGatewayBlockMode": mode}


def filtered(found: list[Any], filters: list[dict[str, Any]], names: dict[str, str]) -> list[Any]:
    """What the filters of a request leave; `names` says which member each filter looks at."""
    for one in filters:
        if one["Name"] not in names:
            raise Refused("InvalidParameterValue", f"The filter '{one['Name']}' is invalid")
        found = [thing for thing in found if thing.get(names[one["Name"]]) in one.get("Values", [])]
    return found


def _now() -> datetime:
    return datetime.now(UTC)
