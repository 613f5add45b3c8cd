"""EVD-05: a keeper that reads two settings, compares, and puts back what differs, started by a schedule."""

from __future__ import annotations

import json
from typing import Any

SDK = "arn:aws-us-gov:states:::aws-sdk:bedrock:"
ACCOUNT = "111122223333"
LOGGING = {
    "CloudWatchConfig": {"LogGroupName": "invocations", "RoleArn": "arn:aws-us-gov:iam::111122223333:role/logging"},
    "S3Config": {"BucketName": "evidence"},
    **{f"{name}DataDeliveryEnabled": True for name in ("Text", "Image", "Embedding", "Video", "Audio")},
}


def equal(path: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    for name, value in wanted.items():
        variable = f"{path}.{name}"
        rules.append({"Variable": variable, "IsPresent": True})
        if isinstance(value, dict):
            rules += equal(variable, value)
        else:
            rules.append({"Variable": variable, f"{'Boolean' if value is True else 'String'}Equals": value})
    return rules


def keeper(logging: dict[str, Any], mode: str = "none", compared: list[dict[str, Any]] | None = None) -> str:
    """A definition that keeps this; `compared` are the rules by which it takes logging for right."""
    rules = equal("$.found.LoggingConfig", logging) if compared is None else compared
    states = {
        "Read": {
            "Type": "Task",
            "Resource": f"{SDK}getModelInvocationLoggingConfiguration",
            "Parameters": {},
            "ResultPath": "$.found",
            "Next": "Same",
        },
        "Same": {"Type": "Choice", "Choices": [{"And": rules, "Next": "ReadMode"}], "Default": "Put"},
        "Put": {
            "Type": "Task",
            "Resource": f"{SDK}putModelInvocationLoggingConfiguration",
            "Parameters": {"LoggingConfig": logging},
            "ResultPath": None,
            "Next": "ReadMode",
        },
        "ReadMode": {
            "Type": "Task",
            "Resource": f"{SDK}getAccountDataRetention",
            "Parameters": {},
            "ResultPath": "$.mode",
            "Next": "SameMode",
        },
        "SameMode": {
            "Type": "Choice",
            "Choices": [{"And": equal("$.mode", {"Mode": mode}), "Next": "Done"}],
            "Default": "PutMode",
        },
        "PutMode": {
            "Type": "Task",
            "Resource": f"{SDK}putAccountDataRetention",
            "Parameters": {"Mode": mode},
            "End": True,
        },
        "Done": {"Type": "Succeed"},
    }
    return json.dumps({"StartAt": "Read", "States": states})


def trust(service: str) -> dict[str, Any]:
    return {"Statement": {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}}


def allows(*statements: tuple[str, str]) -> list[dict[str, Any]]:
    rules = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in statements]
    return [{"PolicyName": "keep", "PolicyDocument": {"Statement": rules}}]


