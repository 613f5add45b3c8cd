"""What the state on disk has to hold beside moto's backends: whatever else a deployment of the enclave changes in moto.

In a forked child, since a scan wants a process in which nothing has been deployed yet.
"""

import os
import sys
from collections import deque
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.core.base_backend import BackendDict

from infra.deployment.bring_up import wait_for_keeper
from infra.local import server
from infra.local.units import ATTRIBUTES_BESIDE
from infra.settings import find, load
from tests.deployed.conftest import ROOT, deploy, forked, prepared

pytestmark = pytest.mark.full

OF_NO_CONSEQUENCE = {
    "instances_tracked": "every model there is, for moto's dashboard",
    "model_data": "the same, by service",
    "backend_refs": "each backend puts itself there when it is made",
    "vpc_pcx_refs": "each backend puts itself there when it is made",
    "vpc_refs": "each backend puts itself there when it is made",
    "request_count": "for moto's switch of authorisation, which is off",
    "TMP_THREADS": "threads, to be joined",
    "_instances": "which services have backends",
}


def values() -> dict[tuple[str, str, str], Any]:
    """What stands in moto's modules, their classes and their tables of backends, as far as it can change."""
    found = {}
    for module, names in [(name, vars(m)) for name, m in list(sys.modules.items()) if name.startswith("moto.")]:
        for name, value in list(names.items()):
            if (isinstance(value, type) and value.__module__ == module) or isinstance(value, BackendDict):
                found.update({(module, name, attribute): told(of) for attribute, of in list(vars(value).items())})
            else:
                found[module, "", name] = told(value)
    return {where: value for where, value in found.items() if value is not None}


def told(value: Any) -> Any:
    if isinstance(value, BackendDict):
        return None
    return len(value) if isinstance(value, dict | list | set | deque) else value if isinstance(value, int) else None


def test_nothing_but_what_is_kept_is_beside_the_backends(assembly: Path) -> None:
    settings = load(find("sandbox", ROOT))

    def changed() -> set[tuple[str, str, str]]:
        with server.start(account=settings.accounts.enclave) as started:
            os.environ.update(started.environment)
            session = boto3.Session(region_name=settings.region)
            before = values()
            prepared(session)
            deploy(session, assembly)
            wait_for_keeper(session)
            return {where for where, value in values().items() if before.get(where, value) != value}

    server.extend()
    found = {where for where in forked(changed) if where[2] not in OF_NO_CONSEQUENCE}
    assert ("moto.s3.models", "s3_backends", "bucket_accounts") in found
    assert {attribute for _, _, attribute in found} <= {attribute for _, _, attribute in ATTRIBUTES_BESIDE}
