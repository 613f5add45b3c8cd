"""Endpoint services, compared with the CDK's list of names and with botocore's hosts."""

from __future__ import annotations

from functools import cache
from typing import Any

import botocore.session
import pytest
from botocore.endpoint_provider import EndpointProvider

from infra import catalog

CLIENTS = {
    "sagemaker.api": "sagemaker",
    "sagemaker.runtime": "sagemaker-runtime",
    "monitoring": "cloudwatch",
    "states": "stepfunctions",
    "ecr.api": "ecr",
    "ecr.dkr": "ecr",
}
"""botocore's name where it is not the endpoint's."""

NOT_IN_BOTOCORE = {"execute-api"}  # a data plane without a client: its hosts belong to the account's own APIs
GATEWAYS = {"s3", "dynamodb"}
SERVICES = [
    (region, service)
    for region in ("us-gov-west-1", "us-gov-east-1")
    for service in catalog.endpoint_services(region).values()
]


@cache
def cdk_names() -> set[str]:
    """Short names of every interface endpoint service the CDK knows."""
    from aws_cdk import aws_ec2 as ec2

    kind = ec2.InterfaceVpcEndpointAwsService
    members = [name for name in dir(kind) if name.isupper() or name.endswith("_")]
    found = [getattr(kind, name) for name in members if not name.startswith("_")]
    return {service.short_name for service in found if isinstance(service, kind)}


@cache
def host(client: str, region: str, *, fips: bool) -> str:
    """The host botocore would call."""
    loader = botocore.session.get_session().get_component("data_loader")
    rules = loader.load_service_model(client, "endpoint-rule-set-1")
    arguments: dict[str, Any] = {"Region": region, "UseFIPS": fips, "UseDualStack": False}
    return str(EndpointProvider(rules, loader.load_data("partitions")).resolve_endpoint(**arguments).url)


@pytest.mark.parametrize(("region", "service"), SERVICES, ids=lambda value: getattr(value, "service", value))
def test_a_service_is_one_the_cdk_names(region: str, service: catalog.EndpointService) -> None:
    if service.kind == "interface":
        assert service.service in cdk_names()
        assert service.name == f"com.amazonaws.{region}.{service.service}"
    else:
        assert service.service in GATEWAYS


@pytest.mark.parametrize(("region", "service"), SERVICES, ids=lambda value: getattr(value, "service", value))
def test_fips_is_taken_where_a_name_and_a_host_of_its_own_exist(region: str, service: catalog.EndpointService) -> None:
    if service.service in NOT_IN_BOTOCORE:
        return
    client = CLIENTS.get(service.service, service.service)
    same = host(client, region, fips=True) == host(client, region, fips=False)
    named = f"{service.service}-fips" in cdk_names() and service.kind == "interface"
    assert (service.fips_name is not None) == (named and not same)
    assert service.is_fips == (same or named)


def test_a_region_the_catalogue_does_not_know_offers_nothing() -> None:
    assert catalog.endpoint_services("eu-west-1") == {}
