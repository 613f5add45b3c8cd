"""For each control the fewest plain boto3 calls that weaken the live enclave, so that the control turns red."""

import json
from collections.abc import Callable
from typing import Any

from infra.local.clock import CLOCK
from tests.deployed import keeper

Weaken = Callable[[Any], object]
WEAKENINGS: list[tuple[str, Weaken]] = []


def weakens(control: str) -> Callable[[Weaken], Weaken]:
    def note(weaken: Weaken) -> Weaken:
        WEAKENINGS.append((control, weaken))
        return weaken

    return note


def vpc(world: Any) -> str:
    return str(world.of_type("AWS::EC2::VPC")[0])


def guardrail(world: Any) -> str:
    return str(world.of_type("AWS::Bedrock::Guardrail")[0])


def bucket(world: Any, stack: str, start: str) -> str:
    return str(world.physical_id(stack, start, "AWS::S3::Bucket"))


def updated_guardrail(world: Any, change: Callable[[dict[str, Any]], object]) -> object:
    """The guardrail put back with one thing changed, in the names that UpdateGuardrail takes."""
    bedrock = world.client("bedrock")
    told = bedrock.get_guardrail(guardrailIdentifier=guardrail(world))
    kept = {
        "topicPolicy": ("topicPolicyConfig", "topics", "topicsConfig"),
        "contentPolicy": ("contentPolicyConfig", "filters", "filtersConfig"),
        "wordPolicy": ("wordPolicyConfig", "words", "wordsConfig"),
        "sensitiveInformationPolicy": ("sensitiveInformationPolicyConfig", "piiEntities", "piiEntitiesConfig"),
        "contextualGroundingPolicy": ("contextualGroundingPolicyConfig", "filters", "filtersConfig"),
    }
    wanted: dict[str, Any] = {
        "guardrailIdentifier": told["guardrailId"],
        "name": told["name"],
        "blockedInputMessaging": told["blockedInputMessaging"],
        "blockedOutputsMessaging": told["blockedOutputsMessaging"],
        "kmsKeyId": told["kmsKeyArn"],
    }
    for name, (config, items, items_config) in kept.items():
        if told.get(name, {}).get(items):
            wanted[config] = {items_config: told[name][items]}
    change(wanted)
    return bedrock.update_guardrail(**wanted)


@weakens("NET-03")
def firewall_fails_open(world: Any) -> object:
    return world.client("route53resolver").update_firewall_config(ResourceId=vpc(world), FirewallFailOpen="ENABLED")


@weakens("NET-03")
def firewall_association_removed(world: Any) -> object:
    resolver = world.client("route53resolver")
    (association,) = resolver.list_firewall_rule_group_associations(VpcId=vpc(world))["FirewallRuleGroupAssociations"]
    if association.get("MutationProtection") == "ENABLED":
        resolver.update_firewall_rule_group_association(
            FirewallRuleGroupAssociationId=association["Id"], MutationProtection="DISABLED"
        )
    return resolver.disassociate_firewall_rule_group(FirewallRuleGroupAssociationId=association["Id"])


@weakens("NET-03")
def query_logs_dissociated(world: Any) -> object:
    resolver = world.client("route53resolver")
    told = resolver.list_resolver_query_log_config_associations()["ResolverQueryLogConfigAssociations"]
    return [
        resolver.disassociate_resolver_query_log_config(
            ResolverQueryLogConfigId=each["ResolverQueryLogConfigId"], ResourceId=each["ResourceId"]
        )
        for each in told
    ]


@weakens("NET-05")
def public_access_not_blocked(world: Any) -> object:
    return world.client("ec2").modify_vpc_block_public_access_options(InternetGatewayBlockMode="block-ingress")


@weakens("NET-05")
def encryption_only_monitored(world: Any) -> object:
    ec2 = world.client("ec2")
    (found,) = ec2.describe_vpc_encryption_controls()["VpcEncryptionControls"]
    return ec2.modify_vpc_encryption_control(VpcEncryptionControlId=found["VpcEncryptionControlId"], Mode="monitor")


@weakens("NET-05")
def default_group_used(world: Any) -> object:
    ec2 = world.client("ec2")
    filters = [{"Name": "vpc-id", "Values": [vpc(world)]}, {"Name": "group-name", "Values": ["default"]}]
    default = ec2.describe_security_groups(Filters=filters)["SecurityGroups"][0]["GroupId"]
    interface = [{"Name": "vpc-endpoint-type", "Values": ["Interface"]}]
    endpoint = ec2.describe_vpc_endpoints(Filters=interface)["VpcEndpoints"][0]["VpcEndpointId"]
    return ec2.modify_vpc_endpoint(VpcEndpointId=endpoint, AddSecurityGroupIds=[default])


