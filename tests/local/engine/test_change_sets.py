"""Change sets: what they foretell, that they belong to their stack, what becomes of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.engine.templates import NO_WAY, att, output, parameter, queue, ref, template

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.local.engine.conftest import Stacks


def changes(told: dict[str, Any]) -> dict[str, tuple[str, str | None, str | None]]:
    """Action, replacement and policy action by logical id."""
    found = [change["ResourceChange"] for change in told["Changes"]]
    return {c["LogicalResourceId"]: (c["Action"], c.get("Replacement"), c.get("PolicyAction")) for c in found}


def test_a_new_stack_is_in_review_until_its_change_set_is_executed(stacks: Stacks) -> None:
    told = stacks.plan("one", template(A=parameter("1", "/a")), "CREATE")
    assert (told["Status"], told["ExecutionStatus"]) == ("CREATE_COMPLETE", "AVAILABLE")
    assert changes(told) == {"A": ("Add", None, None)}
    assert stacks.stands("one")["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert stacks.value("/a") is None
    stacks.api.execute_change_set(StackName="one", ChangeSetName="plan")
    assert stacks.stands("one")["StackStatus"] == "CREATE_COMPLETE"
    assert stacks.value("/a") == "1"


def test_change_sets_of_one_name_belong_to_their_stacks(stacks: Stacks) -> None:
    for name in ("one", "two"):
        stacks.plan(name, template(A=parameter(name, f"/{name}")), "CREATE")
    for name in ("one", "two"):
        stacks.api.execute_change_set(StackName=name, ChangeSetName="plan")
    assert [stacks.stands(name)["StackStatus"] for name in ("one", "two")] == ["CREATE_COMPLETE"] * 2
    assert [stacks.value(f"/{name}") for name in ("one", "two")] == ["one", "two"]


def test_every_kind_of_change_is_foretold(stacks: Stacks) -> None:
    stacks.create(
        "one",
        template(
            Same=parameter("x"),
            Changed=parameter("1", "/changed"),
            Replaced=queue(QueueName="first"),
            Kept={**queue(QueueName="kept-first"), "UpdateReplacePolicy": "Retain"},
            Follows=parameter(ref("Replaced")),
            Gone=parameter("x"),
            Left=parameter("x", DeletionPolicy="Retain"),
        ),
    )
    told = stacks.plan(
        "one",
        template(
            Same=parameter("x"),
            Changed=parameter("2", "/changed"),
            Replaced=queue(QueueName="second"),
            Kept={**queue(QueueName="kept-second"), "UpdateReplacePolicy": "Retain"},
            Follows=parameter(ref("Replaced")),
            New=parameter(att("Replaced", "Arn")),
        ),
    )
    assert changes(told) == {
        "Changed": ("Modify", "False", None),
        "Replaced": ("Modify", "True", "ReplaceAndDelete"),
        "Kept": ("Modify", "True", "ReplaceAndRetain"),
        "Follows": ("Modify", "False", None),
        "New": ("Add", None, None),
        "Gone": ("Remove", None, "Delete"),
        "Left": ("Remove", None, "Retain"),
    }
    by_name = {change["ResourceChange"]["LogicalResourceId"]: change["ResourceChange"] for change in told["Changes"]}
    (detail,) = by_name["Changed"]["Details"]
    assert detail["Target"]["Name"] == "Value"
    assert (detail["Target"]["BeforeValue"], detail["Target"]["AfterValue"]) == ("1", "2")
    (detail,) = by_name["Follows"]["Details"]
    assert (detail["Evaluation"], detail["CausingEntity"]) == ("Dynamic", "Replaced")
    assert json.loads(by_name["Follows"]["AfterContext"])["Properties"]["Value"] == "{{changeSet:KNOWN_AFTER_APPLY}}"


def test_a_create_only_property_that_follows_another_resource_may_replace(stacks: Stacks) -> None:
    def wanted(name: str) -> dict[str, Any]:
        return template(Queue=queue(QueueName=name), Named=parameter("x", {"Fn::GetAtt": "Queue.QueueName"}))  # type: ignore[arg-type]

    stacks.create("one", wanted("first"))
    told = stacks.plan("one", wanted("second"))
    assert changes(told)["Named"] == ("Modify", "Conditional", "ReplaceAndDelete")
    stacks.api.execute_change_set(StackName="one", ChangeSetName="plan")
    assert stacks.stands("one")["StackStatus"] == "UPDATE_COMPLETE"
    assert (stacks.value("first"), stacks.value("second")) == (None, "x")


def test_no_change_is_a_failure_that_says_so(stacks: Stacks) -> None:
    stacks.create("one", template(A=parameter("1")))
    told = stacks.plan("one", template(A=parameter("1")))
    assert (told["Status"], told["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert told["StatusReason"].startswith("The submitted information didn't contain changes.")
    with pytest.raises(ClientError, match="cannot be executed in its current execution status") as refused:
        stacks.api.execute_change_set(StackName="one", ChangeSetName="plan")
    assert refused.value.response["Error"]["Code"] == "InvalidChangeSetStatus"


def test_what_the_schema_refuses_is_told_by_property(stacks: Stacks) -> None:
    told = stacks.plan("one", template(Q=queue(Colour="red")), "CREATE")
    assert told["Status"] == "FAILED"
    assert "AWS::EarlyValidation" in told["StatusReason"]
    (event,) = stacks.api.describe_events(ChangeSetName=told["ChangeSetId"], Filters={"FailedEvents": True})[
        "OperationEvents"
    ]
    assert event["EventType"] == "VALIDATION_ERROR"
    assert event["LogicalResourceId"] == "Q"
    assert event["ValidationPath"] == "/Resources/Q/Properties/Colour"
    assert "extraneous key [Colour] is not permitted" in event["ValidationStatusReason"]


def test_change_sets_end_with_what_they_were_planned_against(stacks: Stacks) -> None:
    stacks.create("one", template(A=parameter("1")))
    told = stacks.plan("one", template(A=parameter("2")))
    stacks.update("one", template(A=parameter("3")))
    with pytest.raises(ClientError, match=r"ChangeSet \[plan\] does not exist") as refused:
        stacks.api.execute_change_set(StackName="one", ChangeSetName="plan")
    assert refused.value.response["Error"]["Code"] == "ChangeSetNotFound"
    with pytest.raises(ClientError, match="does not exist"):
        stacks.api.describe_change_set(ChangeSetName=told["ChangeSetId"])


def test_an_executed_change_set_frees_its_name_and_is_found_by_its_arn(stacks: Stacks) -> None:
    told = stacks.plan("one", template(A=parameter("1")), "CREATE")
    stacks.api.execute_change_set(ChangeSetName=told["ChangeSetId"])
    stacks.stands("one")
    again = stacks.api.describe_change_set(ChangeSetName=told["ChangeSetId"])
    assert again["ExecutionStatus"] == "EXECUTE_COMPLETE"
    assert changes(stacks.plan("one", template(A=parameter("2")))) == {"A": ("Modify", "False", None)}


def test_a_name_is_taken_while_its_change_set_waits(stacks: Stacks) -> None:
    stacks.plan("one", template(A=parameter("1")), "CREATE")
    with pytest.raises(ClientError, match="ChangeSet plan already exists"):
        stacks.plan("one", template(A=parameter("2")), "CREATE")
    stacks.api.delete_change_set(StackName="one", ChangeSetName="plan")
    stacks.api.delete_change_set(StackName="one", ChangeSetName="plan")
    assert stacks.plan("one", template(A=parameter("2")), "CREATE")["Status"] == "CREATE_COMPLETE"
    assert [s["ChangeSetName"] for s in stacks.api.list_change_sets(StackName="one")["Summaries"]] == ["plan"]


@pytest.mark.parametrize(
    ("there", "kind", "said"),
    [
        (False, "UPDATE", r"Stack \[one\] does not exist"),
        (True, "CREATE", r"Stack \[one\] already exists and cannot be created again with the changeSet \[plan\]"),
        (True, "IMPORT", "Must Provide at least one resource to import"),
    ],
)
def test_the_kind_must_fit_the_stack(stacks: Stacks, there: bool, kind: str, said: str) -> None:
    if there:
        stacks.create("one", template(A=parameter("1")))
    with pytest.raises(ClientError, match=said):
        stacks.plan("one", template(A=parameter("2")), kind)


def test_a_change_set_says_what_happens_on_failure(stacks: Stacks, refusing: Callable[..., None]) -> None:
    refusing("create")
    failing = template(A=parameter("x"), B=parameter(NO_WAY, DependsOn="A"))
    stacks.plan("one", failing, "CREATE", OnStackFailure="DO_NOTHING")
    stacks.api.execute_change_set(StackName="one", ChangeSetName="plan")
    assert stacks.stands("one")["StackStatus"] == "CREATE_FAILED"
    stacks.plan("two", failing, "CREATE")
    stacks.api.execute_change_set(StackName="two", ChangeSetName="plan", DisableRollback=True)
    assert stacks.stands("two")["StackStatus"] == "CREATE_FAILED"


def test_a_template_is_taken_from_a_bucket(stacks: Stacks) -> None:
    s3 = stacks.server.client("s3")
    s3.create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": "us-gov-west-1"})
    s3.put_object(Bucket="templates", Key="a/b.json", Body=json.dumps(template(A=parameter("x", "/a"))))
    for url in (
        f"{stacks.server.url}/templates/a/b.json",
        "https://s3.us-gov-west-1.amazonaws.com/templates/a/b.json",
        "https://templates.s3.us-gov-west-1.amazonaws.com/a/b.json",
    ):
        stacks.api.create_stack(StackName="one", TemplateURL=url)
        assert stacks.stands("one")["StackStatus"] == "CREATE_COMPLETE"
        stacks.delete("one")
    with pytest.raises(ClientError, match="NoSuchKey"):
        stacks.api.create_stack(StackName="one", TemplateURL=f"{stacks.server.url}/templates/nothing.json")


def test_a_stack_at_work_takes_no_other_change(stacks: Stacks, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from infra.local.cloudformation.api import stacks as of_stacks
    from infra.local.resource_type import resource_types

    kind = type(resource_types()["AWS::SQS::Queue"])
    go, own = threading.Event(), kind.create

    def slow(self: Any, *arguments: Any) -> str:
        go.wait(20)
        made: str = own(self, *arguments)
        return made

    monkeypatch.setattr(kind, "create", slow)
    monkeypatch.setattr(of_stacks, "HOLD_SECONDS", 0.1)
    stacks.api.create_stack(StackName="one", TemplateBody=json.dumps(template(Q=queue())))
    try:
        assert stacks.stands("one")["StackStatus"] == "CREATE_IN_PROGRESS"
        assert stacks.events("one")[-1][:2] == ("Q", "CREATE_IN_PROGRESS")
        for refused in (
            lambda: stacks.plan("one", template(A=parameter("1"))),
            lambda: stacks.update("one", template(A=parameter("1"))),
            lambda: stacks.api.delete_stack(StackName="one"),
            lambda: stacks.api.detect_stack_drift(StackName="one"),
        ):
            with pytest.raises(ClientError, match="CREATE_IN_PROGRESS state"):
                refused()
    finally:
        go.set()
    monkeypatch.setattr(of_stacks, "HOLD_SECONDS", 10)
    assert stacks.stands("one")["StackStatus"] == "CREATE_COMPLETE"


def test_a_deployment_goes_on_by_itself_and_outputs_are_kept(stacks: Stacks) -> None:
    wanted = {**template(Q=queue(QueueName="q")), "Outputs": {"Name": output(att("Q", "QueueName"), "name")}}
    stacks.plan("one", wanted, "CREATE")
    stacks.api.execute_change_set(StackName="one", ChangeSetName="plan")
    told = stacks.stands("one")
    assert told["Outputs"] == [{"OutputKey": "Name", "OutputValue": "q", "ExportName": "name"}]
