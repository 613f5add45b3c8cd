"""An account that is ready for the default enclave, on an embedded AWS in this process; and ways to change it."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from infra.deployment.furnished import furnish
from infra.local import accounts
from infra.local.server import in_process
from infra.preflight.about import About
from infra.preflight.item import items
from infra.preflight.questions import Respondent
from infra.preflight.run import Report, Result, asked_of, preflight
from infra.settings import Enclave, find, load

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT, EVIDENCE = "111122223333", "444455556666"
ADMINISTRATOR = "arn:aws-us-gov:iam::aws:policy/AdministratorAccess"


def connected(account: str, region: str = "us-gov-west-1") -> Any:
    """A session on an account."""
    key = accounts.access_key(account)
    return boto3.Session(region_name=region, aws_access_key_id=key, aws_secret_access_key="embedded")


@dataclass(frozen=True)
class World:
    """What a preflight is given."""

    settings: Enclave
    assembly: Path | None
    sessions: dict[str, Any]
    scratch: Path
    others: tuple[Enclave, ...] = ()
    hooks: dict[str, tuple[tuple[str, Any], ...]] = field(default_factory=dict)
    """What answers in the account's place, by session."""

    def client(self, service: str) -> Any:
        return connected(ACCOUNT).client(service)

    def with_settings(self, **changes: Any) -> "World":
        """The same with other settings; dots are written as two underscores."""
        settings = self.settings
        for path, value in changes.items():
            names = path.split("__")
            made = value
            for depth in range(len(names) - 1, -1, -1):
                owner: Any = settings
                for name in names[:depth]:
                    owner = getattr(owner, name)
                made = owner.model_copy(update={names[depth]: made})
            settings = made
        return replace(self, settings=settings)

    def with_assembly(self, change: Callable[[dict[str, Any], dict[str, Any]], None]) -> "World":
        """The same with a changed copy of the assembly: `change` gets the manifest, and the bodies by stack's word."""
        assert self.assembly
        folder = self.scratch / "assembly"
        shutil.copytree(self.assembly, folder)
        manifest = json.loads((folder / "manifest.json").read_text())
        paths = {
            artifact["properties"]["stackName"].rpartition("-")[2]: folder / artifact["properties"]["templateFile"]
            for artifact in manifest["artifacts"].values()
            if artifact["type"] == "aws:cloudformation:stack"
        }
        bodies = {stack: json.loads(path.read_text()) for stack, path in paths.items()}
        change(manifest, bodies)
        (folder / "manifest.json").write_text(json.dumps(manifest))
        for stack, path in paths.items():
            path.write_text(json.dumps(bodies[stack]))
        return replace(self, assembly=folder)

    def answering(self, call: str, answer: Any, *, status: int = 200, of: str = "enclave") -> "World":
        """The same with one call answered so: a dict, or a function that changes the true answer in place."""
        service, _, operation = call.partition(":")
        if callable(answer):

            def after(parsed: dict[str, Any], **_: Any) -> None:
                answer(parsed)

            hook: tuple[str, Any] = (f"after-call.*.{operation}", after)
        else:

            def before(model: Any, **_: Any) -> Any:
                if (model.service_model.service_name, model.name) == (service, operation):
                    return SimpleNamespace(status_code=status), answer
                return None

            hook = ("before-call", before)
        hooks = {**self.hooks, of: (*self.hooks.get(of, ()), hook)}
        session = connected({"enclave": ACCOUNT, "evidence": EVIDENCE}[of])
        for event, handler in reversed(hooks[of]):  # the first that answers counts
            session.events.register(event, handler)
        return replace(self, sessions={**self.sessions, of: session}, hooks=hooks)

    def failing(self, call: str, code: str, status: int = 400, of: str = "enclave") -> "World":
        """The same with one call refused."""
        error = {"Error": {"Code": code, "Message": "said so"}, "ResponseMetadata": {"HTTPStatusCode": status}}
        return self.answering(call, error, status=status, of=of)

    def run(self, *accept: str) -> Report:
        return preflight(self.sessions, self.settings, assembly=self.assembly, accept=accept)

    def result(self, id: str) -> Result:
        (item,) = [each for each in items() if each.id == id]
        respondent = Respondent(self.sessions[item.of], self.settings.region)
        return asked_of(item, About(self.settings, self.assembly, self.others), respondent, {})


@pytest.fixture
def world(assembly: Path, tmp_path: Path) -> Iterator[World]:
    """Bootstrapped, with provider, access, quota and image; nothing of the enclave is deployed."""
    settings = load(find("sandbox", ROOT))
    with in_process(settings.accounts.enclave):
        session = connected(settings.accounts.enclave)
        bootstrap(session, settings.accounts.enclave)
        furnish(session, settings)
        yield World(settings, assembly, {"enclave": session, "evidence": session}, tmp_path)


def bootstrap(session: Any, account: str) -> None:
    """What the preflight looks at of a bootstrap."""
    session.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Type="String", Value="33")
    iam = session.client("iam")
    statement = {"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    for kind in ("cfn-exec", "deploy"):
        name = f"cdk-hnb659fds-{kind}-role-{account}-us-gov-west-1"
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
        iam.attach_role_policy(RoleName=name, PolicyArn=ADMINISTRATOR)
