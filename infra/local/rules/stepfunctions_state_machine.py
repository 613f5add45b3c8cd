"""AWS::StepFunctions::StateMachine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infra.local.keys import find
from infra.local.permissions import key_admits, policy_allows, role_allows, role_trusts, service_context
from infra.local.policy_documents import parsed, principals
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.operations import Call

TYPE = "AWS::StepFunctions::StateMachine"
SERVICE = "states.amazonaws.com"
GUIDE = "https://docs.aws.amazon.com/step-functions/latest/dg"
API = "https://docs.aws.amazon.com/step-functions/latest/apireference"
LOG_GROUP = re.compile(r"arn:[^:]+:logs:[^:]*:[^:]*:log-group:")
LOG_DELIVERY = (
    "CreateLogDelivery",
    "GetLogDelivery",
    "UpdateLogDelivery",
    "DeleteLogDelivery",
    "ListLogDeliveries",
    "PutResourcePolicy",
    "DescribeResourcePolicies",
    "DescribeLogGroups",
)


@rule(
    TYPE,
    error="AccessDeniedException",
    source=f"{GUIDE}/procedure-create-iam-role.html; lumigo-io/lumigo-CLI#83 (the text, and that the regional "
    "principal will do); read 2026-11-24",
)
def trust(call: Call, arn: str, role: str) -> str | None:
    """The role trusts states.amazonaws.com or its region's own, for this state machine if its trust names a source."""
    context = service_context(call.account, arn)
    if any(role_trusts(role, one, context) for one in (SERVICE, f"states.{call.region}.amazonaws.com")):
        return None
    return (
        f"Neither the global service principal {SERVICE}, nor the regional one is authorized to assume the provided "
        "role."
    )


@rule(
    TYPE,
    error="InvalidLoggingConfiguration",
    source=f"{API}/API_LoggingConfiguration.html; cdk-preflight 1.9.1, reproduced on AWS by its authors (the texts but "
    "the last, of a group that is not there, which is inferred); read 2026-11-24",
)
def log_group(call: Call, wanted: Mapping[str, Any]) -> str | None:
    """Exactly one log group that is there, by its ARN with `:*` at its end."""
    from moto.logs.models import logs_backends

    destinations = wanted.get("destinations", [])
    if len(destinations) != 1:
        return "Invalid Logging Configuration: Must specify exactly one Log Destination."
    group = destinations[0].get("cloudWatchLogsLogGroup", {}).get("logGroupArn")
    if not group:
        return "Invalid Logging Configuration: Must set valid CloudWatch Log Group ARN."
    if not LOG_GROUP.match(group):
        return "Invalid Logging Configuration: Provided ARN is not CloudWatch Logs Log Group ARN."
    if not group.endswith(":*"):
        return "Invalid Logging Configuration: Log Group ARN must be provided with '*' qualifier."
    groups = logs_backends[call.account][call.region].groups.values()
    if group in {f"{entry.arn.removesuffix(':*')}:*" for entry in groups}:
        return None
    return "Invalid Logging Configuration: The Log Destination does not exist."


@rule(
    TYPE,
    error="AccessDeniedException",
    source=f"{GUIDE}/cw-logs.html; aws/aws-cdk#26432 (the text and its error); aws/copilot-cli#4338 (that a "
    "permissions boundary counts); read 2026-11-24",
)
def log_delivery(role: str) -> str | None:
    """The role may set up log delivery on `*`, by its policies and within its permissions boundary."""
    if all(role_allows(role, f"logs:{action}") for action in LOG_DELIVERY):
        return None
    return "The state machine IAM Role is not authorized to access the Log Destination"


@rule(
    TYPE,
    error="InvalidEncryptionConfiguration",
    source=f"{API}/API_EncryptionConfiguration.html; botocore 1.44.5, InvalidEncryptionConfiguration (a key that is "
    "not symmetric or active); cdk-preflight 1.9.1, reproduced on AWS by its authors (the texts); read 2026-11-24",
)
def encryption(call: Call, wanted: Mapping[str, Any]) -> str | None:
    """A key is named exactly when the type is CUSTOMER_MANAGED_KMS_KEY: symmetric, enabled, of the region."""
    named = wanted.get("kmsKeyId")
    if wanted.get("type") != "CUSTOMER_MANAGED_KMS_KEY":
        foreign = next((name for name in ("kmsKeyId", "kmsDataKeyReusePeriodSeconds") if name in wanted), None)
        return f"Custom {foreign} is not allowed when selecting AWS_OWNED_KEY." if foreign else None
    if not named:
        return "Must set a valid kmsKeyId."
    if named.startswith("arn:") and named.split(":")[3] != call.region:
        return f"Invalid arn {named.split(':')[3]}"
    found = find(named, call.account, call.region)
    if found is None or not found.enabled or found.key_spec != "SYMMETRIC_DEFAULT":
        return "Must set a valid kmsKeyId."
    return None


@rule(
    TYPE,
    error="KmsAccessDeniedException",
    source=f"{GUIDE}/encryption-at-rest.html; botocore 1.44.5, KmsAccessDeniedException (the text: the caller and the "
    "key's policy, not the execution role, which finds out when it runs); read 2026-11-24",
)
def key(call: Call, arn: str, wanted: Mapping[str, Any]) -> str | None:
    """The key's policy lets someone make data keys of it and decrypt; who calls is not known here."""
    named = wanted.get("kmsKeyId")
    found = find(str(named), call.account, call.region) if named else None
    if found is None:
        return None
    policy = parsed(found.policy) or {}
    context = {
        "kms:encryptioncontext:aws:states:statemachinearn": arn,
        "kms:viaservice": f"states.{call.region}.amazonaws.com",
        "kms:calleraccount": call.account,
    }
    root = f"arn:{call.partition}:iam::{call.account}:root"
    for one in {root, *principals(policy)}:
        verbs = ("Decrypt", "GenerateDataKey")
        if all(policy_allows(policy, f"kms:{verb}", found.arn, context, principal=one) for verb in verbs):
            return None
    return "Either your KMS key policy or API caller does not have the required permissions."


@rule(
    TYPE,
    error="KmsAccessDeniedException",
    source="https://github.com/aws/aws-cdk/pull/30959, read 2026-11-24; that it is tried at creation is inferred",
)
def log_key(call: Call, wanted: Mapping[str, Any]) -> str | None:
    """With a key and logs, the key's policy lets log delivery decrypt."""
    named = wanted.get("kmsKeyId")
    context = {
        "kms:encryptioncontext:sourcearn": call.arn("logs", "*"),
        "kms:viaservice": f"states.{call.region}.amazonaws.com",
        "kms:calleraccount": call.account,
    }
    if not named or key_admits(
        str(named), call.account, call.region, "delivery.logs.amazonaws.com", ("kms:Decrypt",), context
    ):
        return None
    return f"Log delivery is not authorized to use the KMS key {named} for the Log Destination."
