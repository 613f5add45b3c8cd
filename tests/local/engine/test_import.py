"""Import: what is there already becomes a resource of a stack as it stands, and nothing else changes with it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from infra.local.cloudformation import importing, live, operations, schemas
from infra.local.cloudformation.handlers import Failed, lookup
from infra.local.cloudformation.state import Resource, engines
from infra.local.cloudformation.template import Declared
from tests.local.engine.conftest import text
from tests.local.engine.templates import NO_WAY, att, output, parameter, queue, ref, template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.local.engine.conftest import Stacks

REGION = "us-gov-west-1"
KEPT = {"DeletionPolicy": "Retain"}
ONE = {"ResourceType": "AWS::SQS::Queue", "LogicalResourceId": "Q"}


@pytest.fixture
def url(stacks: Stacks) -> str:
    """A queue that somebody made by boto3."""
    made: str = stacks.server.client("sqs").create_queue(QueueName="q", Attributes={"VisibilityTimeout": "17"})[
        "QueueUrl"
    ]
    return made


def to_import(url: str, **changed: Any) -> list[dict[str, Any]]:
    """The queue, as ResourcesToImport names it."""
    return [{**ONE, "ResourceIdentifier": {"QueueUrl": url}, **changed}]


def with_queue(**resources: Any) -> dict[str, Any]:
    """A template with the queue."""
    return template(Q={**queue(QueueName="q", VisibilityTimeout=17), **KEPT}, **resources)


def imported(stacks: Stacks, name: str, wanted: Any, resources: Iterable[Any], **extra: Any) -> dict[str, Any]:
    """Import by a change set called `plan`; how the stack stands then."""
    told = stacks.plan(name, wanted, "IMPORT", ResourcesToImport=list(resources), **extra)
    assert told["Status"] == "CREATE_COMPLETE", told["StatusReason"]
    stacks.api.execute_change_set(StackName=name, ChangeSetName="plan")
    return stacks.stands(name)


def test_a_queue_becomes_a_resource_of_a_new_stack_as_it_stands(stacks: Stacks, url: str) -> None:
    told = stacks.plan("one", with_queue(), "IMPORT", ResourcesToImport=to_import(url))
    assert (told["ExecutionStatus"], told["StatusReason"]) == ("AVAILABLE", importing.REVIEW)
    (change,) = told["Changes"]
    assert {key: change["ResourceChange"].get(key) for key in ("Action", "PhysicalResourceId", "Replacement")} == {
        "Action": "Import",
        "PhysicalResourceId": url,
        "Replacement": None,
    }
    assert stacks.stands("one")["StackStatus"] == "REVIEW_IN_PROGRESS"
    stacks.api.execute_change_set(StackName="one", ChangeSetName="plan")
    assert stacks.stands("one")["StackStatus"] == "IMPORT_COMPLETE"
    assert stacks.physical("one") == {"Q": url}
    assert stacks.events("one")[1:] == [
        ("one", "IMPORT_IN_PROGRESS", "User Initiated"),
        ("Q", "IMPORT_IN_PROGRESS", "Resource import started."),
        ("Q", "IMPORT_COMPLETE", "Resource import completed."),
        ("Q", "UPDATE_IN_PROGRESS", "Apply stack-level tags to imported resource if applicable."),
        ("Q", "UPDATE_COMPLETE", ""),
        ("one", "IMPORT_COMPLETE", ""),
    ]


def test_what_is_imported_is_the_stacks_from_then_on(stacks: Stacks, url: str) -> None:
    stacks.create("one", template(P=parameter("x")), Tags=[{"Key": "team", "Value": "a"}])
    assert imported(stacks, "one", with_queue(P=parameter("x")), to_import(url))["StackStatus"] == "IMPORT_COMPLETE"
    sqs = stacks.server.client("sqs")
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": "a"}
    stacks.api.detect_stack_drift(StackName="one")
    assert stacks.stands("one")["DriftInformation"]["StackDriftStatus"] == "IN_SYNC"
    changed = template(P=parameter(att("Q", "QueueName")), Q={**queue(QueueName="q", VisibilityTimeout=18), **KEPT})
    assert stacks.update("one", changed)["StackStatus"] == "UPDATE_COMPLETE"
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])
    assert told["Attributes"]["VisibilityTimeout"] == "18"
    assert stacks.delete("one")["StackStatus"] == "DELETE_COMPLETE"
    assert sqs.get_queue_url(QueueName="q")["QueueUrl"] == url  # retained, as its policy says


def test_a_template_that_differs_from_what_is_there_is_drift(stacks: Stacks, url: str) -> None:
    wanted = template(Q={**queue(QueueName="q", VisibilityTimeout=60), **KEPT})
    assert imported(stacks, "one", wanted, to_import(url))["StackStatus"] == "IMPORT_COMPLETE"
    told = stacks.api.detect_stack_resource_drift(StackName="one", LogicalResourceId="Q")["StackResourceDrift"]
    assert [(d["ExpectedValue"], d["ActualValue"]) for d in told["PropertyDifferences"]] == [("60", "17")]


def test_resources_imported_together_may_name_each_other(stacks: Stacks, url: str) -> None:
    stacks.server.client("ssm").put_parameter(Name="/p", Type="String", Value=url)
    wanted = with_queue(P={**parameter(ref("Q"), "/p"), **KEPT})
    second = {
        "ResourceType": "AWS::SSM::Parameter",
        "LogicalResourceId": "P",
        "ResourceIdentifier": {"Name": "/p"},
    }
    assert imported(stacks, "one", wanted, [second, *to_import(url)])["StackStatus"] == "IMPORT_COMPLETE"
    stacks.api.detect_stack_drift(StackName="one")
    assert stacks.stands("one")["DriftInformation"]["StackDriftStatus"] == "IN_SYNC"


def bare(**resources: Any) -> dict[str, Any]:
    """A template whose queue has no DeletionPolicy."""
    return template(Q=queue(QueueName="q"), **resources)


P = {"P": parameter("x")}
REFUSED: dict[str, tuple[dict[str, Any], list[dict[str, Any]], str]] = {
    "nothing to import": (with_queue(**P), [], "Must Provide at least one resource to import"),
    "twice": (with_queue(**P), to_import("U") * 2, "Every resource to import must have unique LogicalResourceId"),
    "not in the template": (
        with_queue(**P),
        to_import("U", LogicalResourceId="R"),
        "The logical resource ids [R] provided in ResourceToImport do not exist in the template.",
    ),
    "another identifier": (
        with_queue(**P),
        to_import("U", ResourceIdentifier={"QueueName": "q"}),
        "Invalid resource identifier for resource type AWS::SQS::Queue. Expected [QueueUrl]",
    ),
    "another type": (
        with_queue(**P),
        to_import("U", ResourceType="AWS::S3::Bucket", ResourceIdentifier={"BucketName": "b"}),
        "Resource type of [Q] passed in ResourceToImport does not match with resource type defined in the template. "
        "Resource type in ResourceToImport: AWS::S3::Bucket; Resource type in Template: AWS::SQS::Queue.",
    ),
    "a type without a read handler": (
        template(**P, Q={"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [], "PolicyDocument": {}}, **KEPT}),
        to_import("U", ResourceType="AWS::SQS::QueuePolicy", ResourceIdentifier={"Id": "i"}),
        "ResourceTypes [AWS::SQS::QueuePolicy] are not supported for Import",
    ),
    "nothing new": (
        template(**P),
        to_import("U", ResourceType="AWS::SSM::Parameter", LogicalResourceId="P", ResourceIdentifier={"Name": "/p"}),
        "The template should contain at least one new resource to import.",
    ),
    "already in the stack": (
        with_queue(**P),
        to_import("U", ResourceType="AWS::SSM::Parameter", LogicalResourceId="P", ResourceIdentifier={"Name": "/p"}),
        "Resources [P] passed in ResourceToImport are already in a stack and cannot be imported.",
    ),
    "another one added": (
        with_queue(**P, R=parameter("y")),
        to_import("U"),
        "Resources [R] is missing from ResourceToImport list",
    ),
    "another one changed": (
        with_queue(P=parameter("y")),
        to_import("U"),
        "You have modified resources [P] in your template that are not being imported. "
        "Update, create or delete operations cannot be executed during import operations.",
    ),
    "another one removed": (
        with_queue(),
        to_import("U"),
        "You have modified resources [P] in your template that are not being imported. "
        "Update, create or delete operations cannot be executed during import operations.",
    ),
    "no deletion policy": (
        bare(**P),
        to_import("U"),
        "The following resources to import [Q] must have DeletionPolicy attribute specified in the template.",
    ),
    "outputs": (
        {**with_queue(**P), "Outputs": {"O": output("o")}},
        to_import("U"),
        "As part of the import operation, you cannot modify or add [Outputs]",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_leaves_no_change_set(stacks: Stacks, url: str, what: str) -> None:
    wanted, resources, message = REFUSED[what]
    resources = copy.deepcopy(resources)
    for one in resources:
        if one["ResourceIdentifier"].get("QueueUrl") == "U":
            one["ResourceIdentifier"]["QueueUrl"] = url
    stacks.create("one", template(**P))
    with pytest.raises(ClientError) as refused:
        stacks.plan("one", wanted, "IMPORT", ResourcesToImport=resources)
    assert refused.value.response["Error"] == {"Type": "Sender", "Code": "ValidationError", "Message": message}
    assert stacks.api.list_change_sets(StackName="one")["Summaries"] == []


def test_a_refused_import_leaves_no_new_stack(stacks: Stacks, url: str) -> None:
    with pytest.raises(ClientError, match="DeletionPolicy"):
        stacks.plan("one", bare(), "IMPORT", ResourcesToImport=to_import(url))
    with pytest.raises(ClientError, match="does not exist"):
        stacks.stands("one")


def failed(stacks: Stacks, name: str, wanted: Any, resources: list[Any]) -> str:
    """Why a change set came to nothing."""
    told = stacks.plan(name, wanted, "IMPORT", ResourcesToImport=resources)
    assert (told["Status"], told["ExecutionStatus"], told["Changes"]) == ("FAILED", "UNAVAILABLE", [])
    return str(told["StatusReason"])


def test_what_is_not_there_fails_the_change_set(stacks: Stacks, url: str) -> None:
    gone = f"{url}-ghost"
    assert failed(stacks, "one", with_queue(), to_import(gone)) == (
        f"Resource of type 'AWS::SQS::Queue' with identifier '{gone}' was not found."
    )
    assert stacks.stands("one")["StackStatus"] == "REVIEW_IN_PROGRESS"


def test_what_another_stack_holds_fails_the_change_set(stacks: Stacks) -> None:
    owner = stacks.create("owner", template(K=queue(QueueName="q")))["StackId"]
    url = stacks.server.client("sqs").get_queue_url(QueueName="q")["QueueUrl"]
    assert failed(stacks, "one", with_queue(), to_import(url)) == f"{url} already exists in stack {owner}"
    held = stacks.physical("owner")["K"]
    assert failed(stacks, "two", with_queue(), to_import(held)) == f"{held} already exists in stack {owner}"


def test_a_template_that_names_another_fails_the_change_set(stacks: Stacks) -> None:
    stacks.server.client("ssm").put_parameter(Name="/p", Type="String", Value="x")
    one = {"ResourceType": "AWS::SSM::Parameter", "LogicalResourceId": "P", "ResourceIdentifier": {"Name": "/p"}}
    assert failed(stacks, "one", template(P={**parameter("x", "/other"), **KEPT}), [one]) == (
        "The template says Name /other of P, and its identifier says /p."
    )


def test_what_goes_before_it_is_imported_rolls_the_import_back(stacks: Stacks, url: str) -> None:
    stacks.server.client("ssm").put_parameter(Name="/p", Type="String", Value="x")
    stacks.create("one", template(Own=parameter("x")))
    wanted = with_queue(Own=parameter("x"), P={**parameter("x", "/p"), **KEPT, "DependsOn": "Q"})
    second = {"ResourceType": "AWS::SSM::Parameter", "LogicalResourceId": "P", "ResourceIdentifier": {"Name": "/p"}}
    stacks.plan("one", wanted, "IMPORT", ResourcesToImport=[second, *to_import(url)])
    stacks.server.client("ssm").delete_parameter(Name="/p")
    stacks.api.execute_change_set(StackName="one", ChangeSetName="plan")
    assert stacks.stands("one")["StackStatus"] == "IMPORT_ROLLBACK_COMPLETE"
    told = [(name, status) for name, status, _ in stacks.events("one")]
    assert told[-6:] == [
        ("one", "IMPORT_ROLLBACK_IN_PROGRESS"),
        ("P", "IMPORT_ROLLBACK_IN_PROGRESS"),
        ("P", "IMPORT_ROLLBACK_COMPLETE"),
        ("Q", "IMPORT_ROLLBACK_IN_PROGRESS"),
        ("Q", "IMPORT_ROLLBACK_COMPLETE"),
        ("one", "IMPORT_ROLLBACK_COMPLETE"),
    ]
    assert ("P", "IMPORT_FAILED") in told
    assert set(stacks.physical("one")) == {"Own"}
    assert stacks.server.client("sqs").get_queue_url(QueueName="q")["QueueUrl"] == url
    updated = stacks.update("one", template(Own=parameter("y")))
    assert updated["StackStatus"] == "UPDATE_COMPLETE"


def deployed(stacks: Stacks, name: str, wanted: Any, kind: str = "CREATE", **extra: Any) -> dict[str, Any]:
    """Deploy by a change set that imports what is there; how the stack stands then."""
    told = stacks.plan(name, wanted, kind, ImportExistingResources=True, **extra)
    assert told["Status"] == "CREATE_COMPLETE", told["StatusReason"]
    stacks.api.execute_change_set(StackName=name, ChangeSetName="plan")
    return stacks.stands(name)


NAMED = {"Parameters": {"Name": {"Type": "String", "Default": "p"}}}


def existing(**beside: Any) -> dict[str, Any]:
    """A template with a parameter /p, by a name that its own parameter gives, and one that is new."""
    kept = {**parameter("x", "/p"), **KEPT, **beside}
    kept["Properties"]["Name"] = {"Fn::Sub": "/${Name}"}
    return {**template(P=kept, New=parameter(ref("P"))), **NAMED}


@pytest.mark.parametrize("kind", ["CREATE", "UPDATE"])
def test_what_is_there_is_imported_beside_what_is_made(stacks: Stacks, kind: str) -> None:
    stacks.server.client("ssm").put_parameter(Name="/p", Type="String", Value="x")
    if kind == "UPDATE":
        stacks.create("one", template(New=parameter("y")))
    status = deployed(stacks, "one", existing(), kind, Tags=[{"Key": "team", "Value": "a"}])["StackStatus"]
    assert status == f"{kind}_COMPLETE"
    assert stacks.physical("one")["P"] == "/p"
    of_p = [status for name, status, _ in stacks.events("one") if name == "P"]
    assert of_p == ["IMPORT_IN_PROGRESS", "IMPORT_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]
    tags = stacks.server.client("ssm").list_tags_for_resource(ResourceType="Parameter", ResourceId="/p")["TagList"]
    assert tags == [{"Key": "team", "Value": "a"}]
    assert stacks.value(stacks.physical("one")["New"]) == "/p"


def test_what_is_there_and_not_kept_is_not_imported(stacks: Stacks) -> None:
    stacks.server.client("ssm").put_parameter(Name="/p", Type="String", Value="x")
    told = stacks.plan("one", existing(DeletionPolicy="Delete"), "CREATE", ImportExistingResources=True)
    assert (told["Status"], told["ExecutionStatus"], told["Changes"]) == ("FAILED", "UNAVAILABLE", [])
    assert told["StatusReason"].startswith("CloudFormation is attempting to import some resources")
    assert told["StatusReason"].endswith("The affected resources are P ({Name=/p})")


def test_what_another_stack_has_is_not_imported_by_itself(stacks: Stacks) -> None:
    stacks.create("owner", template(P=parameter("x", "/p")))
    told = stacks.plan("one", existing(), "CREATE", ImportExistingResources=True)
    assert told["Status"] == "FAILED"
    (change,) = (c["ResourceChange"] for c in told["Changes"] if c["ResourceChange"]["LogicalResourceId"] == "P")
    assert change["Action"] == "Add"


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
@pytest.mark.parametrize("kind", ["CREATE", "UPDATE"])
def test_a_deployment_that_fails_leaves_what_it_imported(
    stacks: Stacks, refusing: Callable[..., None], kind: str, policy: str
) -> None:
    stacks.server.client("ssm").put_parameter(Name="/p", Type="String", Value="x")
    if kind == "UPDATE":
        stacks.create("one", template(Own=parameter("y")))
    refusing("create")
    wanted = existing(DeletionPolicy=policy)
    wanted["Resources"]["Bad"] = {**parameter(NO_WAY), "DependsOn": "P"}
    status = deployed(stacks, "one", wanted, kind)["StackStatus"]
    assert status == {"CREATE": "ROLLBACK_COMPLETE", "UPDATE": "UPDATE_ROLLBACK_COMPLETE"}[kind]
    assert stacks.value("/p") == "x"
    assert ("P", "DELETE_COMPLETE", "") not in stacks.events("one")


@pytest.mark.parametrize("done", [0, 1, 2])
def test_an_import_that_was_interrupted_goes_on(
    stacks: Stacks, url: str, done: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks.server.client("ssm").put_parameter(Name="/p", Type="String", Value="x")
    wanted = with_queue(P={**parameter("x", "/p"), **KEPT})
    second = {"ResourceType": "AWS::SSM::Parameter", "LogicalResourceId": "P", "ResourceIdentifier": {"Name": "/p"}}
    stacks.plan("one", wanted, "IMPORT", ResourcesToImport=[second, *to_import(url)])
    engine = engines["111122223333"][REGION]
    held: list[Any] = []
    with monkeypatch.context() as patched:
        patched.setattr(operations, "start", lambda run, body, *arguments: held.append((run, arguments)))
        stacks.api.execute_change_set(StackName="one", ChangeSetName="plan")
    ((run, (desired, change_set)),) = held
    asked = importing.asked(change_set, desired, REGION)
    importing.apply(run, desired, dict(list(asked.items())[:done]))
    operations.take_up(engine)
    assert stacks.stands("one")["StackStatus"] == "IMPORT_COMPLETE"
    assert stacks.physical("one") == {"P": "/p", "Q": url}
    assert sum(status == "IMPORT_COMPLETE" for _, status, _ in stacks.events("one")) == 3


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"DeploymentMode": "REVERT_DRIFT"}, "does not support DeploymentMode REVERT_DRIFT"),
        ({"ResourcesToImport": to_import("u")}, "needs the ChangeSetType IMPORT, is CREATE"),
    ],
)
def test_what_would_import_otherwise_is_refused_by_name(stacks: Stacks, asked: dict[str, Any], message: str) -> None:
    stacks.server.client("ssm").put_parameter(Name="/p", Type="String", Value="x")
    with pytest.raises(ClientError, match=message):
        stacks.plan("one", template(P={**parameter("x", "/p"), **KEPT}), "CREATE", **asked)


def of(kind: str, **properties: Any) -> dict[str, Any]:
    """A resource of this type."""
    return {"Type": f"AWS::{kind}", "Properties": properties}


API = {"RestApiId": ref("Api")}
MORE = template(
    Vpc=of("EC2::VPC", CidrBlock="10.0.0.0/16"),
    Subnet=of("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.0.0.0/24"),
    Gateway=of("EC2::InternetGateway"),
    Attached=of("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")),
    Table=of("EC2::RouteTable", VpcId=ref("Vpc")),
    Route={
        **of("EC2::Route", RouteTableId=ref("Table"), DestinationCidrBlock="0.0.0.0/0", GatewayId=ref("Gateway")),
        "DependsOn": "Attached",
    },
    Address={**of("EC2::EIP"), "DependsOn": "Attached"},
    Nat=of("EC2::NatGateway", SubnetId=ref("Subnet"), AllocationId=att("Address", "AllocationId")),
    Bus=of("Events::Rule", ScheduleExpression="rate(1 day)"),
    Repository=of("ECR::Repository"),
    Topic=of("SNS::Topic"),
    Subscription=of("SNS::Subscription", TopicArn=ref("Topic"), Protocol="sqs", Endpoint=att("Queue", "Arn")),
    Queue=queue(),
    Parameter=parameter("x"),
    Api=of("ApiGateway::RestApi", Name="api", EndpointConfiguration={"Types": ["REGIONAL"]}),
    Part=of("ApiGateway::Resource", **API, ParentId=att("Api", "RootResourceId"), PathPart="part"),
    Method=of(
        "ApiGateway::Method",
        **API,
        ResourceId=ref("Part"),
        HttpMethod="GET",
        AuthorizationType="NONE",
        Integration={"Type": "MOCK"},
    ),
    Deployment={**of("ApiGateway::Deployment", **API), "DependsOn": "Method"},
    Stage=of("ApiGateway::Stage", **API, DeploymentId=ref("Deployment"), StageName="s"),
)


def test_what_identifies_a_resource_leads_to_it(stacks: Stacks) -> None:
    """Types that the default enclave has none of; tests/deployed looks at those that it has."""
    assert stacks.create("one", MORE)["StackStatus"] == "CREATE_COMPLETE", stacks.events("one")
    engine = engines["111122223333"][REGION]
    stack = engine.find("one")
    assert stack is not None
    unable = set()
    for resource in stack.resources.values():
        kind = resource.type_name
        told = live.read(stack, resource) or {}
        identifier = {name: lookup(told, name) for name in schemas.identifiers(kind, REGION)}
        if not importing.importable(kind, REGION):
            unable.add(kind)
            continue
        with pytest.raises(Failed, match="already exists in stack"):
            importing.identify(
                engine, stack, importing.Wanted("New", kind, identifier), Resource(Declared("New", kind, {}))
            )
    assert unable == {"AWS::ApiGateway::Stage"}
    stacks.api.detect_stack_drift(StackName="one")
    drifts = stacks.api.describe_stack_resource_drifts(StackName="one", StackResourceDriftStatusFilters=["MODIFIED"])
    assert drifts["StackResourceDrifts"] == []
    assert stacks.stands("one")["DriftInformation"]["StackDriftStatus"] == "IN_SYNC"


def test_identifiers_are_told_for_what_can_be_imported_alone(stacks: Stacks) -> None:
    wanted = template(
        Q=queue(),
        Policy={"Type": "AWS::SQS::QueuePolicy", "Properties": {"Queues": [ref("Q")], "PolicyDocument": {}}},
        Filter={"Type": "AWS::Logs::MetricFilter", "Properties": {}},
    )
    told = stacks.api.get_template_summary(TemplateBody=text(wanted))["ResourceIdentifierSummaries"]
    assert {one["ResourceType"]: one["ResourceIdentifiers"] for one in told} == {
        "AWS::SQS::Queue": ["QueueUrl"],
        "AWS::Logs::MetricFilter": ["LogGroupName,FilterName"],
    }
