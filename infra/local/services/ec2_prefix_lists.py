"""EC2's prefix lists, mended; AWS's own have ids that stay the same from run to run, for settings name them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.managed_prefixes import ManagedPrefixList, ManagedPrefixListBackend

from infra.local.services.ec2 import known_prefix_list, set_on


def extend() -> None:
    """Mend moto's managed prefix lists."""
    ManagedPrefixListBackend._create_aws_managed_prefix_list = _create  # type: ignore[method-assign]
    set_on(EC2Backend, describe_managed_prefix_lists=describe_managed_prefix_lists)
    set_on(ManagedPrefixList, cidrs=property(_cidrs))


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


def describe_managed_prefix_lists(self: Any, prefix_list_ids: list[str] | None = None, filters: Any = None) -> Any:
    """Refuse a prefix list that is not there."""
    for prefix_list_id in prefix_list_ids or ():
        known_prefix_list(self, prefix_list_id)
    return ManagedPrefixListBackend.describe_managed_prefix_lists(self, prefix_list_ids, filters)


def _cidrs(self: Any) -> list[str]:
    entries = list(self.entries.values())
    return [entry["Cidr"] for entry in entries[-1]] if entries else []
