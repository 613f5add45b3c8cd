"""What a hosted model is made of: its image and its weights, each by digest."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from infra.deployment.artifact import key_of
from infra.preflight.item import Answer, item, refuted, unverified, verified

if TYPE_CHECKING:
    from infra.preflight.about import About
    from infra.preflight.questions import Questions
    from infra.settings import Enclave

IMPORT = "`sallyport models import FILE`"


def _hosts(settings: Enclave) -> bool:
    return settings.hosting is not None


@item(
    "image",
    "the serving image is in the registry, by its digest",
    asks=("ecr:DescribeImages",),
    source="ECR API reference, DescribeImages, read 2026-11-24",
    when=_hosts,
)
def image(ask: Questions, about: About) -> Answer:
    """ECR of the region has it."""
    assert about.settings.hosting is not None
    name, _, digest = about.settings.hosting.image.partition("@")
    registry, _, repository = name.partition("/")
    told = ask(
        "ecr:DescribeImages",
        absent=("ImageNotFoundException", "RepositoryNotFoundException"),
        registryId=registry.partition(".")[0],
        repositoryName=repository,
        imageIds=[{"imageDigest": digest}],
    )
    if told is None or not told["imageDetails"]:
        return refuted(f"{repository} has no {digest}", "push it, or change hosting.image")
    return verified(f"{repository} has it")


@item(
    "artifact",
    "the weights are stored under their digest",
    asks=("s3:HeadObject", "cloudformation:DescribeStacks"),
    source='S3 user guide, "Checking object integrity"; S3 API reference, HeadObject, read 2026-11-24',
    when=_hosts,
)
def artifact(ask: Questions, about: About) -> Answer:
    """The enclave's bucket has the object, and S3 has computed the same digest, as it does of one part alone."""
    assert about.settings.hosting is not None
    digest = about.settings.hosting.artifact.removeprefix("sha256:")
    key = key_of(digest)
    buckets = _bucket(ask, about)
    if not buckets:
        return unverified(
            "the bucket is the enclave's own and not deployed yet: nothing can be stored",
            f"first `cdk deploy {about.settings.name}/Foundation`, then {IMPORT}, then the rest; "
            "`sallyport up --artifact FILE` does the three",
        )
    (bucket,) = buckets
    told = ask("s3:HeadObject", absent=("404", "NoSuchKey", "NotFound"), Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    if told is None:
        return refuted(f"{bucket} has no {key}", IMPORT)
    checksum = told.get("ChecksumSHA256", "")
    if not checksum:
        return unverified(f"{bucket} has it, without a SHA-256 by S3", f"store it with {IMPORT}, which asks for one")
    if "-" in checksum:
        return unverified(
            f"{bucket} has it, stored in parts: S3 knows a SHA-256 of each part, and of the whole only who stored it",
            f"accept it if it was stored by {IMPORT}, which names an artefact by the digest of the whole",
        )
    if base64.b64decode(checksum).hex() != digest:
        return refuted(f"{bucket} has other content under that digest", "find out who stored it; it cannot be replaced")
    return verified(f"{bucket} has it, with that SHA-256 by S3")


def _bucket(ask: Questions, about: About) -> list[str]:
    """The artefact bucket, by the output that `models import` reads."""
    stack = f"{about.settings.name}-foundation"
    for each in ask.all("cloudformation:DescribeStacks", "Stacks"):
        if each["StackName"] == stack:
            return [out["OutputValue"] for out in each.get("Outputs", ()) if out["OutputKey"] == "ArtifactBucket"]
    return []
