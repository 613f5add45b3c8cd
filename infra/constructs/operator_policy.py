"""What the operator may do: see how the enclave runs, start the keeper, and store a model artefact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.constructs import names, role_actions
from infra.constructs.role import ManagedPolicy
from infra.constructs.statement import EVERYTHING, allow

if TYPE_CHECKING:
    from constructs import Construct

    from infra.constructs.bucket import Bucket
    from infra.constructs.customer_key import CustomerKey
    from infra.settings import Enclave


class OperatorPolicy(ManagedPolicy):
    """A managed policy that reads states and figures and no content: no log event, no object, no history.

    Storing an artefact is the one write: the bucket takes it under its own digest, once, and never overwrites.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        artifacts: Bucket,
        artifact_key: CustomerKey,
    ) -> None:
        keeper_arn = names.keeper_arn(settings)
        executions = keeper_arn.replace(":stateMachine:", ":execution:")
        super().__init__(
            scope,
            id,
            description="see how the enclave runs, start the settings keeper, store a model artefact",
            statements=[
                # Describing and listing take no resource in IAM, or only one kind of theirs each; none shows content.
                allow("See", [*role_actions.OPERATE, *role_actions.FIND_NETWORK], EVERYTHING),
                allow("SeeKeeper", role_actions.OPERATE_KEEPER, [keeper_arn, f"{executions}:*"]),
                allow("StartKeeper", role_actions.START_WORKFLOW, [keeper_arn]),
                allow("StoreArtifact", role_actions.STORE_ARTIFACT, [artifacts.objects("sha256/*")]),
                allow(
                    "ArtifactKey",
                    role_actions.USE_KEY,
                    [artifact_key.arn],
                    conditions={"StringEquals": {"kms:ViaService": names.host(settings, "s3")}},
                ),
            ],
        )
