"""What the bedrock-runtime endpoint lets through: the declared models, each by its declared route, with a guardrail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs import names
from infra.constructs.role_actions import INVOKE, JUDGE
from infra.constructs.statement import ANY_CALLER, Conditions, Statement, allow, deny

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infra.settings import Enclave, ModelChoice


def model_statements(settings: Enclave, callers: Conditions) -> list[Statement]:
    """The endpoint policy's statements on models.

    A call to a profile is authorised on the profile and on the model in every region it may be sent to;
    `bedrock:InferenceProfileArn` ties the second to the first, so that the model in another region cannot be called
    but through the profile. The guardrail itself is pinned by the roles' policies; the endpoint, which is older than
    any guardrail, refuses a call that names none of this account's, or none of its versions.

    Args:
        settings: the enclave.
        callers: condition that a caller meets.
    """
    guardrails = names.arn(settings, "bedrock", "guardrail/*")
    direct = [_model(settings, settings.region, model) for model in settings.models if model.routing == "region"]
    routed = [model for model in settings.models if model.routing == "profile"]
    statements = [_allow("GuardrailAlone", JUDGE, [guardrails], callers)]
    if direct:
        statements.append(_allow("ModelsInRegion", INVOKE, direct, callers))
    for number, model in enumerate(routed, start=1):
        profile = names.arn(settings, "bedrock", f"inference-profile/{model.profile}")
        destinations = [_model(settings, region, model) for region in sorted(model.destinations)]
        tied = {**callers, "StringEquals": {"bedrock:InferenceProfileArn": profile}}
        statements.append(_allow(f"Profile{number}", INVOKE, [profile], callers))
        statements.append(_allow(f"Profile{number}Destinations", INVOKE, destinations, tied))
    statements.append(
        deny(
            "NoModelWithoutGuardrail",
            INVOKE,
            principal=ANY_CALLER,
            conditions={"StringNotLike": {"bedrock:GuardrailIdentifier": f"{guardrails}:*"}},
        )
    )
    return statements


def _model(settings: Enclave, region: str, model: ModelChoice) -> str:
    return f"arn:{settings.partition}:bedrock:{region}::foundation-model/{model.id}"


def _allow(sid: str, actions: Sequence[str], resources: Sequence[str], conditions: Conditions) -> Statement:
    return allow(sid, actions, resources, principal=ANY_CALLER, conditions=conditions)
