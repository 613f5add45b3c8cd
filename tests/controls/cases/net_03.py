"""NET-03: an allow list of endpoints' names, then a block of everything; what no template says is unknown."""

from __future__ import annotations

from typing import Any

ALLOWED = ["kms-fips.us-gov-west-1.amazonaws.com", "*.sts.us-gov-west-1.vpce.amazonaws.com"]
BLOCK = {
    "Action": "BLOCK",
    "BlockResponse": "NXDOMAIN",
    "Priority": 200,
    "FirewallDomainListId": {"Fn::GetAtt": ["All", "Id"]},
}
ALLOW_ALL = {"Action": "ALLOW", "Priority": 150, "FirewallDomainListId": {"Fn::GetAtt": ["All", "Id"]}}
GOOD: dict[str, Any] = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.64.0.0/22"}},
    "Names": {"Type": "AWS::Route53Resolver::FirewallDomainList", "Properties": {"Domains": ALLOWED}},
    "All": {"Type": "AWS::Route53Resolver::FirewallDomainList", "Properties": {"Domains": ["*"]}},
    "Rules": {
        "Type": "AWS::Route53Resolver::FirewallRuleGroup",
        "Properties": {
            "FirewallRules": [
                {"Action": "ALLOW", "Priority": 100, "FirewallDomainListId": {"Fn::GetAtt": ["Names", "Id"]}},
                BLOCK,
            ]
        },
    },
    "Association": {
        "Type": "AWS::Route53Resolver::FirewallRuleGroupAssociation",
        "Properties": {"FirewallRuleGroupId": {"Ref": "Rules"}, "VpcId": {"Ref": "Vpc"}, "Priority": 101},
    },
    "Log": {
        "Type": "AWS::Route53Resolver::ResolverQueryLoggingConfig",
        "Properties": {"DestinationArn": "arn:aws-us-gov:s3:::evidence"},
    },
    "Config": {"Type": "AWS::Route53Resolver::FirewallConfig", "Properties": {"ResourceId": {"Ref": "Vpc"}}},
    "Logged": {
        "Type": "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation",
        "Properties": {"ResolverQueryLogConfigId": {"Ref": "Log"}, "ResourceId": {"Ref": "Vpc"}},
    },
}
RULES = "Rules.Properties.FirewallRules"
OTHER_GROUP = {
    "Type": "AWS::Route53Resolver::FirewallRuleGroup",
    "Properties": {"FirewallRules": [ALLOW_ALL]},
}
OTHER_ASSOCIATION = {
    "Type": "AWS::Route53Resolver::FirewallRuleGroupAssociation",
    "Properties": {"FirewallRuleGroupId": {"Ref": "Other"}, "VpcId": {"Ref": "Vpc"}, "Priority": 100},
}
BYPASSES = {
    "allow-all before the block": {RULES: [ALLOW_ALL, BLOCK]},
    "allow-all in an earlier group": {"Other": OTHER_GROUP, "OtherAssociation": OTHER_ASSOCIATION},
    "no block": {f"{RULES}.1": None},
    "block before nothing it names": {f"{RULES}.1.FirewallDomainListId": {"Fn::GetAtt": ["Names", "Id"]}},
    "only an alert": {f"{RULES}.1": {**BLOCK, "Action": "ALERT"}},
    "block of one query type": {f"{RULES}.1.Qtype": "A"},
    "block that answers with another name": {f"{RULES}.1.BlockResponse": "OVERRIDE"},
    "block of some names": {"All.Properties.Domains": ["*.com"]},
    "every AWS name allowed": {"Names.Properties.Domains": ["*.amazonaws.com"]},
    "every name of the region allowed": {"Names.Properties.Domains": ["*.us-gov-west-1.amazonaws.com"]},
    "mantle allowed": {"Names.Properties.Domains": [*ALLOWED, "bedrock-mantle.us-gov-west-1.api.aws"]},
    "commercial region allowed": {"Names.Properties.Domains": [*ALLOWED, "sts.us-east-1.amazonaws.com"]},
    "look-alike name allowed": {"Names.Properties.Domains": ["evilsts.us-gov-west-1.amazonaws.com"]},
    "redirections trusted": {f"{RULES}.0.FirewallDomainRedirectionAction": "TRUST_REDIRECTION_DOMAIN"},
    "association missing": {"Association": None},
    "association of another VPC": {"Second": GOOD["Vpc"], "Association.Properties.VpcId": {"Ref": "Second"}},
    "second VPC without firewall": {"Second": GOOD["Vpc"]},
    "association under a false condition": {"Association.Condition": "Never"},
    "fails open": {"Config.Properties.FirewallFailOpen": "ENABLED"},
    "queries not logged": {"Logged": None},
    "queries of another VPC logged": {"Logged.Properties.ResourceId": "vpc-0123"},
}
UNKNOWN = {
    "no template says whether it fails open": {"Config": None},
    "domains from a file": {"Names.Properties": {"DomainFileUrl": "s3://bucket/list"}},
    "action from a parameter": {f"{RULES}.0.Action": {"Ref": "Anything"}},
    "somebody else's domain list": {f"{RULES}.0.FirewallDomainListId": "rslvr-fdl-0123"},
    "order not known": {f"{RULES}.0.Priority": {"Ref": "Anything"}, "Names.Properties.Domains": {"Ref": "Anything"}},
}
HARMLESS = {
    "fails closed, said so": {"Config.Properties.FirewallFailOpen": "DISABLED"},
    "rules listed the other way round": {RULES: [BLOCK, GOOD["Rules"]["Properties"]["FirewallRules"][0]]},
    "names with a final dot": {"Names.Properties.Domains": ["kms.us-gov-west-1.amazonaws.com."]},
    "a block of some names first": {
        RULES: [{**BLOCK, "Priority": 50, "FirewallDomainListId": {"Fn::GetAtt": ["Names", "Id"]}}, BLOCK]
    },
    "allow-all after the block": {RULES: [{**ALLOW_ALL, "Priority": 300}, BLOCK]},
}
SECTIONS = {"Parameters": {"Anything": {"Type": "String"}}, "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}}
