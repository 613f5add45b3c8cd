"""Schedules and their groups, and the clock that invokes them."""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from infra.local.clock import CLOCK, NAME
from infra.local.services import scheduler
from tests.local.types.trips import ACCOUNT, PARTITION, Trip, arn, made_key, refused, scheduled_machine

if TYPE_CHECKING:
    from infra.local.resource_type import Context


def schedule(context: Context, **changes: Any) -> dict[str, Any]:
    target, role = scheduled_machine(context)
    return {
        "Name": "keeper",
        "Description": "every five minutes",
        "GroupName": "default",
        "ScheduleExpression": "rate(5 minutes)",
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
        "State": "ENABLED",
        "KmsKeyArn": made_key(context),
        "StartDate": "2030-01-01T00:00:00Z",
        "EndDate": "2031-01-01T00:00:00Z",
        "Target": {
            "Arn": target,
            "RoleArn": role,
            "Input": '{"from": "<aws.scheduler.schedule-arn>"}',
            "DeadLetterConfig": {"Arn": arn("sqs", "dead")},
            "RetryPolicy": {"MaximumEventAgeInSeconds": 600, "MaximumRetryAttempts": 2},
        },
        **changes,
    }


def test_a_schedule_is_read_back_whole_and_changed(context: Context) -> None:
    group = Trip(context, "AWS::Scheduler::ScheduleGroup", {"Name": "enclave", "Tags": [{"Key": "P", "Value": "t"}]})
    group.holds()
    group.change(Tags=None)
    group.holds()
    trip = Trip(context, "AWS::Scheduler::Schedule", schedule(context, GroupName="enclave"))
    trip.holds(tagged=False)
    assert (trip.id, trip.read()["Arn"]) == ("keeper", arn("scheduler", "schedule/enclave/keeper"))
    trip.change(State="DISABLED", ScheduleExpression="cron(0 12 ? * MON-FRI *)", StartDate=None, KmsKeyArn=None)
    trip.holds(tagged=False)
    assert "StartDate" not in trip.read()
    assert trip.type.replaces(trip.properties, {**trip.properties, "GroupName": "other"})
    group.gone()
    assert trip.type.read(trip.id, context) is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ScheduleExpression": "rate(0 minutes)"}, "ValidationException"),
        ({"ScheduleExpression": "cron(0 12 1 * MON *)"}, "ValidationException"),
        ({"ScheduleExpressionTimezone": "Nowhere/City"}, "ValidationException"),
        ({"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}}, "ValidationException"),
        ({"GroupName": "absent"}, "ResourceNotFoundException"),
        ({"Name": "taken"}, "ConflictException"),
        ({"Target.RoleArn": f"arn:{PARTITION}:iam::{ACCOUNT}:role/keeper"}, "ValidationException"),
        ({"Target.Arn": "arn:aws:states:us-gov-west-1:111122223333:stateMachine:m"}, "ValidationException"),
        ({"Target.Arn": f"arn:{PARTITION}:scheduler:::aws-sdk:bedrock:getAccountDataRetention"}, "ValidationException"),
        ({"Target.RetryPolicy": {"MaximumRetryAttempts": 186}}, "ValidationException"),
    ],
)
def test_a_schedule_is_refused(context: Context, changes: dict[str, Any], code: str) -> None:
    properties = schedule(context)
    Trip(context, "AWS::Scheduler::Schedule", {**properties, "Name": "taken"})
    for name, value in changes.items():
        _, _, inner = name.partition(".")
        (properties["Target"] if inner else properties)[inner or name] = value
    with pytest.raises(ClientError) as error:
        Trip(context, "AWS::Scheduler::Schedule", properties)
    assert refused(error) == code


def test_the_clock_starts_a_machine_at_once_and_stops(context: Context) -> None:
    CLOCK.start()
    try:
        trip = Trip(context, "AWS::Scheduler::Schedule", schedule(context, StartDate=None, EndDate=None))
        states = context.client("stepfunctions")
        executions: list[dict[str, Any]] = []
        for _ in range(100):
            executions = states.list_executions(stateMachineArn=trip.properties["Target"]["Arn"])["executions"]
            if executions and executions[0]["status"] == "SUCCEEDED":
                break
            time.sleep(0.02)
        told = states.describe_execution(executionArn=executions[0]["executionArn"])
        assert json.loads(told["input"]) == {"from": trip.read()["Arn"]}
        assert len(executions) == 1
    finally:
        CLOCK.stop()
    assert not any(thread.name == NAME for thread in threading.enumerate())


def test_schedules_fall_due_by_period_date_and_calendar(context: Context) -> None:
    trip = Trip(context, "AWS::Scheduler::Schedule", schedule(context))
    states = context.client("stepfunctions")

    def started(year: int, month: int, day: int, hour: int, minute: int) -> int:
        scheduler.invoke_due(datetime(year, month, day, hour, minute, tzinfo=UTC))
        return len(states.list_executions(stateMachineArn=trip.properties["Target"]["Arn"])["executions"])

    assert started(2029, 12, 31, 23, 59) == 0
    assert started(2030, 1, 1, 0, 0) == 1
    assert started(2030, 1, 1, 0, 4) == 1
    assert started(2030, 1, 1, 0, 5) == 2
    trip.change(ScheduleExpression="cron(30 9 ? * MON *)", ScheduleExpressionTimezone="America/New_York")
    assert started(2030, 1, 7, 14, 29) == 2
    assert started(2030, 1, 7, 14, 30) == 3
    trip.change(State="DISABLED")
    assert started(2030, 2, 7, 14, 30) == 3
    trip.change(State="ENABLED", ScheduleExpression="at(2030-03-01T12:00:00)", ScheduleExpressionTimezone="UTC")
    assert started(2030, 3, 1, 12, 0) == 4
    assert started(2030, 4, 1, 12, 0) == 4
    trip.change(ScheduleExpression="rate(1 hour)", EndDate="2030-03-01T12:30:00Z")
    assert started(2032, 1, 1, 0, 0) == 4  # past the end date


def test_what_cannot_be_invoked_goes_to_the_dead_letter_queue(context: Context) -> None:
    queue = context.client("sqs").create_queue(QueueName="dead")["QueueUrl"]
    Trip(context, "AWS::Scheduler::Schedule", schedule(context))
    context.client("iam").delete_role_policy(RoleName="scheduler", PolicyName="p")
    scheduler.invoke_due(datetime(2030, 1, 1, tzinfo=UTC))
    (message,) = context.client("sqs").receive_message(QueueUrl=queue, MessageAttributeNames=["All"])["Messages"]
    assert message["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "AccessDeniedException"


def test_a_universal_target_makes_its_call(context: Context) -> None:
    properties = schedule(context)
    target, role = properties["Target"]["Arn"], properties["Target"]["RoleArn"]
    made = {"Arn": f"arn:{PARTITION}:scheduler:::aws-sdk:sfn:startExecution", "RoleArn": role}
    given = json.dumps({"StateMachineArn": target, "Input": '{"a": 1}'})
    Trip(context, "AWS::Scheduler::Schedule", {**properties, "Target": {**made, "Input": given}})
    scheduler.invoke_due(datetime(2030, 1, 1, tzinfo=UTC))
    states = context.client("stepfunctions")
    (execution,) = states.list_executions(stateMachineArn=target)["executions"]
    assert states.describe_execution(executionArn=execution["executionArn"])["input"] == '{"a":1}'
