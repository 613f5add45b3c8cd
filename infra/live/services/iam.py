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


@reader
def roles(account: Account, names: Names) -> Iterator[Found]:
    """Roles that the enclave's stacks made, with all that is attached; and whatever policies those are."""
    arns: set[str] = set()
    for name in names.ids("AWS::IAM::Role", account.place):
        answer = account.call("iam", "get_role", RoleName=name, absent=("NoSuchEntity",))
        if answer is None:
            continue
        role = answer["Role"]
        boundary = role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", "")
        policies = account.all("iam", "list_attached_role_policies", "AttachedPolicies", RoleName=name)
        managed = [policy["PolicyArn"] for policy in policies]
        arns |= {arn for arn in (*managed, boundary) if arn}
        inline = account.all("iam", "list_role_policies", "PolicyNames", RoleName=name)
        yield Found(
            "AWS::IAM::Role",
            name,
            {
                "Path": role["Path"],
                "AssumeRolePolicyDocument": role["AssumeRolePolicyDocument"],
                "MaxSessionDuration": role.get("MaxSessionDuration", 3600),
                "PermissionsBoundary": boundary,
                "ManagedPolicyArns": managed,
                "Policies": [{"PolicyName": each, "PolicyDocument": _inline(account, name, each)} for each in inline],
            },
        )
    yield from _policies(account, names, arns)


def _inline(account: Account, role: str, policy: str) -> object:
    return account.call("iam", "get_role_policy", RoleName=role, PolicyName=policy)["PolicyDocument"]


def _policies(account: Account, names: Names, attached: set[str]) -> Iterator[Found]:
    """The stacks' policies, and those attached to the enclave's roles, whoever made them."""
    own = set(names.ids(POLICY, account.place))
    for policy in account.all("iam", "list_policies", "Policies", Scope="Local"):
        name = own_id(POLICY, policy["Arn"])
        if policy["Arn"] in attached or name in own:
            yield _policy(account, policy["Arn"], policy["DefaultVersionId"], policy["Path"], name)
    for arn in sorted(attached):
        if arn.split(":")[4] == "aws":
            policy = account.call("iam", "get_policy", PolicyArn=arn)["Policy"]
            yield _policy(account, arn, policy["DefaultVersionId"], policy["Path"], own_id(POLICY, arn))


def _policy(account: Account, arn: str, version: str, path: str, name: str) -> Found:
    answer = account.call("iam", "get_policy_version", PolicyArn=arn, VersionId=version)
    given = {"Path": path, "PolicyDocument": answer["PolicyVersion"]["Document"]}
    return Found(POLICY, name, given, acts_on_all=True)
