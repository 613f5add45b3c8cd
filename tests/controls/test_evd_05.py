"""EVD-05 where accounts were read: the enclave's own account is judged, whatever the evidence account's is set to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from infra.controls.framework import controls, run
from infra.posture.aws.bedrock import DataRetention, InvocationLogging
from infra.posture.aws.workflows import LastExecution, StateMachine
from infra.posture.template.files import Template
from infra.posture.template.read import posture_of
from infra.posture.values import Place, Ref, Source, Unknown
from tests.controls.conftest import PLACE
from tests.controls.test_controls import ALL

if TYPE_CHECKING:
    from infra.posture.model import Posture
    from infra.settings import Enclave
    from infra.unknown import Maybe

EVIDENCE = Place("444455556666", PLACE.region)
ON: dict[str, Maybe[bool]] = dict.fromkeys(("audio", "embedding", "image", "text", "video"), True)
CONTROL = [each for each in controls() if each.id == "EVD-05"]


def retention(place: Place, mode: Maybe[str]) -> DataRetention:
    return DataRetention(ref=Ref(str(place)), place=place, id=str(place), source=Source(), mode=mode)


def logging(place: Place, **modalities: Maybe[bool]) -> InvocationLogging:
    common = {"ref": Ref(str(place)), "place": place, "id": str(place), "source": Source()}
    where = {"log_group": "invocations", "role_arn": "", "bucket": "evidence", "key_prefix": ""}
    return InvocationLogging(**common, **where, modalities=tuple((ON | modalities).items()))  # type: ignore[arg-type]


def ended(machine: StateMachine, status: Maybe[str]) -> LastExecution:
    common = {"ref": machine.ref, "place": machine.place, "id": machine.id, "source": Source()}
    return LastExecution(**common, machine_arn=machine.arn, status=status)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def two_accounts(settings: Enclave) -> tuple[Posture, Enclave]:
    """The control's good case as two accounts show it, each with its own settings."""
    template = Template("stack", "stack.template.json", PLACE, {"Resources": ALL["EVD-05"].GOOD})
    read = posture_of((template,))
    posture = replace(
        read,
        origin="account",
        invocation_loggings=(logging(PLACE),),
        data_retentions=(retention(PLACE, "none"), retention(EVIDENCE, "default")),
        last_executions=tuple(ended(each, "SUCCEEDED") for each in read.state_machines),
    )
    accounts = settings.accounts.model_copy(update={"evidence": EVIDENCE.account})
    return posture, settings.model_copy(update={"accounts": accounts})


def judged(two_accounts: tuple[Posture, Enclave], **changed: Any) -> list[tuple[str, str, str]]:
    """What does not hold: verdict, subject, message."""
    posture, settings = two_accounts
    found = run(replace(posture, **changed), settings, CONTROL)
    return [(str(each.verdict), each.subject, each.message) for each in found if each.verdict != "pass"]


def test_the_evidence_account_s_own_retention_is_not_the_enclave_s(two_accounts: tuple[Posture, Enclave]) -> None:
    assert judged(two_accounts) == []


@pytest.mark.parametrize("mode", ["default", "aws_review", "provider_data_share", ""])
def test_the_evidence_account_s_none_does_not_stand_for_the_enclave_s(
    two_accounts: tuple[Posture, Enclave], mode: str
) -> None:
    retentions = (retention(PLACE, mode), retention(EVIDENCE, "none"))
    assert judged(two_accounts, data_retentions=retentions) == [
        ("fail", str(PLACE), "not so: the account's data retention is none")
    ]


def test_a_retention_that_was_read_only_in_the_evidence_account_is_none_of_the_enclave_s(
    two_accounts: tuple[Posture, Enclave],
) -> None:
    ((verdict, subject, _),) = judged(two_accounts, data_retentions=(retention(EVIDENCE, "none"),))
    assert (verdict, subject) == ("fail", str(PLACE))


def test_a_retention_that_could_not_be_read_is_unknown(two_accounts: tuple[Posture, Enclave]) -> None:
    retentions = (retention(PLACE, Unknown("not told")), retention(EVIDENCE, "none"))
    assert judged(two_accounts, data_retentions=retentions) == [
        ("unknown", str(PLACE), "the account's data retention is none: unknown (not told)")
    ]


def test_logging_in_the_evidence_account_records_nothing_of_the_enclave(
    two_accounts: tuple[Posture, Enclave],
) -> None:
    assert judged(two_accounts, invocation_loggings=(logging(EVIDENCE),)) == [
        ("fail", str(PLACE), "not so: the account has invocation logging")
    ]


def test_a_modality_off_or_not_told_is_said_of_the_enclave_s_account(two_accounts: tuple[Posture, Enclave]) -> None:
    loggings = (logging(PLACE, audio=False, video=Unknown("not told")), logging(EVIDENCE))
    assert [each[:2] for each in judged(two_accounts, invocation_loggings=loggings)] == [
        ("fail", str(PLACE)),
        ("unknown", str(PLACE)),
    ]


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(None, "fail"), ("FAILED", "fail"), ("TIMED_OUT", "fail"), ("ABORTED", "fail"), (Unknown("not told"), "unknown")],
)
def test_until_the_keeper_has_succeeded_nothing_is_kept(
    two_accounts: tuple[Posture, Enclave], status: Maybe[str] | None, verdict: str
) -> None:
    (machine,) = two_accounts[0].state_machines
    ran = () if status is None else (ended(machine, status),)
    ((found, subject, message),) = judged(two_accounts, last_executions=ran)
    assert (found, subject) == (verdict, str(machine.ref))
    assert "its last execution succeeded" in message


def test_another_machine_s_success_is_not_the_keeper_s(two_accounts: tuple[Posture, Enclave]) -> None:
    (machine,) = two_accounts[0].state_machines
    other = replace(ended(machine, "SUCCEEDED"), machine_arn=f"{machine.arn}-other")
    ((verdict, subject, _),) = judged(two_accounts, last_executions=(other,))
    assert (verdict, subject) == ("fail", str(machine.ref))
