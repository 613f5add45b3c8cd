"""A new enclave's settings file, valid from the start."""

from __future__ import annotations

from ipaddress import IPv4Network
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from infra.settings.loader import ENCLAVES, NOT_ENCLAVES, check, files
from infra.settings.problem import Problem, SettingsError, shown
from infra.settings.rules.names import RESERVED_NAMES
from infra.settings.types import Name

if TYPE_CHECKING:
    from infra.settings.enclave import Enclave

TEMPLATE = Path(__file__).with_name("starter.yaml")
RELIED_ON = (
    ("baseline-blocks-public-access", "NET-05", "VPC block public access is on"),
    ("baseline-enforces-guardrail", "GRD-04", "a guardrail is enforced on every model"),
    ("baseline-records-invocations", "EVD-05", "invocation logging is on and no data is retained by AWS"),
)
"""What an enclave without the account's baseline rests on: assumption, control, what the other enclave sees to."""
RANGE = IPv4Network("10.64.0.0/10")
"""Where new enclaves get their addresses."""


def write_new(name: str, root: Path = Path()) -> Path:
    """Write the settings of a new enclave and say where.

    Raises SettingsError: the name is none that an enclave can have, or its file is there already.
    """
    path = root / ENCLAVES / f"{name}.yaml"
    _check(name, path)
    others = [checked.enclave for other in files(root) if (checked := check(other)).enclave]
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        name=name,
        cidr=_free(others),
        baseline="false" if others else "true",
        relied_on=_relied_on(name) if others else "",
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        message = "is there already and stays as it is; allowed: a name without a file; give another name"
        raise SettingsError([Problem(str(path), 1, message)]) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingsError([Problem(str(path), 1, f"cannot be written: {reason}")]) from None
    return path


def _check(name: str, path: Path) -> None:
    first = name.split("-", maxsplit=1)[0]
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError as error:
        allowed = error.errors(include_url=False)[0]["ctx"]["allowed"]
        message = f"name {shown(name)} cannot be used; allowed: {allowed}; give another name"
        raise SettingsError([Problem(str(path.parent), 1, message)]) from None
    why = RESERVED_NAMES.get("agreement" if name in NOT_ENCLAVES else first)
    if why:
        message = f"name {name!r} cannot be used: {why}; allowed: a name that begins otherwise; give another name"
        raise SettingsError([Problem(str(path.parent), 1, message)])


def _relied_on(name: str) -> str:
    """The assumptions of an enclave whose account's baseline is another's: its own templates show nothing of it."""
    lines = ["  # These three go where account_baseline is true."]
    for assumption, control, what in RELIED_ON:
        lines += [
            f"  - id: {assumption}",
            f"    control: {control}",
            f"    statement: {what}, by the enclave that owns the baseline of this account and region",
            f"    owner: {name}-operations",
            "    expires: 2027-06-30",
        ]
    return "\n".join(lines) + "\n"


def _free(others: list[Enclave]) -> IPv4Network:
    """The first range that no other enclave of the project has."""
    taken = [other.network.cidr for other in others]
    return next(each for each in RANGE.subnets(new_prefix=22) if not any(each.overlaps(cidr) for cidr in taken))
