"""Drift detection, of a stack and of one resource."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import drift
from infra.local.cloudformation.api.answer import Answer
from infra.local.cloudformation.api.asking import Asking, check_idle, without_none
from infra.local.cloudformation.refusals import ValidationError

if TYPE_CHECKING:
    from infra.local.cloudformation.state import Stack


class Drifts(Asking):
    """The operations on drift. Detection is quick here, so it is over when its first answer goes out."""

    def detect_stack_drift(self) -> Answer:
        stack = self._idle()
        asked = set(self.params.get("LogicalResourceIds", ()))
        found = drift.detect(self.engine, stack)
        detection = str(uuid.uuid4())
        drifted = [told for told in found.values() if told["StackResourceDriftStatus"] in ("MODIFIED", "DELETED")]
        with self.engine.changed:
            stack.drifts = {name: told for name, told in found.items() if not asked or name in asked}
            self.engine.drift_detections[detection] = {
                "StackId": stack.arn,
                "StackDriftDetectionId": detection,
                "StackDriftStatus": stack.drift,
                "DetectionStatus": "DETECTION_COMPLETE",
                "DriftedStackResourceCount": len(drifted),
                "Timestamp": stack.drift_checked_at,
            }
        return Answer({"StackDriftDetectionId": detection})

    def _idle(self) -> Stack:
        stack = self.existing("Stack with id {} does not exist")
        check_idle(stack, "checked for drift")
        return stack

    def detect_stack_resource_drift(self) -> Answer:
        stack = self._idle()
        logical_id = self.params["LogicalResourceId"]
        resource = stack.resources.get(logical_id)
        if resource is None or not resource.physical_id:
            raise ValidationError(f"Resource {logical_id} does not exist for stack {stack.name}")
        told = drift.of(self.engine, stack, resource)
        with self.engine.changed:
            stack.drifts[logical_id] = told
        return Answer({"StackResourceDrift": told})

    def describe_stack_drift_detection_status(self) -> Answer:
        detection: dict[str, Any] | None = self.engine.drift_detections.get(self.params["StackDriftDetectionId"])
        if detection is None:
            raise ValidationError(f"DriftDetection {self.params['StackDriftDetectionId']} does not exist")
        return Answer(detection)

    def describe_stack_resource_drifts(self) -> Answer:
        stack = self.existing("Stack with id {} does not exist")
        wanted = set(self.params.get("StackResourceDriftStatusFilters", ()))
        with self.engine.changed:
            found = [told for _, told in sorted(stack.drifts.items())]
        shown, token = self.page(
            [told for told in found if not wanted or told["StackResourceDriftStatus"] in wanted],
            self.params.get("MaxResults", 100),
        )
        return Answer(without_none({"StackResourceDrifts": shown, "NextToken": token}))
