"""What Step Functions tells of executions: metrics, and events of their status; and which are being worked on.

Sources: Step Functions developer guide, "Monitoring Step Functions metrics using Amazon CloudWatch" and "Automating
event delivery with EventBridge", read 2026-11-24. Events carry no input and no output.
"""

from __future__ import annotations

import os
from typing import Any

from infra.local import bus, metrics
from infra.local.clock import CLOCK
from infra.local.mend import wrap

_ENDED = {
    "SUCCEEDED": "ExecutionsSucceeded",
    "FAILED": "ExecutionsFailed",
    "TIMED_OUT": "ExecutionsTimedOut",
    "ABORTED": "ExecutionsAborted",
}
# What an execution is at that has nothing to do for now but to wait for a time or for somebody.
_WAITING = ("WaitStateEntered", "TaskSubmitted")
_working: dict[int, Any] = {}


def extend() -> None:
    """Let moto's executor tell, and the clock wait for what it works on."""
    from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution
    from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker

    Execution.status = property(_status)  # type: ignore[assignment,method-assign]  # moto's fails before the start
    wrap(Execution, start=_start)
    wrap(BaseExecutionWorkerCommunication, terminated=_terminated)
    wrap(ExecutionWorker, start=_start_worker, _execution_logic=_execution_logic)
    CLOCK.wait_for(busy)
    os.register_at_fork(after_in_child=_working.clear)  # whose threads are not copied


def busy() -> bool:
    """Whether any execution goes on by itself."""
    return any(not _waits(worker) for worker in list(_working.values()))


def _waits(worker: Any) -> bool:
    history = worker.env.event_manager.get_event_history() if worker.env else []
    return bool(history) and str(history[-1]["type"]) in _WAITING


def _status(execution: Any) -> str:
    """An execution is listed a moment before it starts; to a client it runs from the first."""
    return str(execution.exec_status.value) if execution.exec_status else "RUNNING"


def _start(execution: Any, motos: Any) -> None:
    _tell(execution, "ExecutionsStarted", "RUNNING")
    motos(execution)


def _start_worker(worker: Any, motos: Any) -> None:
    _working[id(worker)] = worker
    motos(worker)


def _execution_logic(worker: Any, motos: Any) -> None:
    try:
        motos(worker)
    finally:
        _working.pop(id(worker), None)


def _terminated(communication: Any, motos: Any) -> None:
    motos(communication)
    status = str(communication.execution.status)
    _tell(communication.execution, _ENDED[status], status)


def _tell(execution: Any, metric: str, status: str) -> None:
    account, region, machine = execution.account_id, execution.region_name, execution.state_machine.arn
    metrics.publish(account, region, "AWS/States", metric, {"StateMachineArn": machine})
    detail = {
        "executionArn": execution.exec_arn,
        "stateMachineArn": machine,
        "name": execution.name,
        "status": status,
        "startDate": int(execution.start_date.timestamp() * 1000),
        "stopDate": int(execution.stop_date.timestamp() * 1000) if execution.stop_date else None,
    }
    bus.send(account, region, "aws.states", "Step Functions Execution Status Change", detail, [execution.exec_arn])
