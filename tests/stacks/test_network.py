"""Nothing leaves the boundary, and only declared consumers come in, for what they may do and nothing else."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Any

import pytest

from infra.constructs.boundary import subnet_blocks
from infra.policy.decision import Request, decide
from infra.policy.document import parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_cdk.assertions import Template

    from infra.settings import Enclave
    from tests.stacks.conftest import Core

WORKLOAD = "arn:aws-us-gov:iam::111122223333:role/sandbox-workload"
OPERATOR = "arn:aws-us-gov:iam::111122223333:role/sandbox-operator"
AUDITOR = "arn:aws-us-gov:iam::111122223333:role/sandbox-auditor"
ADMINISTRATOR = "arn:aws-us-gov:iam::111122223333:role/administrator"
MODEL = "arn:aws-us-gov:bedrock:us-gov-west-1::foundation-model/"
PROFILE = "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:inference-profile/us-gov.openai.gpt-5.6-terra"
GUARDRAIL = "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:guardrail/abc123"


def properties(template: Template, kind: str) -> list[dict[str, Any]]:
    return [resource.get("Properties", {}) for resource in template.find_resources(kind).values()]


# --- no way out


@pytest.mark.parametrize(
    "kind",
    [
        "AWS::EC2::EgressOnlyInternetGateway",
        "AWS::EC2::EIP",
        "AWS::EC2::InternetGateway",
        "AWS::EC2::NatGateway",
        "AWS::EC2::Route",
        "AWS::EC2::TransitGatewayAttachment",
        "AWS::EC2::VPCCidrBlock",
        "AWS::EC2::VPCGatewayAttachment",
        "AWS::EC2::VPCPeeringConnection",
        "AWS::EC2::VPNGateway",
        "AWS::VpcLattice::ServiceNetworkVpcAssociation",
    ],
)
def test_there_is_no_way_out(core: Core, kind: str) -> None:
    core.network.resource_count_is(kind, 0)


def test_each_zone_has_a_subnet_with_a_route_table_of_its_own_and_no_public_address(core: Core) -> None:
    subnets = core.network.find_resources("AWS::EC2::Subnet")
    assert {s["Properties"]["AvailabilityZone"] for s in subnets.values()} == set(core.settings.network.zones)
    assert all(s["Properties"]["MapPublicIpOnLaunch"] is False for s in subnets.values())
    associated = {
        a["SubnetId"]["Ref"]: a["RouteTableId"]["Ref"]
        for a in properties(core.network, "AWS::EC2::SubnetRouteTableAssociation")
    }
    assert set(associated) == set(subnets)
    assert len(set(associated.values())) == len(subnets)


def test_adding_a_zone_moves_no_subnet() -> None:
    two, three = (subnet_blocks(IPv4Network("10.64.0.0/22"), zones) for zones in (2, 3))
    assert two[:2] == three[:2]


@pytest.mark.parametrize(("cidr", "zones"), [("10.0.0.0/16", 4), ("10.0.0.0/24", 4), ("10.0.0.0/25", 2)])
def test_subnets_do_not_overlap_and_hold_64_addresses(cidr: str, zones: int) -> None:
    blocks = subnet_blocks(IPv4Network(cidr), zones)[:zones]
    assert len(set(blocks)) == zones
    assert all(block.num_addresses >= 64 and block.subnet_of(IPv4Network(cidr)) for block in blocks)


def test_public_access_is_blocked_both_ways_by_the_owner_of_the_baseline_alone(
    core: Core, synth: Callable[[Enclave], Core]
) -> None:
    (options,) = properties(core.network, "AWS::EC2::VPCBlockPublicAccessOptions")
    assert options == {"InternetGatewayBlockMode": "block-bidirectional"}
    guest = synth(core.settings.model_copy(update={"account_baseline": False}))
    guest.network.resource_count_is("AWS::EC2::VPCBlockPublicAccessOptions", 0)


def test_encryption_is_enforced_and_nothing_excluded(core: Core) -> None:
    (control,) = properties(core.network, "AWS::EC2::VPCEncryptionControl")
    assert control["Mode"] == "enforce"
    assert {value for key, value in control.items() if key.endswith("ExclusionInput")} == {"disable"}


# --- security groups and ACLs


def test_no_rule_of_a_group_lets_in_or_out_by_address(core: Core) -> None:
    for group in properties(core.network, "AWS::EC2::SecurityGroup"):
        assert "SecurityGroupIngress" not in group
        # EC2 gives a group without egress rules one that allows everything, so each has one that matches nothing.
        assert [rule["CidrIp"] for rule in group["SecurityGroupEgress"]] == ["255.255.255.255/32"]
    rules = [
        *properties(core.network, "AWS::EC2::SecurityGroupIngress"),
        *properties(core.network, "AWS::EC2::SecurityGroupEgress"),
    ]
    assert rules
    for rule in rules:
        assert not {"CidrIp", "CidrIpv6"} & set(rule)
        assert (rule["IpProtocol"], rule["FromPort"], rule["ToPort"]) == ("tcp", 443, 443)


def test_each_consumer_reaches_the_endpoints_by_a_pair_of_rules(core: Core, synth: Callable[[Enclave], Core]) -> None:
    (workload,) = core.settings.consumers
    analysts = workload.model_copy(update={"name": "analyst-desk"})
    both = synth(core.settings.model_copy(update={"consumers": (workload, analysts)}))
    groups = set(both.network.find_resources("AWS::EC2::SecurityGroup"))
    (endpoints,) = {rule["GroupId"]["Ref"] for rule in properties(both.network, "AWS::EC2::SecurityGroupIngress")}
    admitted = {
        rule["SourceSecurityGroupId"]["Ref"] for rule in properties(both.network, "AWS::EC2::SecurityGroupIngress")
    }
    sent = {
        rule["GroupId"]["Ref"]
        for rule in properties(both.network, "AWS::EC2::SecurityGroupEgress")
        if "DestinationSecurityGroupId" in rule
    }
    assert admitted == sent == groups - {endpoints}
    assert len(admitted) == 2


def test_the_acl_lets_https_and_its_answers_through_and_nothing_in_from_outside_on_443(core: Core) -> None:
    entries = properties(core.network, "AWS::EC2::NetworkAclEntry")
    (inside,) = {vpc["CidrBlock"] for vpc in properties(core.network, "AWS::EC2::VPC")}
    for entry in entries:
        assert entry["Protocol"] == 6
        assert (entry["PortRange"]["From"], entry["PortRange"]["To"]) in {(443, 443), (1024, 65535)}
        if not entry["Egress"] and entry["PortRange"]["From"] == 443:
            assert entry["CidrBlock"] == inside
    on = {a["SubnetId"]["Ref"] for a in properties(core.network, "AWS::EC2::SubnetNetworkAclAssociation")}
    assert on == set(core.network.find_resources("AWS::EC2::Subnet"))
    numbers = [(entry["Egress"], entry["RuleNumber"]) for entry in entries]
    assert len(numbers) == len(set(numbers))


def test_without_prefix_lists_nothing_goes_beyond_the_vpc(core: Core, synth: Callable[[Enclave], Core]) -> None:
    network = core.settings.network.model_copy(update={"prefix_lists": {}})
    closed = synth(core.settings.model_copy(update={"network": network}))
    assert "0.0.0.0/0" not in json.dumps(properties(closed.network, "AWS::EC2::NetworkAclEntry"))
    for rule in properties(closed.network, "AWS::EC2::SecurityGroupEgress"):
        assert "DestinationPrefixListId" not in rule


# --- endpoints


def endpoints(core: Core) -> dict[str, dict[str, Any]]:
    """The endpoints by the last part of their service's name."""
    found = properties(core.network, "AWS::EC2::VPCEndpoint")
    return {e["ServiceName"].removeprefix("com.amazonaws.us-gov-west-1."): e for e in found}


