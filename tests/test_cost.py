"""What stacks cost at rest, against sums made by hand; the unknown is in no sum, and an unjudged type is an error."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.catalog.prices import charges, items
from infra.catalog.source import data
from infra.cost import QUANTITIES, Cost, Unjudged, cost
from infra.judges.template import Template
from infra.report.cost import as_json, text
from scripts.main import app

ROOT = Path(__file__).resolve().parents[1]
TYPE = re.compile(r'"(AWS::\w+::\w+)"')
EVENTS = {"AgentAlias", "FlowAlias", "InlineAgent", "KnowledgeBase", "Model"}
DATA_EVENTS = {*(f"AWS::Bedrock::{name}" for name in EVENTS), "AWS::S3::Object"}
"""What a trail's data events are about, in the words of resource types."""


def template(resources: dict[str, Any], region: str = "us-east-1") -> Template:
    body = {"Resources": {name: {"Type": kind, "Properties": rest} for name, (kind, rest) in resources.items()}}
    return Template("alpha-network", "444455556666", region, Path("alpha.json"), body, {})


def endpoint(*subnets: str) -> tuple[str, dict[str, Any]]:
    return "AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Interface", "SubnetIds": list(subnets)}


HOSTED = {
    "Config": (
        "AWS::SageMaker::EndpointConfig",
        {"ProductionVariants": [{"InstanceType": "ml.g6.12xlarge", "InitialInstanceCount": 2}]},
    ),
    "Endpoint": ("AWS::SageMaker::Endpoint", {"EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]}}),
}


def test_a_sum_made_by_hand() -> None:
    metrics = [{"Id": "a", "MetricStat": {"Period": 60}}, {"Id": "b", "MetricStat": {"Period": 300}}, {"Id": "c"}]
    told = cost(
        [
            template(
                {
                    "Sts": endpoint("a", "b", "c"),
                    "Logs": endpoint("a", "b", "c"),
                    "S3": ("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Gateway", "RouteTableIds": ["a"]}),
                    "Key": ("AWS::KMS::Key", {}),
                    "One": ("AWS::CloudWatch::Alarm", {"Period": 300}),
                    "Math": ("AWS::CloudWatch::Alarm", {"Metrics": metrics}),
                    "Names": ("AWS::Route53Resolver::FirewallDomainList", {"Domains": ["a.", "b.", "c.", "d."]}),
                    "Vpc": ("AWS::EC2::VPC", {}),
                }
            )
        ]
    )
    # 6 zones x 0.01 x 730 h = 43.80; one key 1.00; 3 metrics x 0.10 = 0.30; 4 domains x 0.0005 = 0.002
    assert told.usd == Decimal("45.102")
    assert told.unpriced == ()


def test_what_has_no_price_is_unknown_and_not_nothing() -> None:
    told = cost([template(HOSTED), template({"Key": ("AWS::KMS::Key", {})}, "us-gov-west-1")])
    assert told.usd == Decimal("1.00")
    assert told.unpriced == (("ml.g6.12xlarge", "us-east-1"),)
    assert "2 x ml.g6.12xlarge, no price for it in us-east-1" in text(told)
    assert "all stacks: 1.00 and 1 without a price" in text(told)
    (line,) = json.loads(as_json(told))["stacks"][0]["lines"]
    assert (line["quantity"], line["usd_per_month"]) == (2, None)


def test_a_high_resolution_alarm_is_an_item_of_its_own() -> None:
    told = cost([template({"Fast": ("AWS::CloudWatch::Alarm", {"Period": 10})})])
    assert told.unpriced == (("metric under a high-resolution alarm", "us-east-1"),)


def test_a_type_that_nobody_judged_is_an_error() -> None:
    with pytest.raises(Unjudged, match=r"alpha-network: AWS::EC2::NatGateway \(Nat\): nobody has said"):
        cost([template({"Nat": ("AWS::EC2::NatGateway", {})})])


@pytest.mark.parametrize(
    "resource",
    [
        ("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Interface", "SubnetIds": {"Ref": "Subnets"}}),
        ("AWS::SageMaker::Endpoint", {"EndpointConfigName": "of another stack"}),
        ("AWS::CloudWatch::Alarm", {"Period": {"Ref": "Seconds"}}),
    ],
)
def test_a_quantity_that_is_not_told_is_an_error(resource: tuple[str, dict[str, Any]]) -> None:
    with pytest.raises(Unjudged, match="does not tell how many"):
        cost([template({"It": resource})])


def test_every_type_that_a_construct_makes_is_judged() -> None:
    made = {
        kind
        for folder in ("infra/constructs", "stacks")
        for path in (ROOT / folder).rglob("*.py")
        for kind in TYPE.findall(path.read_text())
    }
    assert len(made) > 30, sorted(made)
    assert made - DATA_EVENTS <= charges().keys()


