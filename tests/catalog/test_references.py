"""Authorities and NIST ids: everything that the project cites is there."""

from __future__ import annotations

import re

import pytest

from infra import catalog
from infra.controls.framework import controls

AUTHORITIES = {
    "fourth-amendment",
    "posse-comitatus-act",
    "national-security-act",
    "fisa",
    "eo-12333",
    "dodm-5240-01",
    "dodd-3000-09",
    "dod-ai-ethical-principles",
}


def test_the_agreements_authorities_are_there() -> None:
    assert set(catalog.authorities()) >= AUTHORITIES
    assert str(catalog.authorities()["dodd-3000-09"].dated) == "2023-01-25"


@pytest.mark.parametrize("control", controls(), ids=lambda control: control.id)
def test_a_control_serves_a_clause_or_a_nist_control_that_the_catalogue_has(control: object) -> None:
    nist = [served for served in control.serves if re.match(r"[A-Z]{2}-", served)]  # type: ignore[attr-defined]
    assert [served for served in nist if served not in catalog.nist_controls()] == []


def test_an_unknown_control_is_no_control() -> None:
    with pytest.raises(KeyError):
        catalog.nist("AC-99")
