"""Attachments: who put what where, and how that is forgotten."""

from __future__ import annotations

from moto import mock_aws
from moto.core.base_backend import BackendDict

from infra.local.attachments import Attachment, held, is_anothers, record
from infra.local.resource_type import Context

HERE = Context("111122223333", "us-gov-west-1", "aws-us-gov", "unit", "arn", "Thing")
ONE, TWO = Attachment("Role", "worker", "grants"), Attachment("Role", "worker", "other")


@mock_aws
def test_the_latest_record_of_an_owner_stands() -> None:
    record(HERE, "policy", [ONE, TWO])
    record(HERE, "policy", [TWO])
    assert held(HERE, "policy") == [TWO]
    assert not is_anothers(HERE, "worker", ONE)


@mock_aws
def test_an_attachment_is_its_makers_own_and_others_to_everyone_else() -> None:
    record(HERE, "policy", [ONE])
    assert is_anothers(HERE, "worker", ONE)
    assert not is_anothers(HERE, "policy", ONE)
    assert not is_anothers(HERE, "worker", TWO)


def test_a_reset_forgets_them() -> None:
    with mock_aws():
        record(HERE, "policy", [ONE])
        BackendDict.reset()
        assert held(HERE, "policy") == []
