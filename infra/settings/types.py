"""The types of single settings: each says in its own error what is allowed."""

from __future__ import annotations

import re
from datetime import date
from ipaddress import IPv4Network
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from collections.abc import Callable

LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)
"""RetentionInDays of AWS::Logs::LogGroup (cfn-lint 1.58.0 schema, read 2026-11-24)."""

PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
"""RFC 1918 and RFC 6598."""


def refused(allowed: str, why: str = "") -> PydanticCustomError:
    """What a validator raises: why the value is refused (the value itself is added later), and what is allowed."""
    return PydanticCustomError("refused", "{why}|{allowed}", {"why": why, "allowed": allowed})


def _text(pattern: str, allowed: str, *, longest: int) -> Any:
    """A string of a pattern; the pattern also goes to the JSON Schema."""
    compiled = re.compile(pattern)

    def check(value: object) -> str:
        if not isinstance(value, str):
            raise refused(allowed, kind(value))
        if len(value) > longest:
            raise refused(allowed, f"{len(value)} characters long")
        if not compiled.fullmatch(value):
            raise refused(allowed)
        return value

    return Annotated[
        str,
        BeforeValidator(check),
        WithJsonSchema({"type": "string", "pattern": f"^({pattern})$", "maxLength": longest}),
    ]


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


def _parsed(parse: Callable[[str], Any], allowed: str, schema: dict[str, Any]) -> tuple[Any, Any]:
    def check(value: object) -> Any:
        if not isinstance(value, str):
            raise refused(allowed, kind(value))
        try:
            return parse(value)
        except ValueError as error:
            raise refused(allowed, str(error)) from None

    return BeforeValidator(check), WithJsonSchema({"type": "string", **schema})


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


Name = _text(
    r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
    "lower-case letters, digits and single hyphens, a letter first, at most 32 characters",
    longest=32,
)
"""Fits every resource it becomes part of: stack 128, role and `-settings-keeper` 64, guardrail 50, SageMaker 63."""

AccountId = _text(r"[0-9]{12}", 'twelve digits in quotes, such as "111122223333"', longest=12)
Region = _text(r"[a-z]{2,4}(-[a-z]+)+-[0-9]", "a region, such as us-gov-west-1", longest=32)
Zone = _text(r"[a-z]{2,4}(-[a-z]+)+-[0-9][a-z]", "a zone's name, such as us-gov-west-1a", longest=32)
PrefixListId = _text(r"pl-[0-9a-f]{8,17}", "the id of a prefix list, such as pl-0a1b2c3d", longest=20)
RoleArn = _text(
    r"arn:[a-z-]+:iam::[0-9]{12}:role/[\w+=,.@/-]{1,576}",
    "the ARN of one IAM role, such as arn:aws-us-gov:iam::111122223333:role/analyst, without wildcards",
    longest=640,
)
ProviderArn = _text(
    r"arn:[a-z-]+:iam::[0-9]{12}:(saml-provider/[\w.-]{1,128}|oidc-provider/[\w./:-]{1,255})",
    "the ARN of a SAML or OIDC provider, such as arn:aws-us-gov:iam::111122223333:saml-provider/department",
    longest=320,
)
ModelId = _text(
    r"[a-z0-9-]+\.[a-z0-9.:-]+", "a model id as Bedrock lists it, such as openai.gpt-oss-20b-1:0", longest=140
)
ProfileId = _text(
    r"[a-z-]+\.[a-z0-9-]+\.[a-z0-9.:-]+",
    "an inference profile id, such as us-gov.openai.gpt-5.6-terra",
    longest=140,
)
Image = _text(
    r"[0-9]{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.[a-z0-9.-]+/[a-z0-9][a-z0-9._/-]*@sha256:[0-9a-f]{64}",
    "an ECR image pinned by digest: ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY@sha256:DIGEST",
    longest=512,
)
Artifact = _text(
    r"sha256:[0-9a-f]{64}", "sha256: and 64 hexadecimal digits, as `sallyport models import FILE` prints", longest=71
)
InstanceType = _text(r"ml\.[a-z0-9-]+\.[a-z0-9-]+", "a SageMaker instance type, such as ml.g6.12xlarge", longest=40)
ControlId = _text(r"[A-Z]{3}-[0-9]{2}", "a control's id, such as NET-03", longest=6)
Line = _text(r"\S(.*\S)?", "a text that is not empty", longest=1024)
TopicName = _text(r"[0-9a-zA-Z_ !?.-]+", "letters, digits, space and - _ ! ? ., at most 100 characters", longest=100)
TopicDefinition = _text(r"(?s)\S(.*\S)?", "1 to 200 characters (the CLASSIC tier's limit)", longest=200)
TopicExample = _text(r"\S(.*\S)?", "1 to 100 characters on one line", longest=100)
Word = _text(r"\S(.*\S)?", "1 to 100 characters on one line", longest=100)
Message = _text(r"(?s)\S(.*\S)?", "1 to 500 characters", longest=500)
TagKey = _text(
    r"(?!(?i:aws):)[\w\s.:/=+@-]+",
    "1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with aws:",
    longest=128,
)
TagValue = _text(r"[\w\s.:/=+@-]*", "up to 256 letters, digits, spaces and _ . : / = + - @", longest=256)

_day_before, _day_schema = _parsed(_day, "a date as 2027-06-30", {"format": "date"})
Day = Annotated[date, _day_before, _day_schema]
_net_before, _net_schema = _parsed(
    _network,
    "a network of /16 to /28 inside 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10",
    {"pattern": r"^[0-9]{1,3}(\.[0-9]{1,3}){3}/[0-9]{1,2}$"},
)
Cidr = Annotated[IPv4Network, _net_before, _net_schema]


def _log_days(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value not in LOG_DAYS:
        raise refused(", ".join(map(str, LOG_DAYS)), "" if isinstance(value, int) else kind(value))
    return value


LogDays = Annotated[int, BeforeValidator(_log_days), WithJsonSchema({"type": "integer", "enum": list(LOG_DAYS)})]
Threshold = Annotated[float, Field(ge=0, le=0.99)]
