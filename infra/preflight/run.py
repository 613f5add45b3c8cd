"""A preflight: every item that an enclave needs, asked of its accounts, and what came of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infra.preflight.about import About
from infra.preflight.item import Answer, Item, State, items, unverified
from infra.preflight.questions import Asked, Questions, Respondent, Unanswered

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from infra.settings import Enclave

FIRST = {"enclave": ("credentials", "account"), "evidence": ("evidence-account",)}
"""Of an account for which one of these does not hold, nothing else is asked: it may be anybody's."""


class UnknownItem(ValueError):
    """An item is accepted that there is none of."""


@dataclass(frozen=True, slots=True)
class Result:
    """One item, what came of it, and the calls that it rests on."""

    item: Item
    answer: Answer
    asked: tuple[Asked, ...] = ()
    accepted: bool = False
    """Whether it is unverified and whoever ran the preflight said that it may be."""

    @property
    def settled(self) -> bool:
        """Whether it stands in nobody's way."""
        return self.accepted or self.answer.state is State.VERIFIED


@dataclass(frozen=True, slots=True)
class Report:
    """The whole preflight."""

    enclave: str
    account: str
    region: str
    endpoint: str
    """Where the questions went: AWS, or what stands in for it."""
    results: tuple[Result, ...]

    def count(self, state: State) -> int:
        """How many items are in a state."""
        return sum(each.answer.state is state for each in self.results)

    def open(self, state: State) -> tuple[Result, ...]:
        """Those in a state that nothing settles."""
        return tuple(each for each in self.results if each.answer.state is state and not each.settled)

    @property
    def exit_code(self) -> int:
        """0 only if nothing is refuted, and nothing unverified but what was accepted."""
        return 0 if all(each.settled for each in self.results) else 1


def preflight(
    sessions: Mapping[str, Any],
    settings: Enclave,
    *,
    assembly: Path | None = None,
    others: tuple[Enclave, ...] = (),
    accept: Collection[str] = (),
) -> Report:
    """Ask everything that this enclave needs.

    `sessions` are boto3 sessions by the account's word in the settings (`enclave`, and `evidence` where that is
    another); without `assembly` what only templates say stays unverified. `others` are the project's other enclaves in
    the same account. `accept` are ids of items that may be unverified; a refuted one is never accepted. Raises
    UnknownItem for an id of no item.
    """
    refuse_unknown(accept)
    about = About(settings, assembly, others)
    respondents = {word: Respondent(session, settings.region) for word, session in sessions.items()}
    done: dict[str, Result] = {}
    wanted = [each for each in items() if each.when(settings)]
    first = {name for names in FIRST.values() for name in names}
    for each in sorted(wanted, key=lambda each: each.id not in first):
        done[each.id] = asked_of(each, about, respondents.get(each.of), done, accept)
    return Report(
        enclave=settings.name,
        account=settings.accounts.enclave,
        region=settings.region,
        endpoint=_endpoint(respondents["enclave"]),
        results=tuple(done[each.id] for each in wanted),
    )


def refuse_unknown(accept: Collection[str]) -> None:
    """Raise UnknownItem if there is no item of one of these ids."""
    known = {each.id for each in items()}
    if wrong := sorted(set(accept) - known):
        raise UnknownItem(f"no precondition {', '.join(wrong)}, allowed {', '.join(sorted(known))}; change --accept")


def asked_of(
    item: Item,
    about: About,
    respondent: Respondent | None,
    done: Mapping[str, Result],
    accept: Collection[str] = (),
) -> Result:
    """What comes of one item, once those in `done` are known."""
    doubtful = [done[name] for name in FIRST[item.of] if name in done and done[name].answer.state is not State.VERIFIED]
    asked: tuple[Asked, ...] = ()
    if respondent is None:
        answer = unverified(f"nobody could ask the {item.of} account", f"name a profile of it with --{item.of}-profile")
    elif doubtful:
        answer = unverified(f"not asked: {doubtful[0].item.title}, which is not known", doubtful[0].answer.remedy)
    else:
        ask = Questions(respondent, item.asks)
        try:
            answer = item.check(ask, about)
        except Unanswered as error:
            answer = unverified(str(error), error.remedy)
        except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:  # an answer in no known shape
            answer = unverified(f"the answer could not be read: {type(error).__name__}: {error}", "report it")
        asked = tuple(ask.asked)
    return Result(item, answer, asked, accepted=answer.state is State.UNVERIFIED and item.id in accept)


def _endpoint(respondent: Respondent) -> str:
    """Where STS is asked, for whoever reads the report."""
    try:
        return str(respondent.client("sts").meta.endpoint_url)
    except Exception as error:  # whatever keeps a client from being made is each item's own finding
        return f"none: {type(error).__name__}"
