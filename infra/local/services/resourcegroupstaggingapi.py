"""The tagging API, where moto gets wrong what an operator relies on: it tells of one region, buckets included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.resourcegroupstaggingapi.models import ResourceGroupsTaggingAPIBackend
from moto.s3.models import s3_backends

from infra.local.mend import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def extend() -> None:
    """Mend moto's tagging API."""
    wrap(ResourceGroupsTaggingAPIBackend, _get_resources_generator=_of_the_region)


def _of_the_region(self: Any, motos: Callable[..., Iterator[Any]], *asked: Any, **named: Any) -> Iterator[Any]:
    """Leave out buckets of other regions, which moto keeps by partition.

    GetResources answers for the region that it is asked in, by botocore's model of it, read 2026-11-24.
    """
    buckets = s3_backends[self.account_id][self.partition].buckets
    elsewhere = {bucket.arn for bucket in buckets.values() if bucket.region_name != self.region_name}
    return (told for told in motos(self, *asked, **named) if told.arn not in elsewhere)
