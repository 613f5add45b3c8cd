"""What an enclave's stacks have made already, so that its own is not taken for somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.live.stacks import GONE
from infra.stack_names import of_enclave

if TYPE_CHECKING:
    from infra.preflight.about import About
    from infra.preflight.questions import Questions

OWN = ("cloudformation:DescribeStacks", "cloudformation:ListStackResources")
"""The calls of `own`."""


def own(ask: Questions, about: About) -> dict[str, set[str]]:
    """The physical ids of what the enclave's stacks hold, by resource type."""
    return made_by(ask, about.settings.name)


def made_by(ask: Questions, enclave: str) -> dict[str, set[str]]:
    """The same of the stacks of any enclave of the account and region that is asked."""
    found: dict[str, set[str]] = {}
    for stack in ask.all("cloudformation:DescribeStacks", "Stacks"):
        if not of_enclave(stack["StackName"], enclave) or stack["StackStatus"] in GONE:
            continue
        for each in ask.all(
            "cloudformation:ListStackResources", "StackResourceSummaries", StackName=stack["StackName"]
        ):
            if each["ResourceStatus"] != "DELETE_COMPLETE" and each.get("PhysicalResourceId"):
                found.setdefault(each["ResourceType"], set()).add(each["PhysicalResourceId"])
    return found
