"""A stack's events and resources, as they were told and as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import planning
from infra.local.cloudformation.api.answer import Answer
from infra.local.cloudformation.api.asking import Asking, without_none
from infra.local.cloudformation.refusals import ChangeSetNotFound, ValidationError
from infra.local.cloudformation.state import STACK_TYPE, ChangeSet, Event, Operation, Resource, Stack

if TYPE_CHECKING:
    from collections.abc import Callable


class History(Asking):
    """The operations on events and resources."""

    def describe_stack_events(self) -> Answer:
        stack = self.existing()
        with self.engine.changed:
            shown, token = self.page(list(reversed(stack.events)))
        told = [_event(stack, event) for event in shown]
        return Answer(without_none({"StackEvents": told, "NextToken": token}))

    def describe_events(self) -> Answer:
        """Events of a stack, a change set or one operation; with FailedEvents only what went wrong."""
        failed = bool((self.params.get("Filters") or {}).get("FailedEvents"))
        with self.engine.changed:
            found = self._operation_events()
        if failed:
            found = [told for told in found if told["EventType"].endswith("_ERROR")]
        shown, token = self.page(found)
        return Answer(without_none({"OperationEvents": shown, "NextToken": token}))

    def _operation_events(self) -> list[dict[str, Any]]:
        named, asked = self.params.get("ChangeSetName"), self.params.get("OperationId")
        stacks = [self.existing()] if self.params.get("StackName") else list(self.engine.stacks.values())
        if named:
            pairs = [
                (stack, change_set)
                for stack in stacks
                for change_set in stack.change_sets.values()
                if named in (change_set.arn, change_set.name)
            ]
            if not pairs:
                raise ChangeSetNotFound(f"ChangeSet [{named}] does not exist")
            return [told for stack, change_set in pairs for told in _validations(stack, change_set)]
        if not self.params.get("StackName") and not asked:
            raise ValidationError("StackName, ChangeSetName or OperationId must be specified")
        return [
            _operation_event(stack, event)
            for stack in stacks
            for event in reversed(stack.events)
            if not asked or event.operation.id == asked
        ]

    def describe_stack_resource(self) -> Answer:
        stack = self.existing("Stack '{}' does not exist")
        logical_id = self.params["LogicalResourceId"]
        with self.engine.changed:
            resource = stack.resources.get(logical_id)
            if resource is None:
                raise ValidationError(f"Resource {logical_id} does not exist for stack {stack.name}")
            told = _resource(stack, resource)
            told["LastUpdatedTimestamp"] = told.pop("Timestamp")
            if resource.declared.metadata is not None:
                told["Metadata"] = planning.as_json(resource.declared.metadata)
        return Answer({"StackResourceDetail": told})

    def describe_stack_resources(self) -> Answer:
        physical, logical = self.params.get("PhysicalResourceId"), self.params.get("LogicalResourceId")
        with self.engine.changed:
            if self.params.get("StackName"):
                stack = self.existing("Stack with id {} does not exist")
            else:
                stack = self._holder(lambda resource: resource.physical_id == physical, physical)
            found = [
                _resource(stack, resource)
                for name, resource in sorted(stack.resources.items())
                if (logical in (None, name)) and (physical in (None, resource.physical_id)) and resource.status
            ]
        return Answer({"StackResources": found[:100]})

    def _holder(self, wanted: Callable[[Resource], bool], name: Any) -> Stack:
        for stack in self.engine.stacks.values():
            if not stack.gone and any(wanted(resource) for resource in stack.resources.values()):
                return stack
        raise ValidationError(f"Stack for {name} does not exist")

    def list_stack_resources(self) -> Answer:
        stack = self.existing("Stack with id {} does not exist")
        with self.engine.changed:
            shown, token = self.page([resource for _, resource in sorted(stack.resources.items()) if resource.status])
            told = [_summary(stack, resource) for resource in shown]
        return Answer(without_none({"StackResourceSummaries": told, "NextToken": token}))


def _event(stack: Stack, event: Event) -> dict[str, Any]:
    return without_none(
        {
            "StackId": stack.arn,
            "StackName": stack.name,
            "EventId": event.id,
            "OperationId": event.operation.id,
            "LogicalResourceId": event.logical_id,
            "PhysicalResourceId": event.physical_id,
            "ResourceType": event.type_name,
            "Timestamp": event.at,
            "ResourceStatus": event.status,
            "ResourceStatusReason": event.reason or None,
            "ResourceProperties": event.properties or None,
            "ClientRequestToken": event.operation.token,
        }
    )


def _status(operation: Operation, event: Event) -> str:
    if event.status.endswith("_FAILED") or "ROLLBACK_COMPLETE" in event.status:
        return "FAILED" if operation.kind != "ROLLBACK" or event.status.endswith("_FAILED") else "SUCCEEDED"
    return "SUCCEEDED" if event.status.endswith("_COMPLETE") else "IN_PROGRESS"


def _operation_event(stack: Stack, event: Event) -> dict[str, Any]:
    told = _event(stack, event)
    told.pop("StackName")
    kind = "PROGRESS_EVENT"
    if event.status.endswith("_FAILED") and event.type_name != STACK_TYPE:
        kind = "PROVISIONING_ERROR"
    elif event.type_name == STACK_TYPE:
        kind = "STACK_EVENT"
        told["OperationStatus"] = _status(event.operation, event)
    return {**told, "OperationType": event.operation.kind, "EventType": kind}


def _validations(stack: Stack, change_set: ChangeSet) -> list[dict[str, Any]]:
    """What early validation found, one event for each property."""
    beside = {
        "StackId": stack.arn,
        "OperationId": change_set.operation.id,
        "OperationType": change_set.operation.kind,
        "Timestamp": change_set.created_at,
    }
    return [
        {**beside, "EventId": f"{change_set.operation.id}-{index}", "EventType": "VALIDATION_ERROR", **problem}
        for index, problem in enumerate(change_set.problems)
    ]


def _drift(resource: Resource) -> dict[str, Any]:
    return without_none({"StackResourceDriftStatus": resource.drift, "LastCheckTimestamp": resource.drift_checked_at})


def _resource(stack: Stack, resource: Resource) -> dict[str, Any]:
    return without_none(
        {
            "StackName": stack.name,
            "StackId": stack.arn,
            "LogicalResourceId": resource.logical_id,
            "PhysicalResourceId": resource.physical_id or None,
            "ResourceType": resource.type_name,
            "Timestamp": resource.changed_at,
            "ResourceStatus": resource.status,
            "ResourceStatusReason": resource.reason or None,
            "DriftInformation": _drift(resource),
        }
    )


def _summary(stack: Stack, resource: Resource) -> dict[str, Any]:
    told = _resource(stack, resource)
    told["LastUpdatedTimestamp"] = told.pop("Timestamp")
    return {key: value for key, value in told.items() if key not in ("StackName", "StackId")}