def test_the_enclave_offers_these_services_and_no_other(core: Core) -> None:
    assert set(endpoints(core)) == {
        "bedrock-fips",
        "bedrock-runtime-fips",
        "dynamodb",
        "logs",
        "monitoring",
        "s3",
        "sagemaker.runtime",
        "states",
        "sts",
    }


def test_without_hosting_there_is_no_way_to_sagemaker(core: Core, synth: Callable[[Enclave], Core]) -> None:
    without = synth(core.settings.model_copy(update={"hosting": None}))
    assert not [name for name in endpoints(without) if name.startswith("sagemaker")]


def test_a_service_the_region_lacks_is_an_error_and_not_dropped(
    core: Core, synth: Callable[[Enclave], Core], monkeypatch: pytest.MonkeyPatch
) -> None:
    from infra import catalog

    offered = dict(catalog.endpoint_services(core.settings.region))
    del offered["states"]
    monkeypatch.setattr(catalog, "endpoint_services", lambda region: offered)
    with pytest.raises(Exception, match="endpoint service 'states' is not offered in us-gov-west-1"):
        synth(core.settings)


def test_interface_endpoints_answer_under_the_services_own_name_in_every_zone(core: Core) -> None:
    subnets = [{"Ref": name} for name in core.network.find_resources("AWS::EC2::Subnet")]
    for endpoint in endpoints(core).values():
        if endpoint["VpcEndpointType"] == "Interface":
            assert endpoint["PrivateDnsEnabled"] is True
            assert endpoint["SubnetIds"] == subnets
            assert len(endpoint["SecurityGroupIds"]) == 1


