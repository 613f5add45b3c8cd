"""On a running server a schedule starts a workflow whose tasks change a service: no step of it leaves the process."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.local.engine.conftest import Stacks

SECONDS_AT_MOST = 30
WORKFLOW = {
    "StartAt": "Put",
    "States": {
        "Put": {
            "Type": "Task",
            "Resource": "arn:aws-us-gov:states:::aws-sdk:ssm:putParameter",
            "Parameters": {"Name": "kept", "Value": "by schedule", "Type": "String"},
            "End": True,
        }
    },
}


def statement(**parts: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **parts}]}


TEMPLATE = {
    "Resources": {
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": statement(
                    Principal={"Service": ["scheduler.amazonaws.com", "states.amazonaws.com"]}, Action="sts:AssumeRole"
                ),
                "Policies": [
                    {
                        "PolicyName": "work",
                        "PolicyDocument": statement(Action=["ssm:PutParameter", "states:StartExecution"], Resource="*"),
                    }
                ],
            },
        },
        "Machine": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, "DefinitionString": json.dumps(WORKFLOW)},
        },
        "Schedule": {
            "Type": "AWS::Scheduler::Schedule",
            "Properties": {
                "ScheduleExpression": "rate(15 minutes)",
                "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {"Arn": {"Ref": "Machine"}, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}},
            },
        },
    }
}


def test_a_schedule_starts_a_workflow_that_puts_a_setting(stacks: Stacks) -> None:
    made = stacks.create("timed", TEMPLATE, Capabilities=["CAPABILITY_IAM"])
    assert made["StackStatus"] == "CREATE_COMPLETE", stacks.events("timed")
    until = time.monotonic() + SECONDS_AT_MOST
    while stacks.value("kept") is None and time.monotonic() < until:
        time.sleep(0.1)
    assert stacks.value("kept") == "by schedule"
