"""Accounts, and the ARNs that must be of them and of the partition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra import catalog
from infra.settings.rules.rule import Fault, fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.settings.enclave import Accounts, Consumer
    from infra.settings.problem import Key


@rule
def arns_are_of_partition(
    partition: str, accounts: Accounts, identity_provider: str, consumers: tuple[Consumer, ...]
) -> Iterator[Fault]:
    """No ARN of another partition; people sign in through a provider of the enclave's own account."""
    arns: list[tuple[Key, str]] = [(("identity_provider",), identity_provider)]
    for index, consumer in enumerate(consumers):
        arns += [(("consumers", index, "principals", n), arn) for n, arn in enumerate(consumer.principals)]
    for key, arn in arns:
        if arn.split(":")[1] != partition and partition in catalog.partitions():
            yield fault(key, f"{arn!r} is of partition {arn.split(':')[1]}", f"an ARN that begins arn:{partition}:")
    account = identity_provider.split(":")[4]
    if account != accounts.enclave:
        what = f"identity provider of account {account}: a role trusts only providers of its own account"
        yield fault(("identity_provider",), what, f"a provider of account {accounts.enclave}")
