"""The engine's calls to a resource type, one at a time, with every failure told in CloudFormation's words."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.local import faults
from infra.local.cloudformation.refusals import ValidationError
from infra.local.resource_type import Context, Refused, ResourceType, resource_types

if TYPE_CHECKING:
    from infra.local.cloudformation.state import Resource, Stack

log = logging.getLogger(__name__)

# moto's services are not written for threads that change the same thing, and two threads of Python
# are no faster than one: stacks deploy side by side, their calls to the services one after the other.
services_lock = threading.RLock()

_CATEGORIES = (
    ("AlreadyExists", ("AlreadyExist", "AlreadyOwned", "Duplicate", "EntityAlreadyExists", "NameInUse", "Exists")),
    ("AccessDenied", ("AccessDenied", "Unauthorized", "NotAuthorized", "Forbidden")),
    ("NotFound", ("NotFound", "NoSuch", "NonExistent", "DoesNotExist")),
    ("ServiceLimitExceeded", ("LimitExceeded", "TooMany", "Quota")),
    ("ResourceConflict", ("Conflict", "InUse", "DependencyViolation", "DeleteConflict", "NotEmpty")),
    ("Throttling", ("Throttl",)),
)


class Failed(Exception):
    """A resource that could not be made, read, changed or deleted, and the reason for its event."""


def context(stack: Stack, resource: Resource, made: Callable[[str], None] = lambda _: None) -> Context:
    """Where and for whom the type works."""
    return Context(
        account=stack.account,
        region=stack.region,
        partition=stack.partition,
        stack_name=stack.name,
        stack_id=stack.arn,
        logical_id=resource.logical_id,
        tags=dict(resource.tags),
        suffix=resource.suffix,
        made=made,
    )


def type_of(name: str) -> ResourceType:
    """The type of this name. Raises ValidationError if the embedded AWS does not mirror it."""
    try:
        return resource_types()[name]
    except KeyError:
        raise ValidationError(f"the embedded AWS does not mirror resource type {name}") from None


@contextmanager
def handling(verb: faults.Verb, stack: Stack, resource: Resource) -> Iterator[None]:
    """The call that makes, changes or deletes a resource; it fails as well if the server's switch says so."""
    with calling():
        faults.strike(verb, stack.name, resource.logical_id, resource.type_name)
        yield
        faults.strike(verb, stack.name, resource.logical_id, resource.type_name, after=True)


@contextmanager
def calling() -> Iterator[None]:
    """A call to a type or a service; whatever goes wrong is Failed."""
    try:
        with services_lock:
            yield
    except Refused as error:
        raise Failed(_reason(error.message, error.code)) from error
    except ClientError as error:
        told = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
        code = told.get("Code", "Unknown")
        detail = f"(Status Code: {status}; Error Code: {code}; Operation: {error.operation_name})"
        raise Failed(_reason(f"{told.get('Message', code)} {detail}", code)) from error
    except BotoCoreError as error:
        raise Failed(_reason(str(error), "ValidationException")) from error
    except ValidationError as error:
        raise Failed(error.message) from error
    except Failed:
        raise
    except Exception as error:
        log.exception("a resource type failed")
        raise Failed(f"Internal failure of the embedded AWS: {type(error).__name__}: {error}") from error


def _reason(message: str, code: str) -> str:
    category = next((name for name, parts in _CATEGORIES if any(part in code for part in parts)), "InvalidRequest")
    return (
        f'Resource handler returned message: "{message}" (RequestToken: {uuid.uuid4()}, HandlerErrorCode: {category})'
    )


def lookup(told: Mapping[str, Any], attribute: str) -> Any:
    """The attribute among what `read` told, whether it is written `A.B` or nested; None if it is not there."""
    if attribute in told:
        return told[attribute]
    value: Any = told
    for part in attribute.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return None
        value = value[part]
    return value
