"""Roles, and the policies attached to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infra.posture.values import Maybe, Resource, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.policy.document import Document
    from infra.posture.resources import Declared, Resources

_AN_HOUR = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedPolicy(Resource):
    """One customer-managed policy; its id is its name."""

    arn: str
    document: Maybe[Document]


@dataclass(frozen=True, slots=True)
class InlinePolicy:
    """A policy that lives and dies with its role."""

    name: Maybe[str]
    document: Maybe[Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class Role(Resource):
    """One role; its id is its name."""

    arn: str
    trust: Maybe[Document]
    permissions_boundary: Maybe[str]
    managed_policy_arns: tuple[Maybe[str], ...]
    inline_policies: tuple[InlinePolicy, ...]
    max_session_duration_seconds: Maybe[int]


def managed_policies(resources: Resources) -> Iterator[ManagedPolicy]:
    """All customer-managed policies."""
    for policy in resources.of("AWS::IAM::ManagedPolicy"):
        yield ManagedPolicy(**policy.common, arn=policy.arn, document=_document(policy))


def roles(resources: Resources) -> Iterator[Role]:
    """All roles, each with what is attached to it from either side."""
    declared = resources.of("AWS::IAM::Role")
    attached = resources.attached("AWS::IAM::ManagedPolicy", "Roles", declared)
    inline = resources.attached("AWS::IAM::Policy", "Roles", declared)
    single = resources.attached("AWS::IAM::RolePolicy", "RoleName", declared)
    for role in declared:
        given = role.properties
        own = [
            InlinePolicy(each.text("PolicyName"), _known(each.document("PolicyDocument")))
            for each in given.blocks("Policies")
        ]
        added = [
            InlinePolicy(each.properties.text("PolicyName"), _document(each))
            for each in (*inline[role.id], *single[role.id])
        ]
        arns = {*given.texts("ManagedPolicyArns"), *(each.arn for each in attached[role.id])}
        duration = given.whole("MaxSessionDuration")
        yield Role(
            **role.common,
            arn=role.arn,
            trust=_known(given.document("AssumeRolePolicyDocument")),
            permissions_boundary=given.text("PermissionsBoundary"),
            managed_policy_arns=tuple(sorted(arns, key=str)),
            inline_policies=tuple(sorted([*own, *added], key=str)),
            max_session_duration_seconds=_AN_HOUR if duration is None else duration,
        )


def _document(declared: Declared) -> Maybe[Document]:
    return _known(declared.properties.document("PolicyDocument"))


def _known(document: Maybe[Document] | None) -> Maybe[Document]:
    return Unknown("no policy document") if document is None else document
