"""Drift detection, of a stack and of one resource."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from infra.local.cloudformation import drift
from infra.local.cloudformation.api.answer import Answer
from infra.local.cloudformation.api.asking import Asking, without_none
from infra.local.cloudformation.refusals import ValidationError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.cloudformation.state import Resource, Stack


CHECKABLE = frozenset(
    {
        "CREATE_COMPLETE",
        "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_ROLLBACK_COMPLETE",
        "UPDATE_ROLLBACK_FAILED",
    }
)
"""The states in which a stack can be looked at.

Source: CloudFormation user guide, "Detect unmanaged configuration changes"; that an import is treated as an update is
an inference; read 2026-11-24.
"""


class Drifts(Asking):
    """The operations on drift. Detection is quick here, so it is over when its first answer goes out."""

    def detect_stack_drift(self) -> Answer:
        stack = self._checkable()
        asked = list(self.params.get("LogicalResourceIds", ())) or list(_made(stack))
        for logical_id in asked:
            self._resource(stack, logical_id)
        found = drift.detect(self.engine, stack, asked)
        detection = str(uuid.uuid4())
        drifted = [told for told in found.values() if told["StackResourceDriftStatus"] in drift.DRIFTED]
        failed = {name: told["DriftStatusReason"] for name, told in found.items() if "DriftStatusReason" in told}
        with self.engine.changed:
            self.engine.drift_detections[detection] = without_none(
                {
                    "StackId": stack.arn,
                    "StackDriftDetectionId": detection,
                    "StackDriftStatus": stack.drift,
                    "DetectionStatus": "DETECTION_FAILED" if failed else "DETECTION_COMPLETE",
                    "DetectionStatusReason": _reason(failed) if failed else None,
                    "DriftedStackResourceCount": len(drifted),
                    "Timestamp": stack.drift_checked_at,
                }
            )
        return Answer({"StackDriftDetectionId": detection})

    def _checkable(self) -> Stack:
        stack = self.existing("Stack with id {} does not exist")
        if stack.status not in CHECKABLE:
            raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not be checked for drift.")
        return stack

    @staticmethod
    def _resource(stack: Stack, logical_id: str) -> Resource:
        resource = _made(stack).get(logical_id)
        if resource is None:
            raise ValidationError(f"Resource {logical_id} does not exist for stack {stack.name}")
        return resource

    def detect_stack_resource_drift(self) -> Answer:
        stack = self._checkable()
        resource = self._resource(stack, self.params["LogicalResourceId"])
        told = drift.of(self.engine, stack, resource)
        with self.engine.changed:
            stack.drifts[resource.logical_id] = told
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


def _made(stack: Stack) -> dict[str, Resource]:
    return {name: resource for name, resource in stack.resources.items() if resource.physical_id}


def _reason(failed: Mapping[str, str]) -> str:
    """Why resources could not be looked at, in the form of aws-cloudformation/cloudformation-coverage-roadmap#801."""
    return json.dumps(
        {
            "Summary": f"Failed to detect drift on resources [{', '.join(failed)}]",
            "Failures": [{"Resource": name, "FailureReason": reason} for name, reason in failed.items()],
        }
    )
