"""Every command that a page shows is there, with the options shown."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import typer
from botocore import xform_name

from scripts.main import app
from tests.docs.conftest import PAGES, ROOT, Page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# What the AWS CLI adds to the services' own operations, or calls otherwise (its `argrename`).
AWS_OPTIONS = {"--region", "--profile", "--query", "--output"}
AWS_OWN = {
    ("cloudtrail", "validate-logs"): {"--trail-arn", "--start-time", "--end-time"},
    ("sns", "subscribe"): {"--topic-arn", "--protocol", "--notification-endpoint"},
}
CDK = json.loads((ROOT / "node_modules/aws-cdk/lib/cli/cli-type-registry.json").read_text())
SHORT = {"-c": "--context", "-o": "--output", "-q": "--quiet"}


def sallyport(words: list[str]) -> None:
    """Parse as the command itself would, without running it; raises what it would say."""
    command, rest = named(words)
    if "--help" not in rest:
        command.make_context(command.name, list(rest))


def named(words: list[str]) -> tuple[Any, list[str]]:
    """The command that words name, and the words after it."""
    command: Any = typer.main.get_command(app)
    while hasattr(command, "commands"):
        if words[:1] == ["--help"]:
            return command, words
        command, words = command.commands[words[0]], words[1:]
    return command, words


def cdk(words: list[str]) -> None:
    """Compare with the CLI's own registry of commands and options."""
    command = CDK["commands"][words[0]]
    known = CDK["globalOptions"] | command.get("options", {})
    for word in words[1:]:
        if word.startswith("-"):
            name = SHORT.get(word, word).removeprefix("--")
            assert name in known or name.removeprefix("no-") in known, f"cdk {words[0]} has no {word}"


def aws(words: list[str]) -> None:
    """Compare with botocore's models, which the AWS CLI makes its commands of."""
    service, operation, *rest = words
    options = AWS_OWN.get((service, operation))
    if options is None:
        client = boto3.client({"s3api": "s3"}.get(service, service), region_name="us-gov-west-1", **NOBODY)
        model = client.meta.service_model
        operations = {xform_name(name, "-"): name for name in model.operation_names}
        if operation == "wait":
            name = client.get_waiter(rest[0].replace("-", "_")).config.operation
        else:
            name = operations[operation]
        shape = model.operation_model(name).input_shape
        options = {f"--{sign}{xform_name(name, '-')}" for name in shape.members for sign in ("", "no-")}
    unknown = {word for word in rest if word.startswith("--")} - options - AWS_OPTIONS
    assert not unknown, f"aws {service} {operation} has no {unknown}"


NOBODY = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}


def make(words: list[str]) -> None:
    """The target is one of the Makefile's."""
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(words) <= set(targets)


def spoken_of(words: list[str]) -> None:
    """In prose a placeholder may stand for a value: only command and options are compared."""
    command, rest = named(words)
    options = {option for parameter in command.params for option in parameter.opts}
    unknown = {word for word in rest if word.startswith("--")} - options - {"--help"}
    assert not unknown, f"sallyport {command.name} has no {unknown}"


Check = Callable[[list[str]], None]
COMMANDS: dict[str, Check] = {"sallyport": sallyport, "cdk": cdk, "aws": aws, "make": make}


def try_command(line: str, commands: Mapping[str, Check] = COMMANDS) -> None:
    """Check a line of shell if one of our commands is in it."""
    line = re.sub(r"\$\{\{.*?\}\}", "PLACE", line)
    line = re.sub(r"^[A-Z]+=\$\((.+)\)$", r"\1", line)
    words = shlex.split(line, comments=True)
    ends = [index for index, word in enumerate(words) if word in {">", "|", "&", "&&"}]
    words = words[: ends[0]] if ends else words
    if words and words[0] in commands:
        commands[words[0]](words[1:])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that holds the files that the pages import, which the command wants to be there."""
    (tmp_path / "enclaves").mkdir()
    for name in ("model.tar.gz", "enclaves/stand-in.tar.gz"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)


def test_every_command_shown_is_there(page: Page) -> None:
    for line in page.commands():
        try_command(line)


def test_every_command_named_is_there(page: Page) -> None:
    for line in re.findall(r"`((?:sallyport|cdk|aws|make) [^`…]*)`", page.prose):
        try_command(line, COMMANDS | {"sallyport": spoken_of})


def test_the_pages_show_commands() -> None:
    shown = [line for path in PAGES for line in Page(path).commands()]
    assert sum(line.startswith("sallyport ") for line in shown) > 10
    assert sum(line.startswith("cdk ") for line in shown) > 5


@pytest.mark.parametrize(
    "line",
    [
        "sallyport nope",
        "sallyport check --only judges",
        "sallyport check --fast",
        "sallyport new",
        "sallyport verify one two",
        "cdk deploy --al",
        "aws ec2 describe-managed-prefix-list",
        "aws sns subscribe --topic TOPIC",
        "KEY=$(aws kms list-key --output text)",
        "make demos",
    ],
)
def test_a_wrong_command_is_noticed(line: str) -> None:
    with pytest.raises(Exception, match=r"."):
        try_command(line)
