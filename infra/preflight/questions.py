"""The calls of one item to one account: only those it declares, each with what it said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from infra.live.account import CONFIG
from infra.preflight.permissions import permission

if TYPE_CHECKING:
    from collections.abc import Sequence

DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "403", "Forbidden")


class Unanswered(Exception):
    """A call that gave no answer, so that nothing is known."""

    def __init__(self, said: str, remedy: str) -> None:
        super().__init__(said)
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Asked:
    """One call, and what it said: `answered`, or the service's error code."""

    call: str
    said: str


@dataclass
class Respondent:
    """One account and region that is asked; what it said once is not asked again."""

    session: Any
    region: str
    clients: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    elsewhere: dict[str, Respondent] = field(default_factory=dict)
    """The same account in other regions, as far as anybody has asked."""

    def client(self, service: str) -> Any:
        """The client of a service."""
        if service not in self.clients:
            self.clients[service] = self.session.client(service, region_name=self.region, config=CONFIG)
        return self.clients[service]

    def of_region(self, region: str) -> Respondent:
        """The same account in a region."""
        if region == self.region:
            return self
        return self.elsewhere.setdefault(region, Respondent(self.session, region))


class Questions:
    """What one item may ask of an account, and what it has asked."""

    def __init__(self, respondent: Respondent, may: Sequence[str]) -> None:
        self._respondent = respondent
        self._may = frozenset(may)
        self.asked: list[Asked] = []

    def of_region(self, region: str) -> Questions:
        """The same of the account's other region; what is asked there counts as asked."""
        there = Questions(self._respondent.of_region(region), tuple(self._may))
        there.asked = self.asked
        return there

    def __call__(self, call: str, *, absent: Sequence[str] = (), **arguments: Any) -> Any:
        """A call's answer, such as of `ec2:DescribeVpcs`; None for an error code that means that nothing is there.

        Raises Unanswered for every other failure, once botocore has retried what it retries.
        """
        client, method = self._method(call)
        return self._ask(call, absent, arguments, lambda: getattr(client, method)(**arguments))

    def all(self, call: str, member: str, **arguments: Any) -> list[Any]:
        """The items of all pages of a listing; `member` is where an answer holds them."""
        client, method = self._method(call)
        if not client.can_paginate(method):
            return list(self(call, **arguments).get(member, []))
        pages = client.get_paginator(method)
        found = self._ask(
            call, (), arguments, lambda: [each for page in pages.paginate(**arguments) for each in page.get(member, [])]
        )
        return list(found)

    def _method(self, call: str) -> tuple[Any, str]:
        if call not in self._may:
            raise ValueError(f"{call} is not among the calls that this item declares: {', '.join(sorted(self._may))}")
        service, _, operation = call.partition(":")
        try:
            return self._respondent.client(service), xform_name(operation)
        except BotoCoreError as error:
            raise Unanswered(f"{call}: {error}", "look at the profile and its region") from error

    def _ask(self, call: str, absent: Sequence[str], arguments: dict[str, Any], make: Any) -> Any:
        key = f"{call} {sorted(arguments.items())}"
        written = f"{call}({', '.join(f'{name}={_short(value)}' for name, value in arguments.items())})"
        if key not in self._respondent.answers:
            try:
                self._respondent.answers[key] = make()
            except (ClientError, BotoCoreError, ResponseParserError) as error:
                self._respondent.answers[key] = error
        answer = self._respondent.answers[key]
        if not isinstance(answer, Exception):
            self.asked.append(Asked(written, "answered"))
            return answer
        code = answer.response["Error"]["Code"] if isinstance(answer, ClientError) else type(answer).__name__
        self.asked.append(Asked(written, str(code)))
        if code in absent:
            return None
        if code in DENIED:
            raise Unanswered(
                f"{call} is not permitted: {code}", f"allow {permission(call)} to whoever runs the preflight"
            ) from answer
        # Some services answer so when a right is missing, or as if the operation were none of theirs.
        right = permission(call)
        raise Unanswered(
            f"{call} was not answered: {_one_line(answer)}",
            f"run the preflight again{f'; it needs {right}' if right else ''}",
        ) from answer


def _short(value: Any) -> str:
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
