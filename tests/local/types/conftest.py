"""The services in process, extended, as the providers of the embedded AWS see them."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from infra.local import services
from infra.local.resource_type import Context

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCOUNT, REGION, PARTITION = "111122223333", "us-gov-west-1", "aws-us-gov"


@pytest.fixture(scope="session", autouse=True)
def _extended() -> None:
    for module in pkgutil.iter_modules(services.__path__):
        importlib.import_module(f"{services.__name__}.{module.name}").extend()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Context]:
    """An empty account in GovCloud, and the context of one resource in it."""
    monkeypatch.setenv("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
    with mock_aws():
        yield Context(
            account=ACCOUNT,
            region=REGION,
            partition=PARTITION,
            stack_name="unit",
            stack_id=f"arn:{PARTITION}:cloudformation:{REGION}:{ACCOUNT}:stack/unit/1",
            logical_id="Thing",
            suffix="ABCDEF123456",
        )