PUTS = (
    ("bedrock:PutModelInvocationLoggingConfiguration", "*"),
    ("bedrock:PutAccountDataRetention", "*"),
    ("iam:PassRole", "arn:aws-us-gov:iam::111122223333:role/logging"),
)
GOOD: dict[str, Any] = {
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "evidence", "ObjectLockEnabled": True}},
    "Group": {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {"LogGroupName": "invocations", "KmsKeyId": "key", "RetentionInDays": 30},
    },
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": trust("states.amazonaws.com"), "Policies": allows(*PUTS)},
    },
    "Machine": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, "DefinitionString": keeper(LOGGING)},
    },
    "Starter": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": trust("scheduler.amazonaws.com"),
            "Policies": allows(("states:StartExecution", "*")),
        },
    },
    "Schedule": {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {
            "ScheduleExpression": "rate(15 minutes)",
            "Target": {"Arn": {"Ref": "Machine"}, "RoleArn": {"Fn::GetAtt": ["Starter", "Arn"]}},
        },
    },
}
DEFINITION, POLICIES = "Machine.Properties.DefinitionString", "Role.Properties.Policies"
SCHEDULE = "Schedule.Properties"
COMPARED = equal("$.found.LoggingConfig", LOGGING)
BYPASSES = {
    "no keeper": {"Machine": None, "Schedule": None},
    "one modality off": {DEFINITION: keeper({**LOGGING, "VideoDataDeliveryEnabled": False})},
    "one modality left out": {DEFINITION: keeper({k: v for k, v in LOGGING.items() if not k.startswith("Audio")})},
    "to a bucket of somebody else": {DEFINITION: keeper({**LOGGING, "S3Config": {"BucketName": "elsewhere"}})},
    "nowhere": {DEFINITION: keeper({k: v for k, v in LOGGING.items() if k.endswith("Enabled")})},
    "bucket not locked": {"Bucket.Properties.ObjectLockEnabled": False},
    "log group without a key": {"Group.Properties.KmsKeyId": None},
    "takes anything for right": {
        DEFINITION: keeper(LOGGING, compared=[{"Variable": "$.found.LoggingConfig", "IsPresent": True}])
    },
    "does not compare one modality": {
        DEFINITION: keeper(LOGGING, compared=equal("$.found.LoggingConfig", LOGGING)[:-2])
    },
    "does not compare the bucket": {
        DEFINITION: keeper(
            LOGGING,
            compared=[rule for rule in COMPARED if "BucketName" not in rule["Variable"]],
        )
    },
    "keeps another retention": {DEFINITION: keeper(LOGGING, mode="default")},
    "role may not put logging": {f"{POLICIES}": allows(*PUTS[1:])},
    "role may not put retention": {f"{POLICIES}": allows(PUTS[0], PUTS[2])},
    "role may not hand over the logging role": {f"{POLICIES}": allows(*PUTS[:2])},
    "role is denied": {
        f"{POLICIES}.0.PolicyDocument.Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": "bedrock:Put*", "Resource": "*"},
        ]
    },
    "cut off by its boundary": {
        "Boundary": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": []}}},
        "Role.Properties.PermissionsBoundary": {"Ref": "Boundary"},
    },
    "Step Functions may not take the role": {"Role.Properties.AssumeRolePolicyDocument": trust("lambda.amazonaws.com")},
    "no schedule": {"Schedule": None},
    "schedule disabled": {f"{SCHEDULE}.State": "DISABLED"},
    "schedule of another machine": {f"{SCHEDULE}.Target.Arn": "arn:aws-us-gov:states:us-gov-west-1:1:stateMachine:x"},
    "once only": {f"{SCHEDULE}.ScheduleExpression": "at(2026-12-01T00:00:00)"},
    "ends": {f"{SCHEDULE}.EndDate": "2026-12-01T00:00:00Z"},
    "starts in ten years": {f"{SCHEDULE}.StartDate": "2036-12-01T00:00:00Z"},
    "schedule's role may not start it": {"Starter.Properties.Policies": None},
    "schedule may not take its role": {"Starter.Properties.AssumeRolePolicyDocument": trust("states.amazonaws.com")},
    "schedule under a false condition": {"Schedule.Condition": "Never"},
}
UNKNOWN = {
    "definition from a parameter": {DEFINITION: {"Ref": "Anything"}},
    "policy of AWS's own beside": {
        POLICIES: None,
        "Role.Properties.ManagedPolicyArns": ["arn:aws-us-gov:iam::aws:policy/AmazonBedrockFullAccess"],
    },
    "state from a parameter": {f"{SCHEDULE}.State": {"Ref": "Anything"}},
}
HARMLESS = {
    "in two branches": {
        DEFINITION: json.dumps(
            {
                "StartAt": "Both",
                "States": {"Both": {"Type": "Parallel", "Branches": [json.loads(keeper(LOGGING))] * 2, "End": True}},
            }
        )
    },
    "by substitution": {
        DEFINITION: keeper({**LOGGING, "S3Config": {"BucketName": "${bucket}"}}),
        "Machine.Properties.DefinitionSubstitutions": {"bucket": {"Ref": "Bucket"}},
    },
    "without comparing": {DEFINITION: keeper(LOGGING, compared=[{"Variable": "$.nothing", "IsPresent": True}])},
    "a cron expression": {f"{SCHEDULE}.ScheduleExpression": "cron(0/15 * * * ? *)"},
    "under a boundary": {
        "Boundary": {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {
                "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
            },
        },
        "Role.Properties.PermissionsBoundary": {"Ref": "Boundary"},
    },
}
SECTIONS = {"Parameters": {"Anything": {"Type": "String"}}, "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}}}
