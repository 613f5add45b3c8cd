"""The stacks of an enclave in one account and region, as CloudFormation tells of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from infra.live.account import Account, LiveError
from infra.live.names import Made, own_id
from infra.posture.identity import naming
from infra.posture.model import Stack
from infra.posture.values import Ref, Source
from infra.stack_names import of_enclave

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from infra.settings import Enclave

# Stacks in these states have no resources.
GONE = ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS")


def stacks_of(account: Account, enclave: Enclave, *, but: Collection[str] = GONE) -> list[dict[str, Any]]:
    """DescribeStacks of the enclave's stacks, but for those in some states."""
    described = account.all("cloudformation", "describe_stacks", "Stacks")
    return [
        stack for stack in described if of_enclave(stack["StackName"], enclave.name) and stack["StackStatus"] not in but
    ]


def posture_stack(stack: Mapping[str, Any], account: Account) -> Stack:
    """A stack as a value of the posture."""
    return Stack(
        ref=Ref(stack["StackName"]),
        place=account.place,
        id=stack["StackName"],
        source=Source(template=stack["StackName"]),
        termination_protection=bool(stack.get("EnableTerminationProtection", False)),
    )


def resources_of(stack_name: str, account: Account) -> Iterator[Made]:
    """What a stack made, with what its template says of names and of what stays when the stack goes."""
    template = _template(stack_name, account)
    for summary in account.all(
        "cloudformation", "list_stack_resources", "StackResourceSummaries", StackName=stack_name
    ):
        if summary["ResourceStatus"] == "DELETE_COMPLETE" or not summary.get("PhysicalResourceId"):
            continue
        type_name, logical_id = summary["ResourceType"], summary["LogicalResourceId"]
        written = template.get(logical_id, {})
        yield Made(
            type=type_name,
            ref=Ref(f"{stack_name}/{logical_id}"),
            id=own_id(type_name, summary["PhysicalResourceId"]),
            named=naming(type_name).name in (written.get("Properties") or {}),
            source=Source(stack_name, logical_id, str((written.get("Metadata") or {}).get("aws:cdk:path", ""))),
            place=account.place,
            deletion_policy=written.get("DeletionPolicy", "Delete"),
            update_replace_policy=written.get("UpdateReplacePolicy", "Delete"),
        )


def _template(stack_name: str, account: Account) -> Mapping[str, Any]:
    answer = account.call("cloudformation", "get_template", StackName=stack_name, TemplateStage="Original")
    body = answer["TemplateBody"]
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except ValueError as error:
            raise LiveError(f"the template of stack {stack_name} is no JSON, as the CDK writes it") from error
    resources: Mapping[str, Any] = body.get("Resources", {})
    return resources
