"""The prefix lists that the default enclave names are there, and the same in every run."""

from __future__ import annotations

from pathlib import Path

import boto3
from moto import mock_aws

from infra.local.services import ec2_prefix_lists
from infra.settings import load

ROOT = Path(__file__).resolve().parents[3]


def test_the_default_enclave_names_the_lists_of_its_region() -> None:
    ec2_prefix_lists.extend()
    enclave = load(ROOT / "enclaves" / "sandbox.yaml")
    with mock_aws():
        ec2 = boto3.client(
            "ec2", region_name=enclave.region, aws_access_key_id="testing", aws_secret_access_key="testing"
        )
        listed = {one["PrefixListName"]: one for one in ec2.describe_managed_prefix_lists()["PrefixLists"]}
    for service, expected in enclave.network.prefix_lists.items():
        assert listed[f"com.amazonaws.{enclave.region}.{service}"]["PrefixListId"] == expected
        assert listed[f"com.amazonaws.{enclave.region}.{service}"]["OwnerId"] == "AWS"
