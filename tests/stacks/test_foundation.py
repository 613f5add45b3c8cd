"""Keys, trail, logs and alarms: kept, protected, and each usable by whom it is for and by nobody else."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.stacks.conftest import Core

TRAIL = "arn:aws-us-gov:cloudtrail:us-gov-west-1:111122223333:trail/sandbox-trail"

# A logical id that moves makes CloudFormation replace or orphan what must stay: change one only with a migration.
PINNED = {
    "archive": {
        "AccessLogs",
        "AccessLogsPolicy3C1D984A",
        "Evidence",
        "EvidencePolicy5D22A8C1",
        "Key",
    },
    "foundation": {
        "AccessLogs",
        "AccessLogsPolicy3C1D984A",
        "AlarmTopic",
        "Artifacts",
        "ArtifactsPolicy021333A6",
        "FlowLog",
        "InvocationLog",
        "Invocations",
        "InvocationsPolicy347AB28E",
        "KeysArtifacts24E29CB0",
        "KeysDataBAF9E35E",
        "KeysLogs05AE90F5",
        "KeysTopic76B82487",
        "QueryLog",
        "Trail",
        "TrailLog",
    },
}
STATEFUL = (
    "AWS::CloudTrail::Trail",
    "AWS::KMS::Key",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::S3::BucketPolicy",
    "AWS::SNS::Topic",
)


@pytest.mark.parametrize("part", sorted(PINNED))
def test_logical_ids_of_what_must_stay_are_pinned(core: Core, part: str) -> None:
    resources = core.all()[part]["Resources"]
    assert {name for name, resource in resources.items() if resource["Type"] in STATEFUL} == PINNED[part]


def statements(resource: Mapping[str, Any]) -> list[dict[str, Any]]:
    properties = resource["Properties"]
    document = properties.get("KeyPolicy") or properties.get("PolicyDocument")
    found: list[dict[str, Any]] = document["Statement"]
    return found


def of(core: Core, kind: str) -> Mapping[str, Mapping[str, Any]]:
    return core.foundation.find_resources(kind)


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


# --- keys


def test_every_key_rotates_and_waits_as_long_as_aws_allows_before_it_is_gone(core: Core) -> None:
    for key in of(core, "AWS::KMS::Key").values():
        assert key["Properties"]["EnableKeyRotation"] is True
        assert key["Properties"]["PendingWindowInDays"] == 30
        assert key["DeletionPolicy"] == key["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize(
    "action", ["kms:ScheduleKeyDeletion", "kms:DisableKey", "kms:DisableKeyRotation", "kms:DeleteImportedKeyMaterial"]
)
def test_no_key_policy_lets_anybody_destroy_a_key(core: Core, action: str) -> None:
    for name, key in of(core, "AWS::KMS::Key").items():
        for entry in statements(key):
            assert not any(fnmatchcase(action, granted) for granted in listed(entry["Action"])), (name, entry["Sid"])


def test_iam_may_grant_cryptography_through_a_service_alone(core: Core) -> None:
    crypto = {"kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:Sign", "kms:CreateGrant"}
    for key in of(core, "AWS::KMS::Key").values():
        for entry in statements(key):
            granted = {one for one in crypto for pattern in listed(entry["Action"]) if fnmatchcase(one, pattern)}
            if granted and "AWS" in entry["Principal"]:
                assert "kms:ViaService" in entry["Condition"]["StringEquals"], entry


@pytest.mark.parametrize(
    ("key", "service", "roles"),
    [
        ("KeysData", "s3", {"sandbox-auditor", "sandbox-hosting-*"}),
        ("KeysArtifacts", "s3", {"sandbox-operator", "sandbox-hosting-*"}),
        ("KeysTopic", "sns", {"sandbox-settings-keeper"}),
    ],
)
def test_what_a_key_encrypts_is_for_named_roles(core: Core, key: str, service: str, roles: set[str]) -> None:
    (found,) = (resource for name, resource in of(core, "AWS::KMS::Key").items() if name.startswith(key))
    named = set()
    for entry in statements(found):
        via = json.dumps(entry.get("Condition", {}).get("StringEquals", {}).get("kms:ViaService", ""))
        if f"{service}.us-gov-west-1" in via:
            named |= {arn.rsplit("/", 1)[1] for arn in entry["Condition"]["ArnLike"]["aws:PrincipalArn"]}
    assert named == roles


def test_a_service_uses_a_key_only_for_this_account_unless_it_can_not_say_so(core: Core) -> None:
    tied = {"aws:SourceArn", "aws:SourceAccount", "kms:EncryptionContext:aws:logs:arn"}
    loose = [
        entry["Principal"]["Service"]
        for key in of(core, "AWS::KMS::Key").values()
        for entry in statements(key)
        if "Service" in entry["Principal"] and not tied & _keys(entry)
    ]
    assert loose == ["events.amazonaws.com"]


@pytest.mark.parametrize(
    ("group", "served"),
    [
        ("sandbox-foundation-TrailLog-AbC123", True),
        ("sandbox-inference-Log-AbC123", True),
        ("/aws/vendedlogs/states/sandbox-settings-keeper", True),
        ("/aws/sagemaker/Endpoints/sandbox-hosting", True),
        ("sandbox-two-foundation-TrailLog-AbC123", False),
        ("other-foundation-TrailLog-AbC123", False),
        ("/aws/vendedlogs/states/other-settings-keeper", False),
    ],
)
def test_the_log_key_serves_this_enclaves_groups(core: Core, group: str, served: bool) -> None:
    entries = [
        e for key in of(core, "AWS::KMS::Key").values() for e in statements(key) if e["Sid"] == "UsedByLogGroups"
    ]
    (entry,) = entries
    assert entry["Principal"] == {"Service": "logs.us-gov-west-1.amazonaws.com"}
    patterns = entry["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    arn = f"arn:aws-us-gov:logs:us-gov-west-1:111122223333:log-group:{group}"
    assert any(fnmatchcase(arn, pattern) for pattern in patterns) is served


# --- trail


def trail(core: Core) -> Mapping[str, Any]:
    (found,) = of(core, "AWS::CloudTrail::Trail").values()
    return found


def selectors(core: Core) -> list[dict[str, dict[str, Any]]]:
    """The trail's selectors, each as field → what it asks of the field."""
    return [
        {field["Field"]: {k: v for k, v in field.items() if k != "Field"} for field in one["FieldSelectors"]}
        for one in trail(core)["Properties"]["AdvancedEventSelectors"]
    ]


