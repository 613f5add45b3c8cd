"""What CloudFormation has left behind: resources that no stack has any longer, because they could not be deleted.

An update that has succeeded, or was rolled back, deletes what it has done with; it tries three times, then takes the
resource out of the stack, and the stack is complete. Only its events tell, for ninety days; whether the resource still
stands, Cloud Control does.
Source: CloudFormation user guide, "Troubleshooting CloudFormation", "Resource removed from stack but not deleted";
Cloud Control API reference, GetResource and DeleteResource; both read 2026-11-24.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.live.account import LiveError
from infra.live.stacks import stacks_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.settings import Enclave

GONE = ("ResourceNotFoundException",)
_DELETE = "aws cloudcontrol delete-resource --type-name {type} --identifier '{id}' --region {region}"


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """One resource that a stack had and could not delete."""

    stack: str
    logical_id: str
    type: str
    id: str
    reason: str
    unsure: str
    """Why it cannot be told whether it still stands; empty if it does."""
    remedy: str


def left_behind(account: Account, enclave: Enclave) -> Iterator[LeftBehind]:
    """What the enclave's stacks in this account and region have left behind and is, or may be, still there."""
    for stack in stacks_of(account, enclave):
        for event in _failed(account, stack["StackId"]):
            kind, own = event["ResourceType"], event["PhysicalResourceId"]
            unsure = ""
            try:
                if account.call("cloudcontrol", "get_resource", absent=GONE, TypeName=kind, Identifier=own) is None:
                    continue
            except LiveError as error:
                unsure = str(error)
            yield LeftBehind(
                stack=stack["StackName"],
                logical_id=event["LogicalResourceId"],
                type=kind,
                id=own,
                reason=event.get("ResourceStatusReason", ""),
                unsure=unsure,
                remedy=f"mend the cause, then `{_DELETE.format(type=kind, id=own, region=account.region)}`, or delete "
                "it by its service where Cloud Control does not take the type: no stack does it any longer",
            )


def _failed(account: Account, stack_id: str) -> list[dict[str, Any]]:
    """The last event of every physical resource that could not be deleted and that the stack has no more."""
    last: dict[tuple[str, str], dict[str, Any]] = {}
    for event in account.all("cloudformation", "describe_stack_events", "StackEvents", StackName=stack_id):
        if event.get("PhysicalResourceId", stack_id) != stack_id:  # the newest come first
            last.setdefault((event["ResourceType"], event["PhysicalResourceId"]), event)
    failed = {key: event for key, event in last.items() if event["ResourceStatus"] == "DELETE_FAILED"}
    if not failed:
        return []
    listing = account.all("cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=stack_id)
    there = {
        (each["ResourceType"], each.get("PhysicalResourceId"))
        for each in listing
        if each["ResourceStatus"] != "DELETE_COMPLETE"
    }
    return [failed[key] for key in sorted(failed.keys() - there)]
