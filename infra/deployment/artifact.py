"""Model artefacts under their own digest: stored once, never overwritten, named in the settings by what they are."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.deployment.account import AccountError, stack_output

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from infra.settings import Enclave

BLOCK_BYTES = 8 * 1024 * 1024
# PutObject takes at most 5 GiB; the bucket's conditional write holds for a multipart upload's completion too.
# Source: S3 user guide, "Add preconditions to S3 operations with conditional requests", read 2026-11-24.
PART_BYTES = 512 * 1024 * 1024
BUCKET_OUTPUT = "ArtifactBucket"


class WrongArtifact(ValueError):
    """A file is not what the enclave's settings name."""


@dataclass(frozen=True)
class Artifact:
    """A file, and what it is."""

    path: Path
    sha256: str


@dataclass(frozen=True)
class Stored:
    """An artefact in the enclave's bucket; `new` says whether this call stored it."""

    bucket: str
    key: str
    digest: str
    new: bool

    @property
    def setting(self) -> str:
        """The line for `hosting` in the enclave's file."""
        return f"artifact: sha256:{self.digest}"


def digest(path: Path, on_bytes: Callable[[int], None] = lambda _count: None) -> str:
    """SHA-256 of a file, in lower-case hexadecimal, read in blocks."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            sha.update(block)
            on_bytes(len(block))
    return sha.hexdigest()


def key_of(digest: str) -> str:
    """Where an artefact lies in the bucket: its digest decides, so other content cannot take its place."""
    return f"sha256/{digest}/model.tar.gz"


def named(path: Path, settings: Enclave) -> Artifact:
    """The file, if the settings name its digest. Raises WrongArtifact if they name another, or no hosted model."""
    if settings.hosting is None:
        raise WrongArtifact(f"enclave {settings.name} hosts no model, so {path} has no place in it")
    found = digest(path)
    if f"sha256:{found}" != settings.hosting.artifact:
        raise WrongArtifact(
            f"{path} is sha256:{found}, but hosting.artifact of enclave {settings.name} is "
            f"{settings.hosting.artifact}; give that file with --artifact, or name this one in the settings"
        )
    return Artifact(path, found)


def bucket_of(session: Any, settings: Enclave) -> str:
    """The enclave's artefact bucket. Raises AccountError before its Foundation stack is deployed."""
    return stack_output(session, foundation(settings), BUCKET_OUTPUT)


def foundation(settings: Enclave) -> str:
    """The stack that has the bucket."""
    return f"{settings.name}-foundation"


def store(s3: Any, bucket: str, path: Path, sha256: str) -> Stored:
    """Upload under the digest unless it is there; S3 checks the content against its own SHA-256 of each part.

    Raises AccountError for any answer but stored and "already there" (412 PreconditionFailed).
    """
    from botocore.exceptions import BotoCoreError, ClientError

    key = key_of(sha256)
    try:
        _upload(s3, bucket, key, path)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"PreconditionFailed", "412"}:
            raise AccountError(f"s3://{bucket}/{key} could not be stored: {error}") from None
        return Stored(bucket, key, sha256, new=False)
    except BotoCoreError as error:
        raise AccountError(f"s3://{bucket}/{key} could not be stored: {error}") from None
    return Stored(bucket, key, sha256, new=True)


def _upload(s3: Any, bucket: str, key: str, path: Path) -> None:
    place = {"Bucket": bucket, "Key": key}
    if path.stat().st_size <= PART_BYTES:
        with path.open("rb") as file:
            s3.put_object(**place, Body=file, IfNoneMatch="*", ChecksumAlgorithm="SHA256")
        return
    upload = s3.create_multipart_upload(**place, ChecksumAlgorithm="SHA256")["UploadId"]
    parts: list[dict[str, Any]] = []
    try:
        with path.open("rb") as file:
            while block := file.read(PART_BYTES):
                number = len(parts) + 1
                part = s3.upload_part(
                    **place, UploadId=upload, PartNumber=number, Body=block, ChecksumAlgorithm="SHA256"
                )
                parts.append({"PartNumber": number, "ETag": part["ETag"], "ChecksumSHA256": part["ChecksumSHA256"]})
        s3.complete_multipart_upload(**place, UploadId=upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*")
    except BaseException:
        s3.abort_multipart_upload(**place, UploadId=upload)
        raise
