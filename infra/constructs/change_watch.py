"""EventBridge rules that tell the alarm topic of every change, and every attempted change, to a safeguard."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from constructs import Construct

from infra.constructs.resource import Resource

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infra.constructs.alarm_topic import AlarmTopic


@dataclass(frozen=True, slots=True)
class Change:
    """API calls of one service that count as a change, and the request parameters that make them ours."""

    id: str
    service: str
    """The service's event source in EventBridge, without `aws.`, such as `bedrock`."""
    calls: tuple[str, ...]
    parameters: dict[str, list[Any]] = field(default_factory=dict)
    """Event pattern on `requestParameters`; empty means every call in the account and region."""

    def pattern(self) -> dict[str, Any]:
        """The event pattern. Refused calls match too, since no pattern is put on `errorCode`: an attempt is told."""
        detail: dict[str, Any] = {"eventName": sorted(self.calls)}
        if self.parameters:
            detail["requestParameters"] = self.parameters
        return {"source": [f"aws.{self.service}"], "detail-type": ["AWS API Call via CloudTrail"], "detail": detail}


class ChangeWatch(Construct):
    """One rule per change to the alarm topic, which gets the whole event: who, what, when, from where, refused or not.

    Needs a trail that logs management events, and a topic whose policy and key let EventBridge in.
    """

    def __init__(self, scope: Construct, id: str, *, changes: Iterable[Change], topic: AlarmTopic) -> None:
        super().__init__(scope, id)
        self.rules = tuple(
            Resource(
                self,
                change.id,
                "AWS::Events::Rule",
                {
                    "Description": f"tells of every {change.service} call that changes a safeguard: {change.id}",
                    "EventPattern": change.pattern(),
                    "State": "ENABLED",
                    "Targets": [{"Id": "AlarmTopic", "Arn": topic.arn}],
                },
            )
            for change in changes
        )
