"""NET-05 passes what is blocked and encrypted, and sees every way round it."""

from __future__ import annotations

from typing import Any

GOOD: dict[str, Any] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.64.0.0/22"}},
    "Subnet": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.64.0.0/26"},
    },
    "Block": {
        "Type": "AWS::EC2::VPCBlockPublicAccessOptions",
        "Properties": {"InternetGatewayBlockMode": "block-bidirectional"},
    },
    "Encryption": {
        "Type": "AWS::EC2::VPCEncryptionControl",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "Mode": "enforce", "InternetGatewayExclusionInput": "disable"},
    },
    "Group": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"GroupDescription": "endpoints", "VpcId": {"Ref": "Vpc"}},
    },
    "Endpoint": {
        "Type": "AWS::EC2::VPCEndpoint",
        "Properties": {
            "VpcId": {"Ref": "Vpc"},
            "ServiceName": "com.amazonaws.us-gov-west-1.sts",
            "VpcEndpointType": "Interface",
            "SecurityGroupIds": [{"Ref": "Group"}],
        },
    },
}
DEFAULT_GROUP = {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}
RULE = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.64.0.0/22", "GroupId": DEFAULT_GROUP}


def exclusion(of: dict[str, Any]) -> dict[str, Any]:
    properties = {"InternetGatewayExclusionMode": "allow-egress", **of}
    return {"Type": "AWS::EC2::VPCBlockPublicAccessExclusion", "Properties": properties}


BYPASSES = {
    "mode off": {"Block.Properties.InternetGatewayBlockMode": "off"},
    "only ingress blocked": {"Block.Properties.InternetGatewayBlockMode": "block-ingress"},
    "options gone": {"Block": None},
    "exclusion of the VPC": {"Exclusion": exclusion({"VpcId": {"Ref": "Vpc"}})},
    "exclusion of a subnet": {"Exclusion": exclusion({"SubnetId": {"Ref": "Subnet"}})},
    "encryption control gone": {"Encryption": None},
    "encryption only monitored": {"Encryption.Properties.Mode": "monitor"},
    "no mode": {"Encryption.Properties.Mode": None},
    "gateway let off": {"Encryption.Properties.InternetGatewayExclusionInput": "enable"},
    "peering let off": {"Encryption.Properties.VpcPeeringExclusionInput": "enable"},
    "encryption of another VPC": {"Other": GOOD["Vpc"], "Encryption.Properties.VpcId": {"Ref": "Other"}},
    "second VPC without encryption": {"Other": GOOD["Vpc"]},
    "endpoint in the default group": {"Endpoint.Properties.SecurityGroupIds": [DEFAULT_GROUP]},
    "endpoint without groups": {"Endpoint.Properties.SecurityGroupIds": None},
    "instance without groups": {
        "Instance": {"Type": "AWS::EC2::Instance", "Properties": {"SubnetId": {"Ref": "Subnet"}}}
    },
    "function in the default group": {
        "Function": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"VpcConfig": {"SecurityGroupIds": [DEFAULT_GROUP]}},
        }
    },
    "rule added to the default group": {"Rule": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": RULE}},
    "block under a false condition": {"Block.Condition": "Never"},
    "mode by a condition": {
        "Block.Properties.InternetGatewayBlockMode": {"Fn::If": ["Never", "block-bidirectional", "off"]}
    },
    "no VPC": {"Vpc": None, "Subnet": None, "Encryption": None, "Group": None, "Endpoint": None},
}
UNKNOWN = {
    "mode from a parameter": {"Block.Properties.InternetGatewayBlockMode": {"Ref": "Mode"}},
    "block under an undecided condition": {"Block.Condition": "Perhaps"},
    "exclusion of nobody knows what": {"Exclusion": exclusion({"VpcId": {"Ref": "Mode"}})},
    "groups from a parameter": {"Endpoint.Properties.SecurityGroupIds": {"Ref": "Mode"}},
}
HARMLESS = {
    "groups reordered and more": {"Endpoint.Properties.SecurityGroupIds": [{"Ref": "Group"}, {"Ref": "Group"}]},
    "block under a true condition": {"Block.Condition": "Always"},
    "mode by Sub": {"Block.Properties.InternetGatewayBlockMode": {"Fn::Sub": "block-${Way}"}},
    "control inline": {"Encryption": None, "Vpc.Properties.VpcEncryptionControl": {"Mode": "enforce"}},
}
SECTIONS = {
    "Parameters": {"Mode": {"Type": "String"}, "Way": {"Type": "String", "Default": "bidirectional"}},
    "Conditions": {
        "Never": {"Fn::Equals": ["a", "b"]},
        "Always": {"Fn::Not": [{"Condition": "Never"}]},
        "Perhaps": {"Fn::Equals": [{"Ref": "Mode"}, "on"]},
    },
}
