"""Stacks, resources, change sets and events as the API tells them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import drift, live, schemas
from infra.local.cloudformation.handlers import Failed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.cloudformation.state import ChangeSet, Desired, Event, Resource, Stack


def _told(**members: Any) -> dict[str, Any]:
    """The members that have a value."""
    return {name: value for name, value in members.items() if value not in (None, "")}


def tags_told(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Tags as a list, sorted by key."""
    return [{"Key": key, "Value": tags[key]} for key in sorted(tags)]


def stack_told(stack: Stack) -> dict[str, Any]:
    """A member of DescribeStacks."""
    settled = stack.desired or stack.target
    return _told(
        StackId=stack.arn,
        StackName=stack.name,
        ChangeSetId=stack.change_set_arn,
        Description=settled.template.description if settled else None,
        Parameters=[given.shown() for given in settled.parameters.values()] if settled else [],
        CreationTime=stack.created_at,
        DeletionTime=stack.deleted_at,
        LastUpdatedTime=stack.updated_at,
        RollbackConfiguration={},
        StackStatus=stack.status,
        StackStatusReason=stack.reason,
        DisableRollback=stack.disable_rollback,
        NotificationARNs=list(settled.notification_arns) if settled else [],
        Capabilities=list(settled.capabilities) if settled else [],
        Outputs=stack.outputs,
        RoleARN=settled.role_arn if settled else None,
        Tags=tags_told(settled.tags) if settled else [],
        EnableTerminationProtection=stack.protected,
        DriftInformation=_told(StackDriftStatus=stack.drift, LastCheckTimestamp=stack.drift_checked_at),
    )


def stack_summary(stack: Stack) -> dict[str, Any]:
    """A member of ListStacks."""
    settled = stack.desired or stack.target
    return _told(
        StackId=stack.arn,
        StackName=stack.name,
        TemplateDescription=settled.template.description if settled else None,
        CreationTime=stack.created_at,
        LastUpdatedTime=stack.updated_at,
        DeletionTime=stack.deleted_at,
        StackStatus=stack.status,
        StackStatusReason=stack.reason,
        DriftInformation=_told(StackDriftStatus=stack.drift, LastCheckTimestamp=stack.drift_checked_at),
    )


def resource_told(stack: Stack, resource: Resource, moment: str = "Timestamp") -> dict[str, Any]:
    """A member of DescribeStackResources; the other calls name the moment `LastUpdatedTimestamp`."""
    return _told(
        StackName=stack.name,
        StackId=stack.arn,
        LogicalResourceId=resource.logical_id,
        PhysicalResourceId=resource.physical_id,
        ResourceType=resource.type_name,
        ResourceStatus=resource.status,
        ResourceStatusReason=resource.reason,
        DriftInformation=_told(StackResourceDriftStatus=resource.drift, LastCheckTimestamp=resource.drift_checked_at),
        **{moment: resource.changed_at},
    )


def drift_told(stack: Stack, resource: Resource) -> dict[str, Any]:
    """A member of DescribeStackResourceDrifts."""
    try:
        there = live.read(stack, resource)
    except Failed:
        there = None
    hidden = schemas.write_only(resource.type_name, stack.region)
    expected = schemas.without(resource.properties, hidden)
    return _told(
        StackId=stack.arn,
        LogicalResourceId=resource.logical_id,
        PhysicalResourceId=resource.physical_id,
        ResourceType=resource.type_name,
        ExpectedProperties=json.dumps(expected, default=str),
        ActualProperties=json.dumps(there, default=str) if there is not None else None,
        PropertyDifferences=drift.differences(stack, resource, there) if there is not None else [],
        StackResourceDriftStatus=resource.drift,
        Timestamp=resource.drift_checked_at,
    )


def change_set_told(stack: Stack, found: ChangeSet, *, with_values: bool) -> dict[str, Any]:
    """The answer of DescribeChangeSet."""
    desired: Desired | None = found.desired
    hidden = () if with_values else ("BeforeContext", "AfterContext")
    return _told(
        ChangeSetName=found.name,
        ChangeSetId=found.arn,
        StackId=stack.arn,
        StackName=stack.name,
        Description=found.description,
        Parameters=[given.shown() for given in desired.parameters.values()] if desired else [],
        CreationTime=found.created_at,
        ExecutionStatus=found.execution_status,
        Status=found.status,
        StatusReason=found.reason,
        NotificationARNs=list(desired.notification_arns) if desired else [],
        RollbackConfiguration={},
        Capabilities=list(desired.capabilities) if desired else [],
        Tags=tags_told(desired.tags) if desired else [],
        Changes=[
            {"Type": "Resource", "ResourceChange": {k: v for k, v in change.items() if k not in hidden}}
            for change in found.changes
        ],
        IncludeNestedStacks=False,
        OnStackFailure=found.request.get("OnStackFailure"),
        DeploymentConfig=found.request.get("DeploymentConfig"),
    )


def event_told(stack: Stack, event: Event) -> dict[str, Any]:
    """A member of DescribeStackEvents."""
    return _told(
        StackId=stack.arn,
        EventId=event.id,
        StackName=stack.name,
        OperationId=event.operation.id,
        LogicalResourceId=event.logical_id,
        PhysicalResourceId=event.physical_id,
        ResourceType=event.type_name,
        Timestamp=event.at,
        ResourceStatus=event.status,
        ResourceStatusReason=event.reason,
        ResourceProperties=event.properties,
        ClientRequestToken=event.operation.token,
    )


def operation_event_told(stack: Stack, event: Event) -> dict[str, Any]:
    """A member of DescribeEvents for something that happened to a resource or to the stack."""
    whole = event.physical_id == stack.arn
    failed = event.status.endswith("FAILED")
    told = {k: v for k, v in event_told(stack, event).items() if k != "StackName"}
    return {
        **told,
        "OperationType": event.operation.kind,
        "EventType": "STACK_EVENT" if whole else "PROVISIONING_ERROR" if failed else "PROGRESS_EVENT",
    }
