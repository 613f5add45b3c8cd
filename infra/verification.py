"""The same controls over an enclave as it stands in its accounts, and what has drifted from its templates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.controls.finding import Finding, Verdict
from infra.controls.framework import controls, run
from infra.controls.judgement import Judgement, judge
from infra.live.account import Account
from infra.live.left_behind import left_behind
from infra.live.read import NoEnclave, read
from infra.live.unsettled import unsettled
from infra.posture.difference import differences
from infra.posture.template.read import read as read_assembly

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path
    from typing import Any

    from infra.live.left_behind import LeftBehind
    from infra.live.unsettled import Unsettled
    from infra.posture.difference import Difference
    from infra.posture.model import Posture
    from infra.settings import Enclave


STACKS = "stacks"
"""What findings on the stacks themselves are called, beside those of controls."""


class WrongAccount(ValueError):
    """The sessions do not lead to the accounts that the settings name."""


def verify(
    sessions: Sequence[Any], settings: Enclave, *, as_of: date, region: str | None = None, assembly: Path | None = None
) -> Judgement:
    """The judgement on a deployed enclave.

    `sessions` are boto3 sessions, one for each account that the settings name for the enclave and its evidence;
    `region` is the enclave's unless named. With an `assembly`, every difference from it is a finding too. Raises
    WrongAccount, NoEnclave where none is deployed, LiveError where an account could not be read to the end,
    TemplateError for an assembly that cannot be read.
    """
    accounts = accounts_of(sessions, settings, region or settings.region)
    halves = [each for account in accounts for each in unsettled(account, settings)]
    behind = [each for account in accounts for each in left_behind(account, settings)]
    try:
        posture = read(accounts, settings)
    except NoEnclave:
        if not halves:
            raise
        return judge(tuple(_stacks(halves, behind, settings)), known=[STACKS], as_of=as_of)
    found = (*_stacks(halves, behind, settings), *run(posture, settings))
    if assembly is not None:
        found += tuple(_drift(read_assembly(assembly), posture, settings))
    return judge(
        found,
        waivers=settings.waivers,
        assumptions=settings.assumptions,
        known=[control.id for control in controls()],
        as_of=as_of,
    )


def accounts_of(sessions: Sequence[Any], settings: Enclave, region: str) -> list[Account]:
    """The accounts that sessions lead to: exactly those that the settings name, or WrongAccount.

    Raises LiveError if a session cannot say whose it is.
    """
    accounts = {account.place.account: account for account in (Account(session, region) for session in sessions)}
    named = {settings.accounts.enclave, settings.accounts.evidence}
    if accounts.keys() != named:
        raise WrongAccount(
            f"the sessions are of account {', '.join(sorted(accounts))}, the settings of {settings.name} name "
            f"{', '.join(sorted(named))}; name a profile of each account"
        )
    return [accounts[number] for number in sorted(accounts)]


def _stacks(halves: Sequence[Unsettled], behind: Sequence[LeftBehind], settings: Enclave) -> Iterator[Finding]:
    """What is to be said of the stacks' states, and of each resource that an operation has left half done or behind."""
    if not halves and not behind:
        yield Finding(STACKS, Verdict.PASS, settings.name, "every stack is settled, and has left nothing behind")
    for stack in halves:
        verdict = Verdict.UNKNOWN if stack.in_progress else Verdict.FAIL
        said = f"the stack is {stack.status}{f': {stack.reason}' if stack.reason else ''}".strip()
        left = ", ".join(f"{each.type} {each.id}" for each in stack.left if each.id)
        stays = f"left standing, for its template retains it: {left}" if left else ""
        yield Finding(STACKS, verdict, stack.name, said, stays, stack.remedy)
        for each in stack.resources:
            yield Finding(
                STACKS,
                verdict,
                f"{stack.name}/{each.logical_id}",
                f"{each.type} {each.id or 'without an id'} is {each.status}: {each.reason}",
                remedy=f"see {stack.name}",
            )
    for resource in behind:
        standing = f"whether it stands could not be told: {resource.unsure}" if resource.unsure else "it still stands"
        yield Finding(
            STACKS,
            Verdict.FAIL,
            f"{resource.stack}/{resource.logical_id}",
            f"{resource.type} {resource.id} is no longer in the stack and could not be deleted; {standing}: "
            f"{resource.reason}",
            remedy=resource.remedy,
        )


def _drift(declared: Posture, standing: Posture, settings: Enclave) -> Iterator[Finding]:
    found = [
        each for each in differences(declared, standing) if not _left_over(each) and not _of_another(each, settings)
    ]
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


def _left_over(difference: Difference) -> bool:
    """Whether it is an earlier version of a guardrail, which stays when a change mints a new one."""
    return difference.collection == "guardrail_versions" and difference.left is None


def _of_another(difference: Difference, settings: Enclave) -> bool:
    """Whether it is part of the account's baseline, and that another enclave's: its templates declare it, not these."""
    if settings.account_baseline:
        return False
    if difference.collection == "enforced_guardrails":
        return difference.left is None
    return difference.collection == "vpcs" and difference.value == "block_public_access"
