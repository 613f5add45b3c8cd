"""AWS::EC2::NetworkAcl."""

from __future__ import annotations

from typing import ClassVar

from infra.local.declared import EC2_TAGS, Call, Declared, Tagging


class NetworkAcl(Declared, name="AWS::EC2::NetworkAcl"):
    """A network ACL; its entries and associations are resources of their own."""

    service = "ec2"
    creates = Call("create_network_acl")
    identity = "NetworkAcl.NetworkAclId"
    reads = (Call("describe_network_acls", {"NetworkAclIds": ["{id}"]}, "NetworkAcls[0]"),)
    deletes = Call("delete_network_acl", {"NetworkAclId": "{id}"})
    tagging = Tagging(**EC2_TAGS, kind="network-acl")
    renames: ClassVar = {"Id": "NetworkAclId"}
