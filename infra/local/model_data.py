"""Images in ECR and model data in S3 as SageMaker looks for them: with the model's role, wherever the account has them.

SageMaker fetches both with the execution role (developer guide, "SageMaker AI Roles", read 2026-11-24).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infra.local.permissions import key_usable, policy_allows, policy_denies, role_allows
from infra.local.policy_documents import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

ECR = re.compile(r"(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com/(.+)")
PLACE = re.compile(r"(?:s3://|https://s3[.-][a-z0-9-]+\.amazonaws\.com/)([^/]+)/?(.*)")


def in_registry(image: str) -> bool:
    """Whether ECR has the image of this URI, by its digest, or else by its tag."""
    from moto.ecr.models import ecr_backends

    account, region, name = _parts(image)
    tagged, _, digest = name.partition("@")
    repository, _, tag = tagged.partition(":")
    found = ecr_backends[account][region].repositories.get(repository)
    images = found.images if found is not None else ()
    if digest:
        return any(one.get_image_digest() == digest for one in images)
    return any((tag or "latest") in one.image_tags for one in images)


PULLING = ("BatchGetImage", "GetDownloadUrlForLayer", "BatchCheckLayerAvailability")
"""What the execution role needs of ECR for a repository; developer guide, "SageMaker AI Roles"."""


def not_pullable(role: str, image: str) -> str:
    """The first of these that the role's own policies do not let it do with the image's repository, or nothing."""
    account, region, name = _parts(image)
    repository = re.split("[:@]", name)[0]
    arn = f"arn:{role.split(':')[1]}:ecr:{region}:{account}:repository/{repository}"
    return next((action for action in PULLING if not role_allows(role, f"ecr:{action}", arn)), "")


def stored(uri: str) -> bool:
    """Whether S3 has the object, or below a prefix, which ends in a slash, at least one."""
    return next(_objects(uri), None) is not None


def readable(role: str, region: str, uri: str) -> bool:
    """Whether a role may read what lies there, in the model's own region; of what is not there, where it would be."""
    bucket, key = _bucket(uri)
    if bucket is None:
        return True
    _, partition, _, _, account, _ = role.split(":", 5)
    caller = {"aws:principalarn": role, "aws:principalaccount": account}
    context = {"aws:securetransport": "true", "s3:tlsversion": "1.3", **caller}
    owner = bucket.account_id
    document = parsed(bucket.policy.decode() if isinstance(bucket.policy, bytes) else bucket.policy or "") or {}
    keys = [(one.name, one) for one in _objects(uri)] or [(key, None)]
    through_s3 = {**context, "kms:viaservice": f"s3.{region}.amazonaws.com", "kms:calleraccount": account}
    for name, found in keys:
        arn = f"arn:{partition}:s3:::{bucket.name}/{name}"
        if policy_denies(document, "s3:GetObject", arn, context, principal=role):
            return False
        if not role_allows(role, "s3:GetObject", arn, context):
            return False
        if owner != account and not policy_allows(document, "s3:GetObject", arn, context, principal=role):
            return False
        own = found is not None and found.encryption == "aws:kms" and found.kms_key_id
        if own and not key_usable(own, region, role, "kms:Decrypt", through_s3):
            return False
    return bool(bucket.region_name == region)


def _parts(image: str) -> tuple[str, str, str]:
    """Account, region, and repository with tag or digest, of an image in ECR."""
    found = ECR.fullmatch(image)
    assert found is not None, image
    return found[1], found[2], found[3]


def _bucket(uri: str) -> tuple[Any, str]:
    """The bucket, if there is one of that name, and the key."""
    from moto.s3.models import s3_backends

    found = PLACE.fullmatch(uri)
    if found is None:
        return None, ""
    partition, account = s3_backends.bucket_accounts.get(found[1], ("", ""))
    return (s3_backends[account][partition].buckets.get(found[1]) if account else None), found[2]


def _objects(uri: str) -> Iterator[Any]:
    from moto.s3.models import FakeKey

    bucket, key = _bucket(uri)
    if bucket is None:
        return
    names = [name for name in bucket.keys if name.startswith(key)] if uri.endswith("/") else [key]
    for name in names:
        found = bucket.keys.get(name)
        if isinstance(found, FakeKey):  # and no delete marker
            yield found
