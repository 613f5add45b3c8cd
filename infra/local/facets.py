"""A property that the service keeps by calls of its own: put, get and delete, as S3 does for nearly everything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infra.local.absent import if_there
from infra.local.shapes import from_api, to_api

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from infra.local.resource_type import Context, Properties


@dataclass(frozen=True)
class Listed:
    """A property that is a list of configurations, each put, read and deleted by its id.

    The operations are `put_bucket_<call>`, `list_bucket_<call>s` and `delete_bucket_<call>`; `member` is the argument
    that carries one. `wrap` and `unwrap` turn one configuration into the API's shape, in CloudFormation's names, and
    back.
    """

    name: str
    call: str
    member: str
    wrap: Callable[[Properties], Properties]
    unwrap: Callable[[Properties], Properties]
    rename: Mapping[str, str] = field(default_factory=dict)
    back: Mapping[str, str] = field(default_factory=dict)

    def update(self, client: Any, old: list[Properties], new: list[Properties], **identity: str) -> None:
        """Put what is new or changed, delete what is gone."""
        put, delete = f"put_bucket_{self.call}", f"delete_bucket_{self.call}"
        for one in new:
            if one not in old:
                wrapped = {self.member: self.wrap(one)}
                getattr(client, put)(**to_api(client, put, wrapped, rename=self.rename, Id=one["Id"]), **identity)
        for gone in {one["Id"] for one in old} - {one["Id"] for one in new}:
            getattr(client, delete)(Id=gone, **identity)

    def read(self, client: Any, type_name: str, context: Context, **identity: str) -> Properties:
        """The list as it stands, or nothing."""
        answer = getattr(client, f"list_bucket_{self.call}s")(**identity)
        found = answer.get(f"{self.member}List", [])
        if not found:
            return {}
        return from_api(type_name, context.region, {self.name: [self.unwrap(one) for one in found]}, rename=self.back)


@dataclass(frozen=True)
class Facet:
    """How one property is put, read and taken away.

    `wrap` gives the put call's arguments, still in CloudFormation's names, for the property's value; `unwrap`
    takes the value out of the get call's answer, None if it is not set. `rename` maps a dotted path of the
    wrapped arguments to the API's member; `back` maps a dotted path of the answer, from the property on, to
    CloudFormation's. `absent` is the error code by which the get call says that nothing is set. A property
    that leaves the template is removed by the `delete` call, or by putting `otherwise`.
    """

    name: str
    put: str
    get: str
    wrap: Callable[[Any], Properties]
    unwrap: Callable[[Mapping[str, Any]], Any]
    rename: Mapping[str, str] = field(default_factory=dict)
    back: Mapping[str, str] = field(default_factory=dict)
    absent: str = ""
    delete: str = ""
    otherwise: Any = None

    def set(self, client: Any, value: Any, **identity: str) -> None:
        """Put the value."""
        getattr(client, self.put)(**to_api(client, self.put, self.wrap(value), rename=self.rename), **identity)

    def read(self, client: Any, type_name: str, context: Context, **identity: str) -> Properties:
        """The property as it stands, or nothing."""
        answer = if_there(getattr(client, self.get), *filter(None, [self.absent]), **identity)
        value = None if answer is None else self.unwrap(answer)
        if value is None:
            return {}
        return from_api(type_name, context.region, {self.name: value}, rename=self.back)

    def clear(self, client: Any, **identity: str) -> None:
        """Take the property away."""
        if self.delete:
            getattr(client, self.delete)(**identity)
        elif self.otherwise is not None:
            self.set(client, self.otherwise, **identity)


def update(client: Any, facets: tuple[Facet | Listed, ...], old: Properties, new: Properties, **identity: str) -> None:
    """Put what is new or changed, and take away what is gone."""
    for facet in facets:
        if isinstance(facet, Listed):
            facet.update(client, old.get(facet.name, []), new.get(facet.name, []), **identity)
        elif facet.name in new and new[facet.name] != old.get(facet.name):
            facet.set(client, new[facet.name], **identity)
        elif facet.name in old and facet.name not in new:
            facet.clear(client, **identity)
