"""Hosting without a way to S3 is refused before anything is built."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from infra import settings

if TYPE_CHECKING:
    from collections.abc import Callable

SANDBOX = Path("enclaves/sandbox.yaml")


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str], Path]:
    """The default enclave with one piece of text replaced, beside its guardrail profile."""

    def write(old: str, new: str) -> Path:
        text = SANDBOX.read_text()
        assert old in text
        (tmp_path / "profiles").mkdir()
        (tmp_path / "profiles" / "baseline.yaml").write_text(Path("enclaves/profiles/baseline.yaml").read_text())
        path = tmp_path / "sandbox.yaml"
        path.write_text(text.replace(old, new))
        return path

    return write


def test_hosting_needs_the_prefix_list_of_s3(written: Callable[[str, str], Path]) -> None:
    path = written("prefix_lists: {s3: pl-45203c81, dynamodb: pl-ecde0944}", "prefix_lists: {dynamodb: pl-ecde0944}")
    with pytest.raises(settings.SettingsError, match=r"network\.prefix_lists has no s3"):
        settings.load(path)


@pytest.mark.parametrize("wrong", ["s3: vpce-45203c81", "s3: pl-45203c8", "sqs: pl-45203c81"])
def test_a_prefix_list_is_named_by_its_id_and_only_gateways_have_one(
    written: Callable[[str, str], Path], wrong: str
) -> None:
    with pytest.raises(settings.SettingsError):
        settings.load(written("s3: pl-45203c81", wrong))
