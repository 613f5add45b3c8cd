"""KMS, where moto lacks or gets wrong what an enclave relies on."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time, utcnow
from moto.kms import models, responses
from moto.kms.models import KmsBackend
from moto.kms.responses import KmsResponse
from moto.kms.utils import generate_private_key

from infra.local.keys import known
from infra.local.mend import replace, wrap
from infra.local.policy_documents import entries, parsed, statements
from infra.local.rules import kms_key

ENABLED_ALONE = {
    "CreateGrant",
    "DisableKeyRotation",
    "EnableKeyRotation",
    "Encrypt",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyWithoutPlaintext",
    "GenerateMac",
    "GetPublicKey",
    "RotateKeyOnDemand",
    "Sign",
    "Verify",
    "VerifyMac",
}
"""What a disabled key refuses; decryption, which need not name its key, is checked apart."""
NOT_PENDING = ENABLED_ALONE | {
    "CreateAlias",
    "DisableKey",
    "EnableKey",
    "ReplicateKey",
    "ScheduleKeyDeletion",
    "TagResource",
    "UntagResource",
    "UpdateAlias",
    "UpdateKeyDescription",
}
"""What a key that is pending deletion refuses.

Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html, read 2026-11-24.
"""
POLICY_LIMIT = 32_768
PERIODS = range(90, 2561)
"""Days. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html, read 2026-11-24."""
USAGES = {
    "SYMMETRIC_DEFAULT": ("ENCRYPT_DECRYPT",),
    "HMAC": ("GENERATE_VERIFY_MAC",),
    "ECC": ("SIGN_VERIFY", "KEY_AGREEMENT"),
    "RSA": ("ENCRYPT_DECRYPT", "SIGN_VERIFY"),
    "SM2": ("ENCRYPT_DECRYPT", "SIGN_VERIFY", "KEY_AGREEMENT"),
    "ML": ("SIGN_VERIFY",),
}
"""What a key of each family of specifications is for."""


def extend() -> None:
    """Mend moto's KMS."""
    # moto refuses DescribeKey by any Deny on kms:*, whomever and whatever it is for.
    responses.validate_policy = lambda key, action: None  # type: ignore[attr-defined]  # imported there, looked up there
    wrap(KmsResponse, call_action=_call_action, _get_param=_get_param)
    replace(
        KmsResponse,
        enable_key_rotation=_enable_key_rotation,
        get_key_rotation_status=_get_key_rotation_status,
        schedule_key_deletion=_schedule_key_deletion,
    )
    wrap(KmsBackend, create_key=_create_key, decrypt=_decrypt, get_public_key=_get_public_key)
    models.generate_private_key = _private_key  # type: ignore[attr-defined]  # imported there, looked up there
    wrap(KmsBackend, **dict.fromkeys(("cancel_key_deletion", "disable_key", "enable_key"), _by_id))


def _get_param(response: Any, motos: Any, param_name: str, if_none: Any = None) -> Any:
    """A key has one policy, called default, and a request need not say so."""
    return motos(response, param_name, "default" if param_name == "PolicyName" else if_none)


def _call_action(response: Any, motos: Any) -> Any:
    """Refuse first what the state of the key named in the request refuses."""
    operation = response._get_action()
    named = response._get_param("TargetKeyId") or response._get_param("KeyId")
    key = known(response.kms_backend, named) if named else None
    try:
        if key is not None:
            _check_state(key, operation)
        if operation in ("CreateKey", "PutKeyPolicy") and (policy := response._get_param("Policy")):
            bypass = bool(response._get_param("BypassPolicyLockoutSafetyCheck"))
            _check_policy(response.kms_backend, policy, bypass=bypass)
    except JsonRESTError as error:
        return error.code, dict(error.get_headers()), error.get_body()
    return motos(response)


def _check_state(key: Any, operation: str) -> None:
    if key.key_state == "PendingDeletion" and operation in NOT_PENDING:
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is pending deletion.")
    if key.key_state == "Disabled" and operation in ENABLED_ALONE:
        raise JsonRESTError("DisabledException", f"{key.arn} is disabled.")
    if key.key_state != "PendingDeletion" and operation == "CancelKeyDeletion":
        raise JsonRESTError("KMSInvalidStateException", f"{key.arn} is not pending deletion.")


def _decrypt(backend: Any, motos: Any, *arguments: Any, **named: Any) -> Any:
    plaintext, arn = motos(backend, *arguments, **named)
    _check_state(known(backend, arn), "Encrypt")
    return plaintext, arn


