"""Application Auto Scaling: scalable targets and policies as they were put, tied to what they scale.

moto lets a policy stand without a target and a target without its endpoint. Nothing scales here. Sources:
botocore 1.44.5's service model; the Application Auto Scaling API reference, read 2026-11-24.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local.operations import Call, check, kept, serve
from infra.local.resource_type import Refused
from infra.local.rules import applicationautoscaling_scalable_target

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONFIGURATIONS = {
    "TargetTrackingScaling": "TargetTrackingScalingPolicyConfiguration",
    "StepScaling": "StepScalingPolicyConfiguration",
    "PredictiveScaling": "PredictiveScalingPolicyConfiguration",
}
_LINKED_ROLES = {"sagemaker": "SageMakerEndpoint", "dynamodb": "DynamoDBTable", "ecs": "ECSService"}


def extend() -> None:
    """Serve these operations from moto's Application Auto Scaling."""
    from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

    serve(ApplicationAutoScalingResponse, OPERATIONS)
    check(ApplicationAutoScalingResponse)


def variant_targets(account: str, region: str) -> dict[str, Any]:
    """The scalable targets of an account and region, by key."""
    from moto.applicationautoscaling.models import applicationautoscaling_backends

    return kept(applicationautoscaling_backends[account][region], "targets")


def variant_key(endpoint: str, variant: str) -> str:
    """The key of the scalable target that a SageMaker endpoint's variant is, if it is one."""
    return f"endpoint/{endpoint}/variant/{variant}|sagemaker:variant:DesiredInstanceCount|sagemaker"


def _key(wanted: Mapping[str, Any]) -> str:
    return "|".join(wanted[name] for name in ("ResourceId", "ScalableDimension", "ServiceNamespace"))


def _spelled(wanted: Mapping[str, Any]) -> str:
    return (
        f"service namespace: {wanted['ServiceNamespace']}, resource ID: {wanted['ResourceId']}, "
        f"scalable dimension: {wanted['ScalableDimension']}"
    )


