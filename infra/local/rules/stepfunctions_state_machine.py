"""AWS::StepFunctions::StateMachine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.permissions import key_admits, key_usable, role_allows, role_trusts, service_context
from infra.local.rule import rule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.operations import Call

TYPE = "AWS::StepFunctions::StateMachine"
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
    source="https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html, read 2026-11-24",
)
def trust(call: Call, arn: str, role: str) -> str | None:
    """The role trusts states.amazonaws.com, for this state machine if its trust names a source."""
    if role_trusts(role, "states.amazonaws.com", service_context(call.account, arn)):
        return None
    return (
        "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to "
        "assume the provided role."
    )


@rule(
    TYPE,
    error="InvalidLoggingConfiguration",
    source="https://docs.aws.amazon.com/step-functions/latest/apireference/API_LoggingConfiguration.html, "
    "read 2026-11-24",
)
def log_group(call: Call, wanted: Mapping[str, Any]) -> str | None:
    """Exactly one log group that is there, by its ARN with `:*` at its end."""
    from moto.logs.models import logs_backends

    destinations = wanted.get("destinations", [])
    if len(destinations) != 1:
        return "Invalid Logging Configuration: Must specify exactly one Log Destination."
    group = destinations[0].get("cloudWatchLogsLogGroup", {}).get("logGroupArn", "")
    groups = logs_backends[call.account][call.region].groups.values()
    if group in {f"{entry.arn.removesuffix(':*')}:*" for entry in groups}:
        return None
    return "Invalid Logging Configuration: The Log Destination does not exist."


@rule(
    TYPE,
    error="AccessDeniedException",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html, read 2026-11-24; "
    "https://github.com/aws/aws-cdk/issues/26432, read 2026-11-24",
)
def log_delivery(role: str) -> str | None:
    """The role may set up log delivery on `*`, by its policies and within its permissions boundary."""
    if all(role_allows(role, f"logs:{action}") for action in LOG_DELIVERY):
        return None
    return "The state machine IAM Role is not authorized to access the Log Destination"


@rule(
    TYPE,
    error="InvalidEncryptionConfiguration",
    source="https://docs.aws.amazon.com/step-functions/latest/apireference/API_EncryptionConfiguration.html, "
    "read 2026-11-24",
)
def encryption(wanted: Mapping[str, Any]) -> str | None:
    """A key is named exactly when the type is CUSTOMER_MANAGED_KMS_KEY, and only then how long a data key serves."""
    own = wanted.get("type") == "CUSTOMER_MANAGED_KMS_KEY"
    period = wanted.get("kmsDataKeyReusePeriodSeconds")
    if own == bool(wanted.get("kmsKeyId")) and (period is None or (own and 60 <= period <= 900)):
        return None
    return "Invalid Encryption Configuration: key and type do not match."


@rule(
    TYPE,
    error="KmsAccessDeniedException",
    source="https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html, read 2026-11-24",
)
def key(call: Call, arn: str, role: str, wanted: Mapping[str, Any]) -> str | None:
    """The role may decrypt and make data keys with the machine's key, by the key's policy too; the key is symmetric."""
    name = wanted.get("kmsKeyId")
    context = {
        "kms:encryptioncontext:aws:states:statemachinearn": arn,
        "kms:viaservice": f"states.{call.region}.amazonaws.com",
        "kms:calleraccount": call.account,
    }
    verbs = ("Decrypt", "GenerateDataKey")
    if not name or all(key_usable(str(name), call.region, role, f"kms:{verb}", context) for verb in verbs):
        return None
    return f"The role {role} is not authorized to use the KMS key {name}."


@rule(
    TYPE,
    error="KmsAccessDeniedException",
    source="https://github.com/aws/aws-cdk/pull/30959, read 2026-11-24; that it is tried at creation is inferred",
)
def log_key(call: Call, role: str, wanted: Mapping[str, Any]) -> str | None:
    """With a key and logs, the role makes data keys for log delivery, which the key's policy lets decrypt."""
    name = wanted.get("kmsKeyId")
    context = {
        "kms:encryptioncontext:sourcearn": call.arn("logs", "*"),
        "kms:viaservice": f"states.{call.region}.amazonaws.com",
        "kms:calleraccount": call.account,
    }
    if not name or (
        key_usable(str(name), call.region, role, "kms:GenerateDataKey", context)
        and key_admits(str(name), call.account, call.region, "delivery.logs.amazonaws.com", ("kms:Decrypt",), context)
    ):
        return None
    return f"The role {role} and log delivery are not authorized to use the KMS key {name} for the Log Destination."
