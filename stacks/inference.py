"""The Inference stack: the guardrail and everything that holds models to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_cdk import CfnOutput, Stack

from infra.constructs.account_baseline import AccountBaseline
from infra.constructs.guardrail import Guardrail
from infra.constructs.inference_watch import InterventionWatch, SafeguardWatch
from infra.constructs.invoke_policy import InvokePolicy
from stacks.placement import placement

if TYPE_CHECKING:
    from constructs import Construct

    from infra.settings import Enclave
    from stacks.foundation import Foundation
    from stacks.network import Network


class Inference(Stack):
    """Guardrail, its version, enforcement, the policy that pins them, the settings keeper, and the alarms on all.

    What a change of the guardrail replaces (its version) stays in this stack; others take the policy's ARN.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        settings: Enclave,
        foundation: Foundation,
        network: Network,
    ) -> None:
        super().__init__(
            scope, id, description="Sallyport: what holds models to the agreement", **placement(settings, "inference")
        )
        topic = foundation.alarm_topic
        self.guardrail = Guardrail(self, "Guardrail", settings=settings, key=foundation.data_key)
        self.invoke = InvokePolicy(
            self,
            "Invoke",
            settings=settings,
            guardrail=self.guardrail,
            key=foundation.data_key,
            endpoint=network.endpoints["bedrock-runtime"],
        )
        self.invoke_policy = self.invoke.policy
        SafeguardWatch(self, "Safeguards", settings=settings, topic=topic)
        InterventionWatch(
            self,
            "Interventions",
            settings=settings,
            guardrail=self.guardrail,
            invocation_log=foundation.invocation_log,
            topic=topic,
        )
        self.baseline = settings.account_baseline and AccountBaseline(
            self,
            "Baseline",
            settings=settings,
            boundary=foundation.permissions_boundary,
            guardrail=self.guardrail,
            invocation_log=foundation.invocation_log,
            invocation_bucket=foundation.invocation_bucket,
            topic=topic,
            topic_key=foundation.topic_key,
            log_key=foundation.log_key,
        )
        CfnOutput(self, "GuardrailArn", value=self.guardrail.arn)
        CfnOutput(self, "GuardrailVersion", value=self.guardrail.version)
        CfnOutput(self, "InvokePolicyArn", value=self.invoke_policy.arn)
        CfnOutput(self, "InvokeBoundsArn", value=self.invoke.bounds.arn)
        CfnOutput(self, "InvokePlanesArn", value=self.invoke.planes.arn)
