"""Users and roles whose policies could get round an enclave: reach a model, alter its roles, undo its safeguards.

It errs on the side of naming somebody: a resource pattern of a model's plane is not looked into, a condition is named
and not weighed. A Deny counts only where it holds for everything. Source: IAM user guide, "Policy evaluation logic".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.policy.decision import glob, overlap
from infra.policy.document import Document, Statement, parse
from infra.preflight.powers import Power, powers
from infra.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from infra.preflight.questions import Questions
    from infra.settings import Enclave

DETAILS = "iam:GetAccountAuthorizationDetails"
READ = (DETAILS, "iam:GetPolicy", "iam:GetPolicyVersion")
"""The calls of `ways_round`."""
LINKED = "/aws-service-role/"
"""The path of service-linked roles, which only their service may assume and nobody may alter."""


@dataclass(frozen=True, slots=True)
class WayRound:
    """One principal, and what its policies would let it do."""

    arn: str
    why: str
    conditional: bool
    """Whether all of it stands under conditions."""

    @property
    def name(self) -> str:
        """`role/analyst`."""
        return self.arn.split(":", 5)[5]


def ways_round(ask: Questions, settings: Enclave, own_roles: set[str]) -> list[WayRound]:
    """Every principal of the account that could, but for the enclave's own roles; by ARN."""
    filters = ["User", "Role", "Group", "LocalManagedPolicy"]
    details = {
        member: ask.all(DETAILS, member, Filter=[kind])
        for member, kind in zip(
            ("UserDetailList", "RoleDetailList", "GroupDetailList", "Policies"), filters, strict=True
        )
    }
    local = {policy["Arn"]: _default(policy) for policy in details["Policies"]}
    groups = {group["GroupName"]: group for group in details["GroupDetailList"]}
    deployers = tuple(role["Arn"] for role in details["RoleDetailList"] if bootstraps(role["Arn"], settings))
    could = powers(settings, deployers)
    found = []
    for user in details["UserDetailList"]:
        members = [user, *(groups[name] for name in user.get("GroupList", ()))]
        found.append(_way(ask, could, user, members, local))
    roles = [each for each in details["RoleDetailList"] if each["RoleName"] not in own_roles]
    found += [_way(ask, could, each, [each], local) for each in roles if not each["Path"].startswith(LINKED)]
    return sorted((each for each in found if each), key=lambda each: each.arn)


def bootstraps(arn: str, settings: Enclave) -> bool:
    """Whether it is a role of the CDK's bootstrap of the enclave's account and region."""
    name = arn.rpartition("/")[2]
    return ":role/cdk-" in arn and name.endswith(f"-role-{settings.accounts.enclave}-{settings.region}")


def _way(
    ask: Questions, could: Iterable[Power], principal: Any, holders: list[Any], local: Mapping[str, Any]
) -> WayRound | None:
    documents = [document for holder in holders for document in _documents(ask, holder, local)]
    boundary = (principal.get("PermissionsBoundary") or {}).get("PermissionsBoundaryArn")
    ceiling = [_managed(ask, boundary, local)] if boundary else []
    why, conditional = [], True
    for power in could:
        held = _held(documents, power)
        if held is not None and ceiling:
            ceiled = _held(ceiling, power)
            held = None if ceiled is None else held or ceiled
        if held is not None:
            why.append(f"{power.does}{', under conditions' if held else ''}")
            conditional &= held
    return WayRound(principal["Arn"], ", ".join(why), conditional) if why else None


def _held(documents: Iterable[Document], power: Power) -> bool | None:
    """Whether one of its actions is allowed: None no, False yes, True only under conditions."""
    statements = [statement for document in documents for statement in document.statements]
    denied = [each for each in statements if each.effect != "Allow" and not each.conditions and _everywhere(each)]
    allowed = [each for each in statements if each.effect != "Deny" and _on(each, power.resources)]
    found = [
        bool(statement.conditions)
        for action in power.actions
        if not any(_speaks(deny, action) for deny in denied)
        for statement in allowed
        if _speaks(statement, action)
    ]
    return all(found) if found else None


def _speaks(statement: Statement, action: str) -> bool:
    if statement.not_actions is not None:
        return not any(_matches(each, action) for each in statement.not_actions)
    return any(_matches(each, action) for each in statement.actions or ())


def _matches(pattern: str | Unknown, action: str) -> bool:
    return isinstance(pattern, Unknown) or glob(pattern, action, fold=True)


def _everywhere(statement: Statement) -> bool:
    return statement.effect == "Deny" and statement.resources == ("*",)


def _on(statement: Statement, resources: tuple[str, ...] | None) -> bool:
    """Whether it is about one of the resources; any resource at all will do where none are named."""
    if resources is None or statement.resources is None:
        return True
    return any(
        isinstance(each, Unknown) or overlap(each, resource) for each in statement.resources for resource in resources
    )


def _documents(ask: Questions, holder: Any, local: Mapping[str, Any]) -> Iterator[Document]:
    inline = holder.get("RolePolicyList") or holder.get("UserPolicyList") or holder.get("GroupPolicyList") or ()
    for policy in inline:
        yield _parsed(policy["PolicyDocument"])
    for attached in holder.get("AttachedManagedPolicies", ()):
        yield _managed(ask, attached["PolicyArn"], local)


def _managed(ask: Questions, arn: str, local: Mapping[str, Any]) -> Document:
    if arn in local:
        return _parsed(local[arn])
    version = ask("iam:GetPolicy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
    told = ask("iam:GetPolicyVersion", PolicyArn=arn, VersionId=version)
    return _parsed(told["PolicyVersion"]["Document"])


def _default(policy: Any) -> Any:
    return next(each["Document"] for each in policy["PolicyVersionList"] if each["IsDefaultVersion"])


def _parsed(policy: Any) -> Document:
    """The document; one that cannot be read is taken for one that allows everything."""
    found = parse(policy)
    if isinstance(found, Unknown):
        return Document((Statement("Allow", actions=("*",), resources=("*",)),))
    return found
