"""Partitions, regions, zones and what a region lacks, compared with botocore, moto and cfn-lint."""

from __future__ import annotations

import json
from importlib.metadata import distribution
from pathlib import Path

import botocore
import pytest
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

from infra import catalog

PARTITIONS = json.loads((Path(botocore.__file__).parent / "data" / "endpoints.json").read_text())["partitions"]
PLACEABLE = [region for region in catalog.regions().values() if region.zones]


def schemas(region: str) -> set[str]:
    """The resource types CloudFormation has in a region, as cfn-lint read them there."""
    path = distribution("cfn-lint").locate_file(f"cfnlint/data/schemas/providers/{region}.json")
    return set(json.loads(path.read_text()))


def test_partitions_and_regions_are_botocores() -> None:
    assert {name: (p.dns_suffix, set(p.regions)) for name, p in catalog.partitions().items()} == {
        p["partition"]: (p["dnsSuffix"], set(p["regions"])) for p in PARTITIONS
    }


@pytest.mark.parametrize("region", PLACEABLE, ids=lambda region: region.name)
def test_zones_are_the_regions(region: catalog.Region) -> None:
    assert set(region.zones) == {zone.name for zone in RegionsAndZonesBackend.zones[region.name]}


@pytest.mark.parametrize("region", PLACEABLE, ids=lambda region: region.name)
def test_what_a_region_lacks_it_lacks_indeed(region: catalog.Region) -> None:
    assert {kind for lack in region.lacks for kind in lack.types} & schemas(region.name) == set()


def test_govcloud_east_has_no_hosting_and_west_has() -> None:
    lack = catalog.region("us-gov-east-1").lacking("sagemaker-hosting")
    assert lack is not None
    assert set(lack.types) <= schemas("us-gov-west-1")
    assert catalog.region("us-gov-west-1").lacking("sagemaker-hosting") is None


def test_an_unknown_region_is_no_region() -> None:
    with pytest.raises(KeyError):
        catalog.region("us-gov-north-1")
