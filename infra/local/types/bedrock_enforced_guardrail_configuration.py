"""AWS::Bedrock::EnforcedGuardrailConfiguration."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from infra.local.declared import is_gone
from infra.local.resource_type import Context, Properties, ResourceType
from infra.local.shapes import from_api, to_api


class EnforcedGuardrailConfiguration(ResourceType, name="AWS::Bedrock::EnforcedGuardrailConfiguration"):
    """The account's enforcement of one guardrail version on every model call; one per account and region."""

    def create(self, properties: Properties, context: Context) -> str:
        return str(_put(properties, context)["configId"])

    def read(self, physical_id: str, context: Context) -> Properties | None:
        listed = context.client("bedrock").list_enforced_guardrails_configuration()["guardrailsConfig"]
        found = next((entry for entry in listed if entry["configId"] == physical_id), None)
        if found is None:
            return None
        # The schema's propertyTransform reduces whatever identifies the guardrail to its id.
        told = from_api(self.type_name, context.region, found)
        return {**told, "GuardrailIdentifier": found["guardrailId"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        _put(new, context, configId=physical_id)

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        try:
            context.client("bedrock").delete_enforced_guardrail_configuration(configId=physical_id)
        except ClientError as error:
            if not is_gone(error):
                raise


def _put(properties: Properties, context: Context, **extra: Any) -> dict[str, Any]:
    client = context.client("bedrock")
    operation = "put_enforced_guardrail_configuration"
    arguments = to_api(client, operation, {"GuardrailInferenceConfig": properties}, **extra)
    answer: dict[str, Any] = getattr(client, operation)(**arguments)
    return answer