def test_the_trail_covers_every_region_and_can_be_validated(core: Core) -> None:
    properties = trail(core)["Properties"]
    for switch in ("IsLogging", "IsMultiRegionTrail", "EnableLogFileValidation", "IncludeGlobalServiceEvents"):
        assert properties[switch] is True
    assert "EventSelectors" not in properties


def test_the_trail_leaves_no_management_event_out(core: Core) -> None:
    assert {"eventCategory": {"Equals": ["Management"]}} in selectors(core)


def test_the_trail_records_model_and_guardrail_data_events(core: Core) -> None:
    recorded = {kind for one in selectors(core) for kind in one.get("resources.type", {}).get("Equals", [])}
    assert {"AWS::Bedrock::Model", "AWS::Bedrock::Guardrail", "AWS::S3::Object"} <= recorded
    for one in selectors(core):
        if "AWS::Bedrock::Model" in one.get("resources.type", {}).get("Equals", []):
            assert set(one) == {"eventCategory", "resources.type"}


def test_the_trail_records_every_call_on_every_locked_bucket_but_its_own_uploads(core: Core) -> None:
    objects = [one for one in selectors(core) if one.get("resources.type") == {"Equals": ["AWS::S3::Object"]}]
    places = [json.dumps(one["resources.ARN"]["StartsWith"]) for one in objects]
    for bucket in ("Artifacts", "Invocations", "Evidence"):
        assert any(bucket in place for place in places), bucket
    narrowed = [one for one in objects if "eventName" in one]
    assert [one["eventName"] for one in narrowed] == [{"NotEquals": ["PutObject"]}]
    assert "Evidence" in json.dumps(narrowed)


