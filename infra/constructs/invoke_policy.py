"""The one policy that lets a role invoke models: through this guardrail, these models, this endpoint, nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs import role_actions
from infra.constructs.permissions_boundary import refused_planes

if TYPE_CHECKING:
    from aws_cdk import aws_ec2 as ec2
    from aws_cdk import aws_kms as kms

    from infra.constructs.guardrail import Guardrail
    from infra.settings import Enclave

INVOKE_ALL = "bedrock:InvokeModel*"


@dataclass(frozen=True, slots=True)
class ProfileRoute:
    """A model that is reached by an inference profile: the profile's ARN, and the model's in each destination."""

    profile_arn: str
    destination_arns: tuple[str, ...]


class InvokePolicy(Construct):
    """A managed policy that allows the enclave's models and denies every other way to reach one.

    The denials are in the same document as the grants, so whoever attaches it takes both. Each is written so that a
    request that lacks the key is denied: a negated string operator is true for an absent key. So the Responses API on
    bedrock-runtime is denied too, which authorises as InvokeModel and knows no guardrail; and so is StartAsyncInvoke.
    https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-id.html, read 2026-11-24.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        guardrail: Guardrail,
        key: kms.IKey,
        endpoint: ec2.CfnVPCEndpoint,
    ) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        direct = _direct_arns(settings, stack)
        routes = _profile_routes(settings, stack)
        declared = sorted({*direct, *(arn for route in routes for arn in (route.profile_arn, *route.destination_arns))})
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="invoke the enclave's models through its guardrail and endpoint, and nothing else",
            statements=[
                *_grants(direct, routes),
                iam.PolicyStatement(sid="Guardrail", actions=list(role_actions.JUDGE), resources=[guardrail.arn]),
                iam.PolicyStatement(
                    sid="GuardrailKey",
                    actions=["kms:Decrypt"],
                    resources=[key.key_arn],
                    conditions={"StringEquals": {"kms:ViaService": f"bedrock.{stack.region}.{stack.url_suffix}"}},
                ),
                *_guardrail_pins(settings, guardrail),
                _deny("OnlyDeclaredModels", [INVOKE_ALL], not_resources=declared),
                *(
                    _deny(
                        f"OnlyThroughProfile{number}",
                        [INVOKE_ALL],
                        resources=list(route.destination_arns),
                        conditions={"StringNotEquals": {"bedrock:InferenceProfileArn": route.profile_arn}},
                    )
                    for number, route in enumerate(routes)
                ),
                _deny(
                    "OnlyThroughEndpoint",
                    [INVOKE_ALL, *role_actions.JUDGE],
                    conditions={"StringNotEquals": {"aws:SourceVpce": endpoint.attr_id}},
                ),
                _deny("NoOtherPlane", refused_planes()),
            ],
        )


def _grants(direct: list[str], routes: list[ProfileRoute]) -> list[iam.PolicyStatement]:
    """What is allowed: in-region models directly; a profile, and its destinations only when called by it."""
    grants = [iam.PolicyStatement(sid="Models", actions=list(role_actions.INVOKE), resources=direct)] if direct else []
    if routes:
        grants.append(
            iam.PolicyStatement(
                sid="Profiles", actions=list(role_actions.INVOKE), resources=[route.profile_arn for route in routes]
            )
        )
    grants += [
        iam.PolicyStatement(
            sid=f"ProfileDestinations{number}",
            actions=list(role_actions.INVOKE),
            resources=list(route.destination_arns),
            conditions={"StringEquals": {"bedrock:InferenceProfileArn": route.profile_arn}},
        )
        for number, route in enumerate(routes)
    ]
    return grants


def _guardrail_pins(settings: Enclave, guardrail: Guardrail) -> list[iam.PolicyStatement]:
    """Deny every invocation that names no guardrail, another one, or a version that is not accepted (any more).

    The previous version is accepted until the overlap's date begins (UTC). `IfExists` makes the date test true where
    the key is absent, so that the previous version would be refused then too.
    """
    current = guardrail.version_arn()
    previous = settings.guardrail.previous
    if previous is None:
        return [
            _deny(
                "OnlyThroughGuardrail",
                [INVOKE_ALL],
                conditions={"StringNotEquals": {"bedrock:GuardrailIdentifier": current}},
            )
        ]
    return [
        _deny(
            "OnlyThroughGuardrail",
            [INVOKE_ALL],
            conditions={
                "StringNotEquals": {"bedrock:GuardrailIdentifier": [current, guardrail.version_arn(previous.version)]}
            },
        ),
        _deny(
            "PreviousVersionEnds",
            [INVOKE_ALL],
            conditions={
                "StringNotEquals": {"bedrock:GuardrailIdentifier": current},
                "DateGreaterThanEqualsIfExists": {"aws:CurrentTime": f"{previous.until.isoformat()}T00:00:00Z"},
            },
        ),
    ]


def _direct_arns(settings: Enclave, stack: Stack) -> list[str]:
    return [
        f"arn:{stack.partition}:bedrock:{settings.region}::foundation-model/{model.id}"
        for model in settings.models
        if model.routing == "region"
    ]


def _profile_routes(settings: Enclave, stack: Stack) -> list[ProfileRoute]:
    return [
        ProfileRoute(
            profile_arn=f"arn:{stack.partition}:bedrock:{settings.region}:{stack.account}:"
            f"inference-profile/{model.profile}",
            destination_arns=tuple(
                f"arn:{stack.partition}:bedrock:{region}::foundation-model/{model.id}"
                for region in sorted(model.destinations)
            ),
        )
        for model in settings.models
        if model.routing == "profile"
    ]


def _deny(
    sid: str,
    actions: list[str],
    *,
    resources: list[str] | None = None,
    not_resources: list[str] | None = None,
    conditions: dict[str, dict[str, str | list[str]]] | None = None,
) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        effect=iam.Effect.DENY,
        actions=actions,
        resources=resources or ([] if not_resources else ["*"]),
        not_resources=not_resources or [],
        conditions=conditions or {},
    )
