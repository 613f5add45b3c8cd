"""The few fixed names: each stands in a policy that has to be written before the resource exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra import catalog

if TYPE_CHECKING:
    from infra.settings import Enclave


LOGGING_STACKS = ("foundation", "hosting", "inference")
"""The stacks that hold log groups; a pattern on the enclave's name alone would meet that of `<name>-2` too."""


def arn(settings: Enclave, service: str, resource: str) -> str:
    """The ARN of a resource, or a pattern of one, of a service in the enclave's account and region."""
    return f"arn:{settings.partition}:{service}:{settings.region}:{settings.accounts.enclave}:{resource}"


def host(settings: Enclave, service: str) -> str:
    """A service's host in the enclave's region, as `kms:ViaService` and regional principals have it."""
    return f"{service}.{settings.region}.{catalog.partition(settings.partition).dns_suffix}"


def title(name: str) -> str:
    """A name as part of a construct's id: `bedrock-runtime` is BedrockRuntime, `sagemaker.runtime` SagemakerRuntime."""
    return "".join(part.capitalize() for part in name.replace(".", "-").split("-"))


def trail_name(settings: Enclave) -> str:
    """The trail, which the evidence bucket and its key name as the only source."""
    return f"{settings.name}-trail"


def trail_arn(settings: Enclave) -> str:
    """The trail's ARN."""
    return arn(settings, "cloudtrail", f"trail/{trail_name(settings)}")


def log_delivery_arn(settings: Enclave) -> str:
    """Any log delivery of the enclave's account and region."""
    return arn(settings, "logs", "*")


def log_group_arns(settings: Enclave) -> list[str]:
    """Patterns for the enclave's log groups: named after their stack, or fixed for Step Functions and SageMaker."""
    generated = [f"{settings.name}-{part}-*" for part in LOGGING_STACKS]
    fixed = [keeper_log_group(settings), endpoint_log_group(settings)]
    return [arn(settings, "logs", f"log-group:{name}") for name in (*generated, *fixed)]


def bedrock_arn(settings: Enclave) -> str:
    """Anything of Bedrock's in the enclave's account and region, as the source of what it delivers."""
    return arn(settings, "bedrock", "*")


def role_arn(settings: Enclave, role: str) -> str:
    """One of the enclave's own roles: workload, operator, auditor, settings-keeper."""
    return f"arn:{settings.partition}:iam::{settings.accounts.enclave}:role/{settings.name}-{role}"


def keeper_name(settings: Enclave) -> str:
    """The settings keeper: its state machine and its role, which each name the other."""
    return f"{settings.name}-settings-keeper"


def keeper_arn(settings: Enclave) -> str:
    """The settings keeper's state machine."""
    return arn(settings, "states", f"stateMachine:{keeper_name(settings)}")


def keeper_log_group(settings: Enclave) -> str:
    """The keeper's log group.

    Vended groups share one resource policy under this prefix; elsewhere each adds to a policy of at most 5,120
    characters: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html, read 2026-11-24.
    """
    return f"/aws/vendedlogs/states/{keeper_name(settings)}"


def endpoint_name(settings: Enclave) -> str:
    """The hosted model's endpoint; SageMaker names its log group after it."""
    return f"{settings.name}-hosting"


def endpoint_log_group(settings: Enclave) -> str:
    """The log group of the endpoint's containers, as SageMaker names it."""
    return f"/aws/sagemaker/Endpoints/{endpoint_name(settings)}"


def evidence_is_elsewhere(settings: Enclave) -> bool:
    """Whether evidence lies in an account of its own, so that no CloudFormation export can carry its name."""
    return bool(settings.accounts.evidence != settings.accounts.enclave)


def evidence_bucket_name(settings: Enclave) -> str | None:
    """The evidence bucket's name where the enclave's stacks cannot import it; None to have one generated."""
    if not evidence_is_elsewhere(settings):
        return None
    return f"{settings.name}-evidence-{settings.accounts.evidence}-{settings.region}"


def evidence_key_alias(settings: Enclave) -> str:
    """The alias of the evidence key, for the same case."""
    return f"alias/{settings.name}-evidence"
