"""KMS: the enclave's keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.live.found import Found, reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names


@reader
def aliases(account: Account, names: Names) -> Iterator[Found]:
    """Aliases that the enclave's stacks made."""
    own = set(names.ids("AWS::KMS::Alias", account.place))
    for alias in account.all("kms", "list_aliases", "Aliases"):
        if alias["AliasName"] in own and "TargetKeyId" in alias:
            yield Found("AWS::KMS::Alias", alias["AliasName"], {"TargetKeyId": alias["TargetKeyId"]})


@reader
def keys(account: Account, names: Names) -> Iterator[Found]:
    """Keys that the enclave's stacks made; one on its way out is not enabled."""
    for key_id in names.ids("AWS::KMS::Key", account.place):
        answer = account.call("kms", "describe_key", KeyId=key_id, absent=("NotFoundException",))
        if answer is None:
            continue
        key = answer["KeyMetadata"]
        rotates = key.get("KeySpec") == "SYMMETRIC_DEFAULT" and key.get("Origin", "AWS_KMS") == "AWS_KMS"
        rotation = account.call("kms", "get_key_rotation_status", KeyId=key_id) if rotates else {}
        policy = account.call("kms", "get_key_policy", KeyId=key_id, PolicyName="default")["Policy"]
        period = (
            {"RotationPeriodInDays": rotation["RotationPeriodInDays"]} if "RotationPeriodInDays" in rotation else {}
        )
        yield Found(
            "AWS::KMS::Key",
            key_id,
            {
                "Enabled": key["KeyState"] == "Enabled",
                "KeySpec": key.get("KeySpec", "SYMMETRIC_DEFAULT"),
                "KeyUsage": key.get("KeyUsage", "ENCRYPT_DECRYPT"),
                "MultiRegion": key.get("MultiRegion", False),
                "EnableKeyRotation": rotation.get("KeyRotationEnabled", False),
                "KeyPolicy": policy,
                **period,
            },
        )
