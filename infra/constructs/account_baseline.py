"""What exists once per account and region around inference: enforcement, invocation logging, data retention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from infra.constructs.guardrail import GuardrailEnforcement
from infra.constructs.inference_watch import DeliveryWatch, KeeperWatch
from infra.constructs.invocation_logging import InvocationLogging
from infra.constructs.keeper_triggers import KeeperTriggers
from infra.constructs.settings_keeper import SettingsKeeper

if TYPE_CHECKING:
    from infra.constructs.alarm_topic import AlarmTopic
    from infra.constructs.bucket import Bucket
    from infra.constructs.customer_key import CustomerKey
    from infra.constructs.guardrail import Guardrail
    from infra.constructs.log_group import LogGroup
    from infra.constructs.role import ManagedPolicy
    from infra.settings import Enclave


class AccountBaseline(Construct):
    """Enforcement of the guardrail on the account, and a keeper for what CloudFormation cannot express.

    Made by the one enclave of an account and region whose settings say `account_baseline: true`; the others rely on
    it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        boundary: ManagedPolicy,
        guardrail: Guardrail,
        invocation_log: LogGroup,
        invocation_bucket: Bucket,
        topic: AlarmTopic,
        topic_key: CustomerKey,
        log_key: CustomerKey,
    ) -> None:
        super().__init__(scope, id)
        self.enforcement = GuardrailEnforcement(self, "Enforcement", guardrail=guardrail)
        self.logging = InvocationLogging(
            self,
            "LoggingRole",
            settings=settings,
            boundary=boundary,
            log_group=invocation_log,
            bucket=invocation_bucket,
        )
        self.keeper = SettingsKeeper(
            self,
            "Keeper",
            settings=settings,
            boundary=boundary,
            logging=self.logging,
            topic=topic,
            topic_key=topic_key,
            log_key=log_key,
        )
        self.triggers = KeeperTriggers(self, "Triggers", settings=settings, boundary=boundary, keeper=self.keeper)
        KeeperWatch(self, "KeeperWatch", keeper=self.keeper, triggers=self.triggers, topic=topic)
        DeliveryWatch(self, "DeliveryWatch", topic=topic)
