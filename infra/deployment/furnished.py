"""What an account has before an enclave comes, made on an embedded AWS as its owner would make it on AWS.

The identity provider, access to the models, the quota of the hosted model's instances, its image. Its weights are not
among them: they go into a bucket of the enclave's own, once that is there; `STAND_IN` is what the default enclave's
settings name.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.deployment.artifact import BUCKET_OUTPUT, Artifact, digest, foundation, named, store
from infra.local.accounts import access_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from infra.settings import Enclave, Hosting

STAND_IN = Path("enclaves/stand-in.tar.gz")
"""A file in place of weights, in a project's folder."""
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
METADATA = '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com/saml">'


def furnish(session: Any, settings: Enclave) -> None:
    """Make it in the session's account; what is there already stays."""
    _identity_provider(session.client("iam"), settings.identity_provider)
    bedrock = session.client("bedrock")
    for model in settings.models:
        offers = bedrock.list_foundation_model_agreement_offers(modelId=model.id)["offers"]
        for offer in offers[:1]:
            bedrock.create_foundation_model_agreement(modelId=model.id, offerToken=offer["offerToken"])
    if settings.hosting is not None:
        _instances(session.client("service-quotas"), settings.hosting)
        _image(session, settings.hosting.image)


def await_artifact(settings: Enclave, artifact: Artifact) -> None:
    """Have this process's embedded AWS store an artefact as soon as the enclave's bucket is there."""
    from infra.local import clients, standing_orders

    def put(account: str, region: str, outputs: Mapping[str, str]) -> None:
        store(clients.client("s3", account, region), outputs[BUCKET_OUTPUT], artifact.path, artifact.sha256)

    standing_orders.order(foundation(settings), put)


def furnish_project(session: Callable[[str], Any], account: str, artifacts: Sequence[Path]) -> Iterator[str]:
    """Furnish an account of this process's embedded AWS for every enclave of the folder that is to stand in it.

    `session` gives a boto3 session on it for a region. Each hosted model's artefact is awaited, if it is one of these
    files. Yields a line for each enclave.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    from infra.settings import SettingsError, files, load

    unnamed = list(artifacts)
    for path in files():
        try:
            settings = load(path)
        except SettingsError:
            yield f"nothing was made for {path}, which is not valid"
            continue
        if settings.accounts.enclave != account:
            continue
        try:
            furnish(session(settings.region), settings)
        except (BotoCoreError, ClientError) as error:
            yield f"the account has not all that enclave {settings.name} needs beforehand: {error}"
            continue
        hosting = settings.hosting
        found = [each for each in artifacts if hosting and f"sha256:{digest(each)}" == hosting.artifact]
        unnamed = [each for each in unnamed if each not in found]
        for each in found:
            await_artifact(settings, named(each, settings))
        yield f"the account has what enclave {settings.name} needs beforehand" + (
            f"; {found[0]} is stored once Foundation is there" if found else ""
        )
    for each in unnamed:
        yield f"{each} is what no enclave's hosting.artifact names: it is not stored"


@contextmanager
def _unless_there() -> Iterator[None]:
    """Let pass that something exists already."""
    from botocore.exceptions import ClientError

    try:
        yield
    except ClientError as error:
        if "AlreadyExists" not in error.response["Error"]["Code"]:
            raise


def _identity_provider(iam: Any, arn: str) -> None:
    kind, _, name = arn.split(":", 5)[5].partition("/")
    with _unless_there():
        if kind == "saml-provider":
            document = f"{METADATA}{' ' * 1000}</EntityDescriptor>"  # IAM takes no fewer characters
            iam.create_saml_provider(Name=name, SAMLMetadataDocument=document)
        else:
            iam.create_open_id_connect_provider(
                Url=f"https://{name}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
            )


def _instances(quotas: Any, hosting: Hosting) -> None:
    name = f"{hosting.instance_type} for endpoint usage"
    for page in quotas.get_paginator("list_service_quotas").paginate(ServiceCode="sagemaker"):
        for quota in page["Quotas"]:
            if quota["QuotaName"] == name and quota["Value"] < hosting.instances.max:
                quotas.request_service_quota_increase(
                    ServiceCode="sagemaker", QuotaCode=quota["QuotaCode"], DesiredValue=float(hosting.instances.max)
                )


def _image(session: Any, image: str) -> None:
    """An image under the digest of the settings, in the registry's account; the digest is taken as given."""
    name, _, digest = image.partition("@")
    registry, _, repository = name.partition("/")
    owner = access_key(registry.partition(".")[0])
    ecr = session.client("ecr", aws_access_key_id=owner, aws_secret_access_key="embedded")
    manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST})
    with _unless_there():
        ecr.create_repository(repositoryName=repository)
    with _unless_there():
        ecr.put_image(repositoryName=repository, imageManifest=manifest, imageTag="pinned", imageDigest=digest)