@weakens("NET-06")
def flow_logs_deleted(world: Any) -> object:
    return world.client("ec2").delete_flow_logs(FlowLogIds=world.of_type("AWS::EC2::FlowLog"))


@weakens("NET-06")
def flow_log_group_kept_for_ever_no_more(world: Any) -> object:
    name = world.physical_id("foundation", "FlowLog", "AWS::Logs::LogGroup")
    return world.client("logs").delete_retention_policy(logGroupName=name)


@weakens("NET-06")
def flow_log_group_without_key(world: Any) -> object:
    name = world.physical_id("foundation", "FlowLog", "AWS::Logs::LogGroup")
    return world.client("logs").disassociate_kms_key(logGroupName=name)


@weakens("INF-05")
def endpoint_moved_to_a_model_without_isolation(world: Any) -> object:
    sagemaker = world.client("sagemaker")
    (endpoint,) = world.of_type("AWS::SageMaker::Endpoint")
    endpoint = endpoint.rsplit("/", 1)[-1]
    config = sagemaker.describe_endpoint_config(
        EndpointConfigName=sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointConfigName"]
    )
    model = sagemaker.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
    sagemaker.create_model(
        ModelName="open",
        PrimaryContainer=model["PrimaryContainer"],
        ExecutionRoleArn=model["ExecutionRoleArn"],
        EnableNetworkIsolation=False,
    )
    variant = {**config["ProductionVariants"][0], "ModelName": "open"}
    sagemaker.create_endpoint_config(EndpointConfigName="open", ProductionVariants=[variant])
    return sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName="open")


@weakens("GRD-01")
def topic_dropped(world: Any) -> object:
    return updated_guardrail(world, lambda wanted: wanted["topicPolicyConfig"]["topicsConfig"].pop())


@weakens("GRD-01")
def topic_that_does_not_block(world: Any) -> object:
    return updated_guardrail(world, lambda g: g["topicPolicyConfig"]["topicsConfig"][0].update(outputAction="NONE"))


@weakens("GRD-02")
def filter_at_low(world: Any) -> object:
    return updated_guardrail(world, lambda g: g["contentPolicyConfig"]["filtersConfig"][0].update(inputStrength="LOW"))


@weakens("GRD-02")
def personal_data_let_through(world: Any) -> object:
    def drop(wanted: dict[str, Any]) -> None:
        del wanted["sensitiveInformationPolicyConfig"]

    return updated_guardrail(world, drop)


@weakens("GRD-03")
def draft_ahead_of_its_version(world: Any) -> object:
    return updated_guardrail(world, lambda wanted: wanted.update(blockedInputMessaging="as you like"))


@weakens("GRD-04")
def enforcement_deleted(world: Any) -> object:
    bedrock = world.client("bedrock")
    (found,) = bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"]
    return bedrock.delete_enforced_guardrail_configuration(configId=found["configId"])


@weakens("GRD-04")
def one_model_excluded(world: Any) -> object:
    bedrock = world.client("bedrock")
    (found,) = bedrock.list_enforced_guardrails_configuration()["guardrailsConfig"]
    return bedrock.put_enforced_guardrail_configuration(
        configId=found["configId"],
        guardrailInferenceConfig={
            "guardrailIdentifier": found["guardrailId"],
            "guardrailVersion": found["guardrailVersion"],
            "modelEnforcement": {"includedModels": ["ALL"], "excludedModels": ["openai.gpt-oss-20b-1:0"]},
            "selectiveContentGuarding": {"system": "COMPREHENSIVE", "messages": "COMPREHENSIVE"},
        },
    )


@weakens("EVD-01")
def lock_that_an_administrator_lifts(world: Any) -> object:
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 7}}}
    return world.client("s3").put_object_lock_configuration(
        Bucket=bucket(world, "archive", "Evidence"), ObjectLockConfiguration=lock
    )


@weakens("EVD-01")
def lock_of_a_day(world: Any) -> object:
    lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}}
    return world.client("s3").put_object_lock_configuration(
        Bucket=bucket(world, "archive", "Evidence"), ObjectLockConfiguration=lock
    )


@weakens("EVD-02")
def shorter_locks_allowed(world: Any) -> object:
    return world.client("s3").delete_bucket_policy(Bucket=bucket(world, "archive", "Evidence"))


