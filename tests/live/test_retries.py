"""Throttled, failing and broken calls of a real server: tried again, then an error, never a part of a verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from infra.deployment.account import session
from infra.live.account import ATTEMPTS, Account, LiveError
from infra.local import faults, server
from infra.settings import find, load
from scripts.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = load(find("sandbox", ROOT))
WAYS = (
    "code=ThrottlingException status=400",
    "code=RequestLimitExceeded status=503",
    "code=ServiceUnavailable status=503",
    "code=InternalError status=500",
    "reset",
)


@pytest.fixture(scope="module")
def running() -> Iterator[server.Server]:
    with server.start(account=SETTINGS.accounts.enclave, region=SETTINGS.region) as started:
        yield started


@pytest.fixture(autouse=True)
def environment(running: server.Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda self, context: 0.0)
    monkeypatch.chdir(ROOT)
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    faults.clear()
    yield
    faults.clear()


def account() -> Account:
    return Account(session(None, SETTINGS.region), SETTINGS.region)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("service", "operation", "call", "arguments"),
    [
        ("ec2", "DescribeVpcs", "describe_vpcs", {}),
        ("s3", "ListBuckets", "list_buckets", {}),
        ("bedrock", "ListGuardrails", "list_guardrails", {}),
    ],
)
def test_a_call_recovers_within_its_retries_and_is_an_error_beyond(
    service: str, operation: str, call: str, arguments: dict[str, Any], way: str
) -> None:
    asked = account()
    before = asked.call(service, call, **arguments)
    fault = faults.order(f"call {service}/{operation} times={ATTEMPTS - 1} {way}")
    answered = asked.call(service, call, **arguments)
    before.pop("ResponseMetadata"), answered.pop("ResponseMetadata")
    assert answered == before
    assert len(fault.struck) == ATTEMPTS - 1
    fault = faults.order(f"call {service}/{operation} times=99 {way}")
    with pytest.raises(LiveError, match=f"{service} {call}") as refused:
        asked.call(service, call, **arguments)
    assert len(fault.struck) == ATTEMPTS
    said = str(refused.value)
    assert f"{ATTEMPTS} times" in said
    assert "run again" in said


def test_a_refusal_is_not_tried_again() -> None:
    fault = faults.order("call ec2/DescribeVpcs code=UnauthorizedOperation status=403 times=9")
    with pytest.raises(LiveError, match=r"tried once: .*; let whose credentials these are make this call"):
        account().call("ec2", "describe_vpcs")
    assert len(fault.struck) == 1


def test_every_client_of_a_session_is_made_so(running: server.Server) -> None:
    config = session(None, SETTINGS.region).client("ssm").meta.config
    assert (config.retries["mode"], config.retries["total_max_attempts"]) == ("standard", ATTEMPTS)
    assert (config.connect_timeout, config.read_timeout) == (5, 30)


def verify() -> Any:
    return CliRunner().invoke(app, ["verify", "--format", "json", "--as-of", "2026-11-24"])


@pytest.fixture
def standing(running: server.Server) -> Iterator[None]:
    """A stack, so that there is something to verify."""
    cloudformation = running.client("cloudformation")
    body = '{"Resources": {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}}}'
    cloudformation.create_stack(StackName="sandbox-network", TemplateBody=body)
    assert cloudformation.describe_stacks()["Stacks"][0]["StackStatus"].startswith("CREATE_")
    cloudformation.describe_stacks(StackName="sandbox-network")
    yield
    cloudformation.delete_stack(StackName="sandbox-network")


@pytest.mark.usefixtures("standing")
def test_verify_says_the_same_after_retries_and_nothing_where_they_do_not_help() -> None:
    before = verify()
    assert before.exit_code == 1  # a lone network falls short
    for operation in ("sts/GetCallerIdentity", "cloudformation/DescribeStacks", "ec2/DescribeVpcs", "iam/*"):
        faults.order(f"call {operation} times=2 code=ServiceUnavailable status=503")
    assert verify().stdout == before.stdout
    assert [each.times for each in faults.ordered()] == [0, 0, 0, 0]
    for operation in ("sts/GetCallerIdentity", "cloudformation/DescribeStacks", "ec2/DescribeVpcs"):
        faults.clear()
        faults.order(f"call {operation} times=99")
        broken = verify()
        assert (broken.exit_code, broken.stdout) == (1, ""), operation
        assert f"ThrottlingException (400), tried {ATTEMPTS} times" in broken.stderr
        assert "the account is throttled: run again later" in broken.stderr
