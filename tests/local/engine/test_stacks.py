"""Stacks through the API: made, described, protected, taken away, and what is refused before anything is made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.engine.templates import NO_WAY, att, output, parameter, queue, ref, template

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.local.engine.conftest import Stacks


def test_a_stack_makes_its_resources_and_takes_them_away(stacks: Stacks) -> None:
    wanted = template(Copy=parameter(att("Queue", "Arn"), "/copy"), Queue=queue())
    assert stacks.create("one", wanted)["StackStatus"] == "CREATE_COMPLETE"
    assert (stacks.value("/copy") or "").startswith("arn:aws-us-gov:sqs:us-gov-west-1:111122223333:one-Queue-")
    assert [event[:2] for event in stacks.events("one")] == [
        ("one", "CREATE_IN_PROGRESS"),
        ("Queue", "CREATE_IN_PROGRESS"),
        ("Queue", "CREATE_COMPLETE"),
        ("Copy", "CREATE_IN_PROGRESS"),
        ("Copy", "CREATE_COMPLETE"),
        ("one", "CREATE_COMPLETE"),
    ]
    arn = stacks.stands("one")["StackId"]
    assert stacks.delete("one")["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.value("/copy") is None
    assert [event[0] for event in stacks.events(arn) if event[1] == "DELETE_COMPLETE"] == ["Copy", "Queue", "one"]
    with pytest.raises(ClientError, match="Stack with id one does not exist"):
        stacks.stands("one")


def test_events_rise_by_whole_milliseconds(stacks: Stacks) -> None:
    stacks.create("one", template(**{f"P{n}": parameter("x") for n in range(20)}))
    times = [event["Timestamp"] for event in stacks.api.describe_stack_events(StackName="one")["StackEvents"]]
    assert times == sorted(set(times), reverse=True)
    assert all(time.microsecond % 1000 == 0 for time in times)


def test_pages_hold_every_event_once(stacks: Stacks) -> None:
    stacks.create("one", template(**{f"P{n}": parameter("x") for n in range(60)}))
    pages = list(stacks.api.get_paginator("describe_stack_events").paginate(StackName="one"))
    assert [len(page["StackEvents"]) for page in pages] == [100, 22]
    assert len({event["EventId"] for page in pages for event in page["StackEvents"]}) == 122


def test_generated_names_differ_between_incarnations(stacks: Stacks) -> None:
    stacks.create("one", template(Queue=queue()))
    first = stacks.physical("one")["Queue"]
    stacks.delete("one")
    stacks.create("one", template(Queue=queue()))
    assert stacks.physical("one")["Queue"] != first


def test_pseudo_parameters_are_the_regions(stacks: Stacks) -> None:
    names = ["AccountId", "Partition", "Region", "StackName", "URLSuffix"]
    wanted = template(Queue=queue())
    wanted["Outputs"] = {name: output(ref(f"AWS::{name}")) for name in names}
    wanted["Outputs"]["Own"] = output({"Fn::If": ["Own", "yes", "no"]})
    wanted["Conditions"] = {"Own": {"Fn::Equals": [ref("AWS::Region"), "us-gov-west-1"]}}
    told = {o["OutputKey"]: o["OutputValue"] for o in stacks.create("one", wanted)["Outputs"]}
    assert told == {
        "AccountId": "111122223333",
        "Own": "yes",
        "Partition": "aws-us-gov",
        "Region": "us-gov-west-1",
        "StackName": "one",
        "URLSuffix": "amazonaws.com",
    }


def test_numbers_and_truths_come_in_the_schemas_types(stacks: Stacks) -> None:
    wanted = template(Queue=queue(VisibilityTimeout="30", FifoQueue="true"), Number=parameter(5, "/number"))
    assert stacks.create("one", wanted)["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.value("/number") == "5"
    assert stacks.physical("one")["Queue"].endswith(".fifo")


def test_what_a_parameter_store_holds_is_looked_up(stacks: Stacks) -> None:
    stacks.server.client("ssm").put_parameter(Name="/there", Value="found", Type="String")
    wanted = template(Copy=parameter(ref("Stored"), "/copy"), Dynamic=parameter("{{resolve:ssm:/there}}", "/dynamic"))
    wanted["Parameters"] = {"Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/there"}}
    told = stacks.create("one", wanted)
    assert told["Parameters"] == [{"ParameterKey": "Stored", "ParameterValue": "/there", "ResolvedValue": "found"}]
    assert (stacks.value("/copy"), stacks.value("/dynamic")) == ("found", "found")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (template(X={"Type": "AWS::No::Thing"}), r"Unrecognized resource types: \[AWS::No::Thing\]"),
        (template(X={"Type": "AWS::MSK::Cluster"}), r"does not mirror resource types \[AWS::MSK::Cluster\], of X"),
        (template(Q=queue(Colour="red")), r"extraneous key \[Colour\] is not permitted"),
        (template(P={"Type": "AWS::SSM::Parameter"}), r"required key \[Value\] not found"),
        (template(Q=queue(VisibilityTimeout="soon")), "expected type: integer"),
        (template(Q=queue(), P=parameter(att("Q", "Size"))), "Q does not support attribute type Size"),
        ({**template(Q=queue()), "Outputs": {"O": output(ref("R"))}}, r"\[R\] in the Outputs block"),
        ({**template(Q=queue()), "Outputs": {"O": {"Export": {}}}}, "The Value field is required"),
        ({**template(Q=queue()), "Outputs": {"O": output(["a"])}}, "must evaluate to a String"),
        (template(P=parameter({"Fn::ImportValue": "nobody"})), "No export named nobody found"),
        (template(P=parameter("x", Condition="Nobody")), r"Unresolved condition dependencies \[Nobody\]"),
    ],
)
def test_a_template_that_cannot_be_is_refused_at_once(stacks: Stacks, wanted: Any, said: str) -> None:
    with pytest.raises(ClientError, match=said) as refused:
        stacks.create("one", wanted)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert stacks.api.describe_stacks()["Stacks"] == []


def test_roles_need_the_callers_word(stacks: Stacks) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}}
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_IAM\]"):
        stacks.create("one", template(Role=role))
    named = {**role, "Properties": {**role["Properties"], "RoleName": "me"}}  # type: ignore[dict-item]
    with pytest.raises(ClientError, match=r"Requires capabilities : \[CAPABILITY_NAMED_IAM\]"):
        stacks.create("one", template(Role=named), Capabilities=["CAPABILITY_IAM"])


def test_a_name_is_taken_once(stacks: Stacks) -> None:
    stacks.create("one", template(Queue=queue()))
    with pytest.raises(ClientError, match=r"Stack \[one\] already exists") as refused:
        stacks.create("one", template(Queue=queue()))
    assert refused.value.response["Error"]["Code"] == "AlreadyExistsException"


def test_a_protected_stack_stays(stacks: Stacks) -> None:
    stacks.create("one", template(Kept=parameter("x", "/kept")), EnableTerminationProtection=True)
    with pytest.raises(ClientError, match=r"Stack \[one\] cannot be deleted while TerminationProtection is enabled"):
        stacks.delete("one")
    assert stacks.value("/kept") == "x"
    stacks.api.update_termination_protection(StackName="one", EnableTerminationProtection=False)
    assert stacks.delete("one")["StackStatus"] == "DELETE_COMPLETE"


def test_a_retained_resource_outlives_its_stack(stacks: Stacks) -> None:
    kept = {name: parameter("x", f"/{name}", DeletionPolicy=name) for name in ("Retain", "RetainExceptOnCreate")}
    stacks.create("one", template(**kept, Gone=parameter("x", "/gone")))
    arn = stacks.stands("one")["StackId"]
    stacks.delete("one")
    assert [stacks.value(f"/{name}") for name in ("Retain", "RetainExceptOnCreate", "gone")] == ["x", "x", None]
    assert {event[0] for event in stacks.events(arn) if event[1] == "DELETE_SKIPPED"} == set(kept)


def test_what_cannot_be_deleted_keeps_what_it_needs(stacks: Stacks, refusing: Callable[..., None]) -> None:
    refusing("delete")
    stacks.create(
        "one",
        template(
            Needed=queue(),
            Stuck=parameter(NO_WAY, "/stuck", DependsOn="Needed"),
            Free=parameter("x", "/free"),
        ),
    )
    told = stacks.delete("one")
    assert told["StackStatus"] == "DELETE_FAILED"
    assert told["StackStatusReason"] == "The following resource(s) failed to delete: [Stuck]. "
    assert (stacks.value("/stuck"), stacks.value("/free")) == (NO_WAY, None)
    assert ("Needed", "DELETE_IN_PROGRESS", "") not in stacks.events("one")
    with pytest.raises(ClientError, match="DELETE_FAILED state and can not be updated"):
        stacks.update("one", template(Needed=queue()))
    assert stacks.delete("one", RetainResources=["Stuck"])["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.value("/stuck") == NO_WAY


def test_tags_of_the_stack_reach_its_resources_and_follow_it(stacks: Stacks) -> None:
    def tags() -> dict[str, str]:
        url = stacks.physical("one")["Queue"]
        told: dict[str, str] = stacks.server.client("sqs").list_queue_tags(QueueUrl=url).get("Tags", {})
        return told

    wanted = template(Queue=queue(Tags=[{"Key": "own", "Value": "1"}]))
    stacks.create("one", wanted, Tags=[{"Key": "team", "Value": "a"}])
    assert tags() == {"own": "1", "team": "a"}
    stacks.update("one", wanted, Tags=[{"Key": "team", "Value": "b"}])
    assert tags() == {"own": "1", "team": "b"}
    with pytest.raises(ClientError, match="Tags must not exceed 50, got 51"):
        stacks.update("one", wanted, Tags=[{"Key": str(n), "Value": "x"} for n in range(51)])


def test_a_template_is_given_back_as_it_was_and_summed_up(stacks: Stacks) -> None:
    wanted = {
        **template(Queue=queue(), Role={"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}}}),
        "Parameters": {"P": {"Type": "String", "Default": "x", "AllowedValues": ["x", "y"]}},
        "Description": "said",
    }
    stacks.create("one", wanted, Capabilities=["CAPABILITY_IAM"])
    told = stacks.api.get_template(StackName="one", TemplateStage="Original")["TemplateBody"]
    assert told == json.loads(json.dumps(wanted))
    summary = stacks.api.get_template_summary(StackName="one")
    assert summary["ResourceTypes"] == ["AWS::IAM::Role", "AWS::SQS::Queue"]
    assert summary["Capabilities"] == ["CAPABILITY_IAM"]
    assert summary["Parameters"][0]["ParameterConstraints"] == {"AllowedValues": ["x", "y"]}
    checked = stacks.api.validate_template(TemplateBody=json.dumps(wanted))
    assert (checked["Description"], checked["Parameters"][0]["DefaultValue"]) == ("said", "x")


def test_resources_are_told_from_every_side(stacks: Stacks) -> None:
    stacks.create("one", template(Queue=queue(), Meta=parameter("x", Metadata={"why": "asked"})))
    url = stacks.physical("one")["Queue"]
    held = stacks.api.describe_stack_resources(PhysicalResourceId=url)["StackResources"]
    assert [(r["StackName"], r["LogicalResourceId"]) for r in held] == [("one", "Queue")]
    one = stacks.api.describe_stack_resource(StackName="one", LogicalResourceId="Meta")["StackResourceDetail"]
    assert json.loads(one["Metadata"]) == {"why": "asked"}
    listed = stacks.api.list_stack_resources(StackName="one")["StackResourceSummaries"]
    assert [r["LogicalResourceId"] for r in listed] == ["Meta", "Queue"]
    with pytest.raises(ClientError, match="Resource Nobody does not exist for stack one"):
        stacks.api.describe_stack_resource(StackName="one", LogicalResourceId="Nobody")


def test_deleted_stacks_are_listed_and_found_by_their_arn(stacks: Stacks) -> None:
    stacks.create("one", template(Queue=queue()))
    arn = stacks.delete("one")["StackId"]
    listed = stacks.api.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert [stack["StackId"] for stack in listed] == [arn]
    assert stacks.api.describe_stacks()["Stacks"] == []


def test_an_operation_that_is_not_there_is_refused_and_not_tried_again(stacks: Stacks) -> None:
    with pytest.raises(ClientError, match="does not mirror cloudformation:ListStackSets") as refused:
        stacks.api.list_stack_sets()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_fault_of_the_engine_is_an_error_of_the_api(stacks: Stacks, monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.local.cloudformation import schemas

    def broken(*_: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(schemas, "conform", broken)
    with pytest.raises(ClientError, match="RuntimeError: broken") as refused:
        stacks.create("one", template(Queue=queue()))
    assert refused.value.response["Error"]["Code"] == "InternalFailure"
    assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_a_fault_of_a_type_fails_the_resource_with_its_name(stacks: Stacks, monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.local.resource_type import resource_types

    def broken(*_: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(type(resource_types()["AWS::SQS::Queue"]), "create", broken)
    assert stacks.create("one", template(Queue=queue()))["StackStatus"] == "ROLLBACK_COMPLETE"
    reasons = [reason for name, status, reason in stacks.events("one") if (name, status) == ("Queue", "CREATE_FAILED")]
    assert reasons == ["Internal failure of the embedded AWS: RuntimeError: broken"]


def test_reset_empties_everything(stacks: Stacks) -> None:
    import urllib.request

    stacks.create("one", template(Queue=queue()))
    urllib.request.urlopen(urllib.request.Request(f"{stacks.server.url}/moto-api/reset", method="POST")).close()
    assert stacks.api.describe_stacks()["Stacks"] == []
