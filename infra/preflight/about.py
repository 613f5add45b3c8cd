"""What a preflight is about: an enclave's settings, and its templates where they have been synthesised."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from infra.deployment.bootstrap import Needed, needed
from infra.judges.template import NotAnAssembly, assembly_templates
from infra.preflight.questions import Unanswered
from infra.stack_names import of_enclave

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from infra.judges.template import Template
    from infra.settings import Enclave


@dataclass(frozen=True)
class About:
    """An enclave, and the assembly that would be deployed."""

    settings: Enclave
    assembly: Path | None = None
    others: tuple[Enclave, ...] = ()
    """The project's other enclaves in the same account."""

    @cached_property
    def templates(self) -> list[Template]:
        """The enclave's templates. Raises Unanswered where there are none: then nobody knows what is asked for."""
        name = self.settings.name
        remedy = f"run `cdk synth -c enclave={name}`, or name its folder with --assembly"
        if self.assembly is None or not (self.assembly / "manifest.json").exists():
            raise Unanswered("what the templates ask for is not known: there is no assembly", remedy)
        try:
            found = assembly_templates(self.assembly)
        except NotAnAssembly as error:
            raise Unanswered(str(error), remedy) from error
        if not all(of_enclave(template.stack, name) for template in found):
            raise Unanswered(f"what the templates ask for is not known: {self.assembly} is of another enclave", remedy)
        return found

    @property
    def folder(self) -> Path:
        """The assembly. Raises Unanswered as `templates` does."""
        assert self.templates
        assert self.assembly
        return self.assembly

    def resources(self, type: str, account: str | None = None) -> list[dict[str, Any]]:
        """The properties of each resource of a type, in the templates for an account (the enclave's unless named)."""
        account = account or self.settings.accounts.enclave
        return [
            resource.get("Properties", {})
            for template in self.templates
            if template.account == account
            for resource in template.body["Resources"].values()
            if resource["Type"] == type
        ]

    def bootstraps(self, account: str) -> list[Needed]:
        """The bootstraps that the templates for an account need."""
        return [need for need in needed(self.folder) if need.account == account]

    def deployers(self, account: str, kind: str) -> list[str]:
        """ARNs of the bootstrap's roles by which the CLI deploys to an account.

        `kind` is the manifest's name: `assumeRoleArn`, or `cloudFormationExecutionRoleArn`.
        """
        return sorted({arn for where, arn in self._roles(kind) if where == account})

    def _roles(self, kind: str) -> Iterator[tuple[str, str]]:
        manifest = json.loads((self.folder / "manifest.json").read_text())
        for artifact in manifest["artifacts"].values():
            arn = artifact.get("properties", {}).get(kind)
            if artifact["type"] == "aws:cloudformation:stack" and arn:
                account = artifact["environment"].removeprefix("aws://").split("/")[0]
                yield account, arn.replace("${AWS::Partition}", self.settings.partition)
