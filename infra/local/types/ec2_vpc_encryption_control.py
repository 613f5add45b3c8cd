"""AWS::EC2::VPCEncryptionControl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.declared import EC2_TAGS, Call, Declared, Setting, Tagging

if TYPE_CHECKING:
    from infra.local.resource_type import Context

INPUTS = (
    "InternetGatewayExclusionInput",
    "EgressOnlyInternetGatewayExclusionInput",
    "NatGatewayExclusionInput",
    "VirtualPrivateGatewayExclusionInput",
    "VpcPeeringExclusionInput",
    "LambdaExclusionInput",
    "VpcLatticeExclusionInput",
    "ElasticFileSystemExclusionInput",
)


class VpcEncryptionControl(Declared, name="AWS::EC2::VPCEncryptionControl"):
    """Encryption in transit, monitored or enforced, in one VPC; it is made monitoring, then set."""

    service = "ec2"
    creates = Call("create_vpc_encryption_control")
    identity = "VpcEncryptionControl.VpcEncryptionControlId"
    reads = (
        Call("describe_vpc_encryption_controls", {"VpcEncryptionControlIds": ["{id}"]}, "VpcEncryptionControls[0]"),
    )
    settings = (
        Setting(
            ("Mode", *INPUTS),
            Call(
                "modify_vpc_encryption_control",
                {
                    "VpcEncryptionControlId": "{id}",
                    "Mode": "{Mode}",
                    **{name.removesuffix("Input"): f"{{{name}}}" for name in INPUTS},
                },
            ),
        ),
    )
    defaults: ClassVar = {"Mode": "monitor"}
    deletes = Call("delete_vpc_encryption_control", {"VpcEncryptionControlId": "{id}"})
    tagging = Tagging(**EC2_TAGS, kind="vpc-encryption-control")

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        states = {
            f"{name}ExclusionInput": state["State"].removesuffix("d")
            for name, state in answer.get("ResourceExclusions", {}).items()
        }
        return {**answer, **states}
