"""EVD-08: rules to an encrypted topic, an encrypted queue, a log group and a workflow; an alarm; a schedule."""

from __future__ import annotations

from typing import Any

ACCOUNT, REGION = "111122223333", "us-gov-west-1"
EVENTS, ALARMS, SCHEDULER = "events.amazonaws.com", "cloudwatch.amazonaws.com", "scheduler.amazonaws.com"
OF_ACCOUNT = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def allow(service: str, *actions: str, **conditions: Any) -> dict[str, Any]:
    condition = {"Condition": conditions} if conditions else {}
    return {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": list(actions),
        "Resource": "*",
        **condition,
    }


def role(service: str, *actions: str, **conditions: Any) -> dict[str, Any]:
    trust = {**allow(service, "sts:AssumeRole", **conditions)}
    del trust["Resource"]
    document = {"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]}
    return {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Statement": [trust]},
            "Policies": [{"PolicyName": "send", "PolicyDocument": document}],
        },
    }


def rule(target: Any, **more: Any) -> dict[str, Any]:
    targets = [{"Id": "T", "Arn": target, **more}]
    return {"Type": "AWS::Events::Rule", "Properties": {"EventPattern": {"source": ["aws.s3"]}, "Targets": targets}}


def arn(logical_id: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [logical_id, "Arn"]}


