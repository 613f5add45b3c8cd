"""What the engine remembers: stacks, their resources, change sets and events, per account and region."""

from __future__ import annotations

import threading
import uuid
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from moto.core.base_backend import BackendDict, BaseBackend

from infra.local.keeping import stacks_lock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.local.cloudformation.importing import Wanted
    from infra.local.cloudformation.parameters import Given
    from infra.local.cloudformation.template import Declared, Template

STACK_TYPE = "AWS::CloudFormation::Stack"


@dataclass(frozen=True)
class Desired:
    """What one request wants a stack to be."""

    template: Template
    parameters: Mapping[str, Given]
    tags: Mapping[str, str]
    conditions: Mapping[str, bool]
    capabilities: tuple[str, ...] = ()
    notification_arns: tuple[str, ...] = ()
    role_arn: str | None = None


@dataclass
class Resource:
    """One resource of a stack, as the last operation left it."""

    declared: Declared
    physical_id: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    suffix: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, Any] | None = None
    """What the service told of it since its last change; None if it was not asked."""
    status: str = ""
    reason: str = ""
    changed_at: datetime | None = None
    imported: bool = False
    """Whether it was there before any stack had it: to undo an import deletes nothing."""
    drift: str = "NOT_CHECKED"
    drift_checked_at: datetime | None = None

    @property
    def logical_id(self) -> str:
        return self.declared.logical_id

    @property
    def type_name(self) -> str:
        return self.declared.type_name

    @property
    def stands(self) -> bool:
        """Whether it was made, and not only begun: what is half made is deleted by the next update, and made anew.

        Source: CloudFormation user guide, "Choose how to handle failures when provisioning resources", read 2026-11-24.
        """
        return bool(self.physical_id) and self.status not in ("CREATE_FAILED", "DELETE_FAILED")

    def snapshot(self) -> Resource:
        """The resource as it is now; the values inside are replaced and never changed, so sharing them is safe."""
        return copy(self)


@dataclass(frozen=True)
class Step:
    """One change since the stack was last settled: the resource before it (None: there was none) and after it."""

    before: Resource | None
    after: Resource

    @property
    def logical_id(self) -> str:
        return self.after.logical_id


@dataclass(frozen=True)
class Doomed:
    """A physical resource to delete, the policy that decides whether it is, and whether a creation is undone."""

    resource: Resource
    policy: str
    undo: bool = False


@dataclass(frozen=True)
class Operation:
    """One run over a stack; its events carry the id."""

    kind: Literal["CREATE_STACK", "UPDATE_STACK", "DELETE_STACK", "ROLLBACK", "CONTINUE_ROLLBACK", "CREATE_CHANGESET"]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    token: str | None = None
    disable_rollback: bool = False
    on_failure: str = "ROLLBACK"
    retain_except_on_create: bool = False


@dataclass(frozen=True)
class Event:
    """One line of a stack's history."""

    id: str
    logical_id: str
    physical_id: str
    type_name: str
    status: str
    reason: str
    at: datetime
    operation: Operation
    properties: str = ""


@dataclass
class ChangeSet:
    """A deployment asked for, planned, and waiting to be executed."""

    name: str
    arn: str
    created_at: datetime
    operation: Operation
    desired: Desired | None
    changes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    description: str | None = None
    status: str = "CREATE_COMPLETE"
    execution_status: str = "AVAILABLE"
    reason: str | None = None
    request: Mapping[str, Any] = field(default_factory=dict)
    found: Mapping[str, Wanted] = field(default_factory=dict)
    """What is there already and is imported by ImportExistingResources, by logical id."""


@dataclass
class Stack:
    """A stack and everything that was ever told about it."""

    name: str
    arn: str
    account: str
    region: str
    partition: str
    created_at: datetime
    status: str = "REVIEW_IN_PROGRESS"
    reason: str = ""
    desired: Desired | None = None
    """What the last successful operation made; a rollback leads back to it."""
    target: Desired | None = None
    """What the running or failed operation wants; equal to `desired` when there is none."""
    resources: dict[str, Resource] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    """Changes since `desired` was reached, oldest first: what a rollback takes back."""
    leftovers: list[Doomed] = field(default_factory=list)
    """Physical resources that no record names any more, until a cleanup deletes them."""
    outputs: list[dict[str, str]] = field(default_factory=list)
    imports: frozenset[str] = frozenset()
    events: list[Event] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    change_sets: dict[str, ChangeSet] = field(default_factory=dict)
    change_set_arn: str | None = None
    updated_at: datetime | None = None
    deleted_at: datetime | None = None
    protected: bool = False
    disable_rollback: bool = False
    drift: str = "NOT_CHECKED"
    drift_checked_at: datetime | None = None
    drifts: dict[str, dict[str, Any]] = field(default_factory=dict)
    policy: str | None = None
    keep: tuple[str, ...] = ()
    """What the running deletion leaves standing."""
    force: bool = False
    skip: tuple[str, ...] = ()
    """What the running rollback gives up."""

    @property
    def in_progress(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"

    @property
    def gone(self) -> bool:
        return self.status == "DELETE_COMPLETE"


def _whole_milliseconds(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


class Engine(BaseBackend):
    """The stacks of one account and region. Its lock guards every change of what is told about them."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.stacks: dict[str, Stack] = {}
        self.drift_detections: dict[str, dict[str, Any]] = {}
        self.changed = threading.Condition(stacks_lock)
        self._last = _whole_milliseconds(datetime.now(UTC))

    def now(self) -> datetime:
        """The time in whole milliseconds, later than any told before: the CLI sorts events by it."""
        with self.changed:
            self._last = max(_whole_milliseconds(datetime.now(UTC)), self._last + timedelta(milliseconds=1))
            return self._last

    def arn(self, kind: str, name: str) -> str:
        """A new ARN of this account and region."""
        return f"arn:{self.partition}:cloudformation:{self.region_name}:{self.account_id}:{kind}/{name}/{uuid.uuid4()}"

    def find(self, name_or_arn: str) -> Stack | None:
        """The stack of this ARN, or the one of this name that is not deleted."""
        with self.changed:
            if name_or_arn.startswith("arn:"):
                return self.stacks.get(name_or_arn)
            return next((s for s in self.stacks.values() if s.name == name_or_arn and not s.gone), None)

    def exports(self) -> dict[str, tuple[Stack, str]]:
        """Every export's name, with its stack and value."""
        with self.changed:
            return {
                output["ExportName"]: (stack, output["OutputValue"])
                for stack in self.stacks.values()
                if not stack.gone
                for output in stack.outputs
                if "ExportName" in output
            }

    def importers(self, export: str) -> list[str]:
        """The names of the stacks that import this export."""
        with self.changed:
            return sorted(s.name for s in self.stacks.values() if not s.gone and export in s.imports)


@dataclass(frozen=True)
class Run:
    """An operation at work on a stack."""

    engine: Engine
    stack: Stack
    operation: Operation


engines: BackendDict[Engine] = BackendDict(Engine, "cloudformation")
