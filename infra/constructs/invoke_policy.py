"""What lets a role invoke models: through this guardrail, these models, this endpoint, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from constructs import Construct

from infra.constructs import names, role_actions
from infra.constructs.permissions_boundary import refused_planes
from infra.constructs.role import ManagedPolicy
from infra.constructs.statement import allow, deny, deny_beside, document

if TYPE_CHECKING:
    from infra.constructs.customer_key import CustomerKey
    from infra.constructs.guardrail import Guardrail
    from infra.constructs.resource import Resource
    from infra.constructs.statement import Statement
    from infra.settings import Enclave

INVOKE_ALL = "bedrock:InvokeModel*"
LIMIT = (
    6_144  # characters of a managed policy: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
)


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
        key: CustomerKey,
        endpoint: Resource,
    ) -> None:
        super().__init__(scope, id)
        direct = _direct_arns(settings)
        routes = _profile_routes(settings)
        vpce = endpoint.physical_id
        grants = [
            *_grants(direct, routes),
            allow("Guardrail", role_actions.JUDGE, [guardrail.arn]),
            allow(
                "GuardrailKey",
                ["kms:Decrypt"],
                [key.arn],
                conditions={"StringEquals": {"kms:ViaService": names.host(settings, "bedrock")}},
            ),
            *_guardrail_pins(settings, guardrail),
            deny(
                "OnlyThroughEndpoint",
                [INVOKE_ALL, *role_actions.JUDGE],
                conditions={"StringNotEquals": {"aws:SourceVpce": vpce}},
            ),
        ]
        bounds = _bounds(direct, routes)
        # As long as what the references become when deployed.
        longest = {
            guardrail.arn: names.arn(settings, "bedrock", f"guardrail/{'x' * 12}"),
            guardrail.version: "9" * 8,
            key.arn: names.arn(settings, "kms", f"key/{'x' * 36}"),
            vpce: f"vpce-{'x' * 17}",
        }
        for statements in (grants, bounds):
            _refuse_overflow(statements, longest, settings)
        self.policy = ManagedPolicy(
            self,
            "Policy",
            description="invoke the enclave's models through its guardrail and its endpoint",
            statements=grants,
        )
        self.bounds = ManagedPolicy(
            self,
            "Bounds",
            description="no model and no route but the enclave's, whatever else is granted",
            statements=bounds,
        )
        self.planes = ManagedPolicy(
            self,
            "Planes",
            description="no way to a model that knows no guardrail, whatever else is granted",
            statements=[deny("NoOtherPlane", refused_planes())],
        )

    @property
    def all(self) -> tuple[ManagedPolicy, ...]:
        """What a role that invokes models carries."""
        return (self.policy, self.bounds, self.planes)


def _refuse_overflow(statements: list[Statement], longest: dict[str, str], settings: Enclave) -> None:
    """AWS refuses a managed policy beyond its size only when it is deployed."""
    text = json.dumps(document(statements), separators=(",", ":"))
    for reference, becomes in longest.items():
        text = text.replace(reference, becomes)
    if len(text) > LIMIT:
        routed = sum(model.routing == "profile" for model in settings.models)
        raise ValueError(
            f"{len(settings.models)} models, {routed} of them by profile, make a policy of {len(text)} characters; AWS "
            f"allows {LIMIT}, about eight by profile or forty in the region; declare fewer models"
        )


def _bounds(direct: list[str], routes: list[ProfileRoute]) -> list[Statement]:
    """Deny every model that is not declared, and a model declared by profile that is called otherwise."""
    declared = {*direct, *(arn for route in routes for arn in (route.profile_arn, *route.destination_arns))}
    return [
        deny_beside("OnlyDeclaredModels", [INVOKE_ALL], sorted(declared)),
        *(
            deny(
                f"OnlyThroughProfile{number}",
                [INVOKE_ALL],
                route.destination_arns,
                conditions={"StringNotEquals": {"bedrock:InferenceProfileArn": route.profile_arn}},
            )
            for number, route in enumerate(routes)
        ),
    ]


def _grants(direct: list[str], routes: list[ProfileRoute]) -> list[Statement]:
    """What is allowed: in-region models directly; a profile, and its destinations only when called by it."""
    grants = [allow("Models", role_actions.INVOKE, direct)] if direct else []
    if routes:
        grants.append(allow("Profiles", role_actions.INVOKE, [route.profile_arn for route in routes]))
    grants += [
        allow(
            f"ProfileDestinations{number}",
            role_actions.INVOKE,
            route.destination_arns,
            conditions={"StringEquals": {"bedrock:InferenceProfileArn": route.profile_arn}},
        )
        for number, route in enumerate(routes)
    ]
    return grants


def _guardrail_pins(settings: Enclave, guardrail: Guardrail) -> list[Statement]:
    """Deny every invocation that names no guardrail, another one, or a version that is not accepted (any more).

    The previous version is accepted until the overlap's date begins (UTC). `IfExists` makes the date test true where
    the key is absent, so that the previous version would be refused then too.
    """
    current = guardrail.version_arn()
    previous = settings.guardrail.previous
    if previous is None:
        return [
            deny(
                "OnlyThroughGuardrail",
                [INVOKE_ALL],
                conditions={"StringNotEquals": {"bedrock:GuardrailIdentifier": current}},
            )
        ]
    return [
        deny(
            "OnlyThroughGuardrail",
            [INVOKE_ALL],
            conditions={
                "StringNotEquals": {"bedrock:GuardrailIdentifier": [current, guardrail.version_arn(previous.version)]}
            },
        ),
        deny(
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