def test_gateway_endpoints_are_in_every_route_table(core: Core) -> None:
    tables = [{"Ref": name} for name in core.network.find_resources("AWS::EC2::RouteTable")]
    gateways = [e for e in endpoints(core).values() if e["VpcEndpointType"] == "Gateway"]
    assert len(gateways) == 2
    assert all(gateway["RouteTableIds"] == tables for gateway in gateways)


def test_every_endpoint_names_who_and_what(core: Core) -> None:
    for service, endpoint in endpoints(core).items():
        for entry in endpoint["PolicyDocument"]["Statement"]:
            actions = entry["Action"] if isinstance(entry["Action"], list) else [entry["Action"]]
            assert not [action for action in actions if "*" in action], service
            if entry["Effect"] == "Allow" and entry["Sid"] != "SignIn":
                assert list(entry["Condition"]["ArnLike"]) == ["aws:PrincipalArn"], (service, entry)


def test_an_administrator_of_the_account_gets_through_no_endpoint(core: Core) -> None:
    for service, endpoint in endpoints(core).items():
        for entry in endpoint["PolicyDocument"]["Statement"]:
            roles = entry.get("Condition", {}).get("ArnLike", {}).get("aws:PrincipalArn", [])
            assert not [role for role in roles if fnmatchcase(ADMINISTRATOR, role)], (service, entry)


def test_policies_fit_an_endpoint(core: Core) -> None:
    for endpoint in endpoints(core).values():
        assert len(json.dumps(endpoint["PolicyDocument"])) < 20_480


def ask(core: Core, service: str, action: str, resource: str, **context: str) -> object:
    """What the endpoint's policy says; `caller`, `guardrail` and `profile` are context keys by a shorter name."""
    keys = {
        "caller": "aws:PrincipalArn",
        "guardrail": "bedrock:GuardrailIdentifier",
        "profile": "bedrock:InferenceProfileArn",
    }
    document = parse(endpoints(core)[service]["PolicyDocument"])
    return decide([document], Request(action, resource, context={keys[k]: (v,) for k, v in context.items()}))


@pytest.mark.parametrize(
    ("resource", "context", "decision"),
    [
        (f"{MODEL}openai.gpt-oss-20b-1:0", {"guardrail": f"{GUARDRAIL}:3"}, "allowed"),
        (f"{MODEL}openai.gpt-oss-20b-1:0", {}, "denied"),
        (f"{MODEL}openai.gpt-oss-20b-1:0", {"guardrail": GUARDRAIL}, "denied"),
        (f"{MODEL}openai.gpt-oss-20b-1:0", {"guardrail": f"{GUARDRAIL.replace('1111', '9999')}:3"}, "denied"),
        (f"{MODEL}meta.llama3-70b-instruct-v1:0", {"guardrail": f"{GUARDRAIL}:3"}, "not allowed"),
        (PROFILE, {"guardrail": f"{GUARDRAIL}:3"}, "allowed"),
        (PROFILE.replace("terra", "luna"), {"guardrail": f"{GUARDRAIL}:3"}, "not allowed"),
        (f"{MODEL}openai.gpt-5.6-terra", {"guardrail": f"{GUARDRAIL}:3"}, "not allowed"),
        (f"{MODEL}openai.gpt-5.6-terra", {"guardrail": f"{GUARDRAIL}:3", "profile": PROFILE}, "allowed"),
        (
            f"{MODEL.replace('west', 'east')}openai.gpt-5.6-terra",
            {"guardrail": f"{GUARDRAIL}:3", "profile": PROFILE},
            "allowed",
        ),
        (
            f"{MODEL.replace('west', 'east')}openai.gpt-oss-20b-1:0",
            {"guardrail": f"{GUARDRAIL}:3", "profile": PROFILE},
            "not allowed",
        ),
        (
            "arn:aws-us-gov:bedrock:us-gov-west-1:111122223333:imported-model/x",
            {"guardrail": f"{GUARDRAIL}:3"},
            "not allowed",
        ),
    ],
)
def test_a_model_is_reached_as_declared_and_with_a_guardrail_version(
    core: Core, resource: str, context: dict[str, str], decision: str
) -> None:
    assert ask(core, "bedrock-runtime-fips", "bedrock:InvokeModel", resource, caller=WORKLOAD, **context) == decision