USE = ("kms:GenerateDataKey*", "kms:Decrypt")
GOOD: dict[str, Any] = {
    "Key": {
        "Type": "AWS::KMS::Key",
        "Properties": {"KeyPolicy": {"Statement": [allow(EVENTS, *USE), allow(ALARMS, *USE, **OF_ACCOUNT)]}},
    },
    "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": arn("Key")}},
    "TopicPolicy": {
        "Type": "AWS::SNS::TopicPolicy",
        "Properties": {
            "Topics": [{"Ref": "Topic"}],
            "PolicyDocument": {"Statement": [allow(EVENTS, "sns:Publish"), allow(ALARMS, "sns:Publish", **OF_ACCOUNT)]},
        },
    },
    "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": arn("Key")}},
    "QueuePolicy": {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": "Queue"}],
            "PolicyDocument": {"Statement": [allow(EVENTS, "sqs:SendMessage", **OF_ACCOUNT)]},
        },
    },
    "Lost": {"Type": "AWS::SQS::Queue", "Properties": {}},
    "LostPolicy": {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": "Lost"}],
            "PolicyDocument": {"Statement": [allow(EVENTS, "sqs:SendMessage")]},
        },
    },
    "Group": {"Type": "AWS::Logs::LogGroup", "Properties": {}},
    "LogPolicy": {
        "Type": "AWS::Logs::ResourcePolicy",
        "Properties": {
            "PolicyName": "events",
            "PolicyDocument": {"Statement": [allow(EVENTS, "logs:CreateLogStream", "logs:PutLogEvents")]},
        },
    },
    "Workflow": {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"DefinitionString": "{}", "RoleArn": "arn:aws-us-gov:iam::111122223333:role/x"},
    },
    "RuleRole": role(EVENTS, "states:StartExecution"),
    "ScheduleRole": role(
        SCHEDULER,
        "states:StartExecution",
        "sqs:SendMessage",
        ArnLike={"aws:SourceArn": f"arn:aws-us-gov:scheduler:{REGION}:{ACCOUNT}:schedule-group/default"},
    ),
    "ToTopic": rule({"Ref": "Topic"}, DeadLetterConfig={"Arn": arn("Lost")}),
    "ToQueue": rule(arn("Queue")),
    "ToLogs": rule(arn("Group")),
    "ToWorkflow": rule({"Ref": "Workflow"}, RoleArn=arn("RuleRole")),
    "Alarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {"AlarmActions": [{"Ref": "Topic"}], "EvaluationPeriods": 1},
    },
    "Schedule": {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {
            "ScheduleExpression": "rate(1 hour)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": {"Ref": "Workflow"},
                "RoleArn": arn("ScheduleRole"),
                "DeadLetterConfig": {"Arn": arn("Lost")},
            },
        },
    },
}
KEY = "Key.Properties.KeyPolicy.Statement"
TOPIC = "TopicPolicy.Properties.PolicyDocument.Statement"
QUEUE = "QueuePolicy.Properties.PolicyDocument.Statement.0"
TRUST = "Properties.AssumeRolePolicyDocument.Statement.0"
ALLOWED = "Properties.Policies.0.PolicyDocument.Statement.0"
FOR_SCHEDULE = f"arn:aws-us-gov:scheduler:{REGION}:{ACCOUNT}:schedule/default/*"
BYPASSES = {
    "topic without a policy": {"TopicPolicy": None},
    "topic refuses rules": {f"{TOPIC}.0": None},
    "topic refuses alarms": {f"{TOPIC}.1": None},
    "topic's key refuses rules": {f"{KEY}.0": None},
    "topic's key asks rules for an account": {f"{KEY}.0": allow(EVENTS, *USE, **OF_ACCOUNT)},
    "topic's key asks rules for a source": {
        f"{KEY}.0": allow(EVENTS, *USE, ArnLike={"aws:SourceArn": f"arn:aws-us-gov:events:{REGION}:{ACCOUNT}:rule/*"})
    },
    "topic's key refuses alarms": {f"{KEY}.1": None},
    "topic's key lets rules make no data key": {f"{KEY}.0.Action": ["kms:Decrypt"]},
    "topic under AWS's own key": {"Topic.Properties.KmsMasterKeyId": "alias/aws/sns"},
    "topic's key disabled": {"Key.Properties.Enabled": False},
    "queue without a policy": {"QueuePolicy": None},
    "queue lets another rule in": {
        f"{QUEUE}.Condition": {"ArnEquals": {"aws:SourceArn": f"arn:aws-us-gov:events:{REGION}:{ACCOUNT}:rule/x"}}
    },
    "dead letters without a policy": {"LostPolicy": None},
    "log group lets no rule in": {"LogPolicy": None},
    "rule's role may not start": {f"RuleRole.{ALLOWED}.Action": ["states:DescribeExecution"]},
    "rule's role is another service's": {f"RuleRole.{TRUST}.Principal": {"Service": "states.amazonaws.com"}},
    "schedule's role for a schedule, not its group": {
        f"ScheduleRole.{TRUST}.Condition": {"ArnLike": {"aws:SourceArn": FOR_SCHEDULE}}
    },
    "schedule's role may not start": {f"ScheduleRole.{ALLOWED}.Action": ["sqs:SendMessage"]},
    "schedule's role may not send dead letters": {f"ScheduleRole.{ALLOWED}.Action": ["states:StartExecution"]},
    "queue refuses the schedule's role": {
        "Schedule.Properties.Target.Arn": arn("Lost"),
        "LostPolicy.Properties.PolicyDocument.Statement": [
            allow(EVENTS, "sqs:SendMessage"),
            {**allow("", "sqs:SendMessage"), "Effect": "Deny", "Principal": {"AWS": arn("ScheduleRole")}},
        ],
    },
    "rule without a target": {"ToTopic.Properties.Targets": []},
    "alarm without an action": {"Alarm.Properties.AlarmActions": []},
    "alarm that speaks only when it is over": {
        "Alarm.Properties.AlarmActions": None,
        "Alarm.Properties.OKActions": [{"Ref": "Topic"}],
    },
    "alarm that is over goes nowhere": {
        "Alarm.Properties.OKActions": [f"arn:aws-us-gov:sns:{REGION}:444455556666:elsewhere"]
    },
}
UNKNOWN = {
    "target from a parameter": {"ToTopic.Properties.Targets.0.Arn": {"Ref": "Anything"}},
    "target of another kind": {
        "ToQueue.Properties.Targets.0.Arn": f"arn:aws-us-gov:lambda:{REGION}:{ACCOUNT}:function:f"
    },
    "alarm that does something": {"Alarm.Properties.AlarmActions": ["arn:aws-us-gov:automate:us-gov-west-1:ec2:stop"]},
    "queue not read": {"ToQueue.Properties.Targets.0.Arn": f"arn:aws-us-gov:sqs:{REGION}:444455556666:q"},
    "key not read": {"Topic.Properties.KmsMasterKeyId": "alias/somebody"},
    "workflow not read": {
        "Schedule.Properties.Target.Arn": f"arn:aws-us-gov:states:{REGION}:{ACCOUNT}:stateMachine:gone"
    },
    "dead letters of a schedule not read": {
        "Schedule.Properties.Target.DeadLetterConfig.Arn": f"arn:aws-us-gov:sqs:{REGION}:{ACCOUNT}:gone"
    },
    "dead letters of a schedule under a key": {"Schedule.Properties.Target.DeadLetterConfig.Arn": arn("Queue")},
    "schedule's queue not read": {
        "Schedule.Properties.Target.Arn": f"arn:aws-us-gov:sqs:{REGION}:{ACCOUNT}:gone",
    },
    "rule to a bus not read": {
        "ToWorkflow.Properties.Targets.0.Arn": f"arn:aws-us-gov:events:{REGION}:{ACCOUNT}:event-bus/gone",
        f"RuleRole.{ALLOWED}.Action": ["events:PutEvents"],
    },
    "schedule to a queue under a key": {"Schedule.Properties.Target.Arn": arn("Queue")},
    "schedule's group from a parameter": {"Schedule.Properties.GroupName": {"Ref": "Anything"}},
    "queue's policy there perhaps": {"QueuePolicy.Condition": "Perhaps"},
    "schedule with a key of its own": {"Schedule.Properties.KmsKeyArn": arn("Key")},
}
HARMLESS = {
    "rule disabled": {"ToQueue.Properties.State": "DISABLED", "QueuePolicy": None},
    "alarm disabled": {"Alarm.Properties.ActionsEnabled": False, f"{TOPIC}.1": None},
    "alarm disabled and without an action": {"Alarm.Properties": {"ActionsEnabled": False, "EvaluationPeriods": 1}},
    "schedule disabled": {"Schedule.Properties.State": "DISABLED", f"ScheduleRole.{ALLOWED}.Action": []},
    "topic not encrypted": {"Topic.Properties.KmsMasterKeyId": None},
    "queue under a key of SQS": {"Queue.Properties.KmsMasterKeyId": None},
    "schedule to a queue without a key": {"Schedule.Properties.Target.Arn": arn("Lost")},
    "no dead letters": {"ToTopic.Properties.Targets.0.DeadLetterConfig": None},
}
SECTIONS = {
    "Parameters": {"Anything": {"Type": "String"}},
    "Conditions": {"Perhaps": {"Fn::Equals": [{"Ref": "Anything"}, "on"]}},
}
