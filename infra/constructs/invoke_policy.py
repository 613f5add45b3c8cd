"""What lets a role invoke models: through this guardrail, these models, this endpoint, and nothing else."""

from __future__ import annotations

import json
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
LIMIT = (
    6_144  # characters of a managed policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
)
ROOM_FOR_REFERENCES = 50  # the one reference shorter than what it becomes is the guardrail's ARN


@dataclass(frozen=True, slots=True)
class ProfileRoute:
    """A model that is reached by an inference profile: the profile's ARN, and the model's in each destination."""

    profile_arn: str
    destination_arns: tuple[str, ...]


class InvokePolicy(Construct):
    """Managed policies for a role to carry together: what it may invoke and through what, and the bounds to that.

    `policy` holds every grant together with the denials that pin guardrail and endpoint, so whoever attaches it takes
    those too. `bounds` denies every other model and route, `planes` every other plane, whatever else the role is
    granted. They are three because a managed policy has 6,144 characters, and always three because Access imports
    them: one that came and went with the models could not go while it is imported.

    Each denial is written so that a request that lacks the key is denied: a negated string operator is true for an
    absent key. So the Responses API on bedrock-runtime is denied too, which authorises as InvokeModel and knows no
    guardrail; and so is StartAsyncInvoke.
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
        direct = _direct_arns(settings)
        routes = _profile_routes(settings)
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="invoke the enclave's models through its guardrail and its endpoint",
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
                _deny(
                    "OnlyThroughEndpoint",
                    [INVOKE_ALL, *role_actions.JUDGE],
                    conditions={"StringNotEquals": {"aws:SourceVpce": endpoint.attr_id}},
                ),
            ],
        )
        self.bounds = iam.ManagedPolicy(
            self,
            "Bounds",
            description="no model and no route but the enclave's, whatever else is granted",
            statements=_bounds(direct, routes),
        )
        self.planes = iam.ManagedPolicy(
            self,
            "Planes",
            description="no way to a model that knows no guardrail, whatever else is granted",
            statements=[_deny("NoOtherPlane", refused_planes())],
        )
        for policy in (self.policy, self.bounds, self.planes):
            _refuse_overflow(policy, settings)

    @property
    def all(self) -> tuple[iam.ManagedPolicy, ...]:
        """What a role that invokes models carries."""
        return (self.policy, self.bounds, self.planes)


def _refuse_overflow(policy: iam.ManagedPolicy, settings: Enclave) -> None:
    """AWS refuses a managed policy beyond its size only when it is deployed."""
    text = json.dumps(Stack.of(policy).resolve(policy.document), separators=(",", ":"))
    if len(text) > LIMIT - ROOM_FOR_REFERENCES:
        routed = sum(model.routing == "profile" for model in settings.models)
        raise ValueError(
            f"{len(settings.models)} models, {routed} of them by profile, make a policy of {len(text)} characters; AWS "
            f"allows {LIMIT}, about eight by profile or forty in the region; declare fewer models"
        )


def _bounds(direct: list[str], routes: list[ProfileRoute]) -> list[iam.PolicyStatement]:
    """Deny every model that is not declared, and a model declared by profile that is called otherwise."""
    declared = {*direct, *(arn for route in routes for arn in (route.profile_arn, *route.destination_arns))}
    return [
        _deny("OnlyDeclaredModels", [INVOKE_ALL], not_resources=sorted(declared)),
        *(
            _deny(
                f"OnlyThroughProfile{number}",
                [INVOKE_ALL],
                resources=list(route.destination_arns),
                conditions={"StringNotEquals": {"bedrock:InferenceProfileArn": route.profile_arn}},
            )
            for number, route in enumerate(routes)
        ),
    ]


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


def _direct_arns(settings: Enclave) -> list[str]:
    return [
        f"arn:{settings.partition}:bedrock:{settings.region}::foundation-model/{model.id}"
        for model in settings.models
        if model.routing == "region"
    ]


def _profile_routes(settings: Enclave) -> list[ProfileRoute]:
    return [
        ProfileRoute(
            profile_arn=f"arn:{settings.partition}:bedrock:{settings.region}:{settings.accounts.enclave}:"
            f"inference-profile/{model.profile}",
            destination_arns=tuple(
                f"arn:{settings.partition}:bedrock:{region}::foundation-model/{model.id}"
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
