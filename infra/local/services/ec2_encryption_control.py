"""Encryption control of VPCs, which moto lacks: monitored or enforced, with exclusions.

API shapes: botocore 1.44.5, service `ec2`. How enforcement fails, and that exclusions are told under enforcement
alone: terraform-provider-aws, `vpc_encryption_control.go` and its acceptance tests, read 2026-11-24.
"""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.vpcs import VPC
from moto.ec2.responses import EC2Response
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, EC2_RESOURCE_TO_PREFIX, random_resource_id

from infra.local.mend import wrap
from infra.local.operations import Call, kept, serve
from infra.local.resource_type import Refused
from infra.local.services.ec2 import refuse, set_on
from infra.local.services.ec2_public_access import filtered

EXCLUSIONS = (
    "InternetGateway",
    "EgressOnlyInternetGateway",
    "NatGateway",
    "VirtualPrivateGateway",
    "VpcPeering",
    "Lambda",
    "VpcLattice",
    "ElasticFileSystem",
)


def extend() -> None:
    """Serve these operations, and let VPCs tell their control and obey it."""
    serve(
        EC2Response,
        {
            "CreateVpcEncryptionControl": create_control,
            "DescribeVpcEncryptionControls": describe_controls,
            "ModifyVpcEncryptionControl": modify_control,
            "DeleteVpcEncryptionControl": delete_control,
            "GetVpcResourcesBlockingEncryptionEnforcement": resources_blocking_enforcement,
        },
        invalid="InvalidParameterValue",
    )
    EC2_RESOURCE_TO_PREFIX["vpc-encryption-control"] = "vpcec"
    EC2_PREFIX_TO_RESOURCE["vpcec"] = "vpc-encryption-control"
    set_on(VPC, encryption_control=property(_control_of_vpc))
    wrap(EC2Backend, delete_vpc=_delete_vpc, attach_internet_gateway=_attach, do_resources_exist=_exist)


def create_control(call: Call) -> dict[str, Any]:
    """CreateVpcEncryptionControl: it starts by monitoring, and a VPC has one."""
    asked = call.parameters
    vpc = call.backend.get_vpc(asked["VpcId"])
    if _control_of_vpc(vpc):
        raise Refused("VpcEncryptionControlAlreadyExists", f"VPC {vpc.id} has an encryption control already")
    made = {
        "VpcId": vpc.id,
        "VpcEncryptionControlId": f"vpcec-{random_resource_id(17)}",
        "Mode": "monitor",
        "State": "available",
        "StateMessage": "succeeded",
    }
    call.kept("encryption_controls")[made["VpcEncryptionControlId"]] = made
    tags = {tag["Key"]: tag["Value"] for spec in asked.get("TagSpecifications", []) for tag in spec.get("Tags", [])}
    call.backend.create_tags([made["VpcEncryptionControlId"]], tags)
    return {"VpcEncryptionControl": _told(call.backend, made)}


def describe_controls(call: Call) -> dict[str, Any]:
    """DescribeVpcEncryptionControls, by id, by VPC, or by mode, state and vpc-id."""
    asked = call.parameters
    found = [_control(call, one) for one in asked.get("VpcEncryptionControlIds", call.kept("encryption_controls"))]
    found = [one for one in found if one["VpcId"] in asked.get("VpcIds", [one["VpcId"]])]
    names = {"mode": "Mode", "state": "State", "vpc-id": "VpcId", "vpc-encryption-control-id": "VpcEncryptionControlId"}
    told = [_told(call.backend, one) for one in found]
    return {"VpcEncryptionControls": filtered(told, asked.get("Filters", []), names)}


def modify_control(call: Call) -> dict[str, Any]:
    """ModifyVpcEncryptionControl: enforcement is refused while something not excluded stands in its way."""
    asked, found = call.parameters, _control(call, call.parameters["VpcEncryptionControlId"])
    mode = asked.get("Mode", found["Mode"])
    given = {name: asked[f"{name}Exclusion"] for name in EXCLUSIONS if f"{name}Exclusion" in asked}
    if mode != "enforce":
        if "enable" in given.values():
            raise Refused("InvalidParameterCombination", "exclusions are for the mode enforce alone")
        found.update(Mode=mode, State="available")
        found.pop("ResourceExclusions", None)
        return {"VpcEncryptionControl": _told(call.backend, found)}
    states = {name: state["State"] for name, state in found.get("ResourceExclusions", {}).items()}
    states = {**dict.fromkeys(EXCLUSIONS, "disabled"), **states, **{name: f"{one}d" for name, one in given.items()}}
    blocking = [one for one in _resources(call.backend, found["VpcId"]) if states[one["_kind"]] == "disabled"]
    if blocking:
        ids = ", ".join(one["Id"] for one in blocking)
        message = f"VPC {found['VpcId']} cannot enforce encryption: {ids} is not excluded"
        raise Refused("VpcEncryptionControlStateTransitionFailed", message)
    exclusions = {name: {"State": state, "StateMessage": "succeeded"} for name, state in states.items()}
    found.update(Mode="enforce", State="available", ResourceExclusions=exclusions)
    return {"VpcEncryptionControl": _told(call.backend, found)}


