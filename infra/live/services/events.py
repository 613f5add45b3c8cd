"""EventBridge: rules and their targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.live.found import Found, reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names


@reader
def rules(account: Account, names: Names) -> Iterator[Found]:
    """Rules on the default bus; of those that no stack of the enclave made, the ones that name something of it stay."""
    for rule in account.all("events", "list_rules", "Rules"):
        targets = account.all("events", "list_targets_by_rule", "Targets", Rule=rule["Name"])
        kept = ("EventBusName", "EventPattern", "ScheduleExpression", "State")
        yield Found(
            "AWS::Events::Rule",
            rule["Name"],
            {
                **{name: rule[name] for name in kept if rule.get(name)},
                "Targets": list(targets),
            },
        )
