"""A role for people: taken on through the enclave's identity provider, for an hour at most, and in no other way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs.role import Role
from infra.constructs.statement import trust

if TYPE_CHECKING:
    from collections.abc import Sequence

    from constructs import Construct

    from infra.constructs.role import ManagedPolicy
    from infra.constructs.statement import Statement
    from infra.settings import Enclave

# What a SAML assertion names as its recipient, by partition, and so the value of `SAML:aud`.
# aws, aws-cn, aws-us-gov: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
# and https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-iam.html; the iso partitions' as the
# landing zone accelerator (awslabs) has them, not verified. All read 2026-11-24.
SIGN_IN = {
    "aws": "https://signin.aws.amazon.com/saml",
    "aws-cn": "https://signin.amazonaws.cn/saml",
    "aws-iso": "https://signin.c2shome.ic.gov/saml",
    "aws-iso-b": "https://signin.sc2shome.sgov.gov/saml",
    "aws-us-gov": "https://signin.amazonaws-us-gov.com/saml",
}
OIDC_AUDIENCE = "sts.amazonaws.com"
OIDC_ROLE_TAG = "SallyportRole"


class FederatedRole(Role):
    """A role that trusts the declared SAML or OIDC provider alone; no account, user, service or role may take it on.

    A SAML assertion names the role, so the provider decides who gets which. An OIDC token does not: anyone the
    provider knows could ask for any role. There the token must assert the role as the session tag `SallyportRole`
    (claim `https://aws.amazon.com/tags`), which only the provider can write.

    Session tags are admitted because only the provider can assert them in such a call; the release workflow's
    purposes and authorities will arrive that way.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        boundary: ManagedPolicy,
        role: str,
        description: str,
        policies: Sequence[ManagedPolicy],
    ) -> None:
        """Make the role.

        Args:
            scope: construct above.
            id: id within it.
            settings: the enclave.
            boundary: its permissions boundary.
            role: what the role is, such as `operator`; with the enclave's name it is the role's.
            description: what it is for, in a sentence.
            policies: all that it may do.
        """
        name = f"{settings.name}-{role}"
        super().__init__(
            scope,
            id,
            boundary=boundary,
            name=name,
            description=description,
            trust=_by_provider(settings, name),
            policies=policies,
        )


def _by_provider(settings: Enclave, name: str) -> Statement:
    """The identity provider, under the conditions that fit its kind."""
    provider = settings.identity_provider
    kind, _, issuer = provider.rpartition(":")[2].partition("/")
    if kind == "saml-provider":
        action, conditions = "sts:AssumeRoleWithSAML", {"SAML:aud": _sign_in(settings.partition)}
    else:
        action = "sts:AssumeRoleWithWebIdentity"
        conditions = {f"{issuer}:aud": OIDC_AUDIENCE, f"aws:RequestTag/{OIDC_ROLE_TAG}": name}
    return trust({"Federated": provider}, [action, "sts:TagSession"], {"StringEquals": conditions})


def _sign_in(partition: str) -> str:
    try:
        return SIGN_IN[partition]
    except KeyError:
        known = ", ".join(sorted(SIGN_IN))
        raise ValueError(
            f"no SAML sign-in address is known for partition {partition}, only for {known}; "
            "use an OIDC provider as identity_provider, or add the address to infra/constructs/federated_role.py"
        ) from None
