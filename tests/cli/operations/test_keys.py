"""Keys rotate, by themselves and on demand; one is not replaced under the stacks that use it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import boto3
import pytest

from tests.cli.conftest import Cli, stacks
from tests.cli.operations.page import commands, edit

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.full

PURPOSES = {"Key", "KeysLogs", "KeysTopic", "KeysData", "KeysArtifacts"}


def test_every_key_rotates_each_year_and_one_at_once(standing: Callable[..., str]) -> None:
    kms = boto3.client("kms")
    archive, foundation, key, status, rotate, listing, verify = commands("Rotate keys")
    keys = dict(line.split("\t") for line in (standing(archive) + standing(foundation)).splitlines())
    assert {name.rstrip("0123456789ABCDEF") for name in keys} == PURPOSES
    for each in keys.values():
        rotation = kms.get_key_rotation_status(KeyId=each)
        assert (rotation["KeyRotationEnabled"], rotation["RotationPeriodInDays"]) == (True, 365)

    chosen = standing(key)
    assert chosen in keys.values()
    sealed = kms.encrypt(KeyId=chosen, Plaintext=b"a record of before")["CiphertextBlob"]
    before = json.loads(standing(status))
    assert before["KeyRotationEnabled"] is True
    standing(rotate)
    (rotated,) = json.loads(standing(listing))["Rotations"]
    assert (rotated["RotationType"], rotated["KeyMaterialState"]) == ("ON_DEMAND", "CURRENT")
    assert json.loads(standing(status)) == before
    assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"a record of before"
    standing(verify)


def test_a_key_in_use_is_not_replaced(cli: Cli, standing: Callable[..., str]) -> None:
    path = cli.folder / "infra/constructs/enclave_keys.py"
    before = path.read_text()
    edit(path, ('            "Data",\n', '            "DataAnew",\n'))
    said = standing("cdk deploy sandbox/Foundation -c enclave=sandbox --require-approval never", 1)
    path.write_text(before)
    assert "in use by sandbox-" in said
    assert stacks()["sandbox-foundation"]["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    standing("cdk deploy --all -c enclave=sandbox --require-approval never")
    standing(commands("Rotate keys")[-1])
