"""The types of single settings: each says in its own error what is allowed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, Any

from pydantic_core import PydanticCustomError, core_schema

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA = 1
"""The shape of settings files that this version reads."""

_NEWER = (
    "take the version of Sallyport that reads it, or write the file in the shape allowed "
    '(docs/operations.md, "Upgrade Sallyport")'
)

LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""RetentionInDays of AWS::Logs::LogGroup (cfn-lint 1.58.0 schema, read 2026-11-24)."""

LOG_DAYS_ALLOWED = ", ".join(map(str, LOG_DAYS))
THRESHOLD_ALLOWED = "a number from 0 to 0.99"

PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
"""RFC 1918 and RFC 6598."""


@dataclass(frozen=True, eq=False)
class Check:
    """How one value is checked, and what an editor may know of it: the metadata of an `Annotated` type.

    `check` gets the value as YAML has it and gives the setting's, or raises what `refused` makes; `allowed` says in
    words what it takes, `schema` as JSON Schema.
    """

    check: Callable[[Any], Any]
    allowed: str
    schema: dict[str, Any]

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, _schema: object, _handler: object) -> dict[str, Any]:
        return dict(self.schema)


def refused(allowed: str, why: str = "", remedy: str = "") -> PydanticCustomError:
    """What a check raises: why the value is refused (the value itself is added later), and what is allowed.

    `remedy` is what to do where changing the setting is not it.
    """
    return PydanticCustomError("refused", "{why}|{allowed}", {"why": why, "allowed": allowed, "remedy": remedy})


def kind(value: object) -> str:
    """What sort of value YAML gave, for an error."""
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case tuple():
            return "a list"
    return "a mapping"


def text(pattern: str, allowed: str, *, longest: int, schema: str | None = None) -> Check:
    """A text of a pattern; `schema` is the pattern for editors where JSON Schema cannot say the same, or empty."""
    compiled = re.compile(pattern)

    def check(value: object) -> str:
        if not isinstance(value, str):
            raise refused(allowed, kind(value))
        if len(value) > longest:
            raise refused(allowed, f"{len(value)} characters long")
        if not compiled.fullmatch(value):
            raise refused(allowed)
        return value

    editor = {"pattern": f"^({pattern})$"} if schema is None else {"pattern": schema} if schema else {}
    return Check(check, allowed, {"type": "string", **editor, "maxLength": longest})


