"""Credentials, account, partition, region and zones, against the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import NoCredentialsError

from infra.preflight.item import Answer, decided, evidence_is_elsewhere, item, refuted, verified
from infra.preflight.questions import Unanswered

if TYPE_CHECKING:
    from typing import Any

    from infra.preflight.about import About
    from infra.preflight.questions import Questions

WHO = "sts:GetCallerIdentity"
# STS API reference, "Common errors", read 2026-11-24: an answer, and no failure to ask.
NOT_VALID = (
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
)
STS = "STS API reference, GetCallerIdentity, read 2026-11-24"


def _caller(ask: Questions) -> dict[str, Any]:
    """Who asks. Raises Unanswered for credentials that are not valid too: whose they are is then not known."""
    who: dict[str, Any] | None = ask(WHO, absent=NOT_VALID)
    if who is None:
        raise Unanswered("the credentials are not valid, so it is not known whose they are", "sign in again")
    return who


def _credentials(ask: Questions) -> Answer:
    try:
        who = ask(WHO, absent=NOT_VALID)
    except Unanswered as error:
        if isinstance(error.__cause__, NoCredentialsError):
            return refuted("there are none", "sign in, or name a profile that has some")
        raise
    if who is None:
        return refuted(f"STS refused them: {ask.asked[-1].said}", "sign in again, or name another profile")
    return verified(str(who["Arn"]))


@item("credentials", "the credentials are valid", asks=(WHO,), source=STS)
def credentials(ask: Questions, _about: About) -> Answer:
    """STS says whose they are."""
    return _credentials(ask)


@item("account", "the account is the one that the settings name", asks=(WHO,), source=STS)
def account(ask: Questions, about: About) -> Answer:
    """The caller's account is `accounts.enclave`."""
    return _account(ask, about.settings.accounts.enclave, "accounts.enclave")


def _account(ask: Questions, named: str, setting: str) -> Answer:
    found = _caller(ask)["Account"]
    if found != named:
        return refuted(f"the credentials are of {found}, {setting} is {named}", "name a profile of that account")
    return verified(found)


@item("partition", "the account lies in the partition of the settings", asks=(WHO,), source=STS)
def partition(ask: Questions, about: About) -> Answer:
    """The caller's ARN begins with the partition."""
    found = str(_caller(ask)["Arn"]).split(":")[1]
    if found != about.settings.partition:
        return refuted(f"the account lies in {found}, the settings say {about.settings.partition}", "change partition")
    return verified(found)


@item(
    "region",
    "the region is there and enabled for the account",
    asks=("ec2:DescribeRegions",),
    source="EC2 API reference, DescribeRegions (OptInStatus), read 2026-11-24",
)
def region(ask: Questions, about: About) -> Answer:
    """It needs no opt-in, or the account opted in."""
    name = about.settings.region
    told = ask("ec2:DescribeRegions", absent=("InvalidParameterValue",), RegionNames=[name], AllRegions=True)
    status = next((each["OptInStatus"] for each in (told or {}).get("Regions", ())), None)
    if status not in ("opt-in-not-required", "opted-in"):
        return refuted(f"{name} is {status or 'not known'}", "enable the region for the account, or change region")
    return verified(f"{name}: {status}")


@item(
    "zones",
    "the chosen availability zones are there",
    asks=("ec2:DescribeAvailabilityZones",),
    source="EC2 API reference, DescribeAvailabilityZones, read 2026-11-24",
)
def zones(ask: Questions, about: About) -> Answer:
    """Each stands in the account's list as available; zone letters mean other places in other accounts."""
    told = ask("ec2:DescribeAvailabilityZones")["AvailabilityZones"]
    states = {each["ZoneName"]: each["State"] for each in told}
    wanted = about.settings.network.zones
    faults = [f"{zone} is {states.get(zone, 'not there')}" for zone in wanted if states.get(zone) != "available"]
    offered = ", ".join(sorted(zone for zone, state in states.items() if state == "available"))
    return decided(faults, ", ".join(wanted), f"change network.zones; available: {offered}")


@item(
    "evidence-account",
    "evidence goes to the account that the settings name",
    asks=(WHO,),
    source=STS,
    when=evidence_is_elsewhere,
    of="evidence",
)
def evidence_account(ask: Questions, about: About) -> Answer:
    """The evidence profile's account is `accounts.evidence`."""
    return _account(ask, about.settings.accounts.evidence, "accounts.evidence")
