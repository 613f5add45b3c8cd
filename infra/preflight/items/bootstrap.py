"""The CDK's bootstrap: there, new enough, with the rights that the templates need, and usable by whoever asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.preflight.item import Answer, decided, evidence_is_elsewhere, item, refuted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.preflight.about import About
    from infra.preflight.questions import Questions

ACTIONS_A_CALL = 50
"""Of SimulatePrincipalPolicy; its reference names no limit, its answer comes in pages of 100."""
GUIDE = "docs/guides/platform-engineer.md, section 4"
CDK = 'CDK guide, Bootstrapping, "Bootstrap template", and the assembly\'s manifest, read 2026-11-24'
SIMULATE = "iam:SimulatePrincipalPolicy"


def _version(ask: Questions, about: About, account: str) -> Answer:
    faults, found = [], []
    for need in about.bootstraps(account):
        told = ask("ssm:GetParameter", absent=("ParameterNotFound",), Name=need.parameter)
        value = told["Parameter"]["Value"] if told else "not there"
        found.append(f"{need.parameter} is {value}")
        if not (value.isdigit() and int(value) >= need.version):
            faults.append(f"{found[-1]}, the templates need {need.version} or newer")
    if not found:
        return refuted(f"no template for {account} names a bootstrap", "leave the CDK's default synthesizer in place")
    return decided(faults, "; ".join(found), f"run `cdk bootstrap` in {account}; {GUIDE}")


@item("bootstrap-version", "the account is bootstrapped, new enough", asks=("ssm:GetParameter",), source=CDK)
def bootstrap_version(ask: Questions, about: About) -> Answer:
    """The parameter that the templates name has at least the version that they name."""
    return _version(ask, about, about.settings.accounts.enclave)


@item(
    "bootstrap-rights",
    "CloudFormation's role may do what the templates ask for",
    asks=("iam:GetRole", SIMULATE),
    source=f"{CDK}; IAM API reference, SimulatePrincipalPolicy, read 2026-11-24",
)
def bootstrap_rights(ask: Questions, about: About) -> Answer:
    """What the resource types' schemas need is allowed to it, as IAM itself simulates."""
    from infra.deployment.execution_policy import execution_policies

    account = about.settings.accounts.enclave
    (role,) = about.deployers(account, "cloudFormationExecutionRoleArn") or ("",)
    if not role or ask("iam:GetRole", absent=("NoSuchEntity",), RoleName=role.rpartition("/")[2]) is None:
        return refuted(f"{role or 'the role'} is not there", f"run `cdk bootstrap`; {GUIDE}")
    (policies,) = [each for each in execution_policies(about.folder) if each.account == account]
    denied: list[str] = []
    for document in policies.documents:
        for statement in document["Statement"]:
            denied += _denied(ask, role, statement, about.settings.region)
    shown = ", ".join(sorted(set(denied))[:6]) + (f" and {len(denied) - 6} more" if len(denied) > 6 else "")
    return decided(
        [f"{role.rpartition('/')[2]} may not {shown}"] if denied else [],
        f"{role.rpartition('/')[2]} may do the {len(policies.actions)} actions that the types' schemas name",
        f"give it what `sallyport execution-policy` writes, and see what the organisation denies; {GUIDE}",
    )


def _denied(ask: Questions, role: str, statement: dict[str, Any], region: str) -> Iterator[str]:
    """The actions of a statement that IAM's simulation does not allow; a pattern is tried by one name of it."""
    resources = [each if each == "*" else each.replace("*", "x") for each in statement["Resource"]]
    context = [
        {"ContextKeyName": "aws:RequestedRegion", "ContextKeyValues": [region], "ContextKeyType": "string"},
    ]
    actions = statement["Action"]
    for start in range(0, len(actions), ACTIONS_A_CALL):
        told = ask.all(
            SIMULATE,
            "EvaluationResults",
            PolicySourceArn=role,
            ActionNames=actions[start : start + ACTIONS_A_CALL],
            ResourceArns=resources,
            ContextEntries=context,
        )
        yield from (each["EvalActionName"] for each in told if each["EvalDecision"] != "allowed")


@item(
    "deploy-role",
    "whoever asks may take the bootstrap's deploy role",
    asks=("iam:GetRole", "sts:AssumeRole"),
    source=f"{CDK}; STS API reference, AssumeRole, read 2026-11-24",
)
def deploy_role(ask: Questions, about: About) -> Answer:
    """A session of it was given, for a quarter of an hour, and is not used."""
    faults, roles = [], about.deployers(about.settings.accounts.enclave, "assumeRoleArn")
    for role in roles:
        if ask("iam:GetRole", absent=("NoSuchEntity",), RoleName=role.rpartition("/")[2]) is None:
            faults.append(f"{role} is not there")
        else:
            ask("sts:AssumeRole", RoleArn=role, RoleSessionName="sallyport-preflight", DurationSeconds=900)
    if not roles:
        faults = ["the templates name no deploy role"]
    return decided(faults, f"{', '.join(roles)} was taken", f"run `cdk bootstrap`; {GUIDE}")


@item(
    "evidence-bootstrap",
    "the evidence account is bootstrapped, new enough",
    asks=("ssm:GetParameter",),
    source=CDK,
    when=evidence_is_elsewhere,
    of="evidence",
)
def evidence_bootstrap(ask: Questions, about: About) -> Answer:
    """As in the enclave's own account."""
    return _version(ask, about, about.settings.accounts.evidence)
