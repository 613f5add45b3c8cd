"""SUP-02: weights and images are what was admitted: named by digest, and not to be exchanged under that name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.policy.refusal import refused
from infra.posture.aws.s3 import bucket_at
from infra.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.s3 import Bucket
    from infra.posture.aws.sagemaker import Container, Model
    from infra.posture.model import Posture
    from infra.settings import Enclave

BY_DIGEST = re.compile(r".+@sha256:[0-9a-f]{64}")
BY_CONTENT = re.compile(r"(?:.*/)?[0-9a-f]{64}(?:/.*)?")
# What changes what lies under a key, and the context that makes it so: an upload that does not ask that the key be
# free, and a deletion, which frees it (a marker hides the locked version).
EXCHANGES: tuple[tuple[str, dict[str, str | None], str], ...] = (
    (
        "s3:PutObject",
        {"s3:ObjectCreationOperation": "true", "s3:if-none-match": None},
        "deny s3:PutObject to everyone unless s3:if-none-match is given",
    ),
    ("s3:DeleteObject", {}, "deny s3:DeleteObject to everyone"),
)

IMPORT = "store them with `sallyport models import`, and write the artifact line that it prints under hosting"


@control(
    "SUP-02",
    title="weights and images pinned by digest, and not to be exchanged under it",
    serves=["SR-4", "SR-11"],
    source="S3 guide, 'Conditional writes', 'Deleting object versions'; ECR guide, tag mutability, read 2026-11-24",
)
def artefacts_are_pinned(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every hosted model's image and weights, the bucket the weights lie in, and every image repository."""
    for model in posture.models:
        for container in model.containers:
            yield _image(model, container)
            yield from _weights(model, container, posture)
    for repository in posture.repositories:
        if repository.tag_mutability == "IMMUTABLE":
            yield holds(repository, "its tags cannot be moved")
        elif isinstance(repository.tag_mutability, Unknown):
            yield unknown(repository, repository.tag_mutability)
        else:
            witness = f"ImageTagMutability: {repository.tag_mutability}"
            yield falls_short(
                repository, "its tags can be moved", witness=witness, remedy="set ImageTagMutability to IMMUTABLE"
            )
    if not posture.models and settings.hosting:
        remedy = "deploy the Hosting stack, or take hosting out of the enclave's settings"
        yield falls_short("hosting", "it is declared, and no model is there", remedy=remedy)
    elif not posture.models:
        yield holds("hosting", "nothing is hosted")


def _image(model: Model, container: Container) -> Finding:
    if isinstance(container.image, Unknown):
        return unknown(model, f"its image: {container.image}")
    if BY_DIGEST.fullmatch(container.image):
        return holds(model, "its image is named by digest")
    remedy = "write hosting.image as REPOSITORY@sha256:DIGEST; `aws ecr describe-images` shows the digest"
    return falls_short(model, "its image is not named by digest", witness=container.image, remedy=remedy)


def _weights(model: Model, container: Container, posture: Posture) -> Iterator[Finding]:
    where = container.artifact
    if isinstance(where, Unknown):
        yield unknown(model, f"its weights: {where}")
        return
    bucket = bucket_at(where, posture.buckets)
    if bucket is None:
        yield falls_short(model, "its weights lie outside the enclave's buckets", witness=where, remedy=IMPORT)
        return
    if not BY_CONTENT.fullmatch(where.partition(bucket.id)[2]):
        yield falls_short(model, "its weights do not lie under their digest", witness=where, remedy=IMPORT)
    yield from _cannot_be_exchanged(bucket)


def _cannot_be_exchanged(bucket: Bucket) -> Iterator[Finding]:
    if isinstance(bucket.policy, Unknown):
        yield unknown(bucket, bucket.policy)
        return
    fine = True
    for rule in bucket.lifecycle:
        if rule.status != "Disabled" and rule.expiration_days is not None:
            fine = False
            witness = f"lifecycle: {rule.status} after {rule.expiration_days} days under {rule.prefix!r}"
            remedy = "let no lifecycle rule expire current versions: the marker it leaves frees the key"
            yield falls_short(bucket, "an artefact's key is freed when it expires", witness=witness, remedy=remedy)
    for action, context, remedy in EXCHANGES:
        answer = bucket.policy is not None and refused(bucket.policy, action, f"{bucket.arn}/*", context)
        if isinstance(answer, Unknown):
            yield unknown(bucket, f"whether {action} is refused: {answer}")
        elif not answer:
            witness = f"{action} on any object, by anyone"
            yield falls_short(bucket, "an artefact can be exchanged under its digest", witness=witness, remedy=remedy)
        fine = fine and answer is True
    if fine:
        yield holds(bucket, "nothing in it can be exchanged under its name")
