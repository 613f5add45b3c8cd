"""What the server's switch lets fail: one creation, update or deletion, and what CloudFormation makes of it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from infra.local import clients, faults
from tests.local.engine.templates import parameter, template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.local.engine.conftest import Stacks

ONE = template(A=parameter("1", "/a"), B=parameter("1", "/b", DependsOn="A"))
TWO = template(A=parameter("2", "/a"), B=parameter("2", "/b", DependsOn="A"))


@pytest.fixture(autouse=True)
def nothing_else_fails() -> Iterator[None]:
    faults.clear()
    yield
    faults.clear()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("", "is no fault"),
        ("create", "is no fault"),
        ("create one", "is no fault"),
        ("create one/", "is no fault"),
        ("make one/A", "is no fault"),
        ("create one/A times=0", "needs a number"),
        ("create one/A status=500", "allowed: code, times, after"),
        ("call ec2/DescribeVpcs after", "allowed: code, times, status, reset"),
        ("call ec2/DescribeVpcs status=200", "400 to 599"),
        ("call ec2/DescribeVpcs reset=yes", "takes no value"),
        ("create one/A code=", "needs the error's code"),
    ],
)
def test_a_line_that_tells_no_fault_is_refused(line: str, wrong: str) -> None:
    with pytest.raises(faults.FaultError, match=wrong):
        faults.order(line)
    assert faults.ordered() == []


@pytest.mark.parametrize("what", ["one/B", "*/B", "one/AWS::SSM::*", "on?/[B]"])
@pytest.mark.parametrize("when", ["", " after"])
def test_a_creation_fails_once(stacks: Stacks, what: str, when: str) -> None:
    fault = faults.order(f"create {what} code=AccessDeniedException{when}")
    assert stacks.create("one", ONE)["StackStatus"] == "ROLLBACK_COMPLETE"
    (struck,) = fault.struck
    failed = [(name, reason) for name, status, reason in stacks.events("one") if status == "CREATE_FAILED"]
    ((name, reason),) = failed
    assert struck == f"one/{name}"
    assert "HandlerErrorCode: AccessDenied" in reason
    assert (stacks.value("/a"), stacks.value("/b")) == (None, None)
    stacks.delete("one")
    assert stacks.create("one", ONE)["StackStatus"] == "CREATE_COMPLETE"


@pytest.mark.parametrize("when", ["", " after"])
def test_an_update_fails_once(stacks: Stacks, when: str) -> None:
    stacks.create("one", ONE)
    faults.order(f"update one/B{when}")
    assert stacks.update("one", TWO)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert (stacks.value("/a"), stacks.value("/b")) == ("1", "1")
    assert stacks.update("one", TWO)["StackStatus"] == "UPDATE_COMPLETE"
    assert (stacks.value("/a"), stacks.value("/b")) == ("2", "2")


@pytest.mark.parametrize("when", ["", " after"])
def test_a_deletion_fails_once(stacks: Stacks, when: str) -> None:
    stacks.create("one", ONE)
    faults.order(f"delete one/A{when}")
    told = stacks.delete("one")
    assert told["StackStatus"] == "DELETE_FAILED"
    assert told["StackStatusReason"] == "The following resource(s) failed to delete: [A]. "
    assert (stacks.value("/a"), stacks.value("/b")) == (None if when else "1", None)
    assert stacks.delete("one")["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.value("/a") is None


@pytest.mark.parametrize("changed", [True, False])
def test_what_was_half_made_is_deleted_and_made_anew_by_the_next_update(stacks: Stacks, changed: bool) -> None:
    faults.order("create one/B after")
    assert stacks.create("one", ONE, DisableRollback=True)["StackStatus"] == "CREATE_FAILED"
    assert (stacks.value("/a"), stacks.value("/b")) == ("1", "1")
    again = TWO if changed else template(A=parameter("2", "/a"), B=parameter("1", "/b", DependsOn="A"))
    assert stacks.update("one", again)["StackStatus"] == "UPDATE_COMPLETE"
    told = [status for name, status, _ in stacks.events("one") if name == "B"]
    assert told[-4:] == ["DELETE_IN_PROGRESS", "DELETE_COMPLETE", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"]
    assert (stacks.value("/a"), stacks.value("/b")) == ("2", "2" if changed else "1")
    assert stacks.delete("one")["StackStatus"] == "DELETE_COMPLETE"
    assert (stacks.value("/a"), stacks.value("/b")) == (None, None)


def test_what_is_half_made_and_cannot_be_deleted_stops_the_update(stacks: Stacks) -> None:
    faults.order("create one/B after")
    stacks.create("one", ONE, DisableRollback=True)
    faults.order("delete one/B")
    assert stacks.update("one", TWO, DisableRollback=True)["StackStatus"] == "UPDATE_FAILED"
    assert stacks.update("one", TWO)["StackStatus"] == "UPDATE_COMPLETE"
    assert stacks.value("/b") == "2"


def test_it_fails_as_often_as_ordered(stacks: Stacks) -> None:
    stacks.create("one", ONE)
    fault = faults.order("delete one/A times=2")
    assert [stacks.delete("one")["StackStatus"] for _ in range(2)] == ["DELETE_FAILED", "DELETE_FAILED"]
    assert fault.shown()["left"] == 0
    assert stacks.delete("one")["StackStatus"] == "DELETE_COMPLETE"
    assert fault.struck == ["one/A", "one/A"]


def test_a_rollback_of_a_creation_that_fails_waits_to_be_deleted(stacks: Stacks) -> None:
    faults.order("create one/B")
    faults.order("delete one/A")
    told = stacks.create("one", ONE)
    assert told["StackStatus"] == "ROLLBACK_FAILED"
    with pytest.raises(ClientError, match="is in ROLLBACK_FAILED state and can not be updated"):
        stacks.update("one", TWO)
    with pytest.raises(ClientError, match="can not continue rollback"):
        stacks.api.continue_update_rollback(StackName="one")
    assert stacks.delete("one")["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.value("/a") is None


def failed(stacks: Stacks, *, times: int = 1) -> None:
    """Leave a stack whose update of B failed, and whose undoing of B failed `times` times."""
    stacks.create("one", ONE)
    faults.order(f"update one/B times={1 + times}")
    assert stacks.update("one", TWO)["StackStatus"] == "UPDATE_ROLLBACK_FAILED"


def test_a_rollback_of_an_update_that_fails_is_continued(stacks: Stacks) -> None:
    failed(stacks, times=2)
    for status in ("UPDATE_ROLLBACK_FAILED", "UPDATE_ROLLBACK_COMPLETE"):
        stacks.api.continue_update_rollback(StackName="one")
        assert stacks.stands("one")["StackStatus"] == status
    assert (stacks.value("/a"), stacks.value("/b")) == ("1", "1")
    assert stacks.update("one", TWO)["StackStatus"] == "UPDATE_COMPLETE"


@pytest.mark.parametrize("how", [{"ResourcesToSkip": ["B"]}, {"ForceRollback": True}])
def test_what_cannot_go_back_is_skipped(stacks: Stacks, how: dict[str, Any]) -> None:
    failed(stacks)
    faults.order("update one/B")
    stacks.api.continue_update_rollback(StackName="one", **how)
    assert stacks.stands("one")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.value("/a") == "1"
    summaries = stacks.api.list_stack_resources(StackName="one")["StackResourceSummaries"]
    assert {each["LogicalResourceId"]: each["ResourceStatus"] for each in summaries} == {
        "A": "UPDATE_COMPLETE",
        "B": "UPDATE_COMPLETE",
    }


def test_only_what_failed_to_go_back_can_be_skipped(stacks: Stacks) -> None:
    failed(stacks)
    with pytest.raises(ClientError, match=r"cannot be skipped: \[A\]"):
        stacks.api.continue_update_rollback(StackName="one", ResourcesToSkip=["A"])
    with pytest.raises(ClientError, match="cannot be specified together"):
        stacks.api.continue_update_rollback(StackName="one", ResourcesToSkip=["B"], ForceRollback=True)
    assert stacks.stands("one")["StackStatus"] == "UPDATE_ROLLBACK_FAILED"


def caller(stacks: Stacks, service: str, attempts: int) -> Any:
    return clients.connect(
        service,
        region_name=stacks.server.region,
        endpoint_url=stacks.server.url,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": "standard", "total_max_attempts": attempts}),
    )


@pytest.mark.parametrize(
    ("service", "operation", "call"),
    [
        ("ec2", "DescribeVpcs", "describe_vpcs"),
        ("s3", "ListBuckets", "list_buckets"),
        ("sns", "ListTopics", "list_topics"),
        ("kms", "ListKeys", "list_keys"),
        ("bedrock", "ListGuardrails", "list_guardrails"),
        ("cloudwatch", "DescribeAlarms", "describe_alarms"),
        ("stepfunctions", "ListStateMachines", "list_state_machines"),
        ("cloudformation", "ListStacks", "list_stacks"),
        ("sts", "GetCallerIdentity", "get_caller_identity"),
        ("route53resolver", "ListFirewallRuleGroups", "list_firewall_rule_groups"),
    ],
)
def test_a_call_fails_by_its_service_s_protocol(stacks: Stacks, service: str, operation: str, call: str) -> None:
    client = caller(stacks, service, 1)
    faults.order(f"call {service}/{operation} code=ServiceUnavailable status=503")
    with pytest.raises(ClientError) as refused:
        getattr(client, call)()
    response: Any = refused.value.response
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == ("ServiceUnavailable", 503)
    getattr(client, call)()


def test_a_call_is_reset(stacks: Stacks) -> None:
    client = caller(stacks, "ec2", 1)
    faults.order("call ec2/DescribeVpcs reset")
    with pytest.raises(ConnectionClosedError):
        client.describe_vpcs()
    client.describe_vpcs()


def test_the_engine_s_own_calls_do_not_fail(stacks: Stacks) -> None:
    faults.order("call ssm/* times=99")
    assert stacks.create("one", ONE)["StackStatus"] == "CREATE_COMPLETE"


def ask(stacks: Stacks, **asked: Any) -> Any:
    request = urllib.request.Request(f"{stacks.server.url}/sallyport/faults", json.dumps(asked).encode())
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["faults"]


def test_the_switch_is_worked_over_http(stacks: Stacks) -> None:
    told = ask(stacks, order=["create one/A", "call ec2/* times=2 status=500 code=InternalError"])
    assert [(each["fault"], each["left"]) for each in told] == [("create one/A", 1), ("call ec2/*", 2)]
    assert stacks.create("one", ONE)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert ask(stacks)[0] == {"fault": "create one/A", "code": "ServiceInternalError", "left": 0, "struck": ["one/A"]}
    wrongs: list[dict[str, Any]] = [{"order": ["create one/B", "nonsense"]}, {"order": "create one/B"}, {"oder": []}]
    for wrong in wrongs:
        with pytest.raises(urllib.error.HTTPError, match="400") as refused:
            ask(stacks, **wrong)
        refused.value.close()
    assert len(ask(stacks)) == 2  # all lines or none
    assert ask(stacks, clear=True) == []
