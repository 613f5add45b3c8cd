"""The account an enclave is deployed to: a session with botocore's standard retries, and what its stacks say."""

from __future__ import annotations

from typing import Any


class AccountError(RuntimeError):
    """The account could not be asked, or does not hold what was asked for."""


def session(profile: str | None, region: str) -> Any:
    """A boto3 session for a profile and region. Raises AccountError for a profile that is not configured."""
    import boto3
    import botocore.session
    from botocore.exceptions import BotoCoreError

    from infra.live.account import CONFIG

    underneath = botocore.session.get_session()
    underneath.set_default_client_config(CONFIG)  # retries and timeouts, whichever client is made of it
    try:
        return boto3.Session(botocore_session=underneath, profile_name=profile, region_name=region)
    except BotoCoreError as error:
        raise AccountError(f"{error}; the profiles are in ~/.aws/config, or name one with --profile") from None


def stack_output(session: Any, stack: str, key: str) -> str:
    """One output of a deployed stack. Raises AccountError if the stack or the output is not there."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        described = session.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except (ClientError, BotoCoreError) as error:
        raise AccountError(f"no stack {stack!r} could be read: {error}; deploy the enclave first") from None
    outputs = {output["OutputKey"]: str(output["OutputValue"]) for output in described.get("Outputs", [])}
    if key not in outputs:
        raise AccountError(f"stack {stack!r} has no output {key!r}, it has {sorted(outputs)}")
    return outputs[key]
