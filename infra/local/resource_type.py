"""What the CloudFormation engine asks of a resource type, and how a type is found."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable

Properties = dict[str, Any]


class Refused(Exception):
    """What AWS refuses: the service's error code and its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Unsupported(Refused):
    """A type or property the embedded AWS does not mirror; the deploy fails rather than drop it."""

    def __init__(self, what: str) -> None:
        super().__init__("UnsupportedByEmbeddedAws", f"the embedded AWS does not mirror {what}")


@dataclass(frozen=True)
class Context:
    """Where and for whom a resource is made: account, region, stack and logical id."""

    account: str
    region: str
    partition: str
    stack_name: str
    stack_id: str
    logical_id: str
    tags: dict[str, str] = field(default_factory=dict)
    """The stack's tags, which CloudFormation hands to every resource that takes tags."""
    suffix: str = ""
    """Twelve characters that make a generated name unique; the same for one incarnation of a resource."""
    made: Callable[[str], None] = lambda _: None
    """Tells the physical id as soon as the service has it, so that what is half made is rolled back."""

    def client(self, service: str) -> Any:
        """A boto3 client of this account and region that speaks to the services in this process."""
        from infra.local.clients import client

        return client(service, self.account, self.region)

    def generated_name(self, limit: int = 64, *, lower: bool = False) -> str:
        """The name CloudFormation makes up: stack, logical id and a random suffix, within `limit` characters."""
        room = limit - len(self.suffix) - 1
        head = f"{self.stack_name}-{self.logical_id}"[:room]
        name = f"{head}-{self.suffix}"
        return name.lower() if lower else name


class ResourceType:
    """One CloudFormation type, created, read, changed and deleted through its service's own API.

    `class FlowLog(ResourceType, name="AWS::EC2::FlowLog")` registers the type.
    """

    type_name: ClassVar[str]
    importable: ClassVar[bool] = True
    """Whether `imported` finds any resource of the type; False, with the reason, where `read` needs to know more."""
    _found: ClassVar[dict[str, type[ResourceType]]] = {}

    def __init_subclass__(cls, *, name: str, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.type_name = name
        if name:  # a base that several types share has none
            ResourceType._found[name] = cls

    def create(self, properties: Properties, context: Context) -> str:
        """Make the resource; the physical id, which is what Ref gives.

        If more calls follow the one that makes it, `context.made(physical_id)` in between, so that a failure
        leaves nothing behind.
        """
        raise NotImplementedError

    def read(self, physical_id: str, context: Context) -> Properties | None:
        """The resource as it stands in the service, in CloudFormation's names, with attributes; None if gone."""
        raise NotImplementedError

    def attributes(self, physical_id: str, context: Context) -> Properties | None:
        """At least what Fn::GetAtt may ask for, as the service tells it now; None if the resource is gone.

        A type whose `read` makes calls for properties that are no attributes overrides this with fewer.
        """
        return self.read(physical_id, context)

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        """Change the resource in place: its properties differ, or the stack's tags do (`context.tags`)."""
        raise Unsupported(f"an update of {self.type_name}")

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        """Remove the resource; one that is gone already is done."""
        raise NotImplementedError

    def imported(self, identifier: dict[str, str], context: Context) -> str:
        """The physical id of what this primary identifier names, if it is there; its values in the schema's order."""
        return "|".join(identifier.values())

    def replaces(self, old: Properties, new: Properties) -> bool:
        """Whether this change needs a new resource, beyond the schema's create-only properties."""
        return False


@cache
def resource_types() -> dict[str, ResourceType]:
    """Every type the embedded AWS mirrors, by CloudFormation name, found by walking `infra/local/types`."""
    from infra.local import types

    for module in pkgutil.iter_modules(types.__path__):
        importlib.import_module(f"{types.__name__}.{module.name}")
    return {name: kind() for name, kind in sorted(ResourceType._found.items())}
