"""The posture: everything security-relevant that is there, as frozen values, whoever read it.

`infra.posture.template.read` makes it of templates, `infra.live` of an account; for the same deployment the two
are equal. What could not be decided is an `Unknown` where it stands, or, when it may concern any member of a
collection, an entry of `undecided`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from infra.posture.aws import bedrock, sagemaker
from infra.posture.aws.alarms import Alarm, Queue, Rule, Topic, alarms, queues, rules, topics
from infra.posture.aws.dns import (
    FirewallConfig,
    FirewallDomainList,
    FirewallRuleGroup,
    FirewallRuleGroupAssociation,
    firewall_configs,
    firewall_domain_lists,
    firewall_rule_group_associations,
    firewall_rule_groups,
)
from infra.posture.aws.endpoints import VpcEndpoint, VpcEndpointService, vpc_endpoint_services, vpc_endpoints
from infra.posture.aws.firewalls import NetworkAcl, SecurityGroup, network_acls, security_groups
from infra.posture.aws.iam import ManagedPolicy, Role, managed_policies, roles
from infra.posture.aws.interfaces import NetworkInterface, network_interfaces
from infra.posture.aws.kms import Key, keys
from infra.posture.aws.logs import (
    LogGroup,
    LogResourcePolicy,
    MetricFilter,
    Trail,
    log_groups,
    log_resource_policies,
    metric_filters,
    trails,
)
from infra.posture.aws.observability import FlowLog, QueryLogConfig, flow_logs, query_log_configs
from infra.posture.aws.routing import Gateway, RouteTable, gateways, route_tables
from infra.posture.aws.s3 import Bucket, buckets
from infra.posture.aws.vpc import Subnet, Vpc, subnets, vpcs
from infra.posture.aws.workflows import (
    LastExecution,
    Schedule,
    StateMachine,
    last_executions,
    schedules,
    state_machines,
)
from infra.posture.resources import Declared, Resources, Undecided
from infra.posture.values import Resource

Origin = Literal["templates", "account"]
Fill = Callable[[Resources], Iterable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack(Resource):
    """One CloudFormation stack."""

    termination_protection: bool


def _of(fill: Fill) -> Any:
    """A collection, and the function that fills it."""
    return field(default=(), metadata={"fill": fill})


def _seen_live(fill: Fill) -> Any:
    """A collection that templates cannot fill, or not wholly, so that it takes no part in comparing the two."""
    return field(default=(), compare=False, metadata={"fill": fill})


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """What is there. Each collection is sorted by identity."""

    stacks: tuple[Stack, ...] = ()
    vpcs: tuple[Vpc, ...] = _of(vpcs)
    subnets: tuple[Subnet, ...] = _of(subnets)
    route_tables: tuple[RouteTable, ...] = _of(route_tables)
    gateways: tuple[Gateway, ...] = _of(gateways)
    network_acls: tuple[NetworkAcl, ...] = _of(network_acls)
    security_groups: tuple[SecurityGroup, ...] = _of(security_groups)
    vpc_endpoints: tuple[VpcEndpoint, ...] = _of(vpc_endpoints)
    vpc_endpoint_services: tuple[VpcEndpointService, ...] = _of(vpc_endpoint_services)
    network_interfaces: tuple[NetworkInterface, ...] = _seen_live(network_interfaces)
    flow_logs: tuple[FlowLog, ...] = _of(flow_logs)
    query_log_configs: tuple[QueryLogConfig, ...] = _of(query_log_configs)
    firewall_domain_lists: tuple[FirewallDomainList, ...] = _of(firewall_domain_lists)
    firewall_rule_groups: tuple[FirewallRuleGroup, ...] = _of(firewall_rule_groups)
    firewall_rule_group_associations: tuple[FirewallRuleGroupAssociation, ...] = _of(firewall_rule_group_associations)
    firewall_configs: tuple[FirewallConfig, ...] = _seen_live(firewall_configs)
    buckets: tuple[Bucket, ...] = _of(buckets)
    keys: tuple[Key, ...] = _of(keys)
    roles: tuple[Role, ...] = _of(roles)
    managed_policies: tuple[ManagedPolicy, ...] = _of(managed_policies)
    log_groups: tuple[LogGroup, ...] = _of(log_groups)
    metric_filters: tuple[MetricFilter, ...] = _of(metric_filters)
    log_resource_policies: tuple[LogResourcePolicy, ...] = _of(log_resource_policies)
    trails: tuple[Trail, ...] = _of(trails)
    rules: tuple[Rule, ...] = _of(rules)
    alarms: tuple[Alarm, ...] = _of(alarms)
    topics: tuple[Topic, ...] = _of(topics)
    queues: tuple[Queue, ...] = _of(queues)
    state_machines: tuple[StateMachine, ...] = _of(state_machines)
    last_executions: tuple[LastExecution, ...] = _seen_live(last_executions)
    schedules: tuple[Schedule, ...] = _of(schedules)
    guardrails: tuple[bedrock.Guardrail, ...] = _of(bedrock.guardrails)
    guardrail_versions: tuple[bedrock.GuardrailVersion, ...] = _of(bedrock.guardrail_versions)
    enforced_guardrails: tuple[bedrock.EnforcedGuardrail, ...] = _of(bedrock.enforced_guardrails)
    invocation_loggings: tuple[bedrock.InvocationLogging, ...] = _seen_live(bedrock.invocation_loggings)
    data_retentions: tuple[bedrock.DataRetention, ...] = _seen_live(bedrock.data_retentions)
    models: tuple[sagemaker.Model, ...] = _of(sagemaker.models)
    endpoint_configs: tuple[sagemaker.EndpointConfig, ...] = _of(sagemaker.endpoint_configs)
    endpoints: tuple[sagemaker.Endpoint, ...] = _of(sagemaker.endpoints)
    scalable_targets: tuple[sagemaker.ScalableTarget, ...] = _of(sagemaker.scalable_targets)
    repositories: tuple[sagemaker.Repository, ...] = _of(sagemaker.repositories)
    origin: Origin = field(default="templates", compare=False)
    """Who read it: what templates do not say may still be so in the account."""
    undecided: tuple[Undecided, ...] = field(default=(), compare=False)
    others: tuple[Declared, ...] = field(default=(), compare=False, repr=False)
    """Resources of types the model does not know, as they were read."""


def collections() -> dict[str, Fill]:
    """The collections of a posture, and what fills each."""
    return {each.name: each.metadata["fill"] for each in fields(Posture) if "fill" in each.metadata}


def build(resources: Resources, stacks: tuple[Stack, ...] = (), origin: Origin = "templates") -> Posture:
    """The posture of what a reader found."""
    filled = {
        name: tuple(sorted(resources.collect(name, fill), key=lambda each: each.ref))
        for name, fill in collections().items()
    }
    return Posture(
        origin=origin,
        stacks=tuple(sorted(stacks, key=lambda stack: stack.ref)),
        undecided=resources.undecided,
        others=tuple(resources.others()),
        **filled,
    )