def test_the_trail_has_the_name_that_the_evidence_bucket_and_key_admit(core: Core) -> None:
    assert trail(core)["Properties"]["TrailName"] == "sandbox-trail"
    admitted = [
        entry["Condition"]["StringEquals"]["aws:SourceArn"]
        for resource in core.all()["archive"]["Resources"].values()
        if resource["Type"] in {"AWS::S3::BucketPolicy", "AWS::KMS::Key"}
        for entry in statements(resource)
        if entry["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
    ]
    assert admitted == [TRAIL] * 3


def test_the_trail_waits_for_the_policy_of_its_role(core: Core) -> None:
    role, _ = trail(core)["Properties"]["CloudWatchLogsRoleArn"]["Fn::GetAtt"]
    (needed,) = of(core, "AWS::IAM::Role")[role]["Properties"]["ManagedPolicyArns"]
    assert of(core, "AWS::IAM::ManagedPolicy")[needed["Ref"]]["Properties"]["PolicyDocument"]["Statement"][0][
        "Action"
    ] == [
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ]


# --- logs


def test_every_log_group_is_encrypted_kept_and_protected(core: Core) -> None:
    groups = of(core, "AWS::Logs::LogGroup")
    assert len(groups) == 4
    for group in groups.values():
        assert group["Properties"]["KmsKeyId"] == {"Fn::GetAtt": ["KeysLogs05AE90F5", "Arn"]}
        assert group["Properties"]["RetentionInDays"] == core.settings.retention.log_days
        assert group["Properties"]["DeletionProtectionEnabled"] is True
        assert group["DeletionPolicy"] == group["UpdateReplacePolicy"] == "Retain"


def test_only_this_accounts_deliveries_write_query_logs(core: Core) -> None:
    (policy,) = of(core, "AWS::Logs::ResourcePolicy").values()
    _, parts = policy["Properties"]["PolicyDocument"]["Fn::Join"]
    (entry,) = json.loads("".join(part if isinstance(part, str) else part["Ref"] for part in parts))["Statement"]
    assert entry["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert entry["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}
    assert entry["Resource"].endswith(":log-group:QueryLog:log-stream:*")


# --- roles


def test_every_role_carries_the_boundary_and_trusts_one_service(core: Core) -> None:
    roles = of(core, "AWS::IAM::Role")
    trusts = {}
    for role in roles.values():
        assert role["Properties"]["PermissionsBoundary"] == {"Ref": "PermissionsBoundary"}
        (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        trusts[trust["Principal"]["Service"]] = trust
    assert set(trusts) == {"cloudtrail.amazonaws.com", "vpc-flow-logs.amazonaws.com"}
    assert _keys(trusts["vpc-flow-logs.amazonaws.com"]) == {"aws:SourceAccount", "aws:SourceArn"}
    # CloudTrail sends no source with it: a condition would keep the trail from being made.
    assert "Condition" not in trusts["cloudtrail.amazonaws.com"]


def test_roles_write_to_one_log_group_each_and_do_nothing_else(core: Core) -> None:
    for name, policy in of(core, "AWS::IAM::ManagedPolicy").items():
        if name.startswith("PermissionsBoundary"):
            continue
        for entry in statements(policy):
            assert all(action.startswith("logs:") for action in listed(entry["Action"]))
            assert "*" not in listed(entry["Resource"])


# --- alarms


def test_services_reach_the_encrypted_topic(core: Core) -> None:
    (topic,) = of(core, "AWS::SNS::Topic").values()
    assert topic["Properties"]["KmsMasterKeyId"] == {"Fn::GetAtt": ["KeysTopic76B82487", "Arn"]}
    (policy,) = of(core, "AWS::SNS::TopicPolicy").values()
    publishers = {e["Principal"]["Service"] for e in statements(policy) if e["Effect"] == "Allow"}
    key_users = {
        e["Principal"]["Service"]: set(e["Action"])
        for e in statements(of(core, "AWS::KMS::Key")["KeysTopic76B82487"])
        if "Service" in e["Principal"]
    }
    assert publishers == set(key_users) == {"cloudwatch.amazonaws.com", "events.amazonaws.com"}
    for actions in key_users.values():
        assert {"kms:Decrypt", "kms:GenerateDataKey*"} <= actions


def test_each_filter_on_the_trail_has_an_alarm_that_acts(core: Core) -> None:
    filters = {
        (one["MetricNamespace"], one["MetricName"])
        for resource in of(core, "AWS::Logs::MetricFilter").values()
        for one in resource["Properties"]["MetricTransformations"]
    }
    alarms = of(core, "AWS::CloudWatch::Alarm").values()
    assert {(a["Properties"]["Namespace"], a["Properties"]["MetricName"]) for a in alarms} == filters
    for alarm in alarms:
        assert alarm["Properties"]["ActionsEnabled"] is True
        assert alarm["Properties"]["AlarmActions"] == [{"Ref": "AlarmTopic"}]


@pytest.mark.parametrize(
    "call",
    ["StopLogging", "DeleteTrail", "ScheduleKeyDeletion", "PutKeyPolicy", "CreatePolicyVersion", "DeleteLogGroup"],
)
def test_the_call_is_watched_for(core: Core, call: str) -> None:
    patterns = [f["Properties"]["FilterPattern"] for f in of(core, "AWS::Logs::MetricFilter").values()]
    assert any(f"($.eventName = {call})" in pattern for pattern in patterns)
    assert all(len(pattern) <= 1024 for pattern in patterns)


# --- buckets


def policy_of(core: Core, bucket: str) -> dict[str, dict[str, Any]]:
    (found,) = (p for p in of(core, "AWS::S3::BucketPolicy").values() if p["Properties"]["Bucket"] == {"Ref": bucket})
    return {entry["Sid"]: entry for entry in statements(found) if "Sid" in entry}


def test_an_artefact_is_stored_once_and_never_overwritten(core: Core) -> None:
    entry = policy_of(core, "Artifacts")["NoOverwrite"]
    assert entry["Effect"] == "Deny"
    assert entry["Principal"] == {"AWS": "*"}
    assert entry["Action"] == "s3:PutObject"
    # Both have to hold: no If-None-Match header, and a call that creates an object (a part of an upload does not).
    assert entry["Condition"] == {
        "Null": {"s3:if-none-match": "true"},
        "Bool": {"s3:ObjectCreationOperation": "true"},
    }


def test_artefacts_are_locked_and_do_not_expire(core: Core) -> None:
    bucket = of(core, "AWS::S3::Bucket")["Artifacts"]["Properties"]
    assert bucket["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]["Mode"] == "COMPLIANCE"
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    for rule in bucket["LifecycleConfiguration"]["Rules"]:
        assert not {key for key in rule if "Expiration" in key}


def test_only_bedrock_of_this_account_writes_invocation_records(core: Core) -> None:
    entry = policy_of(core, "Invocations")["InvocationLoggingWrite"]
    assert entry["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert entry["Condition"]["StringEquals"] == {"aws:SourceAccount": "111122223333"}
    assert "/AWSLogs/111122223333/BedrockModelInvocationLogs/*" in json.dumps(entry["Resource"])


# --- two accounts


def test_evidence_elsewhere_is_named_and_not_imported(two_accounts: Core) -> None:
    properties = trail(two_accounts)["Properties"]
    account = two_accounts.settings.accounts.evidence
    assert properties["S3BucketName"] == f"sandbox-evidence-{account}-us-gov-west-1"
    assert properties["KMSKeyId"] == f"arn:aws-us-gov:kms:us-gov-west-1:{account}:alias/sandbox-evidence"
    for part in ("foundation", "network"):
        assert "sandbox-archive:" not in json.dumps(two_accounts.all()[part])


def test_the_archive_comes_first_wherever_it_lies(core: Core, two_accounts: Core) -> None:
    for enclave in (core, two_accounts):
        assert enclave.needs == {
            "Archive": set(),
            "Foundation": {"Archive"},
            "Network": {"Archive", "Foundation"},
        }


# --- the whole


def resources(core: Core) -> Iterator[tuple[str, dict[str, Any]]]:
    for template in core.all().values():
        yield from template["Resources"].items()


def test_nothing_runs_code_of_ours(core: Core, two_accounts: Core) -> None:
    for name, resource in [*resources(core), *resources(two_accounts)]:
        assert resource["Type"] != "AWS::Lambda::Function", name
        assert not resource["Type"].startswith(("Custom::", "AWS::CloudFormation::CustomResource")), name


def test_no_identity_policy_allows_a_wildcard_action_on_everything(core: Core) -> None:
    for name, resource in resources(core):
        if resource["Type"] not in {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}:
            continue
        for entry in statements(resource):
            wild = any("*" in action for action in listed(entry.get("Action", "*")))
            assert not (entry["Effect"] == "Allow" and wild and "*" in listed(entry["Resource"])), (name, entry)


def _keys(statement: dict[str, Any]) -> set[str]:
    return {key for operator in statement.get("Condition", {}).values() for key in operator}