def _register(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    targets = call.kept("targets")
    standing = targets.get(_key(wanted))
    if standing is None:
        _refuse_target(call, wanted)
    suspended = ("DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended")
    before = standing or {
        "ScalableTargetARN": call.arn("application-autoscaling", f"scalable-target/{uuid.uuid4().hex}"),
        "CreationTime": datetime.now(UTC),
        "RoleARN": _linked_role(call, wanted["ServiceNamespace"]),
        "SuspendedState": dict.fromkeys(suspended, False),
    }
    put = {name: value for name, value in wanted.items() if name not in ("Tags", "RoleARN")}
    state = {**before["SuspendedState"], **wanted.get("SuspendedState", {})}
    target = {**before, **put, "SuspendedState": state}
    if target["MinCapacity"] > target["MaxCapacity"]:
        raise Refused("ValidationException", "Maximum capacity cannot be less than minimum capacity")
    targets[_key(wanted)] = target
    tags = call.kept("tags").setdefault(target["ScalableTargetARN"], {})
    tags.update(wanted.get("Tags", {}))
    return {"ScalableTargetARN": target["ScalableTargetARN"]}


def _refuse_target(call: Call, wanted: Mapping[str, Any]) -> None:
    if "MinCapacity" not in wanted or "MaxCapacity" not in wanted:
        raise Refused("ValidationException", "MinCapacity and MaxCapacity are required to register a scalable target")
    if not wanted["ScalableDimension"].startswith(f"{wanted['ServiceNamespace']}:"):
        raise Refused("ValidationException", "Unsupported service namespace, resource type or scalable dimension")
    if wanted["ServiceNamespace"] != "sagemaker":
        return
    from moto.sagemaker.models import sagemaker_backends

    endpoints = kept(sagemaker_backends[call.account][call.region], "Endpoint").values()
    applicationautoscaling_scalable_target.variant(wanted["ResourceId"], endpoints)


def _linked_role(call: Call, namespace: str) -> str:
    """The service-linked role, which scales whatever role is asked for (API reference, RoleARN)."""
    name = f"AWSServiceRoleForApplicationAutoScaling_{_LINKED_ROLES.get(namespace, namespace)}"
    path = f"{namespace}.application-autoscaling.amazonaws.com"
    return f"arn:{call.partition}:iam::{call.account}:role/aws-service-role/{path}/{name}"


def _registered(call: Call) -> dict[str, Any]:
    target: dict[str, Any] | None = call.kept("targets").get(_key(call.parameters))
    if target is None:
        raise Refused("ObjectNotFoundException", f"No scalable target registered for {_spelled(call.parameters)}")
    return target


def _describe_targets(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    found = [
        target
        for target in call.kept("targets").values()
        if target["ServiceNamespace"] == wanted["ServiceNamespace"]
        and target["ResourceId"] in wanted.get("ResourceIds", [target["ResourceId"]])
        and target["ScalableDimension"] == wanted.get("ScalableDimension", target["ScalableDimension"])
    ]
    return call.page("ScalableTargets", found, token="NextToken", size="MaxResults")


def _deregister(call: Call) -> None:
    target = _registered(call)
    del call.kept("targets")[_key(call.parameters)]
    call.kept("tags").pop(target["ScalableTargetARN"], None)
    # Its policies go with it (API reference, DeregisterScalableTarget).
    policies = call.kept("policies")
    for key in [key for key in policies if key.startswith(f"{_key(call.parameters)}|")]:
        del policies[key]


def _put_policy(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    _registered(call)
    key = f"{_key(wanted)}|{wanted['PolicyName']}"
    before = call.kept("policies").get(key)
    kind = wanted.get("PolicyType", before["PolicyType"] if before else "StepScaling")
    given = [name for name in _CONFIGURATIONS.values() if name in wanted]
    if given != [_CONFIGURATIONS[kind]] and not (before and not given):
        raise Refused("ValidationException", f"{_CONFIGURATIONS[kind]} is required for a policy of type {kind}")
    _refuse_tracking(wanted.get("TargetTrackingScalingPolicyConfiguration", {}))
    where = f"resource/{wanted['ServiceNamespace']}/{wanted['ResourceId']}:policyName/{wanted['PolicyName']}"
    made = before or {
        "PolicyARN": call.arn("autoscaling", f"scalingPolicy:{uuid.uuid4()}:{where}"),
        "CreationTime": datetime.now(UTC),
        "Alarms": [],
    }
    call.kept("policies")[key] = {**made, **wanted, "PolicyType": kind}
    return {"PolicyARN": made["PolicyARN"], "Alarms": []}


def _refuse_tracking(wanted: Mapping[str, Any]) -> None:
    metrics = [name for name in ("PredefinedMetricSpecification", "CustomizedMetricSpecification") if name in wanted]
    if wanted and not metrics:
        either = "PredefinedMetricSpecification or CustomizedMetricSpecification"
        raise Refused("ValidationException", f"{either} must be set for target tracking scaling.")
    if len(metrics) > 1:
        both = "Only one of PredefinedMetricSpecification or CustomizedMetricSpecification"
        raise Refused("ValidationException", f"{both} can be set for target tracking scaling.")


def _describe_policies(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters
    found = [
        policy
        for policy in call.kept("policies").values()
        if all(policy[name] == wanted.get(name, policy[name]) for name in ("ServiceNamespace", "ResourceId"))
        and policy["ScalableDimension"] == wanted.get("ScalableDimension", policy["ScalableDimension"])
        and policy["PolicyName"] in wanted.get("PolicyNames", [policy["PolicyName"]])
    ]
    return call.page("ScalingPolicies", found, token="NextToken", size="MaxResults")


def _delete_policy(call: Call) -> None:
    wanted = call.parameters
    if call.kept("policies").pop(f"{_key(wanted)}|{wanted['PolicyName']}", None) is None:
        raise Refused(
            "ObjectNotFoundException",
            f"No scaling policy found for {_spelled(wanted)}, policy name: {wanted['PolicyName']}",
        )


def _tags(call: Call) -> dict[str, str]:
    tags: dict[str, str] | None = call.kept("tags").get(call.parameters["ResourceARN"])
    if tags is None:
        raise Refused("ResourceNotFoundException", f"No such resource: {call.parameters['ResourceARN']}")
    return tags


def _tag(call: Call) -> None:
    _tags(call).update(call.parameters["Tags"])


def _untag(call: Call) -> None:
    tags = _tags(call)
    for key in call.parameters["TagKeys"]:
        tags.pop(key, None)


OPERATIONS = {
    "RegisterScalableTarget": _register,
    "DescribeScalableTargets": _describe_targets,
    "DeregisterScalableTarget": _deregister,
    "PutScalingPolicy": _put_policy,
    "DescribeScalingPolicies": _describe_policies,
    "DeleteScalingPolicy": _delete_policy,
    "TagResource": _tag,
    "UntagResource": _untag,
    "ListTagsForResource": lambda call: {"Tags": _tags(call)},
}
