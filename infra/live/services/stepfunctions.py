"""Step Functions: the enclave's state machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.live.found import Found, reader
from infra.live.names import own_id
from infra.posture.aws.workflows import LAST_EXECUTION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names

MACHINE = "AWS::StepFunctions::StateMachine"


@reader
def state_machines(account: Account, names: Names) -> Iterator[Found]:
    """State machines that the enclave's stacks made."""
    own = set(names.ids(MACHINE, account.place))
    for listed in account.all("stepfunctions", "list_state_machines", "stateMachines"):
        name = own_id(MACHINE, listed["stateMachineArn"])
        if name in own:
            machine = account.call("stepfunctions", "describe_state_machine", stateMachineArn=listed["stateMachineArn"])
            yield Found(MACHINE, name, _properties(machine))
            if machine["type"] == "STANDARD":  # the executions of the other type are not listed
                yield from _last_execution(account, name, listed["stateMachineArn"])


def _last_execution(account: Account, name: str, arn: str) -> Iterator[Found]:
    """The latest to end of the hundred latest to begin."""
    told = account.call("stepfunctions", "list_executions", stateMachineArn=arn, maxResults=100)["executions"]
    over = [each for each in told if each["status"] != "RUNNING"]
    if over:
        last = max(over, key=lambda each: each["stopDate"])
        yield Found(LAST_EXECUTION, name, {"machine": arn, "status": last["status"]}, acts_on_all=True)


def _properties(machine: dict[str, Any]) -> dict[str, Any]:
    logging = machine.get("loggingConfiguration") or {}
    groups = [each["cloudWatchLogsLogGroup"]["logGroupArn"] for each in logging.get("destinations", [])]
    return {
        "StateMachineType": machine["type"],
        "RoleArn": machine["roleArn"],
        "DefinitionString": machine["definition"],
        "LoggingConfiguration": {
            "Level": logging.get("level", "OFF"),
            "IncludeExecutionData": logging.get("includeExecutionData", False),
            "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": arn}} for arn in groups],
        },
        "TracingConfiguration": {"Enabled": (machine.get("tracingConfiguration") or {}).get("enabled", False)},
        "EncryptionConfiguration": {
            "KmsKeyId": (machine.get("encryptionConfiguration") or {}).get("kmsKeyId") or "",
        },
    }