def delete_control(call: Call) -> dict[str, Any]:
    """DeleteVpcEncryptionControl."""
    found = _control(call, call.parameters["VpcEncryptionControlId"])
    del call.kept("encryption_controls")[found["VpcEncryptionControlId"]]
    told = _told(call.backend, found)
    call.backend.tags.pop(found["VpcEncryptionControlId"], None)
    return {"VpcEncryptionControl": {**told, "State": "deleting"}}


def resources_blocking_enforcement(call: Call) -> dict[str, Any]:
    """GetVpcResourcesBlockingEncryptionEnforcement."""
    vpc = call.backend.get_vpc(call.parameters["VpcId"])
    found = _resources(call.backend, vpc.id)
    told = [{name: value for name, value in one.items() if name != "_kind"} for one in found]
    return {"NonCompliantResources": told}


def _control(call: Call, control_id: str) -> dict[str, Any]:
    found: dict[str, Any] | None = call.kept("encryption_controls").get(control_id)
    if found is None:
        message = f"The VPC encryption control ID '{control_id}' does not exist"
        raise Refused("InvalidVpcEncryptionControlId.NotFound", message)
    return found


def _control_of_vpc(self: Any) -> dict[str, Any] | None:
    controls = list(kept(self.ec2_backend, "encryption_controls").values())
    found = next((one for one in controls if one["VpcId"] == self.id), None)
    return _told(self.ec2_backend, found) if found else None


def _told(backend: Any, control: dict[str, Any]) -> dict[str, Any]:
    tags = backend.tags.get(control["VpcEncryptionControlId"], {})
    return {**control, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def _resources(backend: Any, vpc_id: str) -> list[dict[str, Any]]:
    """What in a VPC carries traffic that AWS does not encrypt, and may be excluded."""
    found = [
        *(
            ("InternetGateway", one)
            for one in list(backend.internet_gateways.values())
            if one.vpc and one.vpc.id == vpc_id
        ),
        *(
            ("EgressOnlyInternetGateway", one)
            for one in list(backend.egress_only_internet_gateways.values())
            if one.vpc_id == vpc_id
        ),
        *(
            ("NatGateway", one)
            for one in list(backend.nat_gateways.values())
            if one.vpc_id == vpc_id and one.state != "deleted"
        ),
        *(("VirtualPrivateGateway", one) for one in list(backend.vpn_gateways.values()) if vpc_id in one.attachments),
    ]
    types = {"InternetGateway": "internet-gateway", "NatGateway": "nat-gateway"}
    return [
        {"Id": one.id, "Type": types.get(kind, kind), "Description": "", "IsExcludable": True, "_kind": kind}
        for kind, one in found
    ]


# Consequences elsewhere in EC2


def _delete_vpc(self: Any, motos_own: Any, vpc_id: str) -> Any:
    """A VPC's encryption control goes with it."""
    deleted = motos_own(self, vpc_id)
    controls = kept(self, "encryption_controls")
    for control_id in [key for key, one in list(controls.items()) if one["VpcId"] == vpc_id]:
        del controls[control_id]
    return deleted


def _attach(self: Any, motos_own: Any, internet_gateway_id: str, vpc_id: str) -> Any:
    """Refuse an internet gateway where encryption is enforced and none is excluded; one a VPC.

    That AWS refuses it: VPC user guide, "Enforce VPC encryption in transit"; under which code it does not say.
    """
    control = _control_of_vpc(self.get_vpc(vpc_id)) or {}
    excluded = control.get("ResourceExclusions", {}).get("InternetGateway", {}).get("State")
    if control.get("Mode") == "enforce" and excluded == "disabled":
        message = f"VPC {vpc_id} enforces encryption in transit and does not exclude internet gateways"
        raise refuse("OperationNotPermitted", message)
    if any(one.vpc and one.vpc.id == vpc_id for one in list(self.internet_gateways.values())):
        message = f"Network {vpc_id} already has an internet gateway attached"
        raise refuse("InvalidParameterValue", message)
    return motos_own(self, internet_gateway_id, vpc_id)


def _exist(self: Any, motos_own: Any, resource_ids: list[str]) -> Any:
    """CreateTags of an encryption control that is there."""
    controls = kept(self, "encryption_controls")
    for one in resource_ids:
        if one.startswith("vpcec-") and one not in controls:
            raise refuse("InvalidVpcEncryptionControlId.NotFound", f"The control '{one}' does not exist")
    return motos_own(self, resource_ids)
