"""What the embedded AWS looks up again and again, looked up once, and what it needs first, made ready beforehand."""

from __future__ import annotations

import gc
import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from moto import backends
from moto.core import responses, utils
from moto.core.loaders import create_loader

from infra.local.clients import client, services_of_botocore
from infra.local.resource_type import resource_types

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)


def extend() -> None:
    """Let moto remember which folders it has, which operations a service, and where the models of services lie.

    It looks for the first two with every request. The models are not those of boto's clients: moto adds to them what
    it needs, and a client takes out of its own what moto finds an S3 operation by.
    """
    modules = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: modules
    responses.method_names_from_class = cache(utils.method_names_from_class)  # type: ignore[attr-defined]  # its name
    utils._load_service_model = create_loader().load_service_model


def warm(account: str, region: str, application: Any) -> None:
    """Load the models of every service that resource types or a deployment need, and build their routes.

    Meant for a thread beside the server: a deployment that starts meanwhile waits for nothing but its own needs.
    """
    for service in _services():
        try:
            model = client(service, account, region).meta.service_model
            utils.get_service_model(service)
            application.get_application(_request(model.signing_name, region))
        except Exception:
            log.debug("%s stays cold", service, exc_info=True)
    # All this stays for as long as the process does: no use in having every collection look through it.
    gc.collect()
    gc.freeze()


def _request(signing_name: str, region: str) -> dict[str, str]:
    """As much of a request as moto looks at to find the service."""
    scope = f"AWS4-HMAC-SHA256 Credential=key/20260101/{region}/{signing_name}/aws4_request, Signature=x"
    return {
        "HTTP_HOST": "",
        "PATH_INFO": "/",
        "REQUEST_METHOD": "GET",
        "HTTP_AUTHORIZATION": scope,
        "HTTP_X_AMZ_TARGET": "DynamoDB_20120810.ListTables",
    }


def _services() -> Iterator[str]:
    """The services by botocore's names: the CLI's own first, then those of the types that are mirrored."""
    known = {name.replace("-", ""): name for name in services_of_botocore()}
    words = ["sts", "cloudformation", "s3", "ssm", *(name.split("::")[1].lower() for name in resource_types())]
    yield from dict.fromkeys(known[word] for word in words if word in known)
