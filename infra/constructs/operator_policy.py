"""What the operator may do: see how the enclave runs, start the keeper, and store a model artefact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs import role_actions

if TYPE_CHECKING:
    from aws_cdk import aws_kms as kms
    from aws_cdk import aws_s3 as s3


class OperatorPolicy(Construct):
    """A managed policy that reads states and figures and no content: no log event, no object, no history.

    Storing an artefact is the one write: the bucket takes it under its own digest, once, and never overwrites.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        keeper_arn: str,
        artifacts: s3.IBucket,
        artifact_key: kms.IKey,
    ) -> None:
        super().__init__(scope, id)
        stack = Stack.of(self)
        executions = keeper_arn.replace(":stateMachine:", ":execution:")
        self.policy = iam.ManagedPolicy(
            self,
            "Policy",
            description="see how the enclave runs, start the settings keeper, store a model artefact",
            statements=[
                # Describing and listing take no resource in IAM, or only one kind of theirs each; none shows content.
                iam.PolicyStatement(
                    sid="See", actions=[*role_actions.OPERATE, *role_actions.FIND_NETWORK], resources=["*"]
                ),
                iam.PolicyStatement(
                    sid="SeeKeeper",
                    actions=list(role_actions.OPERATE_KEEPER),
                    resources=[keeper_arn, f"{executions}:*"],
                ),
                iam.PolicyStatement(
                    sid="StartKeeper", actions=list(role_actions.START_WORKFLOW), resources=[keeper_arn]
                ),
                iam.PolicyStatement(
                    sid="StoreArtifact",
                    actions=list(role_actions.STORE_ARTIFACT),
                    resources=[artifacts.arn_for_objects("sha256/*")],
                ),
                iam.PolicyStatement(
                    sid="ArtifactKey",
                    actions=list(role_actions.USE_KEY),
                    resources=[artifact_key.key_arn],
                    conditions={"StringEquals": {"kms:ViaService": f"s3.{stack.region}.{stack.url_suffix}"}},
                ),
            ],
        )
