"""IAM: the enclave's roles and the policies that act on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.live.found import Found, reader
from infra.live.names import own_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names

POLICY = "AWS::IAM::ManagedPolicy"
# Roles and policies whole, with what is attached: two listings where three calls for each of them stood.
DETAILS = "get_account_authorization_details"


@reader
def roles(account: Account, names: Names) -> Iterator[Found]:
    """Roles that the enclave's stacks made, with all that is attached; and whatever policies those are."""
    arns: set[str] = set()
    known = {role["RoleName"]: role for role in account.all("iam", DETAILS, "RoleDetailList", Filter=["Role"])}
    for name in names.ids("AWS::IAM::Role", account.place):
        # The one thing that the details leave out.
        answer = account.call("iam", "get_role", RoleName=name, absent=("NoSuchEntity",))
        if answer is None or name not in known:
            continue
        role = known[name]
        boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
        managed = [policy["PolicyArn"] for policy in role["AttachedManagedPolicies"]]
        arns |= {arn for arn in (*managed, boundary) if arn}
        yield Found(
            "AWS::IAM::Role",
            name,
            {
                "Path": role["Path"],
                "AssumeRolePolicyDocument": role["AssumeRolePolicyDocument"],
                "MaxSessionDuration": answer["Role"].get("MaxSessionDuration", 3600),
                "PermissionsBoundary": boundary,
                "ManagedPolicyArns": managed,
                "Policies": role["RolePolicyList"],
            },
        )
    yield from _policies(account, names, arns)


def _policies(account: Account, names: Names, attached: set[str]) -> Iterator[Found]:
    """The stacks' policies, and those attached to the enclave's roles, whoever made them."""
    own = set(names.ids(POLICY, account.place))
    for policy in account.all("iam", DETAILS, "Policies", Filter=["LocalManagedPolicy"]):
        name = own_id(POLICY, policy["Arn"])
        if policy["Arn"] in attached or name in own:
            (document,) = (each["Document"] for each in policy["PolicyVersionList"] if each["IsDefaultVersion"])
            yield _policy(policy["Path"], name, document)
    for arn in sorted(attached):
        if arn.split(":")[4] == "aws":
            policy = account.call("iam", "get_policy", PolicyArn=arn)["Policy"]
            version = account.call("iam", "get_policy_version", PolicyArn=arn, VersionId=policy["DefaultVersionId"])
            yield _policy(policy["Path"], own_id(POLICY, arn), version["PolicyVersion"]["Document"])


def _policy(path: str, name: str, document: object) -> Found:
    return Found(POLICY, name, {"Path": path, "PolicyDocument": document}, acts_on_all=True)
