"""EVD-06: rules and a metric filter that between them notice every change, and tell an encrypted topic."""

from __future__ import annotations

from typing import Any


def rule(source: str, *names: str, **detail: Any) -> dict[str, Any]:
    pattern = {
        "source": [f"aws.{source}"],
        "detail-type": ["AWS API Call via CloudTrail"],
        "detail": {"eventName": list(names), **detail},
    }
    return {
        "Type": "AWS::Events::Rule",
        "Properties": {"State": "ENABLED", "EventPattern": pattern, "Targets": [{"Id": "T", "Arn": {"Ref": "Topic"}}]},
    }


def allow(service: str, *actions: str, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(actions), "Resource": "*", **more}


SERVICES = ("cloudwatch.amazonaws.com", "events.amazonaws.com")
BEDROCK = rule("bedrock", "CreateGuardrailVersion", "DeleteGuardrail", "UpdateGuardrail")
OTHER_BEDROCK = rule(
    "bedrock",
    "DeleteEnforcedGuardrailConfiguration",
    "PutEnforcedGuardrailConfiguration",
    "DeleteModelInvocationLoggingConfiguration",
    "PutModelInvocationLoggingConfiguration",
    "PutAccountDataRetention",
)
IAM = rule(
    "iam",
    *(f"{verb}RolePolicy" for verb in ("Attach", "Delete", "Detach", "Put")),
    *("DeleteRolePermissionsBoundary", "PutRolePermissionsBoundary", "UpdateAssumeRolePolicy"),
    requestParameters={"roleName": [{"prefix": "stack-"}]},
)
COUNTED = (
    *("DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail", "DeleteBucketPolicy", "PutBucketPolicy"),
    *("DisableKey", "PutKeyPolicy", "ScheduleKeyDeletion"),
)
PATTERN = f"{{ {' || '.join(f'($.eventName = {name})' for name in COUNTED)} }}"
GOOD: dict[str, Any] = {
    "Key": {
        "Type": "AWS::KMS::Key",
        "Properties": {"KeyPolicy": {"Statement": [allow(s, "kms:GenerateDataKey*", "kms:Decrypt") for s in SERVICES]}},
    },
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}},
    "TopicPolicy": {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {
            "Topics": [{"Ref": "Topic"}],
            "PolicyDocument": {"Statement": [allow(service, "sns:Publish") for service in SERVICES]},
        },
    },
    "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}},
    "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
    "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {}},
    "Trail": {
        "Type": "AWS::CloudTrail::Trail",
        "Properties": {
            "IsLogging": True,
            "IsMultiRegionTrail": True,
            "S3BucketName": {"Ref": "Bucket"},
            "CloudWatchLogsLogGroupArn": {"Fn::GetAtt": ["Log", "Arn"]},
        },
    },
    "Guardrails": BEDROCK,
    "OtherBedrock": OTHER_BEDROCK,
    "Roles": IAM,
    "Endpoints": rule("ec2", "DeleteVpcEndpoints", "ModifyVpcEndpoint"),
    "Filter": {
        "Type": "AWS::Logs::MetricFilter",
        "Properties": {
            "LogGroupName": {"Ref": "Log"},
            "FilterPattern": PATTERN,
            "MetricTransformations": [{"MetricNamespace": "N", "MetricName": "Changes", "MetricValue": "1"}],
        },
    },
    "Alarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": "N",
            "MetricName": "Changes",
            "Statistic": "Sum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "Threshold": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "AlarmActions": [{"Ref": "Topic"}],
        },
    },
}
EVENTS = "Guardrails.Properties.EventPattern"
ALARM = "Alarm.Properties"
STATEMENTS = "TopicPolicy.Properties.PolicyDocument.Statement"
KEY_STATEMENTS = "Key.Properties.KeyPolicy.Statement"
OF_SOURCE = {"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}
BYPASSES = {
    "rule gone": {"Guardrails": None},
    "rule disabled": {"Guardrails.Properties.State": "DISABLED"},
    "rule on another bus": {"Guardrails.Properties.EventBusName": "custom"},
    "rule without target": {"Guardrails.Properties.Targets": []},
    "rule to a topic of somebody else": {
        "Guardrails.Properties.Targets.0.Arn": "arn:aws-us-gov:sns:us-gov-west-1:444455556666:x"
    },
    "pattern of a typo": {f"{EVENTS}.source": ["aws.bedrok"]},
    "one call dropped": {f"{EVENTS}.detail.eventName": ["DeleteGuardrail", "UpdateGuardrail"]},
    "only of one guardrail": {f"{EVENTS}.detail.requestParameters": {"guardrailIdentifier": ["abc"]}},
    "all callers but one": {
        f"{EVENTS}.detail.userIdentity": {
            "sessionContext": {"sessionIssuer": {"arn": [{"anything-but": {"suffix": "role/anyone"}}]}}
        }
    },
    "only by role sessions": {f"{EVENTS}.detail.userIdentity": {"type": ["AssumedRole"]}},
    "roles of another prefix": {"Roles.Properties.EventPattern.detail.requestParameters.roleName": [{"prefix": "x-"}]},
    "rule with a schedule in place of a pattern": {
        "Guardrails.Properties.EventPattern": None,
        "Guardrails.Properties.ScheduleExpression": "rate(1 day)",
    },
    "topic without policy": {"TopicPolicy": None},
    "topic refuses rules": {f"{STATEMENTS}.1": None},
    "topic refuses alarms": {f"{STATEMENTS}.0": None},
    "topic's key refuses rules": {f"{KEY_STATEMENTS}.1": None},
    "topic's key asks rules for a source": {f"{KEY_STATEMENTS}.1": allow(SERVICES[1], "kms:*", **OF_SOURCE)},
    "topic's key refuses alarms": {f"{KEY_STATEMENTS}.0": None},
    "trail does not log": {"Trail.Properties.IsLogging": False},
    "trail leaves management events out": {
        "Trail.Properties.EventSelectors": [{"IncludeManagementEvents": False}],
    },
    "trail records reads only": {"Trail.Properties.EventSelectors": [{"ReadWriteType": "ReadOnly"}]},
    "trail to another log group": {
        "Trail.Properties.CloudWatchLogsLogGroupArn": "arn:aws-us-gov:logs:us-gov-west-1:111122223333:log-group:x:*"
    },
    "filter of another log group": {"Filter.Properties.LogGroupName": "x"},
    "filter drops one call": {"Filter.Properties.FilterPattern": PATTERN.replace("StopLogging", "StartLogging")},
    "filter counts nothing": {"Filter.Properties.MetricTransformations.0.MetricValue": "0"},
    "alarm on another metric": {f"{ALARM}.MetricName": "Other"},
    "alarm only on many": {f"{ALARM}.Threshold": 100},
    "alarm only after long": {f"{ALARM}.EvaluationPeriods": 12},
    "alarm once a day": {f"{ALARM}.Period": 86400},
    "alarm disabled": {f"{ALARM}.ActionsEnabled": False},
    "alarm without action": {f"{ALARM}.AlarmActions": []},
    "alarm only tells when it is over": {f"{ALARM}.AlarmActions": None, f"{ALARM}.OKActions": [{"Ref": "Topic"}]},
    "another alarm without action": {
        "Second": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "X", "EvaluationPeriods": 1}}
    },
}
UNKNOWN = {
    "filter counts some accounts only": {"Filter.Properties.FieldSelectionCriteria": '@aws.account = "1"'},
    "pattern from a parameter": {EVENTS: {"Ref": "Anything"}},
    "state from a parameter": {"Guardrails.Properties.State": {"Ref": "Anything"}},
    "key not read": {"Topic.Properties.KmsMasterKeyId": "alias/somebody"},
    "operator not known": {f"{EVENTS}.detail.eventName": [{"sounds-like": "DeleteGuardrail"}]},
    "alarm's switch from a parameter": {f"{ALARM}.ActionsEnabled": {"Ref": "Anything"}},
    "rule there perhaps": {"Guardrails.Condition": "Perhaps"},
}
HARMLESS = {
    "one rule for all of a service": {
        "OtherBedrock": None,
        f"{EVENTS}.detail.eventName": [
            {"prefix": "Put"},
            {"prefix": "Delete"},
            {"prefix": "Update"},
            {"prefix": "Create"},
        ],
    },
    "two rules in place of one": {
        "Guardrails": rule("bedrock", "CreateGuardrailVersion"),
        "Again": rule("bedrock", "DeleteGuardrail", "UpdateGuardrail"),
    },
    "any caller, said so": {
        f"{EVENTS}.detail.userIdentity": {
            "sessionContext": {"sessionIssuer": {"arn": [{"anything-but": ["arn:of-the-keeper"]}, {"exists": False}]}}
        }
    },
    "names by wildcard": {f"{EVENTS}.detail.eventName": [{"wildcard": "*Guardrail*"}]},
    "either of two patterns": {
        f"{EVENTS}.detail": {
            "$or": [{"eventName": ["DeleteGuardrail", "UpdateGuardrail"]}, {"eventName": [{"prefix": "Create"}]}]
        }
    },
    "event source said too": {f"{EVENTS}.detail.eventSource": ["bedrock.amazonaws.com"]},
    "names quoted in the filter": {"Filter.Properties.FilterPattern": PATTERN.replace("StopLogging", '"StopLogging"')},
    "topic not encrypted": {"Topic.Properties.KmsMasterKeyId": None},
    "alarm above zero": {f"{ALARM}.Threshold": 0, f"{ALARM}.ComparisonOperator": "GreaterThanThreshold"},
}
SECTIONS = {
    "Parameters": {"Anything": {"Type": "String"}},
    "Conditions": {"Perhaps": {"Fn::Equals": [{"Ref": "Anything"}, "on"]}},
}
