"""Operations that only tell."""

from __future__ import annotations

import json
from typing import Any

from infra.local.cloudformation import drift, views
from infra.local.cloudformation.asked import Asked
from infra.local.cloudformation.refusals import ValidationError
from infra.local.cloudformation.request import desired, template

HELD_SECONDS = 4.0
"""How long DescribeStacks of one stack in progress is held: the CLI asks once and then only every five seconds."""
PAGE = 100


class QueryOperations(Asked):
    """Stacks, resources, events, templates, exports, drift."""

    def describe_stacks(self) -> Any:
        """One stack, held while it is in progress, or all that are not deleted."""
        engine = self.engine
        if "StackName" not in self.params:
            with engine.changed:
                return self.answer({"Stacks": [views.stack_told(s) for s in engine.stacks.values() if not s.gone]})
        stack = self.stack()
        with engine.changed:
            engine.changed.wait_for(lambda: not stack.in_progress, timeout=HELD_SECONDS)
            return self.answer({"Stacks": [views.stack_told(stack)]})

    def list_stacks(self) -> Any:
        """Every stack, the deleted ones too, or those in the states asked for."""
        wanted = set(self.params.get("StackStatusFilter", ()))
        with self.engine.changed:
            stacks = [s for s in self.engine.stacks.values() if not wanted or s.status in wanted]
            return self.answer({"StackSummaries": [views.stack_summary(s) for s in reversed(stacks)]})

    def describe_stack_events(self) -> Any:
        """A stack's history, newest first, a page at a time."""
        stack = self.stack("Stack [{}] does not exist")
        with self.engine.changed:
            events = list(reversed(stack.events))
        start = int(self.params.get("NextToken") or 0)
        told: dict[str, Any] = {"StackEvents": [views.event_told(stack, e) for e in events[start : start + PAGE]]}
        if start + PAGE < len(events):
            told["NextToken"] = str(start + PAGE)
        return self.answer(told)

    def describe_events(self) -> Any:
        """The events of one operation or change set; FailedEvents leaves those that say what went wrong."""
        only_failed = str(self.params.get("Filters", {}).get("FailedEvents", "")).lower() == "true"
        asked = self.params.get("ChangeSetName")
        with self.engine.changed:
            stacks = [self.stack()] if "StackName" in self.params else list(self.engine.stacks.values())
            told: list[dict[str, Any]] = []
            for stack in stacks:
                for found in stack.change_sets.values():
                    if asked in (found.arn, found.name) or self.params.get("OperationId") == found.operation.id:
                        told += [
                            {
                                **problem,
                                "EventId": f"{found.operation.id}-{index}",
                                "OperationId": found.operation.id,
                                "Timestamp": found.created_at,
                            }
                            for index, problem in enumerate(found.problems)
                        ]
                if asked is None:
                    operation = self.params.get("OperationId")
                    told += [
                        views.operation_event_told(stack, event)
                        for event in reversed(stack.events)
                        if operation in (None, event.operation.id)
                        and (not only_failed or event.status.endswith("FAILED"))
                    ]
        return self.answer({"OperationEvents": told})

    def list_hook_results(self) -> Any:
        """No hooks run here."""
        return self.answer({"HookResults": []})

    def describe_stack_resources(self) -> Any:
        """A stack's resources, or the stack that has a physical one."""
        physical = self.params.get("PhysicalResourceId")
        logical = self.params.get("LogicalResourceId")
        with self.engine.changed:
            if "StackName" in self.params:
                stacks = [self.stack()]
            else:
                stacks = [
                    s
                    for s in self.engine.stacks.values()
                    if not s.gone and any(r.physical_id == physical for r in s.resources.values())
                ]
                if not stacks:
                    raise ValidationError(f"Stack for {physical} does not exist")
            told = [
                views.resource_told(stack, resource)
                for stack in stacks
                for resource in stack.resources.values()
                if logical in (None, resource.logical_id)
            ]
        return self.answer({"StackResources": told})

    def list_stack_resources(self) -> Any:
        """A stack's resources in brief, a page at a time."""
        stack = self.stack()
        with self.engine.changed:
            resources = list(stack.resources.values())
        start = int(self.params.get("NextToken") or 0)
        page = [views.resource_told(stack, r, "LastUpdatedTimestamp") for r in resources[start : start + PAGE]]
        hidden = ("StackName", "StackId")
        told: dict[str, Any] = {
            "StackResourceSummaries": [{k: v for k, v in r.items() if k not in hidden} for r in page]
        }
        if start + PAGE < len(resources):
            told["NextToken"] = str(start + PAGE)
        return self.answer(told)

    def describe_stack_resource(self) -> Any:
        """One resource, with its metadata."""
        stack = self.stack()
        logical = self.params["LogicalResourceId"]
        resource = stack.resources.get(logical)
        if resource is None:
            raise ValidationError(f"Resource {logical} does not exist for stack {stack.name}")
        told = views.resource_told(stack, resource, "LastUpdatedTimestamp")
        if resource.declared.metadata is not None:
            told["Metadata"] = json.dumps(resource.declared.metadata)
        return self.answer({"StackResourceDetail": told})

    def get_template(self) -> Any:
        """The template as it was given, of the stack or of one of its change sets."""
        stack = self.stack()
        found = stack.change_sets.get(self.params.get("ChangeSetName", ""))
        settled = (found.desired if found else None) or stack.desired or stack.target
        # A stack that is only reviewed has no template yet; the CLI takes an empty one for none.
        body = settled.template.text if settled else ""
        return self.answer({"TemplateBody": body, "StagesAvailable": ["Original", "Processed"]})

    def get_template_summary(self) -> Any:
        """What a template asks for: parameters, capabilities, types."""
        stack = self.engine.find(self.params.get("StackName", ""))
        if stack is not None and (settled := stack.desired or stack.target):
            found = settled.template
        else:
            found = template(self.engine, self.params, None)
        return self.answer(
            {
                "Description": found.description,
                "Metadata": json.dumps(dict(found.metadata)) if found.metadata else "",
                "Version": found.version,
                "ResourceTypes": sorted({r.type_name for r in found.resources.values()}),
                "Parameters": [_parameter(name, body) for name, body in found.parameters.items()],
                "DeclaredTransforms": list(found.transforms),
            }
        )

    def validate_template(self) -> Any:
        """The template's parameters, if it is one that could be deployed with its defaults."""
        found = template(self.engine, self.params, None)
        if all("Default" in body for body in found.parameters.values()):
            everything = {**self.params, "Capabilities": ["CAPABILITY_NAMED_IAM"]}
            desired(self.engine, everything, None, "validated", self.engine.arn("stack", "validated"))
        return self.answer(
            {
                "Description": found.description,
                "Parameters": [_parameter(name, body) for name, body in found.parameters.items()],
            }
        )

    def list_exports(self) -> Any:
        """Every export of the account and region."""
        exports = sorted(self.engine.exports().items())
        told = [{"ExportingStackId": s.arn, "Name": name, "Value": value} for name, (s, value) in exports]
        return self.answer({"Exports": told})

    def list_imports(self) -> Any:
        """The stacks that import one export."""
        name = self.params["ExportName"]
        importers = self.engine.importers(name)
        if not importers:
            raise ValidationError(f"Export '{name}' is not imported by any stack.")
        return self.answer({"Imports": importers})

    def detect_stack_drift(self) -> Any:
        """Compare a stack with the services, at once."""
        stack = self.stack()
        logical_ids = tuple(self.params.get("LogicalResourceIds", ()))
        return self.answer({"StackDriftDetectionId": drift.detect(self.engine, stack, logical_ids)})

    def describe_stack_drift_detection_status(self) -> Any:
        """The result of a detection."""
        asked = self.params["StackDriftDetectionId"]
        if asked not in self.engine.drift_detections:
            raise ValidationError(f"DriftDetectionId {asked} does not exist")
        return self.answer(self.engine.drift_detections[asked])

    def describe_stack_resource_drifts(self) -> Any:
        """Each resource that was compared, with its differences."""
        stack = self.stack()
        wanted = set(self.params.get("StackResourceDriftStatusFilters", ()))
        told = [
            views.drift_told(stack, resource)
            for resource in stack.resources.values()
            if resource.drift_checked_at and (not wanted or resource.drift in wanted)
        ]
        return self.answer({"StackResourceDrifts": told})


def _parameter(name: str, body: Any) -> dict[str, Any]:
    told = {
        "ParameterKey": name,
        "ParameterType": body.get("Type", "String"),
        "NoEcho": str(body.get("NoEcho", False)).lower() == "true",
        "Description": body.get("Description"),
        "DefaultValue": str(body["Default"]) if "Default" in body else None,
    }
    return {key: value for key, value in told.items() if value is not None}
