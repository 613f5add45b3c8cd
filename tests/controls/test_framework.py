"""Controls are found by their files, and none can stop the others, pass without a subject, or hide an unknown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import infra.controls
from infra.catalog import nist_controls
from infra.controls.finding import Finding, holds
from infra.controls.framework import Control, controls, run
from infra.posture.model import Posture
from infra.posture.resources import EVERYTHING, Undecided
from infra.posture.values import Ref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.settings import Enclave

FOLDER = Path(infra.controls.__file__).parent


def made(check: object) -> Control:
    return Control("TST-01", "a test", (), "", check)  # type: ignore[arg-type]  # the checks below fit


def test_each_control_lives_in_the_file_of_its_name() -> None:
    named = {path.stem for path in FOLDER.glob("[a-z][a-z][a-z]_[0-9]*.py")}
    assert {each.id.lower().replace("-", "_") for each in controls()} == named
    assert all(each.check.__module__.endswith(each.id.lower().replace("-", "_")) for each in controls())


@pytest.mark.skipif(not nist_controls(), reason="the catalogue has no NIST controls yet")
def test_what_a_control_serves_exists() -> None:
    for each in controls():
        assert set(each.serves) <= {"P1", "P2", "P3", *nist_controls()}, each.id
        assert "read 2026-" in each.source, each.id


def test_a_control_that_raises_is_a_failure_and_the_others_run() -> None:
    def broken(posture: Posture) -> Iterator[Finding]:
        yield holds("something")
        raise KeyError("gone")

    def sound(posture: Posture) -> Iterator[Finding]:
        yield holds("another")

    findings = run(Posture(), None, [made(broken), made(sound)])
    assert [(each.verdict, each.subject) for each in findings] == [("fail", "TST-01"), ("pass", "another")]
    assert "KeyError" in findings[0].message


def test_a_control_without_a_subject_fails() -> None:
    def silent(posture: Posture) -> Iterator[Finding]:
        return iter(())

    (finding,) = run(Posture(), None, [made(silent)])
    assert finding.verdict == "fail"


def test_without_settings_a_control_that_compares_with_them_is_unknown() -> None:
    def compares(posture: Posture, settings: Enclave) -> Iterator[Finding]:
        yield holds("never reached")

    (finding,) = run(Posture(), None, [made(compares)])
    assert finding.verdict == "unknown"
    assert "no settings" in finding.message


def test_what_is_undecided_counts_where_it_was_looked_at() -> None:
    def of_buckets(posture: Posture) -> Iterator[Finding]:
        yield holds(f"{len(posture.buckets)} buckets")

    buckets = Undecided("buckets", Ref("stack/Policy"), "its bucket is not known")
    vpcs = Undecided("vpcs", Ref("stack/Vpc"), "whether it is there")
    anything = Undecided(EVERYTHING, Ref("stack/Nested"), "its template is not read")
    findings = run(Posture(undecided=(buckets, vpcs, anything)), None, [made(of_buckets)])
    assert [each.subject for each in findings if each.verdict == "unknown"] == ["stack/Nested", "stack/Policy"]
