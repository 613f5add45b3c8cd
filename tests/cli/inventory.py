"""What an account has of the enclave's kinds, whoever made it: what no stack knows stands there too."""

from __future__ import annotations

from typing import Any

import boto3
import jmespath

# By CloudFormation's type: the service, the operation that lists, its arguments, and where the ids are in its answer.
LISTINGS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "AWS::ApplicationAutoScaling::ScalableTarget": (
        "application-autoscaling",
        "describe_scalable_targets",
        {"ServiceNamespace": "sagemaker"},
        "ScalableTargets[].ScalableTargetARN",
    ),
    "AWS::ApplicationAutoScaling::ScalingPolicy": (
        "application-autoscaling",
        "describe_scaling_policies",
        {"ServiceNamespace": "sagemaker"},
        "ScalingPolicies[].PolicyARN",
    ),
    "AWS::Bedrock::EnforcedGuardrailConfiguration": (
        "bedrock",
        "list_enforced_guardrails_configuration",
        {},
        "guardrailsConfig[].configId",
    ),
    "AWS::Bedrock::Guardrail": ("bedrock", "list_guardrails", {}, "guardrails[].id"),
    "AWS::CloudTrail::Trail": ("cloudtrail", "list_trails", {}, "Trails[].TrailARN"),
    "AWS::CloudWatch::Alarm": ("cloudwatch", "describe_alarms", {}, "MetricAlarms[].AlarmArn"),
    "AWS::EC2::FlowLog": ("ec2", "describe_flow_logs", {}, "FlowLogs[].FlowLogId"),
    "AWS::EC2::NetworkAcl": ("ec2", "describe_network_acls", {}, "NetworkAcls[].NetworkAclId"),
    "AWS::EC2::RouteTable": ("ec2", "describe_route_tables", {}, "RouteTables[].RouteTableId"),
    "AWS::EC2::SecurityGroup": ("ec2", "describe_security_groups", {}, "SecurityGroups[].GroupId"),
    "AWS::EC2::SecurityGroupIngress": (
        "ec2",
        "describe_security_group_rules",
        {},
        "SecurityGroupRules[?!IsEgress].SecurityGroupRuleId",
    ),
    "AWS::EC2::SecurityGroupEgress": (
        "ec2",
        "describe_security_group_rules",
        {},
        "SecurityGroupRules[?IsEgress].SecurityGroupRuleId",
    ),
    "AWS::EC2::Subnet": ("ec2", "describe_subnets", {}, "Subnets[].SubnetId"),
    "AWS::EC2::VPC": ("ec2", "describe_vpcs", {}, "Vpcs[].VpcId"),
    "AWS::EC2::VPCEncryptionControl": (
        "ec2",
        "describe_vpc_encryption_controls",
        {},
        "VpcEncryptionControls[].VpcEncryptionControlId",
    ),
    "AWS::EC2::VPCEndpoint": ("ec2", "describe_vpc_endpoints", {}, "VpcEndpoints[].VpcEndpointId"),
    "AWS::Events::Rule": ("events", "list_rules", {}, "Rules[].Arn"),
    "AWS::IAM::ManagedPolicy": ("iam", "list_policies", {"Scope": "Local"}, "Policies[].Arn"),
    "AWS::IAM::Role": ("iam", "list_roles", {}, "Roles[].Arn"),
    "AWS::KMS::Key": ("kms", "list_keys", {}, "Keys[].KeyId"),
    "AWS::Logs::LogGroup": ("logs", "describe_log_groups", {}, "logGroups[].arn"),
    "AWS::Logs::MetricFilter": (
        "logs",
        "describe_metric_filters",
        {},
        "metricFilters[].join('/', [logGroupName, filterName])",
    ),
    "AWS::Logs::ResourcePolicy": ("logs", "describe_resource_policies", {}, "resourcePolicies[].policyName"),
    "AWS::Route53Resolver::FirewallDomainList": (
        "route53resolver",
        "list_firewall_domain_lists",
        {},
        "FirewallDomainLists[].Id",
    ),
    "AWS::Route53Resolver::FirewallRuleGroup": (
        "route53resolver",
        "list_firewall_rule_groups",
        {},
        "FirewallRuleGroups[].Id",
    ),
    "AWS::Route53Resolver::FirewallRuleGroupAssociation": (
        "route53resolver",
        "list_firewall_rule_group_associations",
        {},
        "FirewallRuleGroupAssociations[].Id",
    ),
    "AWS::Route53Resolver::ResolverQueryLoggingConfig": (
        "route53resolver",
        "list_resolver_query_log_configs",
        {},
        "ResolverQueryLogConfigs[].Id",
    ),
    "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation": (
        "route53resolver",
        "list_resolver_query_log_config_associations",
        {},
        "ResolverQueryLogConfigAssociations[].Id",
    ),
    "AWS::S3::Bucket": ("s3", "list_buckets", {}, "Buckets[].Name"),
    "AWS::SNS::Topic": ("sns", "list_topics", {}, "Topics[].TopicArn"),
    "AWS::SageMaker::Endpoint": ("sagemaker", "list_endpoints", {}, "Endpoints[].EndpointArn"),
    "AWS::SageMaker::EndpointConfig": (
        "sagemaker",
        "list_endpoint_configs",
        {},
        "EndpointConfigs[].EndpointConfigArn",
    ),
    "AWS::SageMaker::Model": ("sagemaker", "list_models", {}, "Models[].ModelArn"),
    "AWS::Scheduler::Schedule": ("scheduler", "list_schedules", {}, "Schedules[].Arn"),
    "AWS::Scheduler::ScheduleGroup": ("scheduler", "list_schedule_groups", {}, "ScheduleGroups[].Arn"),
    "AWS::StepFunctions::StateMachine": ("stepfunctions", "list_state_machines", {}, "stateMachines[].stateMachineArn"),
}
PARTS = frozenset(
    {
        "AWS::EC2::NetworkAclEntry",
        "AWS::EC2::SubnetNetworkAclAssociation",
        "AWS::EC2::SubnetRouteTableAssociation",
        "AWS::EC2::VPCBlockPublicAccessOptions",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::TopicPolicy",
    }
)
"""What is part of something else, or of the account: one too many of them is told by a posture."""
VERSIONS = "AWS::Bedrock::GuardrailVersion"

Inventory = dict[str, frozenset[str]]


def inventory() -> Inventory:
    """The ids of all that the account of this process's environment has, by type."""
    session = boto3.Session()
    clients = {service: session.client(service) for service in {service for service, *_ in LISTINGS.values()}}
    found = {}
    for type_name, (service, operation, arguments, where) in LISTINGS.items():
        found[type_name] = frozenset(jmespath.search(where, _whole(clients[service], operation, arguments)))
    kms, bedrock = clients["kms"], clients["bedrock"]
    keys = found["AWS::KMS::Key"]  # one on its way out is gone
    found["AWS::KMS::Key"] = frozenset(
        k for k in keys if kms.describe_key(KeyId=k)["KeyMetadata"]["KeyState"] == "Enabled"
    )
    found[VERSIONS] = frozenset(
        f"{guardrail}:{version['version']}"
        for guardrail in found["AWS::Bedrock::Guardrail"]
        for version in bedrock.list_guardrails(guardrailIdentifier=guardrail)["guardrails"]
    )
    return found


def _whole(client: Any, operation: str, arguments: dict[str, Any]) -> dict[str, Any]:
    if client.can_paginate(operation):
        pages: dict[str, Any] = client.get_paginator(operation).paginate(**arguments).build_full_result()
        return pages
    told: dict[str, Any] = getattr(client, operation)(**arguments)
    return told
