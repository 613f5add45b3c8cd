"""SageMaker instance types, compared with cfn-lint's and botocore's enumerations."""

from __future__ import annotations

import json
from importlib.metadata import distribution

import botocore.session
import pytest

from infra import catalog

FILE = "cfnlint/data/schemas/extensions/aws_sagemaker_hosting/instancetype_enum.json"
ENUMERATION = json.loads(distribution("cfn-lint").locate_file(FILE).read_text())


def test_west_offers_what_cfn_lint_read_there() -> None:
    assert list(catalog.hosting_instance_types("us-gov-west-1")) == sorted(ENUMERATION["us-gov-west-1"]["enum"])


def test_a_region_without_hosting_offers_no_instance_type() -> None:
    assert catalog.region("us-gov-east-1").lacking("sagemaker-hosting")
    assert catalog.hosting_instance_types("us-gov-east-1") == ()


@pytest.mark.parametrize(
    ("kind", "local"), [("ml.g6.12xlarge", True), ("ml.g4dn.xlarge", True), ("ml.m5.large", False)]
)
def test_local_storage_is_a_familys(kind: str, local: bool) -> None:
    assert catalog.local_storage().has(kind) is local


def test_families_with_local_storage_exist() -> None:
    loader = botocore.session.get_session().get_component("data_loader")
    every = loader.load_service_model("sagemaker", "service-2")["shapes"]["ProductionVariantInstanceType"]["enum"]
    assert catalog.local_storage().families - {kind.split(".")[1] for kind in every} == frozenset()
