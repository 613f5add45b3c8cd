"""What the tests of several services share: a resource on its way, and things for resources to refer to."""

from __future__ import annotations

import json
import time
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from infra.local.resource_type import Context, resource_types

if TYPE_CHECKING:
    import pytest
    from botocore.exceptions import ClientError

ACCOUNT, REGION, PARTITION = "111122223333", "us-gov-west-1", "aws-us-gov"


OF_STACK = [{"Key": "Owner", "Value": "operations"}]


def refused(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


def arn(service: str, resource: str) -> str:
    return f"arn:{PARTITION}:{service}:{REGION}:{ACCOUNT}:{resource}"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def made_role(context: Context, name: str, service: str, *actions: str) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    iam = context.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=policy(trust))["Role"]
    if actions:
        allowed = {"Effect": "Allow", "Action": list(actions), "Resource": "*"}
        iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=policy(allowed))
    return str(role["Arn"])


def made_key(context: Context, *services: str) -> str:
    """A key for the account, and for these services."""
    statements = [
        {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}
        for principal in (
            {"AWS": f"arn:{PARTITION}:iam::{ACCOUNT}:root"},
            *({"Service": service} for service in services),
        )
    ]
    return str(context.client("kms").create_key(Policy=policy(*statements))["KeyMetadata"]["Arn"])


class Trip:
    """One resource on its way: created with every property, read back, changed, deleted."""

    def __init__(self, context: Context, kind: str, properties: dict[str, Any]) -> None:
        self.properties = {name: value for name, value in properties.items() if value is not None}
        self.context, self.kind, self.type = context, kind, resource_types()[kind]
        self.id = self.type.create(deepcopy(self.properties), context)

    def read(self) -> dict[str, Any]:
        found = self.type.read(self.id, self.context)
        assert found is not None
        return found

    def holds(self, *, write_only: tuple[str, ...] = (), tagged: bool = True) -> None:
        expected = {name: value for name, value in self.properties.items() if name not in write_only}
        if tagged:
            expected["Tags"] = [*OF_STACK, *self.properties.get("Tags", [])]
        found = self.read()
        assert {name: found.get(name) for name in expected} == expected

    def change(self, **changes: Any) -> None:
        new = {name: value for name, value in {**self.properties, **changes}.items() if value is not None}
        self.type.update(self.id, deepcopy(self.properties), deepcopy(new), self.context)
        self.properties = new

    def gone(self) -> None:
        self.type.delete(self.id, self.properties, self.context)
        assert self.type.read(self.id, self.context) is None
        self.type.delete(self.id, self.properties, self.context)


def logging_configuration(context: Context) -> dict[str, Any]:
    context.client("logs").create_log_group(logGroupName="/enclave/invocations")
    s3 = context.client("s3")
    s3.create_bucket(Bucket="evidence", CreateBucketConfiguration={"LocationConstraint": REGION})
    allowed = {
        "Effect": "Allow",
        "Principal": {"Service": "bedrock.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:{PARTITION}:s3:::evidence/AWSLogs/{ACCOUNT}/BedrockModelInvocationLogs/*",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": arn("bedrock", "*")},
        },
    }
    s3.put_bucket_policy(Bucket="evidence", Policy=policy(allowed))
    role = made_role(context, "invocations", "bedrock.amazonaws.com", "logs:CreateLogStream", "logs:PutLogEvents")
    return {
        "cloudWatchConfig": {"logGroupName": "/enclave/invocations", "roleArn": role},
        "s3Config": {"bucketName": "evidence", "keyPrefix": ""},
        "textDataDeliveryEnabled": True,
        "imageDataDeliveryEnabled": True,
        "embeddingDataDeliveryEnabled": True,
        "videoDataDeliveryEnabled": True,
        "audioDataDeliveryEnabled": True,
    }


PASS = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
LOG_DELIVERY = (
    "CreateLogDelivery",
    "GetLogDelivery",
    "UpdateLogDelivery",
    "DeleteLogDelivery",
    "ListLogDeliveries",
    "PutResourcePolicy",
    "DescribeResourcePolicies",
    "DescribeLogGroups",
)


def machine_role(context: Context, name: str = "keeper") -> str:
    actions = [*(f"logs:{action}" for action in LOG_DELIVERY), "kms:Decrypt", "kms:GenerateDataKey"]
    return made_role(context, name, "states.amazonaws.com", *actions)


def task(resource: str, **state: Any) -> str:
    return json.dumps({"StartAt": "T", "States": {"T": {"Type": "Task", "Resource": resource, "End": True, **state}}})


SDK = f"arn:{PARTITION}:states:::aws-sdk:"


def run(context: Context, machine_arn: str, text: str) -> dict[str, Any]:
    """One execution to its end."""
    client = context.client("stepfunctions")
    started = client.start_execution(stateMachineArn=machine_arn, input=text)["executionArn"]
    for _ in range(200):
        told: dict[str, Any] = client.describe_execution(executionArn=started)
        if told["status"] != "RUNNING":
            return told
        time.sleep(0.02)
    raise AssertionError("the execution did not end")


def scheduled_machine(context: Context) -> tuple[str, str]:
    """A state machine and a role that may start it."""
    states = context.client("stepfunctions")
    made = states.create_state_machine(name="m", roleArn=machine_role(context), definition=json.dumps(PASS))
    role = made_role(context, "scheduler", "scheduler.amazonaws.com", "states:StartExecution", "sqs:SendMessage")
    return str(made["stateMachineArn"]), role


def made_topic(context: Context, *, key: str | None = None) -> str:
    attributes = {"KmsMasterKeyId": key} if key else {}
    topic = context.client("sns").create_topic(Name="alarms", Attributes=attributes)["TopicArn"]
    services = ["events.amazonaws.com", "cloudwatch.amazonaws.com"]
    allowed = {"Effect": "Allow", "Principal": {"Service": services}, "Action": "sns:Publish", "Resource": topic}
    context.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy(allowed))
    open_to_topics = policy(
        {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"}
    )
    context.client("sqs").create_queue(QueueName="told", Attributes={"Policy": open_to_topics})
    context.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn("sqs", "told"))
    return str(topic)


def told(context: Context) -> list[Any]:
    """What was published to the topic of `made_topic`."""
    sqs = context.client("sqs")
    queue = sqs.get_queue_url(QueueName="told")["QueueUrl"]
    received = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(json.loads(message["Body"])["Message"]) for message in received]


def logging_trail(context: Context) -> None:
    s3, trail = context.client("s3"), context.client("cloudtrail")
    s3.create_bucket(Bucket="trail", CreateBucketConfiguration={"LocationConstraint": REGION})
    service = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    bucket = f"arn:{PARTITION}:s3:::trail"
    lets_in = policy(
        {**service, "Action": "s3:GetBucketAcl", "Resource": bucket},
        {**service, "Action": "s3:PutObject", "Resource": f"{bucket}/*"},
    )
    s3.put_bucket_policy(Bucket="trail", Policy=lets_in)
    trail.create_trail(Name="trail", S3BucketName="trail", IsMultiRegionTrail=True)
    trail.start_logging(Name="trail")