def test_every_type_charged_at_rest_is_counted_and_no_other() -> None:
    assert {name for name, charge in charges().items() if charge.rest} == QUANTITIES.keys()


def test_a_price_that_was_not_read_at_aws_says_so_wherever_it_is_printed() -> None:
    told = cost([template({"Sts": endpoint("a"), "Key": ("AWS::KMS::Key", {})})])
    lines = text(told).splitlines()
    assert {line.endswith(", not read at AWS") for line in lines if "interface endpoint" in line} == {True}
    assert {line.endswith(", not read at AWS") for line in lines if "KMS key" in line} == {False}
    sources = {line.endswith(", not read at AWS") for line in lines if line.startswith("price from")}
    assert sources == {True, False}
    written = {line["what"]: line["first_hand"] for line in json.loads(as_json(told))["stacks"][0]["lines"]}
    assert written == {"interface endpoint in a zone": False, "KMS key": True}
    for item in items().values():
        for price in item.prices.values():
            own_page = price.source.text.startswith("https://aws.amazon.com/") and ", as " not in price.source.text
            assert price.first_hand == own_page, (item.name, price)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "holds NoneType"),
        ("a: [", "ParserError"),
        ("items: {}\ntypes: {'AWS::KMS::Key': {}}\n", "hours_per_month"),
        ("hours_per_month: 730\nitems: []\ntypes: {'AWS::KMS::Key': {}}\n", "items holds list"),
        ("hours_per_month: 730\nitems: {a: {what: a}}\ntypes: {'AWS::KMS::Key': {}}\n", "items: a: KeyError"),
        ("hours_per_month: 730\nitems: {}\ntypes: {'AWS::KMS::Key': free}\n", "types: AWS::KMS::Key: "),
    ],
)
def test_a_list_of_prices_that_cannot_be_read_is_wrong_input(
    written: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prices.yaml").write_text(written)
    environment = {"artifacts": {"a": stack_artifact()}}
    (tmp_path / "manifest.json").write_text(json.dumps(environment))
    (tmp_path / "a.json").write_text(json.dumps({"Resources": {"Key": {"Type": "AWS::KMS::Key"}}}))
    caches = (data, charges, items)
    monkeypatch.setattr("infra.catalog.source.DATA", tmp_path)
    for each in caches:
        each.cache_clear()
    try:
        ran = CliRunner().invoke(app, ["cost", str(tmp_path)])
    finally:
        for each in caches:
            each.cache_clear()
    assert (ran.exit_code, said in ran.stderr) == (2, True), (ran.stderr, ran.exception)
    assert "infra/catalog/data/prices.yaml" in ran.stderr


@pytest.mark.parametrize("body", [{}, {"Resources": {"A": {"Properties": {}}}}, {"Resources": []}, []])
def test_what_is_no_template_is_wrong_input(body: Any, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"artifacts": {"a": stack_artifact()}}))
    (tmp_path / "a.json").write_text(json.dumps(body))
    ran = CliRunner().invoke(app, ["cost", str(tmp_path)])
    assert (ran.exit_code, "is no cloud assembly" in ran.stderr) == (2, True), (ran.stderr, ran.exception)


def stack_artifact() -> dict[str, Any]:
    return {
        "type": "aws:cloudformation:stack",
        "environment": "aws://444455556666/us-east-1",
        "properties": {"stackName": "alpha-network", "templateFile": "a.json"},
    }


def test_prices_are_in_regions_that_there_are() -> None:
    known = {"us-gov-west-1", "us-gov-east-1", "us-east-1"}
    assert {region for item in items().values() for region in item.prices} <= known


def test_the_default_enclave(assembly: Path) -> None:
    ran = CliRunner().invoke(app, ["cost", str(assembly), "--enclave", "sandbox", "--format", "json"])
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert len(told["stacks"]) == 6
    quantities = {line["what"]: line["quantity"] for stack in told["stacks"] for line in stack["lines"]}
    assert quantities["interface endpoint in a zone"] == 14  # seven in two zones
    assert {"what": "ml.g6.12xlarge", "region": "us-gov-west-1"} in told["no_price"]
    assert told["not_included"]


def test_another_enclave_is_wrong_input(assembly: Path) -> None:
    ran = CliRunner().invoke(app, ["cost", str(assembly), "--enclave", "research"])
    assert ran.exit_code == 2
    assert "holds no stack of enclave research" in ran.stderr


def test_nothing_costs_nothing() -> None:
    assert cost([]) == Cost((), ())