def test_declared_principals_of_consumers_reach_models_and_others_do_not(
    core: Core, synth: Callable[[Enclave], Core]
) -> None:
    analyst = "arn:aws-us-gov:iam::777788889999:role/analyst"
    (workload,) = core.settings.consumers
    with_analyst = synth(
        core.settings.model_copy(update={"consumers": (workload.model_copy(update={"principals": (analyst,)}),)})
    )
    call = ("bedrock-runtime-fips", "bedrock:InvokeModel", f"{MODEL}openai.gpt-oss-20b-1:0")
    guardrail = f"{GUARDRAIL}:3"
    assert ask(with_analyst, *call, caller=analyst, guardrail=guardrail) == "allowed"
    assert ask(core, *call, caller=analyst, guardrail=guardrail) == "not allowed"
    assert ask(core, *call, caller=OPERATOR, guardrail=guardrail) == "not allowed"


HERE = "us-gov-west-1:111122223333"
KEEPER = f"arn:aws-us-gov:states:{HERE}:stateMachine:sandbox-settings-keeper"
HOSTED = f"arn:aws-us-gov:sagemaker:{HERE}:endpoint/sandbox-hosting"
TABLE = f"arn:aws-us-gov:dynamodb:{HERE}:table/sandbox-authorities"


@pytest.mark.parametrize(
    ("service", "action", "resource", "admitted"),
    [
        ("bedrock-fips", "bedrock:GetGuardrail", GUARDRAIL, {OPERATOR}),
        ("bedrock-fips", "bedrock:DeleteGuardrail", GUARDRAIL, set()),
        ("dynamodb", "dynamodb:GetItem", TABLE, {OPERATOR}),
        ("dynamodb", "dynamodb:GetItem", TABLE.replace("sandbox", "other"), set()),
        ("dynamodb", "dynamodb:PutItem", TABLE, set()),
        ("sagemaker.runtime", "sagemaker:InvokeEndpoint", HOSTED, {WORKLOAD}),
        ("sagemaker.runtime", "sagemaker:InvokeEndpoint", HOSTED.replace("sandbox", "other"), set()),
        ("states", "states:StartExecution", KEEPER, {OPERATOR}),
        ("states", "states:StartExecution", KEEPER.replace("sandbox", "other"), set()),
        ("states", "states:UpdateStateMachine", KEEPER, set()),
        ("sts", "sts:GetCallerIdentity", "*", {AUDITOR, OPERATOR, WORKLOAD}),
        ("sts", "sts:AssumeRole", WORKLOAD, set()),
    ],
)
def test_an_endpoint_lets_through_what_its_callers_do_and_no_more(
    core: Core, service: str, action: str, resource: str, admitted: set[str]
) -> None:
    callers = {WORKLOAD, OPERATOR, AUDITOR, ADMINISTRATOR}
    assert {one for one in callers if ask(core, service, action, resource, caller=one) == "allowed"} == admitted


@pytest.mark.parametrize(
    ("action", "role", "decision"),
    [
        ("sts:AssumeRoleWithSAML", WORKLOAD, "allowed"),
        ("sts:AssumeRoleWithSAML", ADMINISTRATOR, "not allowed"),
        ("sts:AssumeRoleWithWebIdentity", WORKLOAD, "not allowed"),
    ],
)
def test_people_sign_in_to_the_enclaves_roles_alone(core: Core, action: str, role: str, decision: str) -> None:
    assert ask(core, "sts", action, role) == decision


def test_people_sign_in_by_the_kind_of_provider_declared(core: Core, synth: Callable[[Enclave], Core]) -> None:
    provider = "arn:aws-us-gov:iam::111122223333:oidc-provider/login.example.mil"
    oidc = synth(core.settings.model_copy(update={"identity_provider": provider}))
    assert ask(oidc, "sts", "sts:AssumeRoleWithWebIdentity", WORKLOAD) == "allowed"
    assert ask(oidc, "sts", "sts:AssumeRoleWithSAML", WORKLOAD) == "not allowed"


def test_s3_leads_to_the_enclaves_buckets_alone(core: Core) -> None:
    for entry in endpoints(core)["s3"]["PolicyDocument"]["Statement"]:
        named = json.dumps(entry["Resource"])
        assert "Fn::ImportValue" in named
        assert '"*"' not in named
        assert "arn:aws-us-gov:s3:::*" not in named


