"""A synthesised template as a judge sees it: with its environment, without its Metadata."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class JudgeError(RuntimeError):
    """A judge could not be run, so its verdict is not known."""


@dataclass(frozen=True)
class Template:
    """One stack's template; `body` carries no Metadata, `construct_paths` what the Metadata told of origins."""

    stack: str
    account: str
    region: str
    path: Path
    body: dict[str, Any]
    construct_paths: dict[str, str]


@dataclass(frozen=True, order=True)
class Objection:
    """What one judge has against one resource (or, without a logical id, against the template)."""

    judge: str
    rule: str
    stack: str
    logical_id: str
    message: str


class NotAnAssembly(ValueError):
    """The folder is no cloud assembly, or one whose stacks do not say where they are deployed."""


def assembly_templates(assembly: Path) -> list[Template]:
    """The templates of a cloud assembly, sorted by stack name. Raises NotAnAssembly if it is not one."""
    try:
        manifest = json.loads((assembly / "manifest.json").read_text())
        stacks = [a for a in manifest["artifacts"].values() if a["type"] == "aws:cloudformation:stack"]
        found = [_template(assembly, artifact["properties"], artifact["environment"]) for artifact in stacks]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAnAssembly(
            f"{assembly} is no cloud assembly ({type(error).__name__}: {error}); run `cdk synth`"
        ) from None
    return sorted(found, key=lambda template: template.stack)


def _template(assembly: Path, properties: dict[str, Any], environment: str) -> Template:
    path = assembly / properties["templateFile"]
    account, region = environment.removeprefix("aws://").split("/")
    body = json.loads(path.read_text())
    body.pop("Metadata", None)
    construct_paths = {}
    for logical_id, resource in body["Resources"].items():
        if not isinstance(resource["Type"], str):
            raise TypeError(f"{logical_id} has no type")
        construct_paths[logical_id] = resource.pop("Metadata", {}).get("aws:cdk:path", "")
    return Template(properties["stackName"], account, region, path, body, construct_paths)
