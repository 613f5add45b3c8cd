"""Updates: in place, by replacement with what depends on it, cleaned up afterwards, taken back if one fails."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.engine.templates import NO_WAY, att, output, parameter, queue, ref, template

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.local.engine.conftest import Stacks


def since(events: list[tuple[str, str, str]], status: str = "UPDATE_IN_PROGRESS") -> list[tuple[str, str]]:
    """Logical id and status of what was told since the stack's last start."""
    starts = [index for index, event in enumerate(events) if event[1] == status and event[2] == "User Initiated"]
    return [event[:2] for event in events[starts[-1] :]]


def queues(stacks: Stacks) -> list[str]:
    """The names of all queues."""
    return [url.rsplit("/", 1)[1] for url in stacks.server.client("sqs").list_queues().get("QueueUrls", [])]


def test_a_change_in_place_touches_only_what_differs(stacks: Stacks) -> None:
    stacks.create("one", template(A=parameter("1", "/a"), B=parameter("1", "/b")))
    told = stacks.update("one", template(A=parameter("2", "/a"), B=parameter("1", "/b")))
    assert told["StackStatus"] == "UPDATE_COMPLETE"
    assert (stacks.value("/a"), stacks.value("/b")) == ("2", "1")
    assert since(stacks.events("one")) == [
        ("one", "UPDATE_IN_PROGRESS"),
        ("A", "UPDATE_IN_PROGRESS"),
        ("A", "UPDATE_COMPLETE"),
        ("one", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("one", "UPDATE_COMPLETE"),
    ]


def test_nothing_to_do_is_said(stacks: Stacks) -> None:
    stacks.create("one", template(A=parameter("1")))
    with pytest.raises(ClientError, match=r"No updates are to be performed\."):
        stacks.update("one", template(A=parameter("1")))


def test_an_output_alone_is_a_change(stacks: Stacks) -> None:
    stacks.create("one", template(A=parameter("1")))
    told = stacks.update("one", {**template(A=parameter("1")), "Outputs": {"O": output("x")}})
    assert [o["OutputValue"] for o in told["Outputs"]] == ["x"]


def test_a_replacement_takes_its_dependants_along_and_goes_last(stacks: Stacks) -> None:
    def wanted(name: str) -> dict[str, Any]:
        return template(
            Queue=queue(QueueName=name),
            Url=parameter(ref("Queue"), "/url"),
            Arn=parameter({"Fn::Sub": "<${Queue.Arn}>"}, "/arn"),
            Other=parameter("x", "/other"),
        )

    stacks.create("one", wanted("first"))
    assert stacks.update("one", wanted("second"))["StackStatus"] == "UPDATE_COMPLETE"
    assert queues(stacks) == ["second"]
    assert stacks.value("/url") == stacks.physical("one")["Queue"]
    assert (stacks.value("/arn") or "").endswith(":second>")
    told = since(stacks.events("one"))
    assert "Other" not in {name for name, _ in told}
    assert told.index(("Queue", "DELETE_IN_PROGRESS")) > told.index(("one", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"))


def test_a_named_resource_cannot_be_replaced_beside_itself(stacks: Stacks) -> None:
    def role(path: str) -> dict[str, Any]:
        allowed = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
        trust = {"Version": "2012-10-17", "Statement": [allowed]}
        properties = {"RoleName": "named", "Path": path, "AssumeRolePolicyDocument": trust}
        return template(Role={"Type": "AWS::IAM::Role", "Properties": properties})

    can = {"Capabilities": ["CAPABILITY_NAMED_IAM"]}
    stacks.create("one", role("/a/"), **can)
    assert stacks.update("one", role("/b/"), **can)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    reasons = {reason for name, status, reason in stacks.events("one") if (name, status) == ("Role", "UPDATE_FAILED")}
    assert reasons == {
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
        "Rename named and update the stack again."
    }


@pytest.mark.parametrize(("policy", "stays"), [("Delete", False), ("Retain", True)])
def test_what_is_replaced_goes_or_stays_by_its_policy(stacks: Stacks, policy: str, stays: bool) -> None:
    stacks.create("one", template(Queue={**queue(QueueName="first"), "UpdateReplacePolicy": policy}))
    stacks.update("one", template(Queue={**queue(QueueName="second"), "UpdateReplacePolicy": policy}))
    assert ("first" in queues(stacks)) is stays


@pytest.mark.parametrize(("policy", "stays"), [("Delete", None), ("Retain", "x"), ("RetainExceptOnCreate", "x")])
def test_what_leaves_the_template_goes_or_stays_by_its_policy(stacks: Stacks, policy: str, stays: str | None) -> None:
    stacks.create("one", template(A=parameter("x", "/a", DeletionPolicy=policy), B=parameter("y")))
    stacks.update("one", template(B=parameter("y")))
    assert stacks.value("/a") == stays
    assert set(stacks.physical("one")) == {"B"}


def test_a_policy_alone_is_a_change_and_counts(stacks: Stacks) -> None:
    stacks.create("one", template(A=parameter("x", "/a"), B=parameter("y")))
    stacks.update("one", template(A=parameter("x", "/a", DeletionPolicy="Retain"), B=parameter("y")))
    stacks.delete("one")
    assert stacks.value("/a") == "x"


def test_what_was_needed_goes_after_what_needed_it(stacks: Stacks) -> None:
    stacks.create("one", template(A=queue(), B=parameter(ref("A")), C=parameter(ref("B")), D=parameter("x")))
    stacks.update("one", template(D=parameter("x")))
    gone = [name for name, status in since(stacks.events("one")) if status == "DELETE_COMPLETE"]
    assert gone == ["C", "B", "A"]


def test_an_attribute_is_read_anew_after_its_resource_changed(stacks: Stacks) -> None:
    """The ARN of a replaced queue reaches a parameter that says the same words as before."""

    def wanted(fifo: bool) -> dict[str, Any]:
        return template(Q=queue(**({"FifoQueue": True} if fifo else {})), P=parameter(att("Q", "QueueName"), "/p"))

    stacks.create("one", wanted(False))
    stacks.update("one", wanted(True))
    assert (stacks.value("/p") or "").endswith(".fifo")


def test_a_type_of_a_resource_stays(stacks: Stacks) -> None:
    stacks.create("one", template(A=parameter("x")))
    with pytest.raises(ClientError, match=r"Update of resource type is not permitted.*\[A\]"):
        stacks.update("one", template(A=queue()))


def test_parameters_keep_their_previous_values(stacks: Stacks) -> None:
    wanted = {**template(A=parameter(ref("P"), "/a")), "Parameters": {"P": {"Type": "String"}}}
    stacks.create("one", wanted, Parameters=[{"ParameterKey": "P", "ParameterValue": "kept"}])
    keep = [{"ParameterKey": "P", "UsePreviousValue": True}]
    stacks.api.update_stack(
        StackName="one", UsePreviousTemplate=True, Parameters=keep, Tags=[{"Key": "k", "Value": "v"}]
    )
    assert stacks.stands("one")["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.value("/a") == "kept"


def test_a_failed_creation_is_taken_back(stacks: Stacks, refusing: Callable[..., None]) -> None:
    refusing("create")
    told = stacks.create(
        "one",
        template(
            First=parameter("x", "/first"),
            Kept=parameter("x", "/kept", DeletionPolicy="Retain"),
            Tidy=parameter("x", "/tidy", DeletionPolicy="RetainExceptOnCreate"),
            Fails=parameter(NO_WAY, DependsOn=["First", "Kept", "Tidy"]),
            Never=parameter("x", "/never", DependsOn="Fails"),
        ),
    )
    assert told["StackStatus"] == "ROLLBACK_COMPLETE"
    assert [stacks.value(f"/{name}") for name in ("first", "kept", "tidy", "never")] == [None, "x", None, None]
    events = stacks.events("one")
    (reason,) = [reason for name, status, reason in events if (name, status) == ("Fails", "CREATE_FAILED")]
    assert 'Resource handler returned message: "create is not for you"' in reason
    assert "HandlerErrorCode: AccessDenied" in reason
    (reason,) = [reason for _, status, reason in events if status == "ROLLBACK_IN_PROGRESS"]
    assert reason == "The following resource(s) failed to create: [Fails]. Rollback requested by user."
    with pytest.raises(ClientError, match="is in ROLLBACK_COMPLETE state and can not be updated"):
        stacks.update("one", template(First=parameter("y")))
    assert stacks.delete("one")["StackStatus"] == "DELETE_COMPLETE"


@pytest.mark.parametrize(
    ("how", "status"),
    [({"OnFailure": "DO_NOTHING"}, "CREATE_FAILED"), ({"DisableRollback": True}, "CREATE_FAILED")],
)
def test_a_failed_creation_stays_if_asked(
    stacks: Stacks, refusing: Callable[..., None], how: dict[str, Any], status: str
) -> None:
    refusing("create")
    wanted = template(First=parameter("x", "/first"), Fails=parameter(NO_WAY, "/fails", DependsOn="First"))
    assert stacks.create("one", wanted, **how)["StackStatus"] == status
    assert stacks.value("/first") == "x"
    mended = template(First=parameter("x", "/first"), Fails=parameter("fine", "/fails", DependsOn="First"))
    assert stacks.update("one", mended)["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.value("/fails") == "fine"


def test_a_failed_creation_is_deleted_if_asked(stacks: Stacks, refusing: Callable[..., None]) -> None:
    refusing("create")
    wanted = json.dumps(template(F=parameter(NO_WAY)))
    made = stacks.api.create_stack(StackName="one", TemplateBody=wanted, OnFailure="DELETE")
    assert stacks.stands(made["StackId"])["StackStatus"] == "DELETE_COMPLETE"


def test_a_failed_update_leads_back_to_what_was(stacks: Stacks, refusing: Callable[..., None]) -> None:
    before = template(
        Changed=parameter("1", "/changed"),
        Queue=queue(QueueName="first"),
        Url=parameter(ref("Queue"), "/url"),
        Gone=parameter("x", "/gone"),
        Fails=parameter("fine", "/fails", DependsOn=["Changed", "Url"]),
    )
    after = template(
        Changed=parameter("2", "/changed", DeletionPolicy="Retain"),
        Queue=queue(QueueName="second"),
        Url=parameter(ref("Queue"), "/url"),
        New=parameter("x", "/new"),
        Fails=parameter(NO_WAY, "/fails", DependsOn=["Changed", "Url", "New"]),
    )
    stacks.create("one", before)
    was = stacks.physical("one")
    refusing("update")
    told = stacks.update("one", after)
    assert told["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.physical("one") == was
    assert [stacks.value(f"/{name}") for name in ("changed", "gone", "new", "fails")] == ["1", "x", None, "fine"]
    assert stacks.value("/url") == was["Queue"]
    assert queues(stacks) == ["first"]
    events = stacks.events("one")
    (reason,) = [reason for _, status, reason in events if status == "UPDATE_ROLLBACK_IN_PROGRESS"]
    assert reason == "The following resource(s) failed to update: [Fails]. "
    # The policy that the failed update brought is forgotten with it.
    stacks.delete("one")
    assert stacks.value("/changed") is None


def test_after_a_rollback_the_stack_updates_as_before(stacks: Stacks, refusing: Callable[..., None]) -> None:
    refusing("update")
    stacks.create("one", template(A=parameter("1", "/a"), B=parameter("1", "/b", DependsOn="A")))
    stacks.update("one", template(A=parameter("2", "/a"), B=parameter(NO_WAY, "/b", DependsOn="A")))
    told = stacks.update("one", template(A=parameter("2", "/a"), B=parameter("2", "/b", DependsOn="A")))
    assert told["StackStatus"] == "UPDATE_COMPLETE"
    assert (stacks.value("/a"), stacks.value("/b")) == ("2", "2")


def test_without_rollback_a_failed_update_waits_and_is_rolled_back_on_demand(
    stacks: Stacks, refusing: Callable[..., None]
) -> None:
    refusing("update")
    stacks.create("one", template(A=parameter("1", "/a"), B=parameter("1", "/b", DependsOn="A")))
    failing = template(A=parameter("2", "/a"), B=parameter(NO_WAY, "/b", DependsOn="A"))
    assert stacks.update("one", failing, DisableRollback=True)["StackStatus"] == "UPDATE_FAILED"
    assert stacks.value("/a") == "2"
    stacks.api.rollback_stack(StackName="one")
    assert stacks.stands("one")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert (stacks.value("/a"), stacks.value("/b")) == ("1", "1")


def test_without_rollback_the_next_update_goes_on(stacks: Stacks, refusing: Callable[..., None]) -> None:
    refusing("update")
    stacks.create("one", template(Q=queue(QueueName="first"), B=parameter("1", "/b", DependsOn="Q")))
    failing = template(Q=queue(QueueName="second"), B=parameter(NO_WAY, "/b", DependsOn="Q"))
    stacks.update("one", failing, DisableRollback=True)
    mended = template(Q=queue(QueueName="second"), B=parameter("2", "/b", DependsOn="Q"))
    assert stacks.update("one", mended)["StackStatus"] == "UPDATE_COMPLETE"
    assert queues(stacks) == ["second"]


def test_a_rollback_that_fails_is_continued(stacks: Stacks, refusing: Callable[..., None]) -> None:
    """B cannot go back to a value that is refused by now."""
    stacks.create("one", template(B=parameter(NO_WAY, "/b"), C=parameter("1", DependsOn="B")))
    refusing("update")
    refusing("create")
    failing = template(B=parameter("2", "/b"), C=parameter("1", DependsOn="B"), D=parameter(NO_WAY, DependsOn="B"))
    told = stacks.update("one", failing)
    assert told["StackStatus"] == "UPDATE_ROLLBACK_FAILED"
    assert told["StackStatusReason"] == "The following resource(s) failed to update: [B]. "
    stacks.api.continue_update_rollback(StackName="one", ResourcesToSkip=["B"])
    assert stacks.stands("one")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.value("/b") == "2"


def test_what_a_create_half_made_is_taken_back(stacks: Stacks, monkeypatch: pytest.MonkeyPatch) -> None:
    from infra.local.resource_type import Refused, resource_types

    kind = type(resource_types()["AWS::SSM::Parameter"])

    def half(self: Any, properties: Any, context: Any) -> str:
        context.client("ssm").put_parameter(Name=properties["Name"], Value="half", Type="String")
        context.made(properties["Name"])
        raise Refused("ThrottlingException", "not today")

    monkeypatch.setattr(kind, "create", half)
    assert stacks.create("one", template(A=parameter("x", "/half")))["StackStatus"] == "ROLLBACK_COMPLETE"
    assert stacks.value("/half") is None
