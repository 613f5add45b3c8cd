"""A rule: what AWS refuses although a template lints, as one function and one row of a table.

Rules stand in `infra/local/rules/`, a file per resource type; the service calls them at the moment AWS would look, so
that boto3, the AWS CLI and CloudFormation are refused alike.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache, wraps
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, ParamSpec

from infra.local.resource_type import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Parameters = ParamSpec("Parameters")


@dataclass(frozen=True)
class Rule:
    """One row.

    Attributes:
        name: file and function, such as `cloudtrail_trail.bucket_policy`.
        type: CloudFormation's name of the type that is refused.
        needs: what AWS asks for, in a sentence.
        error: the error's name in the service's API.
        source: where AWS says so, or who met it, with the date it was read.
    """

    name: str
    type: str
    needs: str
    error: str
    source: str


_RULES: dict[str, Rule] = {}
exercised: Counter[str] = Counter()
"""How often each rule was asked since the server started."""
tripped: Counter[str] = Counter()
"""How often each rule refused since the server started."""


def rule(
    type: str, *, error: str, source: str, raises: Callable[[str, str], Exception] = Refused
) -> Callable[[Callable[Parameters, str | None]], Callable[Parameters, None]]:
    """Make a rule of a function that gives AWS's message if it refuses, else None; called, the rule raises.

    Args:
        type: CloudFormation's name of the type.
        error: the error's name in the service's API.
        source: where AWS says so, with the date read.
        raises: the exception that the service answers with, made of error and message.
    """

    def made(check: Callable[Parameters, str | None]) -> Callable[Parameters, None]:
        name = f"{check.__module__.rpartition('.')[2]}.{check.__name__}"
        needs = (check.__doc__ or "").strip().partition("\n")[0]
        _RULES[name] = Rule(name, type, needs, error, source)

        @wraps(check)
        def asked(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
            exercised[name] += 1
            message = check(*args, **kwargs)
            if message is not None:
                tripped[name] += 1
                raise raises(error, message)

        return asked

    return made


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by name."""
    from infra.local import rules as folder

    for module in iter_modules(folder.__path__):
        import_module(f"{folder.__name__}.{module.name}")
    return dict(sorted(_RULES.items()))
