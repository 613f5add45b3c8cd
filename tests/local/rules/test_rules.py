"""Every rule by two cases beside this file: one that it refuses, and one that differs in that alone.

A case is `<rule>.trips.yaml` and `<rule>.passes.yaml`, or `<rule>.<case>.trips.yaml` where a rule has several: a
template. `@` and a number repeat a line of it that often, the number of the copy in place. Beside it may lie

- `….given.yaml`: calls that the account is prepared with, written as those below;
- `….before.yaml`: a template that the stack is made of first, so that the case is its update;
- `….trips.calls.yaml` and `….passes.calls.yaml`: calls after the stack stands, each
  `{service: …, operation: …, parameters: {…}}`, or with a `region: …` of its own, with `${Name}` for the stack's output
  of that name. What is refused is then the last call and not the template.
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from botocore.exceptions import ClientError
from moto.core.base_backend import BackendDict

from infra.deployment.furnished import MANIFEST
from infra.local import server
from infra.local.cloudformation import operations
from infra.local.rule import rules, tripped

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
CASES = sorted(path.name.removesuffix(".trips.yaml") for path in HERE.glob("*.trips.yaml"))
SAMPLED = random.Random(20261124).sample(CASES, min(16, len(CASES)))
"""What `make test` tries; the long run tries all."""
TRIED = [pytest.param(case, marks=() if case in SAMPLED else pytest.mark.full) for case in CASES]
REPEATED = re.compile(r"@(\d+)")


@pytest.fixture(scope="module")
def running() -> Iterator[server.Server]:
    with server.start() as started:
        yield started


@pytest.fixture
def account(running: server.Server) -> server.Server:
    """An account where nothing is but an image to make models of."""
    operations.wait(10)
    BackendDict.reset()
    ecr = running.client("ecr")
    ecr.create_repository(repositoryName="one")
    ecr.put_image(
        repositoryName="one",
        imageManifest="{}",
        imageManifestMediaType=MANIFEST,
        imageTag="latest",
        imageDigest=f"sha256:{'a' * 64}",
    )
    tripped.clear()
    return running


def rule_of(case: str) -> str:
    return ".".join(case.split(".")[:2])


def body(template: Path) -> str:
    """The template's text, each line that says so as often as it says."""
    lines = []
    for line in template.read_text().splitlines():
        times = REPEATED.search(line)
        lines += [REPEATED.sub(str(n), line) for n in range(int(times[1]))] if times else [line]
    return "\n".join(lines)


def deploy(account: server.Server, case: str, end: str) -> tuple[str, list[str]]:
    """Deploy a template and make its calls: what becomes of it, and what the refusals say."""
    stacks = account.client("cloudformation")
    asked: dict[str, Any] = {"StackName": "case", "Capabilities": ["CAPABILITY_NAMED_IAM"]}
    given = HERE / f"{case}.given.yaml"
    if given.exists():
        assert call(account, body(given))[0] == "CREATE_COMPLETE"
    before = HERE / f"{case}.before.yaml"
    try:
        if before.exists():
            stacks.create_stack(**asked, TemplateBody=body(before))
            operations.wait(10)
            stacks.update_stack(**asked, TemplateBody=body(HERE / f"{case}.{end}.yaml"))
        else:
            stacks.create_stack(**asked, TemplateBody=body(HERE / f"{case}.{end}.yaml"))
    except ClientError as refused:
        return "REFUSED", [str(refused)]
    operations.wait(10)
    told = stacks.describe_stacks(StackName="case")["Stacks"][0]
    pages = stacks.get_paginator("describe_stack_events").paginate(StackName="case")
    events = [event for page in pages for event in page["StackEvents"]]
    reasons = [event.get("ResourceStatusReason", "") for event in events if "FAILED" in event["ResourceStatus"]]
    calls = HERE / f"{case}.{end}.calls.yaml"
    if calls.exists():
        assert told["StackStatus"].endswith("E_COMPLETE"), reasons
        outputs = {one["OutputKey"]: one["OutputValue"] for one in told.get("Outputs", [])}
        return call(account, re.sub(r"\$\{(\w+)\}", lambda name: outputs[name[1]], body(calls)))
    return told["StackStatus"], reasons


def call(account: server.Server, text: str) -> tuple[str, list[str]]:
    """Make the calls; only the last may be refused."""
    *first, last = yaml.safe_load(text)
    for one in first:
        getattr(account.client(one["service"], region=one.get("region")), one["operation"])(**one.get("parameters", {}))
    try:
        getattr(account.client(last["service"]), last["operation"])(**last.get("parameters", {}))
    except ClientError as refused:
        return "REFUSED", [str(refused)]
    return "CREATE_COMPLETE", []


def test_every_rule_has_its_cases_and_every_case_a_rule() -> None:
    assert {rule_of(case) for case in CASES} == set(rules())
    assert {path.name for path in HERE.glob("*.passes.yaml")} == {f"{case}.passes.yaml" for case in CASES}


@pytest.mark.parametrize("case", TRIED)
def test_what_it_refuses_fails_with_its_error(account: server.Server, case: str) -> None:
    name = rule_of(case)
    status, reasons = deploy(account, case, "trips")
    assert status in ("ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "REFUSED"), reasons
    assert any(rules()[name].error in reason for reason in reasons), reasons
    assert tripped[name]


@pytest.mark.parametrize("case", TRIED)
def test_with_that_one_thing_right_it_goes_through(account: server.Server, case: str) -> None:
    status, reasons = deploy(account, case, "passes")
    assert status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), reasons
    assert not tripped[rule_of(case)]
