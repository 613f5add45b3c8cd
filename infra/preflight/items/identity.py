"""Who signs in, and who was there before: the identity provider, and principals that could get round the enclave."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from infra.preflight.item import Answer, item, refuted, unverified, verified
from infra.preflight.own import OWN, made_by, own
from infra.preflight.principals import READ, bootstraps, ways_round

if TYPE_CHECKING:
    from infra.preflight.about import About
    from infra.preflight.questions import Questions

AUDIENCE = "sts.amazonaws.com"
GUIDE = "docs/guides/platform-engineer.md, section 3"


@item(
    "identity-provider",
    "the identity provider is there",
    asks=("iam:GetSAMLProvider", "iam:GetOpenIDConnectProvider"),
    source="IAM API reference, GetSAMLProvider and GetOpenIDConnectProvider, read 2026-11-24",
)
def identity_provider(ask: Questions, about: About) -> Answer:
    """A SAML provider whose metadata has not expired, or an OIDC provider that admits STS as audience."""
    arn = about.settings.identity_provider
    remedy = f"make it, or change identity_provider; {GUIDE}"
    if ":saml-provider/" in arn:
        told = ask("iam:GetSAMLProvider", absent=("NoSuchEntity",), SAMLProviderArn=arn)
        if told is None:
            return refuted(f"{arn} is not there", remedy)
        until = told.get("ValidUntil")
        if until and until.replace(tzinfo=until.tzinfo or UTC) < datetime.now(UTC):
            return refuted(f"the metadata of {arn} expired on {until:%Y-%m-%d}", "give it the provider's new metadata")
        return verified(f"{arn}, valid until {until:%Y-%m-%d}" if until else arn)
    told = ask("iam:GetOpenIDConnectProvider", absent=("NoSuchEntity",), OpenIDConnectProviderArn=arn)
    if told is None:
        return refuted(f"{arn} is not there", remedy)
    if AUDIENCE not in told.get("ClientIDList", ()):
        return refuted(f"{arn} does not admit the audience {AUDIENCE}", f"add it as a client id; {GUIDE}")
    return verified(f"{arn}, with the audience {AUDIENCE}")


@item(
    "principals",
    "no existing principal could get round the enclave",
    asks=(*READ, *OWN),
    source='IAM API reference, GetAccountAuthorizationDetails; Organizations user guide, "Service control policies" '
    "(they do not affect the management account), read 2026-11-24",
)
def principals(ask: Questions, about: About) -> Answer:
    """None whose policies reach a model, pass the enclave's roles, grant rights, deploy, or take safeguards away.

    The enclave's own roles are the controls' business, and those of the project's other enclaves too, in their own
    verification; the bootstrap's deploy it, so that nothing can be said of it without them. Whether the organisation
    stops the others, the account itself cannot tell; in the management account it surely does not.
    """
    settings = about.settings
    found = ways_round(ask, settings, own(ask, about).get("AWS::IAM::Role", set()))
    deployers = [each for each in found if bootstraps(each.arn, settings)]
    besides = f"; besides the bootstrap's {', '.join(each.name for each in deployers)}" if deployers else ""
    others = [each for each in found if each not in deployers]
    for other in about.others:
        roles = made_by(ask.of_region(other.region), other.name).get("AWS::IAM::Role", set())
        held = [each for each in others if ":role/" in each.arn and each.arn.rpartition("/")[2] in roles]
        if held:
            names = ", ".join(each.name for each in held)
            besides += f"; besides {names} of enclave {other.name}, which `sallyport verify {other.name}` judges"
        others = [each for each in others if each not in held]
    if not others:
        return verified(f"none{besides}")
    named = "; ".join(f"{each.name} ({each.why})" for each in others)
    said = f"{len(others)} could: {named}{besides}"
    remedy = "take the rights away"
    if settings.accounts.management == settings.accounts.enclave and any(not each.conditional for each in others):
        return refuted(
            f"{said}; no organisation policy reaches the management account",
            f"{remedy}, or place the enclave in a member account",
        )
    return unverified(
        f"{said}; only an organisation policy stops that", f"{remedy}, or deny it by an SCP and accept this"
    )
