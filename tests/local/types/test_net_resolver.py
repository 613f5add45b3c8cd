"""Types of Route 53 Resolver: read back equal, changed, taken away; and what the service refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from infra.local.resource_type import resource_types

if TYPE_CHECKING:
    from infra.local.resource_type import Context

Properties = dict[str, Any]
NAME = [{"Key": "Name", "Value": "dns"}]


class Dns:
    """A VPC, a list of its own and a block of everything else, made as their types make them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.resolver = context.client("route53resolver")
        self.vpc = context.client("ec2").create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.allowed = self.make("FirewallDomainList", Name="allowed", Domains=["bedrock.us-gov-west-1.amazonaws.com"])
        self.everything = self.make("FirewallDomainList", Name="everything", Domains=["*"])

    def make(self, kind: str, **properties: Any) -> str:
        return resource_types()[f"AWS::Route53Resolver::{kind}"].create(properties, self.context)

    def life(self, kind: str, before: Properties, after: Properties | None = None) -> None:
        """Made, read back, changed, read back, gone."""
        known = resource_types()[f"AWS::Route53Resolver::{kind}"]
        made = known.create(before, self.context)
        for properties in (before, *([after] if after else [])):
            if properties is after:
                known.update(made, before, properties, self.context)
            found = known.read(made, self.context)
            assert found is not None
            assert {name: found.get(name) for name in properties} == properties
        known.delete(made, after or before, self.context)
        assert known.read(made, self.context) is None
        known.delete(made, after or before, self.context)

    def rules(self) -> list[Properties]:
        return [
            {"Action": "ALLOW", "FirewallDomainListId": self.allowed, "Priority": 100},
            {
                "Action": "BLOCK",
                "BlockResponse": "NXDOMAIN",
                "FirewallDomainListId": self.everything,
                "Priority": 200,
            },
        ]


@pytest.fixture
def dns(aws: Context) -> Dns:
    return Dns(aws)


def refused(code: str, call: Any, **arguments: Any) -> None:
    with pytest.raises(ClientError) as error:
        call(**arguments)
    assert error.value.response["Error"]["Code"] == code


def test_a_domain_list(dns: Dns) -> None:
    before = {"Name": "names", "Domains": ["b.example", "*.a.example"], "Tags": NAME}
    dns.life("FirewallDomainList", before, {"Name": "names", "Domains": ["c.example"]})


def test_a_rule_group(dns: Dns) -> None:
    swapped = [{**rule, "Priority": 300 - rule["Priority"]} for rule in dns.rules()]
    threats = {"Action": "ALERT", "Priority": 300, "DnsThreatProtection": "DGA", "ConfidenceThreshold": "HIGH"}
    override = {
        **dns.rules()[1],
        "BlockResponse": "OVERRIDE",
        "BlockOverrideDomain": "x.example",
        "BlockOverrideDnsType": "CNAME",
        "BlockOverrideTtl": 60,
    }
    of_template = {"Name": "rules", "FirewallRules": dns.rules(), "Tags": NAME}
    dns.life("FirewallRuleGroup", of_template, {**of_template, "FirewallRules": swapped[::-1]})
    dns.life("FirewallRuleGroup", {"FirewallRules": [dns.rules()[0]]}, {"FirewallRules": [*dns.rules(), threats]})
    dns.life("FirewallRuleGroup", {"FirewallRules": [override]})


def test_an_association(dns: Dns) -> None:
    group = dns.make("FirewallRuleGroup", FirewallRules=dns.rules())
    before = {"FirewallRuleGroupId": group, "VpcId": dns.vpc, "Priority": 101, "MutationProtection": "DISABLED"}
    dns.life("FirewallRuleGroupAssociation", {**before, "Tags": NAME}, {**before, "Priority": 200, "Name": "renamed"})


def delivery(aws: Context, resource: str, *actions: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "delivery.logs.amazonaws.com"},
        "Action": list(actions),
        "Resource": resource,
        "Condition": {"StringEquals": {"aws:SourceAccount": aws.account}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def query_log(aws: Context) -> str:
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="queries")
    policy = delivery(aws, "*", "logs:CreateLogStream", "logs:PutLogEvents")
    logs.put_resource_policy(policyName="delivery", policyDocument=policy)
    return str(logs.describe_log_groups()["logGroups"][0]["arn"])


def test_query_logs(dns: Dns) -> None:
    arn = query_log(dns.context)
    dns.life("ResolverQueryLoggingConfig", {"Name": "queries", "DestinationArn": arn, "Tags": NAME})
    config = dns.make("ResolverQueryLoggingConfig", DestinationArn=arn)
    dns.life("ResolverQueryLoggingConfigAssociation", {"ResolverQueryLogConfigId": config, "ResourceId": dns.vpc})


def test_query_logs_go_to_a_bucket_that_lets_delivery_in(dns: Dns) -> None:
    aws = dns.context
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="evidence", CreateBucketConfiguration={"LocationConstraint": aws.region})
    arn = "arn:aws-us-gov:s3:::evidence"
    asked = {"Name": "q", "DestinationArn": arn, "CreatorRequestId": "1"}
    refused("AccessDeniedException", dns.resolver.create_resolver_query_log_config, **asked)
    writes = json.loads(delivery(aws, f"{arn}/AWSLogs/{aws.account}/*", "s3:PutObject"))
    looks = json.loads(delivery(aws, arn, "s3:GetBucketAcl"))
    policy = {**writes, "Statement": [*writes["Statement"], *looks["Statement"]]}
    s3.put_bucket_policy(Bucket="evidence", Policy=json.dumps(policy))
    dns.resolver.create_resolver_query_log_config(**asked)
    missing = {**asked, "DestinationArn": "arn:aws-us-gov:s3:::elsewhere", "CreatorRequestId": "2"}
    refused("ResourceNotFoundException", dns.resolver.create_resolver_query_log_config, **missing)


