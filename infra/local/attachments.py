"""Which resource of a template put what where, for types that are nothing but an attachment.

An inline policy, a topic policy or a queue policy has no identity in its service: CloudFormation makes up an
identifier and remembers where it put the thing. What stands there is always read from the service itself;
this only says where to look, and whose an attachment is when a role and a policy could both claim it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from moto.core.base_backend import BackendDict, BaseBackend

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infra.local.resource_type import Context


class Attachment(NamedTuple):
    """What was put where: `kind` says which sort of holder, such as Role or Queue."""

    kind: str
    holder: str
    what: str


class Attachments(BaseBackend):
    """The attachments of one account and region; emptied by moto's own reset, as every backend is."""

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.owners: dict[Attachment, str] = {}


_backends = BackendDict(Attachments, "cloudformation")


def _owners(context: Context) -> dict[Attachment, str]:
    owners: dict[Attachment, str] = _backends[context.account][context.region].owners
    return owners


def record(context: Context, owner: str, attachments: Iterable[Attachment]) -> None:
    """Note that these attachments, and no others, are those of `owner`, a physical id."""
    owners = _owners(context)
    for attachment in held(context, owner):
        del owners[attachment]
    owners.update(dict.fromkeys(attachments, owner))


def held(context: Context, owner: str) -> list[Attachment]:
    """What `owner` put where, in the order in which it did."""
    return [attachment for attachment, its_owner in list(_owners(context).items()) if its_owner == owner]


def is_anothers(context: Context, owner: str, attachment: Attachment) -> bool:
    """Whether a resource other than `owner` made this attachment."""
    return _owners(context).get(attachment, owner) != owner