def whole(least: int, most: int) -> Check:
    """A whole number between bounds."""
    allowed = f"a whole number from {least} to {most}"

    def check(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise refused(allowed, kind(value))
        if not least <= value <= most:
            raise refused(allowed)
        return value

    return Check(check, allowed, {"type": "integer", "minimum": least, "maximum": most})


def _parsed(parse: Callable[[str], Any], allowed: str, schema: dict[str, Any]) -> Check:
    def check(value: object) -> Any:
        if not isinstance(value, str):
            raise refused(allowed, kind(value))
        try:
            return parse(value)
        except ValueError as error:
            raise refused(allowed, str(error)) from None

    return Check(check, allowed, {"type": "string", **schema})


def _day(value: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("no such day") from None


def _network(value: str) -> IPv4Network:
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}", value):
        raise ValueError("")
    try:
        network = IPv4Network(value, strict=False)
    except ValueError:
        raise ValueError("no such network") from None
    if str(network) != value:
        raise ValueError(f"not the network's own address, which is {network}")
    if not any(network.subnet_of(block) for block in PRIVATE):
        raise ValueError("not private")
    if not 16 <= network.prefixlen <= 28:
        raise ValueError("a size that no VPC has")
    return network


def _log_days(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise refused(LOG_DAYS_ALLOWED, kind(value))
    if value not in LOG_DAYS:
        raise refused(LOG_DAYS_ALLOWED)
    return value


def _threshold(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refused(THRESHOLD_ALLOWED, kind(value))
    if not 0 <= value <= 0.99:
        raise refused(THRESHOLD_ALLOWED)
    return float(value)


def _schema_version(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise refused(str(SCHEMA), kind(value))
    if value > SCHEMA:
        raise refused(str(SCHEMA), "a newer shape than this version of Sallyport reads", _NEWER)
    if value != SCHEMA:
        raise refused(str(SCHEMA), "a shape that there never was")
    return value


Name = Annotated[
    str,
    text(
        r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "lower-case letters, digits and single hyphens, a letter first, at most 32 characters",
        longest=32,
    ),
]
"""Fits every resource it becomes part of: stack 128, role and `-settings-keeper` 64, guardrail 50, SageMaker 63."""

AccountId = Annotated[str, text(r"[0-9]{12}", 'twelve digits in quotes, such as "111122223333"', longest=12)]
Region = Annotated[str, text(r"[a-z]{2,4}(-[a-z]+)+-[0-9]", "a region, such as us-gov-west-1", longest=32)]
Zone = Annotated[str, text(r"[a-z]{2,4}(-[a-z]+)+-[0-9][a-z]", "a zone's name, such as us-gov-west-1a", longest=32)]
PrefixListId = Annotated[str, text(r"pl-[0-9a-f]{8,17}", "the id of a prefix list, such as pl-0a1b2c3d", longest=20)]
RoleArn = Annotated[
    str,
    text(
        r"arn:[a-z-]+:iam::[0-9]{12}:role/[A-Za-z0-9_+=,.@/-]{1,576}",
        "the ARN of one IAM role, such as arn:aws-us-gov:iam::111122223333:role/analyst, without wildcards",
        longest=640,
    ),
]
ProviderArn = Annotated[
    str,
    text(
        r"arn:[a-z-]+:iam::[0-9]{12}:(saml-provider/[A-Za-z0-9_.-]{1,128}|oidc-provider/[A-Za-z0-9_./:-]{1,255})",
        "the ARN of a SAML or OIDC provider, such as arn:aws-us-gov:iam::111122223333:saml-provider/department",
        longest=320,
    ),
]
ModelId = Annotated[
    str,
    text(r"[a-z0-9-]+\.[a-z0-9.:-]+", "a model id as Bedrock lists it, such as openai.gpt-oss-20b-1:0", longest=140),
]
ProfileId = Annotated[
    str,
    text(
        r"[a-z-]+\.[a-z0-9-]+\.[a-z0-9.:-]+",
        "an inference profile id, such as us-gov.openai.gpt-5.6-terra",
        longest=140,
    ),
]
Image = Annotated[
    str,
    text(
        r"[0-9]{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.[a-z0-9.-]+/[a-z0-9][a-z0-9._/-]*@sha256:[0-9a-f]{64}",
        "an ECR image pinned by digest: ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY@sha256:DIGEST",
        longest=512,
    ),
]
Artifact = Annotated[
    str,
    text(
        r"sha256:[0-9a-f]{64}",
        "sha256: and 64 hexadecimal digits, as `sallyport models import FILE` prints",
        longest=71,
    ),
]
InstanceType = Annotated[
    str, text(r"ml\.[a-z0-9-]+\.[a-z0-9-]+", "a SageMaker instance type, such as ml.g6.12xlarge", longest=40)
]
ControlId = Annotated[str, text(r"[A-Z]{3}-[0-9]{2}", "a control's id, such as NET-03", longest=6)]
Line = Annotated[str, text(r"\S(.*\S)?", "1 to 1024 characters on one line", longest=1024)]
TopicName = Annotated[
    str, text(r"[0-9a-zA-Z_ !?.-]+", "letters, digits, space and - _ ! ? ., at most 100 characters", longest=100)
]
TopicDefinition = Annotated[str, text(r"\S([\s\S]*\S)?", "1 to 200 characters (the CLASSIC tier's limit)", longest=200)]
ShortLine = Annotated[str, text(r"\S(.*\S)?", "1 to 100 characters on one line", longest=100)]
Message = Annotated[str, text(r"\S([\s\S]*\S)?", "1 to 500 characters", longest=500)]
TagKey = Annotated[
    str,
    text(
        r"(?![aA][wW][sS]:)[\w .:/=+@-]+",  # in an editor's regular expressions \w is ASCII, but AWS takes any letter
        "1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with aws:",
        longest=128,
        schema="^(?![aA][wW][sS]:)",
    ),
]
TagValue = Annotated[
    str,
    text(
        r"[\w .:/=+@-]*",
        "up to 256 letters, digits, spaces and _ . : / = + - @",
        longest=256,
        schema="",
    ),
]
Day = Annotated[date, _parsed(_day, "a date, such as 2027-06-30", {"format": "date"})]
Cidr = Annotated[
    IPv4Network,
    _parsed(
        _network,
        "a network of /16 to /28 inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10",
        {"pattern": r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$"},
    ),
]
LogDays = Annotated[int, Check(_log_days, LOG_DAYS_ALLOWED, {"type": "integer", "enum": list(LOG_DAYS)})]
EvidenceDays = Annotated[int, whole(1, 36_500)]
InstanceCount = Annotated[int, whole(1, 100)]
VersionNumber = Annotated[int, whole(1, 99_999_999)]
SchemaVersion = Annotated[int, Check(_schema_version, f"`{SCHEMA}`", {"type": "integer", "const": SCHEMA})]
Threshold = Annotated[float, Check(_threshold, THRESHOLD_ALLOWED, {"type": "number", "minimum": 0, "maximum": 0.99})]