# --- DNS


def rules(core: Core) -> list[tuple[str, str, list[str]]]:
    """The firewall's rules in their order: action, response, names."""
    lists = {
        name: resource["Properties"]["Domains"]
        for name, resource in core.network.find_resources("AWS::Route53Resolver::FirewallDomainList").items()
    }
    (group,) = properties(core.network, "AWS::Route53Resolver::FirewallRuleGroup")
    ordered = sorted(group["FirewallRules"], key=lambda rule: rule["Priority"])
    return [
        (rule["Action"], rule.get("BlockResponse", ""), lists[rule["FirewallDomainListId"]["Ref"]]) for rule in ordered
    ]


def test_every_name_that_is_not_allowed_does_not_exist(core: Core) -> None:
    (first, _, allowed), (last, response, everything) = rules(core)
    assert (first, last, response, everything) == ("ALLOW", "BLOCK", "NXDOMAIN", ["*"])
    assert "*" not in allowed


@pytest.mark.parametrize(
    ("name", "resolves"),
    [
        ("bedrock-runtime-fips.us-gov-west-1.amazonaws.com", True),
        ("runtime.sagemaker.us-gov-west-1.amazonaws.com", True),
        ("vpce-1-2.bedrock-runtime-fips.us-gov-west-1.vpce.amazonaws.com", True),
        ("sandbox-artifacts.s3.us-gov-west-1.amazonaws.com", True),
        ("bedrock-mantle.us-gov-west-1.api.aws", False),
        ("bedrock-runtime.us-gov-west-1.amazonaws.com", False),  # its endpoint is the FIPS one
        ("bedrock-runtime.us-east-1.amazonaws.com", False),
        ("example.com", False),
        ("x.execute-api.us-gov-west-1.amazonaws.com", False),
        ("s3.amazonaws.com", False),
    ],
)
def test_only_names_of_the_endpoints_resolve(core: Core, name: str, resolves: bool) -> None:
    allowed = rules(core)[0][2]
    assert any(fnmatchcase(name, pattern) for pattern in allowed) is resolves


def test_the_firewall_is_on_the_vpc(core: Core) -> None:
    (association,) = properties(core.network, "AWS::Route53Resolver::FirewallRuleGroupAssociation")
    assert association["VpcId"] == {"Ref": "BoundaryVpc30B61437"}
    assert 100 < association["Priority"] < 9900


# --- records


def test_all_traffic_is_recorded_to_look_through_and_as_evidence(core: Core) -> None:
    logs = {log["LogDestinationType"]: log for log in properties(core.network, "AWS::EC2::FlowLog")}
    assert set(logs) == {"cloud-watch-logs", "s3"}
    assert all(log["TrafficType"] == "ALL" for log in logs.values())
    assert "FlowLog" in json.dumps(logs["cloud-watch-logs"]["LogGroupName"])
    assert "Evidence" in json.dumps(logs["s3"]["LogDestination"])
    assert "DeliverLogsPermissionArn" not in logs["s3"]


def test_every_query_is_recorded_to_look_through_and_as_evidence(core: Core) -> None:
    configs = core.network.find_resources("AWS::Route53Resolver::ResolverQueryLoggingConfig")
    destinations = json.dumps([config["Properties"]["DestinationArn"] for config in configs.values()])
    assert "QueryLog" in destinations
    assert "Evidence" in destinations
    associated = properties(core.network, "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation")
    assert {a["ResolverQueryLogConfigId"]["Ref"] for a in associated} == set(configs)
    assert all(a["ResourceId"] == {"Ref": "BoundaryVpc30B61437"} for a in associated)


def test_logs_go_to_evidence_in_another_account_by_name(two_accounts: Core) -> None:
    bucket = f"arn:aws-us-gov:s3:::sandbox-evidence-{two_accounts.settings.accounts.evidence}-us-gov-west-1"
    assert bucket in [log.get("LogDestination") for log in properties(two_accounts.network, "AWS::EC2::FlowLog")]
    assert bucket in [
        config["DestinationArn"]
        for config in properties(two_accounts.network, "AWS::Route53Resolver::ResolverQueryLoggingConfig")
    ]


# --- what others build on


def test_outputs_give_consumers_what_they_need(core: Core) -> None:
    outputs = core.network.to_json()["Outputs"]
    assert {"VpcId", "SubnetIds", "GroupConsumerWorkload", "EndpointBedrockRuntime"} <= set(outputs)
