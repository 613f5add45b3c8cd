"""What an account may have of a thing: Service Quotas' defaults, and what was asked for beyond them.

The state is Service Quotas' own (`infra/local/services/servicequotas.py`): a rule asks here, and
RequestServiceQuotaIncrease changes what it is told.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import yaml

from infra import catalog
from infra.local.operations import kept

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATA = Path(__file__).with_name("quotas.yaml")


@dataclass(frozen=True)
class Quota:
    """One quota as it stands before anyone asks for more."""

    service: str
    code: str
    name: str
    value: float
    adjustable: bool


@cache
def defaults(region: str) -> Mapping[tuple[str, str], Quota]:
    """The quotas the embedded AWS knows in a region, by service and code."""
    whole = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    listed = [
        Quota(service, code, name, float(value), adjustable)
        for service, rows in whole["quotas"].items()
        for code, name, value, adjustable in rows
    ]
    for kind in catalog.hosting_instance_types(region):
        name = endpoint_usage(kind)
        code = whole["endpoint_usage"]["codes"].get(kind) or f"L-{zlib.crc32(name.encode()):08X}"
        listed.append(Quota("sagemaker", code, name, float(whole["endpoint_usage"]["value"]), adjustable=True))
    return MappingProxyType({(quota.service, quota.code): quota for quota in listed})


def endpoint_usage(instance_type: str) -> str:
    """The name of the quota that SageMaker counts an endpoint's instances of a type against."""
    return f"{instance_type} for endpoint usage"


def allowed(account: str, region: str, service: str, name: str) -> float:
    """The quota of this name as it stands in an account and region; none where AWS has no such quota."""
    from moto.servicequotas.models import servicequotas_backends

    increased = kept(servicequotas_backends[account][region], "increased")
    for (of, code), quota in defaults(region).items():
        if (of, quota.name) == (service, name):
            return float(increased.get((service, code), quota.value))
    return 0.0
