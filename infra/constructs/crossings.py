"""What may cross the boundary: for each endpoint service, who may do what on which resources.

A line here and a service in the catalogue make an endpoint; a service without a line is not offered in the enclave.
`bedrock-mantle` has none, for it knows no guardrail; `kms` has none, for nobody uses a key but through another
service. `bedrock-runtime` is in model_access.py.

Actions come from role_actions.py: an endpoint that let less through than the roles may do would break them, and one
that let more through would be no second fence.
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.constructs import role_actions

WORKLOAD = "workload"
OPERATOR = "operator"
AUDITOR = "auditor"
HOSTING = "hosting"
ANY_ROLE = "any role"

SAGEMAKER_INVOKE = ("sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointWithResponseStream")


@dataclass(frozen=True, slots=True)
class Crossing:
    """One allowance: its statement id, who, the actions, and the resources as ARNs with places to fill in."""

    sid: str
    who: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]


def _of(actions: tuple[str, ...], namespace: str) -> tuple[str, ...]:
    """Those of the actions that are of one IAM namespace."""
    return tuple(action for action in actions if action.startswith(f"{namespace}:"))


CROSSINGS: dict[str, tuple[Crossing, ...]] = {
    # The lists take no resource in IAM; all of these only read settings.
    "bedrock": (Crossing("OperatorSees", OPERATOR, _of(role_actions.OPERATE, "bedrock"), ("*",)),),
    "logs": (
        Crossing(
            "AuditorReads", AUDITOR, (*role_actions.AUDIT_LOGS, *role_actions.DESCRIBE_LOGS), ("{invocation_log}",)
        ),
    ),
    # Metrics are no resource in IAM.
    "monitoring": (Crossing("OperatorSees", OPERATOR, _of(role_actions.OPERATE, "cloudwatch"), ("*",)),),
    "sagemaker.runtime": (
        Crossing(
            "WorkloadInvokes",
            WORKLOAD,
            SAGEMAKER_INVOKE,
            ("arn:{partition}:sagemaker:{region}:{account}:endpoint/{name}-hosting",),
        ),
    ),
    "states": (
        Crossing(
            "OperatorSeesKeeper",
            OPERATOR,
            role_actions.OPERATE_KEEPER,
            (
                "arn:{partition}:states:{region}:{account}:execution:{name}-settings-keeper:*",
                "arn:{partition}:states:{region}:{account}:stateMachine:{name}-settings-keeper",
            ),
        ),
        Crossing(
            "OperatorStartsKeeper",
            OPERATOR,
            role_actions.START_WORKFLOW,
            ("arn:{partition}:states:{region}:{account}:stateMachine:{name}-settings-keeper",),
        ),
        Crossing("OperatorLists", OPERATOR, _of(role_actions.OPERATE, "states"), ("*",)),  # takes no resource
    ),
    "sts": (Crossing("AsksWhoItIs", ANY_ROLE, ("sts:GetCallerIdentity",), ("*",)),),
    # No table yet; the release workflow's registry takes the enclave's name in front.
    "dynamodb": (
        Crossing(
            "OperatorReads",
            OPERATOR,
            ("dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query"),
            ("arn:{partition}:dynamodb:{region}:{account}:table/{name}-*",),
        ),
    ),
    "s3": (
        Crossing("HostingFetches", HOSTING, role_actions.FETCH_ARTIFACT, ("{artifacts}", "{artifacts}/sha256/*")),
        Crossing("HostingCaptures", HOSTING, role_actions.CAPTURE, ("{invocations}/data-capture/{name}/*",)),
        Crossing("OperatorStores", OPERATOR, role_actions.STORE_ARTIFACT, ("{artifacts}/sha256/*",)),
        Crossing("AuditorReads", AUDITOR, role_actions.AUDIT_EVIDENCE, ("{evidence}/*", "{invocations}/*")),
        Crossing("AuditorSees", AUDITOR, role_actions.AUDIT_BUCKET, ("{evidence}", "{invocations}")),
    ),
}