@weakens("EVD-05")
def invocation_logging_off_and_nothing_to_put_it_back(world: Any) -> object:
    events = world.client("events")
    for rule in events.list_rules()["Rules"]:
        events.disable_rule(Name=rule["Name"])
    return world.client("bedrock").delete_model_invocation_logging_configuration()


@weakens("EVD-05")
def keeper_never_started(world: Any) -> object:
    scheduler = world.client("scheduler")
    (found,) = scheduler.list_schedules()["Schedules"]
    told = scheduler.get_schedule(Name=found["Name"], GroupName=found["GroupName"])
    taken = ("Name", "GroupName", "ScheduleExpression", "FlexibleTimeWindow", "Target")
    return scheduler.update_schedule(**{name: told[name] for name in taken}, State="DISABLED")


@weakens("EVD-05")
def keeper_failed_last(world: Any) -> None:
    keeper.break_the_keepers_role(world)
    CLOCK.advance(keeper.QUARTER)


@weakens("EVD-06")
def alarm_without_action(world: Any) -> object:
    return world.client("cloudwatch").disable_alarm_actions(AlarmNames=world.of_type("AWS::CloudWatch::Alarm")[:1])


@weakens("EVD-06")
def rule_disabled(world: Any) -> object:
    events = world.client("events")
    (rule,) = [r for r in events.list_rules()["Rules"] if "SafeguardsChangesGuardrails" in r["Name"]]
    return events.disable_rule(Name=rule["Name"])


@weakens("EVD-06")
def topic_that_nobody_may_publish_to(world: Any) -> object:
    arn = world.physical_id("foundation", "AlarmTopic", "AWS::SNS::Topic")
    statement = {"Effect": "Allow", "Principal": {"AWS": arn.split(":")[4]}, "Action": "sns:Publish", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "Own", **statement}]})
    return world.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)


@weakens("SUP-02")
def artefacts_can_be_overwritten(world: Any) -> object:
    return world.client("s3").delete_bucket_policy(Bucket=bucket(world, "foundation", "Artifacts"))


@weakens("EVD-07")
def bucket_policy_written_over(world: Any) -> object:
    """The policy that AWS attaches, over what was there, for a flow log whose maker may put bucket policies."""
    name = bucket(world, "archive", "Evidence")
    arn = f"arn:{world.settings.partition}:s3:::{name}"
    delivery = {"Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"}}
    acl = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
    statements = [
        {**delivery, "Action": "s3:PutObject", "Resource": f"{arn}/AWSLogs/*", "Condition": acl},
        {**delivery, "Action": "s3:GetBucketAcl", "Resource": arn},
    ]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return world.client("s3").put_bucket_policy(Bucket=name, Policy=policy)


@weakens("EVD-07")
def flow_log_role_not_trusting(world: Any) -> object:
    (log,) = [each for each in world.client("ec2").describe_flow_logs()["FlowLogs"] if "LogGroupName" in each]
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return world.client("iam").update_assume_role_policy(
        RoleName=log["DeliverLogsPermissionArn"].rpartition("/")[2],
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )


@weakens("EVD-07")
def query_logs_let_in_nowhere(world: Any) -> object:
    logs = world.client("logs")
    return [
        logs.delete_resource_policy(policyName=p["policyName"])
        for p in logs.describe_resource_policies()["resourcePolicies"]
    ]


@weakens("EVD-08")
def key_that_asks_events_for_an_account(world: Any) -> object:
    """The usual condition against the confused deputy, which EventBridge does not meet."""
    kms, sns = world.client("kms"), world.client("sns")
    topic = world.physical_id("foundation", "AlarmTopic", "AWS::SNS::Topic")
    key = sns.get_topic_attributes(TopicArn=topic)["Attributes"]["KmsMasterKeyId"]
    policy = json.loads(kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"])
    (statement,) = [s for s in policy["Statement"] if s["Principal"] == {"Service": "events.amazonaws.com"}]
    statement["Condition"] = {"StringEquals": {"aws:SourceAccount": topic.split(":")[4]}}
    return kms.put_key_policy(KeyId=key, PolicyName="default", Policy=json.dumps(policy))


@weakens("EVD-08")
def schedule_role_that_may_not_start(world: Any) -> object:
    scheduler, iam = world.client("scheduler"), world.client("iam")
    (found,) = scheduler.list_schedules()["Schedules"]
    told = scheduler.get_schedule(Name=found["Name"], GroupName=found["GroupName"])
    role = told["Target"]["RoleArn"].rpartition("/")[2]
    (policy,) = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
    return iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
