"""Everything that the services of an embedded AWS hold, by name: what one thing more or less than before is seen by.

It does not ask the services' APIs, which tell of a thing only to who asks for its kind, but looks at what their
backends hold: whatever stands in a dictionary there counts, under the way that leads to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.utilities.utils import get_partition

from infra.local import units
from infra.local.resource_type import resource_types

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 2
# Records of what was done, which nothing takes away, and CloudFormation's own.
HISTORIES = ("infra.local.cloudformation", "infra.local.event_history", "moto.sts")
# Amazon's images; tags of a thing that is gone, which moto keeps for nobody; metrics; a setting of every account; the
# group of schedules that every account has; counts of a thing's changes; when a filter last told its default.
BESIDE = (
    "/amis/",
    "/tags/",
    "/sallyport_series/",
    "/sallyport_public_access/",
    "/sallyport_groups/default/",
    "/sallyport_revisions/",
    "/sallyport_defaults/",
)


def make_ready(account: str, region: str) -> None:
    """Let every service have what it has from the start, by itself, in this account: it makes it when first asked."""
    for name in {kind.split("::")[1].lower() for kind in resource_types()}:
        regions = get_backend(name)[account]  # type: ignore[call-overload]  # one of moto's names
        for place in {region, get_partition(region)} & set(regions.regions):
            regions[place]


def inventory() -> frozenset[str]:
    """What stands, by the ways that lead to it; a key that waits for its deletion is gone."""
    return frozenset(
        f"{name.split(':')[2]} {way}"
        for name, backend in units.backends().items()
        if not name.startswith(HISTORIES) and DEFAULT_ACCOUNT_ID not in name
        for way in _ways(vars(backend), "", 0)
        if not way.startswith(BESIDE)
    )


def _ways(there: dict[Any, Any], way: str, depth: int) -> Iterator[str]:
    for key, value in list(there.items()):
        here = f"{way}/{key}"
        if isinstance(value, dict):
            if depth < DEEPEST:
                yield from _ways(value, here, depth + 1)
        elif depth and getattr(value, "key_state", "") != "PendingDeletion":
            yield here
