"""What `sallyport preflight` and `sallyport verify` need in an account, as IAM policies, derived from their calls.

A preflight's items declare their calls. Those of a verification are read from its readers' source: every operation that
a module of `infra/live` names, of every service that it names. A test compares both with the calls that are made.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra import catalog, live
from infra.live.account import READING
from infra.preflight.item import items
from infra.preflight.permissions import permissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infra.settings import Enclave


def reading_policies(settings: Enclave) -> dict[str, dict[str, Any]]:
    """The policies of an enclave by `COMMAND-ACCOUNT`."""
    accounts = {"enclave": settings.accounts.enclave, "evidence": settings.accounts.evidence}
    found = {}
    for word, account in accounts.items():
        asked = {call for each in items() if each.when(settings) and each.of == word for call in each.asks}
        if asked:
            found[f"preflight-{account}"] = policy(asked, settings, account)
        found[f"verify-{account}"] = policy(verification_calls(), settings, account)
    return found


def policy(calls: Iterable[str], settings: Enclave, account: str) -> dict[str, Any]:
    """The least that permits these calls; what reaches content or another role is held to what is asked for."""
    partition, region = settings.partition, settings.region
    deployers = f"arn:{partition}:iam::{account}:role/cdk-*-deploy-role-{account}-{region}"
    weights = f"arn:{partition}:s3:::{settings.name}-foundation-*/sha256/*/model.tar.gz"
    host = f"s3.{region}.{catalog.partition(partition).dns_suffix}"
    scoped: dict[str, tuple[str, dict[str, Any]]] = {
        "sts:AssumeRole": (deployers, {}),
        "s3:GetObject": (weights, {}),
        "kms:Decrypt": (f"arn:{partition}:kms:{region}:{account}:key/*", {"StringEquals": {"kms:ViaService": host}}),
    }
    actions = {action for call in calls for action in permissions(call)}
    statements: list[dict[str, Any]] = [
        {"Sid": "Read", "Effect": "Allow", "Action": sorted(actions - scoped.keys()), "Resource": "*"}
    ]
    for action in sorted(actions & scoped.keys()):
        resource, condition = scoped[action]
        sid = "".join(part[0].upper() + part[1:] for part in action.split(":"))
        held = {"Condition": condition} if condition else {}
        statements.append({"Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource, **held})
    return {"Version": "2012-10-17", "Statement": statements}


@cache
def verification_calls() -> frozenset[str]:
    """Every call that a verification may make, `service:Operation`."""
    return frozenset(
        call
        for path in sorted(Path(live.__path__[0]).rglob("*.py"))
        for call in _named(ast.parse(path.read_text(encoding="utf-8")))
    )


def _named(module: ast.Module) -> Iterator[str]:
    texts = {node.value for node in ast.walk(module) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    operations = {text for text in texts if text.startswith(READING) and text.isidentifier()}
    for service in sorted(texts & _services()) if operations else ():
        known = _operations(service)
        yield from (f"{service}:{known[name]}" for name in sorted(operations & known.keys()))


@cache
def _services() -> frozenset[str]:
    return frozenset(_session().get_available_services())


@cache
def _operations(service: str) -> dict[str, str]:
    """API names by boto3's names."""
    from botocore import xform_name

    return {xform_name(name): name for name in _session().get_service_model(service).operation_names}


@cache
def _session() -> Any:
    import botocore.session

    return botocore.session.get_session()
