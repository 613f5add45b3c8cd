"""Service Quotas: what an account may have, and asking for more, which is granted at once.

moto knows the VPC's defaults alone. On AWS a request is decided by people or by rules of the service and may take days;
here it is approved as it is made. Sources: botocore 1.44.5's service model; the Service Quotas API reference, read
2026-11-24.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local.operations import Call, check, serve
from infra.local.quotas import Quota, defaults
from infra.local.resource_type import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping


def extend() -> None:
    """Serve these operations from moto's Service Quotas."""
    from moto.servicequotas.responses import ServiceQuotasResponse

    serve(ServiceQuotasResponse, OPERATIONS, invalid="IllegalArgumentException")
    check(ServiceQuotasResponse, invalid="IllegalArgumentException")


def _told(call: Call, quota: Quota, value: float) -> dict[str, Any]:
    return {
        "ServiceCode": quota.service,
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "QuotaArn": call.arn("servicequotas", f"{quota.service}/{quota.code}"),
        "Value": value,
        "Unit": "None",
        "Adjustable": quota.adjustable,
        "GlobalQuota": False,
    }


def _applied(call: Call, quota: Quota) -> float:
    return float(call.kept("increased").get((quota.service, quota.code), quota.value))


def _of_service(call: Call) -> list[Quota]:
    wanted = call.parameters["ServiceCode"]
    found = [quota for quota in defaults(call.region).values() if quota.service == wanted]
    if not found:
        raise Refused("NoSuchResourceException", f"The service {wanted} has no quotas here.")
    return found


def _quota(call: Call) -> Quota:
    key = (call.parameters["ServiceCode"], call.parameters["QuotaCode"])
    found = defaults(call.region).get(key)
    if found is None:
        raise Refused("NoSuchResourceException", f"The quota {key[1]} of {key[0]} is not there.")
    return found


def _list(call: Call) -> Mapping[str, Any]:
    told = [_told(call, quota, _applied(call, quota)) for quota in _of_service(call)]
    return call.page("Quotas", told, token="NextToken", size="MaxResults")


def _list_defaults(call: Call) -> Mapping[str, Any]:
    told = [_told(call, quota, quota.value) for quota in _of_service(call)]
    return call.page("Quotas", told, token="NextToken", size="MaxResults")


def _get(call: Call) -> Mapping[str, Any]:
    return {"Quota": _told(call, _quota(call), _applied(call, _quota(call)))}


def _get_default(call: Call) -> Mapping[str, Any]:
    return {"Quota": _told(call, _quota(call), _quota(call).value)}


def _request(call: Call) -> Mapping[str, Any]:
    quota, desired = _quota(call), call.parameters["DesiredValue"]
    if not quota.adjustable:
        raise Refused("IllegalArgumentException", f"The quota {quota.code} is not adjustable.")
    if desired <= _applied(call, quota):
        raise Refused(
            "IllegalArgumentException",
            f"The desired value must be greater than the current applied quota value: {_applied(call, quota):g}.",
        )
    call.kept("increased")[(quota.service, quota.code)] = desired
    asked = {
        "Id": uuid.uuid4().hex,
        **_told(call, quota, desired),
        "DesiredValue": desired,
        "Status": "APPROVED",
        "Created": datetime.now(UTC),
        "LastUpdated": datetime.now(UTC),
        "Requester": call.caller,
    }
    asked.pop("Value")
    call.kept("requests")[asked["Id"]] = asked
    return {"RequestedQuota": asked}


def _history(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters.get("ServiceCode")
    asked = [one for one in call.kept("requests").values() if wanted in (None, one["ServiceCode"])]
    return call.page("RequestedQuotas", asked, token="NextToken", size="MaxResults")


OPERATIONS = {
    "ListServiceQuotas": _list,
    "ListAWSDefaultServiceQuotas": _list_defaults,
    "GetServiceQuota": _get,
    "GetAWSDefaultServiceQuota": _get_default,
    "RequestServiceQuotaIncrease": _request,
    "ListRequestedServiceQuotaChangeHistory": _history,
}