def _by_id(backend: Any, motos: Any, key_id: str) -> Any:
    """moto knows the key by its id alone where the API takes its ARN too."""
    return motos(backend, backend.get_key_id(key_id))


def _create_key(backend: Any, motos: Any, policy: str | None, key_usage: str, key_spec: str, *rest: Any) -> Any:
    spec = key_spec or "SYMMETRIC_DEFAULT"
    usages = next((found for family, found in USAGES.items() if spec.startswith(family)), ())
    usage = key_usage or "ENCRYPT_DECRYPT"
    if usages and usage not in usages:
        raise JsonRESTError("ValidationException", f"KeyUsage {usage} is not compatible with KeySpec {spec}")
    key = motos(backend, policy, usage, spec, *rest)
    key.multi_region = bool(key.multi_region)
    return key


def _private_key(key_spec: str) -> Any:
    """None but for a key that signs: moto makes one for every key, which takes longer than all else a key needs."""
    return generate_private_key(key_spec) if key_spec.startswith(("RSA", "ECC")) else None


def _get_public_key(backend: Any, motos: Any, key_id: str) -> Any:
    key = known(backend, key_id)
    if key is not None and key.private_key is None:
        raise JsonRESTError(
            "UnsupportedOperationException", f"{key.arn} KeySpec is {key.key_spec} which is not valid for GetPublicKey."
        )
    return motos(backend, key_id)


def _check_policy(backend: Any, policy: str, *, bypass: bool) -> None:
    """Refuse a policy that is no policy, names nobody's principals, or locks everyone of the account out."""
    malformed = "MalformedPolicyDocumentException"
    document = parsed(policy)
    if document is None or not statements(document) or len(policy) > POLICY_LIMIT:
        raise JsonRESTError(malformed, "The request was rejected because the specified policy is not valid.")
    if any(not entries(one, "Principal") and not entries(one, "NotPrincipal") for one in statements(document)):
        raise JsonRESTError(malformed, "Policy contains a statement with no principal")
    kms_key.policy_principals(document, backend.partition)
    if not bypass:
        kms_key.policy_lockout(document, backend.account_id, backend.partition)


def _enable_key_rotation(response: Any) -> str:
    key = _named(response)
    period = response._get_param("RotationPeriodInDays")
    if period is not None and period not in PERIODS:
        raise JsonRESTError(
            "ValidationException",
            f"1 validation error detected: Value '{period}' at 'rotationPeriodInDays' failed to satisfy constraint: "
            "Member must have value between 90 and 2560",
        )
    if key.key_spec != "SYMMETRIC_DEFAULT" or key.origin != "AWS_KMS":
        raise JsonRESTError(
            "UnsupportedOperationException", f"{key.arn} cannot be rotated: it is {key.key_spec} of origin {key.origin}"
        )
    key.key_rotation_status = True
    key.rotation_period_in_days = period or 365
    return "{}"


def _get_key_rotation_status(response: Any) -> str:
    key = _named(response)
    rotates = key.key_rotation_status and key.key_state != "PendingDeletion"
    answer: dict[str, Any] = {"KeyId": key.arn, "KeyRotationEnabled": rotates}
    if rotates:
        period = getattr(key, "rotation_period_in_days", 365)
        answer["RotationPeriodInDays"] = period
        answer["NextRotationDate"] = key.creation_date + timedelta(days=period).total_seconds()
    return json.dumps(answer)


def _schedule_key_deletion(response: Any) -> str:
    key = _named(response)
    window = response._get_param("PendingWindowInDays") or 30
    if window not in range(7, 31):
        raise JsonRESTError(
            "ValidationException",
            f"1 validation error detected: Value '{window}' at 'pendingWindowInDays' failed to satisfy constraint: "
            "Member must have value between 7 and 30",
        )
    key.enabled, key.key_state = False, "PendingDeletion"
    key.deletion_date = utcnow() + timedelta(days=window)
    return json.dumps(
        {
            "KeyId": key.arn,
            "DeletionDate": unix_time(key.deletion_date),
            "KeyState": "PendingDeletion",
            "PendingWindowInDays": window,
        }
    )


def _named(response: Any) -> Any:
    key_id = response._get_param("KeyId")
    response._validate_cmk_id(key_id)
    return known(response.kms_backend, key_id)
