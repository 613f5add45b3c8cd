"""AWS::StepFunctions::StateMachine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.declared import Call, Declared, Tagging

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties

_MACHINE = {"stateMachineArn": "{id}"}


class StateMachine(Declared, name="AWS::StepFunctions::StateMachine"):
    """A state machine with its definition resolved; Ref is its ARN."""

    service = "stepfunctions"
    creates = Call("create_state_machine")
    identity = "stateMachineArn"
    generates = ("StateMachineName", 80)
    reads = (Call("describe_state_machine", _MACHINE),)
    updates = Call("update_state_machine", _MACHINE)
    create_only = ("StateMachineName", "StateMachineType")
    deletes = Call("delete_state_machine", _MACHINE)
    tagging = Tagging(
        target={"resourceArn": "{id}"}, lists=Call("list_tags_for_resource", {"resourceArn": "{id}"}, "tags")
    )
    defaults: ClassVar = {
        "LoggingConfiguration": {"Level": "OFF", "IncludeExecutionData": False, "Destinations": []},
        "TracingConfiguration": {"Enabled": False},
        "EncryptionConfiguration": {"Type": "AWS_OWNED_KEY"},
    }
    renames: ClassVar = {"StateMachineName": "name", "StateMachineType": "type", "DefinitionString": "definition"}

    def create(self, properties: Properties, context: Context) -> str:
        return super().create(_defined(properties, context), context)

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        super().update(physical_id, _defined(old, context), _defined(new, context), context)

    def read(self, physical_id: str, context: Context) -> Properties | None:
        found = super().read(physical_id, context)
        return found and {**found, "Name": found["StateMachineName"]}

    def attributes(self, physical_id: str, context: Context) -> Properties | None:
        found = super().attributes(physical_id, context)
        return found and {**found, "Name": found["StateMachineName"]}

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        revision = answer.get("revisionId", "INITIAL")
        return {**answer, "Arn": answer["stateMachineArn"], "StateMachineRevisionId": revision}


def _defined(properties: Properties, context: Context) -> Properties:
    """The properties with the definition as one text, whichever of the three ways the template gives it in."""
    kept = {name: value for name, value in properties.items() if not name.startswith("Definition")}
    text = properties.get("DefinitionString")
    if "Definition" in properties:
        text = json.dumps(properties["Definition"], separators=(",", ":"))
    if "DefinitionS3Location" in properties:
        where = properties["DefinitionS3Location"]
        version = {"VersionId": where["Version"]} if "Version" in where else {}
        stored = context.client("s3").get_object(Bucket=where["Bucket"], Key=where["Key"], **version)
        text = stored["Body"].read().decode()
    if text is None:
        return kept
    for name, value in properties.get("DefinitionSubstitutions", {}).items():
        text = text.replace(f"${{{name}}}", str(value))
    return {**kept, "DefinitionString": text}
