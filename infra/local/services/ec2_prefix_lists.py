"""AWS's own prefix lists, with ids that stay the same from run to run: settings name them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from moto.ec2.models.managed_prefixes import ManagedPrefixListBackend


def extend() -> None:
    """Mend moto's managed prefix lists."""
    ManagedPrefixListBackend._create_aws_managed_prefix_list = _create  # type: ignore[method-assign]


def _create(self: Any, name: str, address_family: str, entries: list[dict[str, str]]) -> None:
    """Make one of AWS's lists under an id of its name, where moto draws one by chance."""
    made = self.create_managed_prefix_list(
        address_family=address_family, entry=entries, prefix_list_name=name, owner_id="AWS"
    )
    del self.managed_prefix_lists[made.id]
    made.id = f"pl-{sha256(name.encode()).hexdigest()[:8]}"
    made.prefix_list_arn = f"arn:{made.prefix_list_arn.split(':')[1]}:ec2:{self.region_name}:aws:prefix-list/{made.id}"
    made.version = None
    made.max_entries = None
    self.managed_prefix_lists[made.id] = made
