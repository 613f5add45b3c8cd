"""AWS::ApplicationAutoScaling::ScalableTarget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.declared import Call, Declared, Tagging

if TYPE_CHECKING:
    from infra.local.resource_type import Context

_WHAT = {"ResourceId": "{resource}", "ScalableDimension": "{dimension}", "ServiceNamespace": "{namespace}"}
_ONE = {"ResourceIds": ["{resource}"], "ScalableDimension": "{dimension}", "ServiceNamespace": "{namespace}"}


class ScalableTarget(Declared, name="AWS::ApplicationAutoScaling::ScalableTarget"):
    """What may be scaled, and between which bounds; Ref joins resource, dimension and namespace by pipes."""

    service = "application-autoscaling"
    creates = Call("register_scalable_target")
    identity = "{ResourceId}|{ScalableDimension}|{ServiceNamespace}"
    parts = ("resource", "dimension", "namespace")
    reads = (Call("describe_scalable_targets", _ONE, "ScalableTargets[0]"),)
    updates = Call("register_scalable_target", _WHAT)
    defaults: ClassVar = {
        "SuspendedState": {
            "DynamicScalingInSuspended": False,
            "DynamicScalingOutSuspended": False,
            "ScheduledScalingSuspended": False,
        }
    }
    deletes = Call("deregister_scalable_target", _WHAT)
    tagging = Tagging(
        target={"ResourceARN": "{ScalableTargetARN}"},
        lists=Call("list_tags_for_resource", {"ResourceARN": "{ScalableTargetARN}"}, "Tags"),
    )

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        joined = "|".join(answer[name] for name in ("ResourceId", "ScalableDimension", "ServiceNamespace"))
        return {**answer, "Id": joined}
