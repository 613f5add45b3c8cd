"""What a role of the posture may do, as far as its own policies and boundary say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.policy.decision import Request, decide
from infra.unknown import Maybe, Unknown, all_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.policy.document import Document
    from infra.posture.aws.iam import Role
    from infra.posture.model import Posture


def role_named(arn: Maybe[str], posture: Posture) -> Maybe[Role]:
    """The role of this ARN."""
    if isinstance(arn, Unknown):
        return arn
    found = [role for role in posture.roles if role.arn == arn]
    return found[0] if found else Unknown(f"role {arn} is not among what was read")


def trusts(role: Role, service: str, source_arn: Maybe[str]) -> Maybe[bool]:
    """Whether a service may take the role on behalf of a resource of the role's own account; "" where it names none."""
    if isinstance(source_arn, Unknown):
        return source_arn
    named = {"aws:SourceArn": (source_arn,), "aws:SourceAccount": (role.place.account,)}
    context = named if source_arn else {}
    request = Request("sts:AssumeRole", role.arn, principal=("Service", service), context=context)
    decision = decide([role.trust], request)
    return decision if isinstance(decision, Unknown) else decision == "allowed"


def may(role: Role, posture: Posture, action: str, resource: str, **keys: str) -> Maybe[bool]:
    """Whether the role may do this; `keys` are context keys, `__` in place of the colon."""
    context = {name.replace("__", ":"): (value,) for name, value in keys.items()}
    context |= {
        "aws:PrincipalArn": (role.arn,),
        "aws:PrincipalAccount": (role.place.account,),
        "aws:RequestedRegion": (role.place.region,),
        "aws:ResourceAccount": (role.place.account,),
        "aws:SecureTransport": ("true",),
        "aws:ViaAWSService": ("false",),
    }
    request = Request(action, resource, context=context)
    layers = [list(_identity(role, posture))]
    if role.permissions_boundary != "":
        layers.append([_managed(role.permissions_boundary, posture)])
    decisions = [decide(layer, request) for layer in layers]
    return all_of(each if isinstance(each, Unknown) else each == "allowed" for each in decisions)


def _identity(role: Role, posture: Posture) -> Iterator[Maybe[Document]]:
    yield from (policy.document for policy in role.inline_policies)
    yield from (_managed(arn, posture) for arn in role.managed_policy_arns)


def _managed(arn: Maybe[str], posture: Posture) -> Maybe[Document]:
    if isinstance(arn, Unknown):
        return arn
    found = [policy.document for policy in posture.managed_policies if policy.arn == arn]
    return found[0] if found else Unknown(f"policy {arn} is not among what was read")
