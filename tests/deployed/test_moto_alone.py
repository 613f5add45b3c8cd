"""The same templates on moto as it is: what the embedded AWS adds to it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.settings import find, load

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.full
def test_moto_not_extended_reads_fewer_back_equal(assembly: Path, record_property: Any) -> None:
    settings = load(find("sandbox", ROOT))
    told = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "tests.deployed.moto_alone",
            assembly,
            settings.accounts.enclave,
            settings.region,
        ],
        cwd=ROOT,
        env={
            **os.environ,
            "MOTO_ACCOUNT_ID": settings.accounts.enclave,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        },
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout.strip()
    counted = re.search(r"(\d+) of (\d+) ", told)
    assert counted, told
    assert 0 < int(counted[1]) < int(counted[2]), told
    assert f"as it is | {counted[0].strip()} |" in (ROOT / "docs/embedded-aws.md").read_text()
    record_property("summary", told)
