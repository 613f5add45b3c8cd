"""`sallyport local`: `fail` and `furnish` work on the embedded AWS of the environment; `start` furnishes a project."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from typer.testing import CliRunner

from infra.deployment.furnished import STAND_IN, furnish_project
from infra.local import faults
from infra.local.server import start
from infra.settings import find, load
from scripts.main import app

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with start() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.url)
        yield


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["local", *arguments])


@pytest.mark.usefixtures("server")
def test_faults_are_ordered_told_and_taken_back() -> None:
    told = run("fail", "create one/A", "call ec2/* times=2")
    assert told.exit_code == 0
    assert [json.loads(line)["left"] for line in told.stdout.splitlines()] == [1, 2]
    assert run("fail").stdout == told.stdout
    assert [fault.what for fault in faults.ordered()] == ["A", "*"]
    assert run("fail", "--clear").stdout.strip() == ""
    refused = run("fail", "nonsense")
    assert (refused.exit_code, "is no fault" in refused.stderr) == (2, True)


def test_without_an_embedded_aws_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    assert run("fail").exit_code == 1
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:1")
    assert "no embedded AWS answers" in run("fail").stderr


def test_a_server_does_not_start_with_what_it_does_not_understand() -> None:
    refused = run("start", "--fail", "nonsense")
    assert (refused.exit_code, "is no fault" in refused.stderr) == (2, True)


def test_what_is_ordered_ends_with_the_server() -> None:
    with start():
        faults.order("create one/A")
    assert faults.ordered() == []


def test_an_account_is_furnished_once_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with start(account="111122223333") as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        for _ in range(2):
            told = run("furnish", "sandbox")
            assert told.exit_code == 0, told.output
        (image,) = running.client("ecr").list_images(repositoryName="vllm")["imageIds"]
        hosting = load(find("sandbox")).hosting
        assert hosting is not None
        assert hosting.image.endswith(image["imageDigest"])
    assert run("furnish", "sandbox").exit_code == 1
    assert run("furnish", "absent").exit_code == 2


def test_a_project_s_enclaves_have_what_they_need_and_the_artefact_is_awaited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "enclaves", tmp_path / "enclaves")
    shutil.copy(ROOT / STAND_IN, tmp_path / "other.gz")
    text = (tmp_path / "enclaves" / "sandbox.yaml").read_text()
    (tmp_path / "enclaves" / "broken.yaml").write_text("schema: 9\n")
    (tmp_path / "enclaves" / "elsewhere.yaml").write_text(
        text.replace("name: sandbox", "name: elsewhere").replace("111122223333", "999988887777")
    )
    monkeypatch.chdir(tmp_path)
    with start(account="111122223333") as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)

        def told(*artifacts: Path) -> list[str]:
            return list(furnish_project(lambda region: boto3.Session(region_name=region), running.account, artifacts))

        assert told() == [
            "nothing was made for enclaves/broken.yaml, which is not valid",
            "the account has what enclave sandbox needs beforehand",
        ]
        enclave, unnamed = told(Path("enclaves/sandbox.yaml"), Path("other.gz"))[-2:]
        assert enclave.endswith("; other.gz is stored once Foundation is there")
        assert unnamed.startswith("enclaves/sandbox.yaml is what no enclave's hosting.artifact names")
        bucket = running.client("s3")
        bucket.create_bucket(Bucket="taken", CreateBucketConfiguration={"LocationConstraint": "us-gov-west-1"})
        made = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}
        template = {"Resources": {"P": made}, "Outputs": {"ArtifactBucket": {"Value": "taken"}}}
        formation = running.client("cloudformation")
        formation.create_stack(StackName="sandbox-foundation", TemplateBody=json.dumps(template))
        formation.get_waiter("stack_create_complete").wait(StackName="sandbox-foundation")
        (stored,) = bucket.list_objects_v2(Bucket="taken")["Contents"]
        hosting = load(find("sandbox")).hosting
        assert hosting is not None
        assert stored["Key"] == f"sha256/{hosting.artifact.removeprefix('sha256:')}/model.tar.gz"