def test_a_log_group_must_let_delivery_in(dns: Dns) -> None:
    logs = dns.context.client("logs")
    logs.create_log_group(logGroupName="closed")
    arn = logs.describe_log_groups()["logGroups"][0]["arn"]
    asked = {"Name": "q", "DestinationArn": arn, "CreatorRequestId": "1"}
    refused("AccessDeniedException", dns.resolver.create_resolver_query_log_config, **asked)


def test_a_vpc_logs_once_to_each_kind_of_destination(dns: Dns) -> None:
    arn = query_log(dns.context)
    first, second = (dns.make("ResolverQueryLoggingConfig", Name=name, DestinationArn=arn) for name in "ab")
    associate = dns.resolver.associate_resolver_query_log_config
    associate(ResolverQueryLogConfigId=first, ResourceId=dns.vpc)
    refused("InvalidRequestException", associate, ResolverQueryLogConfigId=second, ResourceId=dns.vpc)
    delete = dns.resolver.delete_resolver_query_log_config
    refused("InvalidRequestException", delete, ResolverQueryLogConfigId=first)
    delete(ResolverQueryLogConfigId=second)


def test_a_list_in_use_stays(dns: Dns) -> None:
    group = dns.make("FirewallRuleGroup", FirewallRules=dns.rules())
    refused("ConflictException", dns.resolver.delete_firewall_domain_list, FirewallDomainListId=dns.everything)
    refused("ConflictException", dns.resolver.delete_firewall_rule_group, FirewallRuleGroupId=group)


def test_priorities_are_the_accounts_and_taken_once(dns: Dns) -> None:
    one, two = (dns.make("FirewallRuleGroup", Name=name, FirewallRules=dns.rules()) for name in "ab")
    associate = dns.resolver.associate_firewall_rule_group
    asked = {"VpcId": dns.vpc, "Name": "n"}
    refused("ValidationException", associate, FirewallRuleGroupId=one, Priority=100, **asked)
    associate(FirewallRuleGroupId=one, Priority=101, **asked)
    refused("ValidationException", associate, FirewallRuleGroupId=two, Priority=101, **asked)
    refused("ConflictException", associate, FirewallRuleGroupId=one, Priority=102, **asked)
    rule = {**dns.rules()[0], "Qtype": "A", "Name": "r", "FirewallRuleGroupId": one}
    refused("ValidationException", dns.resolver.create_firewall_rule, **rule)


def test_a_block_says_how_it_answers_and_names_a_list_that_is_there(dns: Dns) -> None:
    group = dns.make("FirewallRuleGroup", FirewallRules=[])
    create = dns.resolver.create_firewall_rule
    rule = {**dns.rules()[1], "Name": "r", "FirewallRuleGroupId": group}
    refused("ValidationException", create, **{name: value for name, value in rule.items() if name != "BlockResponse"})
    refused("ResourceNotFoundException", create, **{**rule, "FirewallDomainListId": "rslvr-fdl-none"})


def test_mutation_protection_protects(dns: Dns) -> None:
    group = dns.make("FirewallRuleGroup", FirewallRules=dns.rules())
    properties = {"FirewallRuleGroupId": group, "VpcId": dns.vpc, "Priority": 101, "MutationProtection": "ENABLED"}
    made = dns.make("FirewallRuleGroupAssociation", **properties)
    which = {"FirewallRuleGroupAssociationId": made}
    refused("ConflictException", dns.resolver.disassociate_firewall_rule_group, **which)
    refused("ConflictException", dns.resolver.update_firewall_rule_group_association, Priority=102, **which)
    dns.resolver.update_firewall_rule_group_association(MutationProtection="DISABLED", **which)
    dns.resolver.disassociate_firewall_rule_group(**which)


def test_a_vpc_fails_closed_until_someone_opens_it(dns: Dns) -> None:
    get = dns.resolver.get_firewall_config
    assert get(ResourceId=dns.vpc)["FirewallConfig"]["FirewallFailOpen"] == "DISABLED"
    dns.resolver.update_firewall_config(ResourceId=dns.vpc, FirewallFailOpen="ENABLED")
    assert get(ResourceId=dns.vpc)["FirewallConfig"]["FirewallFailOpen"] == "ENABLED"
    refused("ResourceNotFoundException", get, ResourceId="vpc-0123456789abcdef0")


def test_domains_are_told_as_aws_tells_them(dns: Dns) -> None:
    update = dns.resolver.update_firewall_domains
    update(FirewallDomainListId=dns.everything, Operation="ADD", Domains=["Example.com"])
    told = dns.resolver.list_firewall_domains(FirewallDomainListId=dns.everything)["Domains"]
    assert told == ["*.", "example.com."]
    update(FirewallDomainListId=dns.everything, Operation="REMOVE", Domains=["*"])
    told = dns.resolver.get_firewall_domain_list(FirewallDomainListId=dns.everything)["FirewallDomainList"]
    assert told["DomainCount"] == 1
