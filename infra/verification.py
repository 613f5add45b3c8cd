"""The same controls over an enclave as it stands in its accounts, and what has drifted from its templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.controls.finding import Finding, Verdict
from infra.controls.framework import controls, run
from infra.controls.judgement import Judgement, judge
from infra.live.account import Account
from infra.live.read import read
from infra.posture.difference import differences
from infra.posture.template.read import read as read_assembly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path
    from typing import Any

    from infra.posture.model import Posture
    from infra.settings import Enclave


class WrongAccount(ValueError):
    """The sessions do not lead to the accounts that the settings name."""


def verify(
    settings: Enclave,
    session: Any,
    *,
    region: str,
    as_of: date,
    evidence_session: Any = None,
    assembly: Path | None = None,
) -> Judgement:
    """The judgement on a deployed enclave.

    `session` is of the enclave's account, `evidence_session` of the evidence account where that is another; with an
    `assembly`, every difference from it is a finding too. Raises WrongAccount, NoEnclave where none is deployed,
    LiveError where the account could not be read to the end, TemplateError for an assembly that cannot be read.
    """
    posture = read(_accounts(settings, session, evidence_session, region), settings)
    found = run(posture, settings)
    if assembly is not None:
        found += tuple(_drift(read_assembly(assembly), posture, settings))
    return judge(
        found,
        waivers=settings.waivers,
        assumptions=settings.assumptions,
        known=[control.id for control in controls()],
        as_of=as_of,
    )


def _accounts(settings: Enclave, session: Any, evidence_session: Any, region: str) -> list[Account]:
    """The accounts to read, each of them the one that the settings name."""
    named = {
        settings.accounts.enclave: (session, "--profile"),
        settings.accounts.evidence: (evidence_session, "--evidence-profile"),
    }
    if settings.accounts.evidence == settings.accounts.enclave:
        named = {settings.accounts.enclave: (session, "--profile")}
    accounts = []
    for number, (of_account, option) in named.items():
        if of_account is None:
            raise WrongAccount(
                f"the evidence of {settings.name} lies in account {number}; name a profile with {option}"
            )
        account = Account(of_account, region)
        if account.place.account != number:
            raise WrongAccount(
                f"the session is of account {account.place.account}, the settings of {settings.name} name {number}; "
                f"name another profile with {option}"
            )
        accounts.append(account)
    return accounts


def _drift(declared: Posture, standing: Posture, settings: Enclave) -> Iterator[Finding]:
    found = list(differences(declared, standing))
    for each in found:
        yield Finding(
            "drift",
            Verdict.FAIL,
            each.ref,
            f"{each.collection.replace('_', ' ')}: {each}",
            remedy="deploy again, or take back what was changed by hand",
            source=each.source,
        )
    if not found:
        yield Finding("drift", Verdict.PASS, settings.name, "the account is as the templates say")
