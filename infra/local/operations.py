"""Operations that moto's services lack or get wrong, served from outside.

A service's file under `infra/local/services` hands its functions to `serve`; each takes the request as
botocore's model parses it, checked against that model, and gives back the answer in the model's shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from moto.core.exceptions import ServiceException

from infra.local.constraints import refusal
from infra.local.resource_type import Refused

Operation = Callable[["Call"], Any]


class _Refusal(ServiceException):
    """A refusal on its way out; its module is not moto's, where moto would look for a service of that name."""


@dataclass(frozen=True)
class Call:
    """One request to a service: what is asked, by whom, where."""

    account: str
    region: str
    parameters: dict[str, Any]
    backend: Any
    """moto's own backend of this account and region."""
    access_key: str = ""

    @property
    def partition(self) -> str:
        """The partition the region lies in."""
        return str(self.backend.partition)

    @cached_property
    def caller(self) -> str:
        """The ARN of whoever signed the request; the account's root where moto knows no such key."""
        return caller_of(self.access_key, self.account, self.partition)

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def page(self, key: str, items: list[Any], *, token: str = "nextToken", size: str = "maxResults") -> dict[str, Any]:
        """A page of the items under `key`, as the request's size and token ask, and the token of the next one."""
        start = int(self.parameters.get(token) or 0)
        end = start + int(self.parameters.get(size) or 1000)
        return {key: items[start:end], **({token: str(end)} if end < len(items) else {})}

    def kept(self, name: str) -> dict[Any, Any]:
        """State of our own, kept on moto's backend so that a reset clears it with the rest."""
        return kept(self.backend, name)


def caller_of(access_key: str, account: str, partition: str) -> str:
    """The ARN of whom an access key of the account belongs to; its root where moto knows no such key."""
    from moto.sts.models import sts_backends

    role = sts_backends[account][partition].get_assumed_role_from_access_key(access_key)
    return str(role.arn) if role else f"arn:{partition}:iam::{account}:root"


def kept(backend: Any, name: str) -> dict[Any, Any]:
    """State of our own that lives and dies with one of moto's backends."""
    state: dict[Any, Any] = backend.__dict__.setdefault(f"sallyport_{name}", {})
    return state


def serve(responses: type, operations: Mapping[str, Operation], *, invalid: str = "ValidationException") -> None:
    """Let moto's response class answer these operations with these functions from now on.

    `operations` maps API names (`CreateGuardrail`) to functions, each of which gives back the answer's members,
    nothing for an answer without, or NotImplemented to leave this one to moto; `invalid` is the service's
    error code for a request that its own model refuses.
    """
    from moto.core.utils import camelcase_to_underscores

    for name, function in operations.items():
        method = camelcase_to_underscores(name)
        motos = getattr(responses, method, None)
        motos = getattr(motos, "sallyport_replaces", motos)
        setattr(responses, method, _method(name, function, invalid, motos))


def named(function: Operation) -> str:
    """The operation a function is named after: `create_log_group` is CreateLogGroup."""
    return "".join(part.capitalize() for part in getattr(function, "__name__", "").split("_"))


def check(responses: Any, *, invalid: str = "ValidationException") -> None:
    """Refuse, before moto sees it, whatever request the service's own model refuses."""
    if "sallyport_checked" in vars(responses):
        return
    own: Any = vars(responses).get("call_action")

    def call_action(self: Any) -> Any:
        name = self._get_action()
        try:
            _parse(self, name, invalid)
        except Refused as refused:
            return refusal_of(self, refused)
        return own(self) if own else super(responses, self).call_action()

    responses.call_action = call_action
    responses.sallyport_checked = True


def refusal_of(response: Any, refused: Refused) -> Any:
    """The whole answer, by the service's own protocol, that one of moto's response objects refuses a request with."""
    status, headers, body = response.serialized(_error(refused))
    return status, {**headers, "status": str(status)}, body


def _method(name: str, function: Operation, invalid: str, motos: Any) -> Callable[[Any], Any]:
    def method(self: Any) -> Any:
        from moto.backends import get_backend
        from moto.core.responses import ActionResult

        try:
            parameters = _parse(self, name, invalid)
            backends = get_backend(self.service_name)[self.current_account]
            # IAM and its like are kept once per partition.
            backend = backends[self.partition if self.partition in backends.regions else self.region]
            call = Call(self.current_account, self.region, parameters, backend, self.access_key)
            answer = function(call)
            return motos(self) if answer is NotImplemented else ActionResult(answer or {})
        except Refused as refused:
            return _error(refused)

    method.sallyport_replaces = motos  # type: ignore[attr-defined]  # so that serving twice still finds moto's own
    return method


def _parse(response: Any, name: str, invalid: str) -> dict[str, Any]:
    from moto.core.utils import get_service_model

    response.parse_parameters(response.normalized_request)
    shape = get_service_model(response.boto3_service_name).operation_model(name).input_shape
    parameters: dict[str, Any] = dict(response.params)
    message = refusal(shape, parameters) if shape else None
    if message:
        raise Refused(invalid, message)
    return parameters


def _error(refused: Refused) -> Any:
    from moto.core.errors import COMMON_ERROR_CODES
    from moto.core.responses import ActionResult

    # Services answer with codes that their own models leave out (AccessDeniedException); moto warns of each.
    if refused.code not in COMMON_ERROR_CODES:
        COMMON_ERROR_CODES.append(refused.code)
    return ActionResult(_Refusal(refused.code, refused.message))
