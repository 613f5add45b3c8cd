"""IAM's simulation of a role's policies, from the policies that stand: its own, their conditions, its boundary.

Organisation policies are not looked at, as nowhere in `infra/local/permissions.py`; users and groups, and a context
key of several values, are refused by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.local.operations import Call, serve
from infra.local.permissions import role_allows
from infra.local.resource_type import Refused, Unsupported

if TYPE_CHECKING:
    from collections.abc import Mapping


def extend() -> None:
    """Serve this operation from moto's IAM."""
    from moto.iam.responses import IamResponse

    serve(IamResponse, {"SimulatePrincipalPolicy": _simulate}, invalid="InvalidInput")


def _simulate(call: Call) -> Mapping[str, Any]:
    asked = call.parameters
    source = asked["PolicySourceArn"]
    if ":role/" not in source:
        raise Unsupported("SimulatePrincipalPolicy of anything but a role")
    if not any(role.arn == source for role in call.backend.roles.values()):
        raise Refused("NoSuchEntity", f"The role with ARN {source} cannot be found.")
    context = {}
    for entry in asked.get("ContextEntries", ()):
        if len(entry.get("ContextKeyValues", ())) != 1:
            raise Unsupported("SimulatePrincipalPolicy with a context key of other than one value")
        context[entry["ContextKeyName"].lower()] = entry["ContextKeyValues"][0]
    resources = asked.get("ResourceArns") or ["*"]
    return {
        "EvaluationResults": [
            {
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": "allowed" if role_allows(source, action, resource, context) else "implicitDeny",
                "MatchedStatements": [],
                "MissingContextValues": [],
            }
            for action in asked["ActionNames"]
            for resource in resources
        ],
        "IsTruncated": False,
    }
