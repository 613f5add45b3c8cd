"""Service Quotas: AWS's defaults, and what an account has been granted beyond them.

An increase that is requested is granted at once, which AWS does for few. Sources of the defaults: moto 5.2.5 for VPC;
for SageMaker 0 for every instance type of an endpoint, as many accounts have it, under a code of our own making, since
AWS tells the codes in an account only.
"""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra import catalog
from infra.local.operations import Call, serve
from infra.local.resource_type import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping


def extend() -> None:
    """Serve these operations from moto's Service Quotas."""
    from moto.servicequotas.responses import ServiceQuotasResponse

    serve(ServiceQuotasResponse, OPERATIONS, invalid="IllegalArgumentException")


def _defaults(call: Call) -> list[dict[str, Any]]:
    """AWS's default quotas of a service; a service that is not here has none."""
    from moto.servicequotas.resources.default_quotas.vpc import VPC_DEFAULT_QUOTAS

    service = call.parameters["ServiceCode"]
    if service == "vpc":
        told: list[tuple[Any, Any, Any]] = [
            (each["QuotaCode"], each["QuotaName"], each["Value"]) for each in VPC_DEFAULT_QUOTAS
        ]
    elif service == "sagemaker":
        names = [f"{each} for endpoint usage" for each in sorted(catalog.hosting_instance_types(call.region))]
        told = [(f"L-{zlib.crc32(name.encode()):08X}", name, 0.0) for name in names]
    else:
        raise Refused("NoSuchResourceException", f"The service {service} is not there.")
    arn = f"arn:{call.partition}:servicequotas:{call.region}:{call.account}:{service}"
    return [
        {
            "ServiceCode": service,
            "ServiceName": service,
            "QuotaArn": f"{arn}/{code}",
            "QuotaCode": code,
            "QuotaName": name,
            "Value": float(value),
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
        }
        for code, name, value in told
    ]


def _applied(call: Call) -> list[dict[str, Any]]:
    granted = call.kept("granted")
    return [
        {**each, "Value": granted.get((each["ServiceCode"], each["QuotaCode"]), each["Value"])}
        for each in _defaults(call)
    ]


def _one(quotas: list[dict[str, Any]], code: str) -> dict[str, Any]:
    for quota in quotas:
        if quota["QuotaCode"] == code:
            return quota
    raise Refused("NoSuchResourceException", f"The quota {code} is not there.")


def _get(call: Call) -> Mapping[str, Any]:
    return {"Quota": _one(_applied(call), call.parameters["QuotaCode"])}


def _get_default(call: Call) -> Mapping[str, Any]:
    return {"Quota": _one(_defaults(call), call.parameters["QuotaCode"])}


def _list(call: Call) -> Mapping[str, Any]:
    return call.page("Quotas", _applied(call), token="NextToken", size="MaxResults")


def _list_defaults(call: Call) -> Mapping[str, Any]:
    return call.page("Quotas", _defaults(call), token="NextToken", size="MaxResults")


def _request(call: Call) -> Mapping[str, Any]:
    """A request for more; AWS refuses one for no more than the account has."""
    quota, wanted = _one(_applied(call), call.parameters["QuotaCode"]), call.parameters["DesiredValue"]
    if wanted <= quota["Value"]:
        raise Refused("IllegalArgumentException", f"The value {wanted} must be above the present {quota['Value']}.")
    call.kept("granted")[quota["ServiceCode"], quota["QuotaCode"]] = float(wanted)
    names = ("ServiceCode", "ServiceName", "QuotaCode", "QuotaName", "QuotaArn", "Unit", "GlobalQuota")
    asked = {name: quota[name] for name in names}
    now = datetime.now(UTC)
    return {
        "RequestedQuota": {**asked, "DesiredValue": wanted, "Status": "APPROVED", "Created": now, "LastUpdated": now}
    }


OPERATIONS = {
    "GetServiceQuota": _get,
    "GetAWSDefaultServiceQuota": _get_default,
    "ListServiceQuotas": _list,
    "ListAWSDefaultServiceQuotas": _list_defaults,
    "RequestServiceQuotaIncrease": _request,
}
