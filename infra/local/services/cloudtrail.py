"""CloudTrail, where moto lacks or gets wrong what an enclave relies on."""

from __future__ import annotations

from typing import Any

from moto.cloudtrail.models import CloudTrailBackend, Trail
from moto.cloudtrail.responses import CloudTrailResponse
from moto.core.exceptions import JsonRESTError

from infra.local import event_history
from infra.local.keys import find
from infra.local.mend import replace, wrap
from infra.local.operations import serve
from infra.local.rules import cloudtrail_trail

MANAGEMENT = [
    {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [],
        "ExcludeManagementEventSources": [],
    }
]
"""What a trail without selectors of its own records."""


def extend() -> None:
    """Mend moto's CloudTrail."""
    serve(CloudTrailResponse, {"LookupEvents": event_history.look_up})
    wrap(CloudTrailResponse, get_insight_selectors=_get_insight_selectors)
    wrap(CloudTrailBackend, create_trail=_create_trail, update_trail=_update_trail)
    replace(CloudTrailBackend, delete_trail=_delete_trail)
    wrap(CloudTrailBackend, put_event_selectors=_put_event_selectors)
    wrap(Trail, description=_description)
    replace(
        Trail,
        get_event_selectors=_selectors_of,
        put_event_selectors=_select,
        put_insight_selectors=_select_insight,
    )


def _create_trail(backend: Any, motos: Any, name: str, *rest: Any) -> Any:
    if name in backend.trails:
        arn = backend.trails[name].arn
        raise JsonRESTError(
            "TrailAlreadyExistsException", f"Trail {arn} already exists for customer: {backend.account_id}"
        )
    trail = motos(backend, name, *rest)
    try:
        _normalise(trail)
        _check(trail)
    except JsonRESTError:
        del backend.trails[name]
        raise
    return trail


def _update_trail(backend: Any, motos: Any, **changes: Any) -> Any:
    """An update is tried whole before it stands; an empty text takes a setting away."""
    trail = backend.get_trail(changes["name"])
    before = dict(trail.__dict__)
    motos(backend, **{**changes, "name": trail.trail_name})
    try:
        _normalise(trail)
        trail.check_bucket_exists()
        trail.check_topic_exists()
        _check(trail)
    except JsonRESTError:
        trail.__dict__.update(before)
        raise
    return trail


def _delete_trail(backend: Any, name: str) -> None:
    del backend.trails[backend.get_trail(name).trail_name]


def _normalise(trail: Any) -> None:
    for name in ("s3_key_prefix", "sns_topic_name", "cw_log_group_arn", "cw_role_arn", "kms_key_id"):
        setattr(trail, name, getattr(trail, name) or None)
    if trail.kms_key_id:
        trail.kms_key_id = _key(trail).arn


def _check(trail: Any) -> None:
    """What CloudTrail tries before it takes a trail."""
    if trail.is_multi_region and not trail.include_global_service_events:
        raise JsonRESTError(
            "InvalidParameterCombinationException", "Multi-Region trail must include global service events."
        )
    cloudtrail_trail.bucket_policy(trail)
    if trail.kms_key_id and (key := _key(trail)).key_state != "Enabled":
        raise JsonRESTError("KmsKeyDisabledException", f"KMS key {key.arn} is {key.key_state}.")
    cloudtrail_trail.key_policy(trail)
    if trail.cw_log_group_arn or trail.cw_role_arn:
        cloudtrail_trail.log_role(trail)
        cloudtrail_trail.log_group(trail)
        cloudtrail_trail.log_role_trust(trail)
        cloudtrail_trail.log_role_permissions(trail)


def _key(trail: Any) -> Any:
    """The trail's key, which lies in the trail's region, in whichever account."""
    key = find(trail.kms_key_id, trail.account_id, trail.region_name)
    if key is None or key.region != trail.region_name:
        raise JsonRESTError(
            "KmsKeyNotFoundException", f"KMS key {trail.kms_key_id} does not exist or is in another region."
        )
    return key


def _put_event_selectors(
    backend: Any, motos: Any, trail_name: str, event_selectors: Any, advanced_event_selectors: Any
) -> Any:
    cloudtrail_trail.selectors(event_selectors, advanced_event_selectors)
    return motos(backend, trail_name, event_selectors or [], advanced_event_selectors or [])


def _select(trail: Any, event_selectors: list[dict[str, Any]], advanced_event_selectors: list[dict[str, Any]]) -> None:
    """The one kind takes the other's place."""
    trail.event_selectors, trail.advanced_event_selectors = event_selectors, advanced_event_selectors


def _selectors_of(trail: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    none = not trail.event_selectors and not trail.advanced_event_selectors
    return MANAGEMENT if none else trail.event_selectors, trail.advanced_event_selectors


def _select_insight(trail: Any, insight_selectors: list[dict[str, str]]) -> None:
    trail.insight_selectors = insight_selectors


def _get_insight_selectors(response: Any, motos: Any) -> Any:
    if not response.cloudtrail_backend.get_trail(response._get_param("TrailName")).insight_selectors:
        raise JsonRESTError("InsightNotEnabledException", "Insights are not enabled for the trail.")
    return motos(response)


def _description(trail: Any, motos: Any, include_region: bool = False) -> dict[str, Any]:
    known = motos(trail, include_region)
    custom = trail.advanced_event_selectors or trail.event_selectors not in ([], MANAGEMENT)
    known |= {"HasCustomEventSelectors": bool(custom), "HasInsightSelectors": bool(trail.insight_selectors)}
    known["HomeRegion"] = trail.region_name
    return {name: value for name, value in known.items() if value is not None}
