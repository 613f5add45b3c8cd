"""State has consequences: what is in use, locked, immutable or unfit stays as it is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.resource_type import resource_types

if TYPE_CHECKING:
    from collections.abc import Callable

Refuses = Any
ROOT = "arn:aws-us-gov:iam::111122223333:root"
LOCKED = {
    "BucketName": "locked",
    "ObjectLockEnabled": True,
    "ObjectLockConfiguration": {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 3}},
    },
}


def allow(action: str, resource: str | None = "*", **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": action, **({"Resource": resource} if resource else {}), **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.fixture
def made(world: Any) -> Callable[[str, dict[str, Any]], str]:
    return lambda kind, properties: resource_types()[kind].create(properties, world.context)


@pytest.fixture
def locked(world: Any, made: Any) -> Any:
    """A locked bucket with one version in it; the client, and that version."""
    made("AWS::S3::Bucket", LOCKED)
    s3 = world.client("s3")
    return s3, s3.put_object(Bucket="locked", Key="evidence", Body=b"1")["VersionId"]


def test_a_default_retention_locks_what_is_put(locked: Any, refused: Refuses) -> None:
    s3, version = locked
    retention = s3.get_object_retention(Bucket="locked", Key="evidence")["Retention"]
    left = retention["RetainUntilDate"] - datetime.now(UTC)
    assert retention["Mode"] == "COMPLIANCE"
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)
    with refused("AccessDenied"):
        s3.delete_object(Bucket="locked", Key="evidence", VersionId=version)
    with refused("AccessDenied"):
        s3.delete_object(Bucket="locked", Key="evidence", VersionId=version, BypassGovernanceRetention=True)
    s3.delete_object(Bucket="locked", Key="evidence")  # a marker; the version stays
    assert s3.get_object(Bucket="locked", Key="evidence", VersionId=version)["Body"].read() == b"1"


@pytest.mark.parametrize(
    ("mode", "days"), [("COMPLIANCE", 1), ("GOVERNANCE", 30), (None, None)], ids=["shorter", "weaker", "none"]
)
def test_a_compliance_lock_is_never_weakened(locked: Any, refused: Refuses, mode: str | None, days: int | None) -> None:
    s3, version = locked
    retention = {"Mode": mode, "RetainUntilDate": datetime.now(UTC) + timedelta(days=days)} if days else {}
    with refused("AccessDenied"):
        s3.put_object_retention(Bucket="locked", Key="evidence", VersionId=version, Retention=retention)


def test_a_lock_may_be_made_longer(locked: Any) -> None:
    s3, version = locked
    until = (datetime.now(UTC) + timedelta(days=9)).replace(microsecond=0)
    retention = {"Mode": "COMPLIANCE", "RetainUntilDate": until}
    s3.put_object_retention(Bucket="locked", Key="evidence", VersionId=version, Retention=retention)
    assert s3.get_object_retention(Bucket="locked", Key="evidence")["Retention"] == retention


def test_governance_yields_to_who_bypasses_it(world: Any, made: Any, refused: Refuses) -> None:
    governed = json.loads(json.dumps(LOCKED).replace("COMPLIANCE", "GOVERNANCE"))
    made("AWS::S3::Bucket", governed)
    s3 = world.client("s3")
    version = s3.put_object(Bucket="locked", Key="evidence", Body=b"1")["VersionId"]
    with refused("AccessDenied"):
        s3.delete_object(Bucket="locked", Key="evidence", VersionId=version)
    s3.delete_object(Bucket="locked", Key="evidence", VersionId=version, BypassGovernanceRetention=True)
    with refused("NoSuchVersion"):
        s3.get_object_retention(Bucket="locked", Key="evidence", VersionId=version)


def test_an_object_without_a_lock_has_no_retention(world: Any, made: Any, refused: Refuses) -> None:
    made("AWS::S3::Bucket", {"BucketName": "locked", "ObjectLockEnabled": True})
    s3 = world.client("s3")
    s3.put_object(Bucket="locked", Key="k", Body=b"1")
    with refused("NoSuchObjectLockConfiguration"):
        s3.get_object_retention(Bucket="locked", Key="k")


def test_a_multipart_upload_is_locked_too(locked: Any) -> None:
    s3, _ = locked
    upload = s3.create_multipart_upload(Bucket="locked", Key="large")["UploadId"]
    part = s3.upload_part(Bucket="locked", Key="large", UploadId=upload, PartNumber=1, Body=b"1")["ETag"]
    parts = {"Parts": [{"ETag": part, "PartNumber": 1}]}
    s3.complete_multipart_upload(Bucket="locked", Key="large", UploadId=upload, MultipartUpload=parts)
    assert s3.get_object_retention(Bucket="locked", Key="large")["Retention"]["Mode"] == "COMPLIANCE"


def test_a_conditional_write_overwrites_nothing(locked: Any, refused: Refuses) -> None:
    s3, _ = locked
    with refused("PreconditionFailed"):
        s3.put_object(Bucket="locked", Key="evidence", Body=b"2", IfNoneMatch="*")
    upload = s3.create_multipart_upload(Bucket="locked", Key="evidence")["UploadId"]
    part = s3.upload_part(Bucket="locked", Key="evidence", UploadId=upload, PartNumber=1, Body=b"2")["ETag"]
    parts = {"Parts": [{"ETag": part, "PartNumber": 1}]}
    with refused("PreconditionFailed"):
        s3.complete_multipart_upload(
            Bucket="locked", Key="evidence", UploadId=upload, MultipartUpload=parts, IfNoneMatch="*"
        )
    assert s3.get_object(Bucket="locked", Key="evidence")["Body"].read() == b"1"


def test_a_lock_and_the_versions_under_it_stay_on(world: Any, locked: Any, refused: Refuses) -> None:
    s3, _ = locked
    with refused("InvalidBucketState"):
        s3.put_bucket_versioning(Bucket="locked", VersioningConfiguration={"Status": "Suspended"})
    with refused("InvalidRequest"):
        resource_types()["AWS::S3::Bucket"].update("locked", LOCKED, {"BucketName": "locked"}, world.context)
    s3.put_object_lock_configuration(
        Bucket="locked",
        ObjectLockConfiguration={
            "ObjectLockEnabled": "Enabled",
            "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}},
        },
    )  # what is in the bucket does not hold the default back


def test_a_bucket_with_something_in_it_stays(world: Any, locked: Any, refused: Refuses) -> None:
    with refused("BucketNotEmpty"):
        resource_types()["AWS::S3::Bucket"].delete("locked", LOCKED, world.context)


def test_what_a_key_encrypts_is_lost_with_the_key(world: Any, made: Any, refused: Refuses) -> None:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": world.key}
    encryption = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default}]}
    bucket = made("AWS::S3::Bucket", {"BucketEncryption": encryption})
    s3, kms = world.client("s3"), world.client("kms")
    s3.put_object(Bucket=bucket, Key="k", Body=b"1")
    kms.disable_key(KeyId=world.key)
    with refused("KMS.DisabledException"):
        s3.get_object(Bucket=bucket, Key="k")
    kms.schedule_key_deletion(KeyId=world.key)
    with refused("KMS.KMSInvalidStateException"):
        s3.put_object(Bucket=bucket, Key="l", Body=b"1")
    with refused("KMS.NotFoundException"):
        s3.put_object(Bucket=bucket, Key="l", Body=b"1", ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/none")


def test_an_existing_bucket_is_locked_in_place(world: Any, made: Any) -> None:
    versioned = {"VersioningConfiguration": {"Status": "Enabled"}}
    bucket = made("AWS::S3::Bucket", versioned)
    now = {**versioned, "ObjectLockEnabled": True}
    resource_types()["AWS::S3::Bucket"].update(bucket, versioned, now, world.context)
    lock = world.client("s3").get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]
    assert lock == {"ObjectLockEnabled": "Enabled"}


def test_a_notification_goes_to_who_lets_s3_in(world: Any, made: Any) -> None:
    sns, sqs = world.client("sns"), world.client("sqs")
    by_s3 = {"Principal": {"Service": "s3.amazonaws.com"}}
    topic = json.dumps(allow("sns:Publish", world.topic, **by_s3))
    sns.set_topic_attributes(TopicArn=world.topic, AttributeName="Policy", AttributeValue=topic)
    queue = world.arn("sqs", "inbox")
    sends = json.dumps(allow("sqs:SendMessage", queue, **by_s3))
    sqs.set_queue_attributes(QueueUrl=world.queue, Attributes={"Policy": sends})
    rules = {"S3Key": {"Rules": [{"Name": "prefix", "Value": "in"}]}}
    said = {
        "QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": queue, "Filter": rules}],
        "TopicConfigurations": [{"Event": "s3:ObjectRemoved:*", "Topic": world.topic}],
    }
    bucket = made("AWS::S3::Bucket", {"NotificationConfiguration": said})
    read = resource_types()["AWS::S3::Bucket"].read(bucket, world.context) or {}
    assert read["NotificationConfiguration"] == said
    world.client("s3").put_object(Bucket=bucket, Key="in1", Body=b"1")
    bodies = [
        json.loads(one["Body"]) for one in sqs.receive_message(QueueUrl=world.queue, MaxNumberOfMessages=10)["Messages"]
    ]
    assert [body["Records"][0]["s3"]["object"]["key"] for body in bodies if "Records" in body] == ["in1"]


def test_replication_reads_back_with_its_filter(world: Any, made: Any) -> None:
    versioned = {"VersioningConfiguration": {"Status": "Enabled"}}
    target = made("AWS::S3::Bucket", {"BucketName": "copies", **versioned})
    rule = {
        "Id": "all",
        "Priority": 2,
        "Status": "Enabled",
        "Filter": {"And": {"Prefix": "a/", "TagFilters": [{"Key": "k", "Value": "v"}]}},
        "DeleteMarkerReplication": {"Status": "Disabled"},
        "Destination": {
            "Bucket": f"arn:aws-us-gov:s3:::{target}",
            "EncryptionConfiguration": {"ReplicaKmsKeyID": world.key},
            "StorageClass": "STANDARD_IA",
        },
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
    }
    said = {"Role": "arn:aws-us-gov:iam::111122223333:role/holder", "Rules": [rule]}
    source = made("AWS::S3::Bucket", {"BucketName": "source", **versioned, "ReplicationConfiguration": said})
    read = resource_types()["AWS::S3::Bucket"].read(source, world.context) or {}
    assert read["ReplicationConfiguration"] == said


def test_a_deny_on_a_condition_does_not_stop_every_call(world: Any) -> None:
    secure = {"Bool": {"aws:SecureTransport": "false"}}
    statement = allow("s3:*", "arn:aws-us-gov:s3:::unit-logs/*", Effect="Deny", Principal="*", Condition=secure)
    s3 = world.client("s3")
    s3.put_bucket_policy(Bucket=world.logs, Policy=json.dumps(statement))
    s3.put_object(Bucket=world.logs, Key="k", Body=b"1")
    assert s3.get_object(Bucket=world.logs, Key="k")["Body"].read() == b"1"


def test_a_new_bucket_is_as_aws_makes_it(world: Any) -> None:
    s3 = world.client("s3")
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": False}
    assert s3.get_bucket_encryption(Bucket=world.logs)["ServerSideEncryptionConfiguration"] == {"Rules": [rule]}
    owner = s3.get_bucket_ownership_controls(Bucket=world.logs)["OwnershipControls"]["Rules"]
    assert owner == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    assert set(s3.get_public_access_block(Bucket=world.logs)["PublicAccessBlockConfiguration"].values()) == {True}
    assert s3.get_bucket_location(Bucket=world.logs)["LocationConstraint"] == "us-gov-west-1"


@pytest.mark.parametrize(
    ("name", "value"), [("KeySpec", "RSA_2048"), ("KeyUsage", "GENERATE_VERIFY_MAC"), ("MultiRegion", True)]
)
def test_what_a_key_is_stays(world: Any, made: Any, refused: Refuses, name: str, value: Any) -> None:
    key = made("AWS::KMS::Key", {})
    with refused("InvalidRequest"):
        resource_types()["AWS::KMS::Key"].update(key, {}, {name: value}, world.context)


def test_a_key_is_deleted_after_its_window(world: Any, made: Any, refused: Refuses) -> None:
    properties = {"PendingWindowInDays": 7}
    key = made("AWS::KMS::Key", properties)
    kms = world.client("kms")
    cipher = kms.encrypt(KeyId=key, Plaintext=b"1")["CiphertextBlob"]
    resource_types()["AWS::KMS::Key"].delete(key, properties, world.context)
    known = kms.describe_key(KeyId=key)["KeyMetadata"]
    assert known["KeyState"] == "PendingDeletion"
    assert timedelta(days=6) < known["DeletionDate"] - datetime.now(UTC) <= timedelta(days=7)
    for call, arguments in (
        (kms.create_alias, {"AliasName": "alias/a", "TargetKeyId": key}),
        (kms.decrypt, {"CiphertextBlob": cipher}),
        (kms.enable_key, {"KeyId": key}),
        (kms.encrypt, {"KeyId": key, "Plaintext": b"1"}),
        (kms.schedule_key_deletion, {"KeyId": key}),
        (kms.tag_resource, {"KeyId": key, "Tags": [{"TagKey": "k", "TagValue": "v"}]}),
    ):
        with refused("KMSInvalidStateException"):
            call(**arguments)
    kms.cancel_key_deletion(KeyId=key)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Disabled"


def test_a_disabled_key_does_nothing(world: Any, refused: Refuses) -> None:
    kms = world.client("kms")
    cipher = kms.encrypt(KeyId=world.key, Plaintext=b"1")["CiphertextBlob"]
    kms.disable_key(KeyId=world.key)
    for call, arguments in (
        (kms.decrypt, {"CiphertextBlob": cipher}),
        (kms.encrypt, {"KeyId": world.key, "Plaintext": b"1"}),
        (kms.generate_data_key, {"KeyId": world.key, "KeySpec": "AES_256"}),
        (kms.enable_key_rotation, {"KeyId": world.key}),
    ):
        with refused("DisabledException"):
            call(**arguments)


def test_a_key_may_be_locked_away_on_purpose(world: Any, made: Any) -> None:
    policy = allow("kms:Decrypt", Principal={"AWS": ROOT})
    key = made("AWS::KMS::Key", {"KeyPolicy": policy, "BypassPolicyLockoutSafetyCheck": True})
    assert json.loads(world.client("kms").get_key_policy(KeyId=key)["Policy"]) == policy


def test_a_deny_in_a_key_policy_does_not_hide_the_key(world: Any) -> None:
    policy = allow("kms:*", Principal={"AWS": ROOT})
    deny = {"Effect": "Deny", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    policy["Statement"].append({**deny, "Condition": {"Bool": {"aws:SecureTransport": "false"}}})
    kms = world.client("kms")
    kms.put_key_policy(KeyId=world.key, Policy=json.dumps(policy))
    assert json.loads(kms.get_key_policy(KeyId=world.key)["Policy"]) == policy
    assert kms.describe_key(KeyId=world.key)["KeyMetadata"]["Enabled"] is True


def test_a_role_with_another_policy_attached_stays(world: Any, made: Any, refused: Refuses) -> None:
    trust = {"AssumeRolePolicyDocument": allow("sts:AssumeRole", None, Principal={"Service": "states.amazonaws.com"})}
    role = made("AWS::IAM::Role", trust)
    world.client("iam").attach_role_policy(RoleName=role, PolicyArn=world.policy)
    with refused("DeleteConflict"):
        resource_types()["AWS::IAM::Role"].delete(role, trust, world.context)


def test_a_managed_policy_in_use_stays(world: Any, refused: Refuses) -> None:
    iam = world.client("iam")
    known = resource_types()["AWS::IAM::ManagedPolicy"]
    iam.attach_role_policy(RoleName=world.role, PolicyArn=world.policy)
    iam.put_role_permissions_boundary(RoleName=world.role, PermissionsBoundary=world.other_policy)
    for policy in (world.policy, world.other_policy):
        with refused("DeleteConflict"):
            known.delete(policy, {}, world.context)
    read = known.read(world.other_policy, world.context)
    assert read is not None
    assert read["PermissionsBoundaryUsageCount"] == 1


def test_a_policy_is_changed_more_often_than_versions_are_kept(world: Any, made: Any) -> None:
    documents = [{"PolicyDocument": allow(f"s3:Get{letter}*")} for letter in "ABCDEFG"]
    policy = made("AWS::IAM::ManagedPolicy", documents[0])
    known = resource_types()["AWS::IAM::ManagedPolicy"]
    for before, after in pairwise(documents):
        known.update(policy, before, after, world.context)
    versions = world.client("iam").list_policy_versions(PolicyArn=policy)["Versions"]
    assert [version["VersionId"] for version in versions if version["IsDefaultVersion"]] == ["v7"]
    assert len(versions) == 5
    known.delete(policy, documents[-1], world.context)
    assert known.read(policy, world.context) is None


def test_what_another_resource_attached_is_not_the_roles_own(world: Any, made: Any) -> None:
    trust = {"AssumeRolePolicyDocument": allow("sts:AssumeRole", None, Principal={"Service": "states.amazonaws.com"})}
    role = made("AWS::IAM::Role", {**trust, "ManagedPolicyArns": [world.policy]})
    policies = resource_types()["AWS::IAM::Policy"]
    grants = {"PolicyName": "grants", "PolicyDocument": allow("s3:Get*"), "Roles": [role]}
    inline = policies.create(grants, replace(world.context, logical_id="Grants"))
    attached = made("AWS::IAM::ManagedPolicy", {"PolicyDocument": allow("s3:Get*"), "Roles": [role]})
    read = resource_types()["AWS::IAM::Role"].read(role, world.context)
    assert read is not None
    assert read["ManagedPolicyArns"] == [world.policy]
    assert "Policies" not in read
    world.client("iam").attach_role_policy(RoleName=role, PolicyArn=world.other_policy)
    drifted = resource_types()["AWS::IAM::Role"].read(role, world.context)
    assert drifted is not None
    assert set(drifted["ManagedPolicyArns"]) == {world.policy, world.other_policy}
    assert (policies.read(inline, world.context) or {})["Roles"] == [role]
    assert (resource_types()["AWS::IAM::ManagedPolicy"].read(attached, world.context) or {})["Roles"] == [role]


def test_updating_a_role_leaves_alone_what_is_not_named(world: Any) -> None:
    iam = world.client("iam")
    iam.update_role(RoleName=world.role, Description="d", MaxSessionDuration=7200)
    iam.update_role(RoleName=world.role, Description="e")
    role = iam.get_role(RoleName=world.role)["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("e", 7200)


def test_a_repository_with_images_stays(world: Any, made: Any, refused: Refuses) -> None:
    repository = made("AWS::ECR::Repository", {})
    kind = "application/vnd.docker.distribution.manifest.v2+json"
    manifest = json.dumps({"schemaVersion": 2, "mediaType": kind, "config": {"digest": "sha256:1"}, "layers": []})
    world.client("ecr").put_image(repositoryName=repository, imageManifest=manifest, imageTag="1")
    known = resource_types()["AWS::ECR::Repository"]
    with refused("RepositoryNotEmptyException"):
        known.delete(repository, {}, world.context)
    known.delete(repository, {"EmptyOnDelete": True}, world.context)
    assert known.read(repository, world.context) is None


def test_a_queues_policy_outlives_a_change_of_another_attribute(world: Any) -> None:
    sqs = world.client("sqs")
    policy = json.dumps(allow("sqs:SendMessage", world.arn("sqs", "inbox"), Principal={"AWS": ROOT}))
    sqs.set_queue_attributes(QueueUrl=world.queue, Attributes={"Policy": policy})
    sqs.set_queue_attributes(QueueUrl=world.queue, Attributes={"VisibilityTimeout": "5"})
    assert sqs.get_queue_attributes(QueueUrl=world.queue, AttributeNames=["Policy"])["Attributes"]["Policy"] == policy


def test_a_topic_that_loses_its_policy_has_the_one_it_was_made_with(world: Any, made: Any) -> None:
    sns = world.client("sns")
    before = json.loads(sns.get_topic_attributes(TopicArn=world.topic)["Attributes"]["Policy"])
    properties = {"Topics": [world.topic], "PolicyDocument": allow("sns:Publish", Principal={"AWS": ROOT})}
    policy = made("AWS::SNS::TopicPolicy", properties)
    resource_types()["AWS::SNS::TopicPolicy"].delete(policy, properties, world.context)
    assert json.loads(sns.get_topic_attributes(TopicArn=world.topic)["Attributes"]["Policy"]) == before


def test_a_key_that_signs_has_a_public_key_and_one_that_encrypts_none(world: Any, refused: Refuses) -> None:
    kms = world.client("kms")
    with refused("UnsupportedOperationException"):
        kms.get_public_key(KeyId=world.key)
    signing = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
    asked = {"KeyId": signing, "Message": b"1", "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
    signature = kms.sign(**asked)["Signature"]
    assert kms.verify(**asked, Signature=signature)["SignatureValid"]
    assert kms.get_public_key(KeyId=signing)["KeyUsage"] == "SIGN_VERIFY"
