"""CloudFormation templates and cloud assemblies as files: JSON, YAML with its short forms, manifest.json."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infra.posture.identity import ACCOUNT_PLACEHOLDER, REGION_PLACEHOLDER
from infra.posture.values import Place

if TYPE_CHECKING:
    from pathlib import Path


class TemplateError(Exception):
    """A file that cannot be read as a template or an assembly; the message names the file."""


@dataclass(frozen=True, slots=True)
class Template:
    """One stack's template, where it will be deployed, and what is handed to it."""

    stack: str
    path: str
    place: Place
    body: Mapping[str, Any]
    parameters: Mapping[str, str] = field(default_factory=dict)
    termination_protection: bool = False
    construct_paths: Mapping[str, str] = field(default_factory=dict)
    """Construct path by logical id, from the manifest; the templates' own metadata is tried first."""


def read_templates(*paths: Path, place: Place | None = None) -> tuple[Template, ...]:
    """The templates of an assembly folder, or of the template files named, sorted by stack.

    `place` is where plain template files will be deployed; an assembly says so itself.
    Raises TemplateError for what is neither.
    """
    found = [template for path in paths for template in _read(path, place)]
    if not found:
        raise TemplateError(f"no stack in {', '.join(map(str, paths)) or 'no file'}")
    names = [(template.stack, template.place) for template in found]
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise TemplateError(f"stack {repeated[0][0]} occurs twice, allowed once, in {', '.join(map(str, paths))}")
    return tuple(sorted(found, key=lambda template: (template.stack, template.place)))


def _read(path: Path, place: Place | None) -> Iterator[Template]:
    if path.is_dir():
        yield from _assembly(path)
        return
    body = load(path)
    if not isinstance(body.get("Resources"), Mapping):
        raise TemplateError(f"{path}: no Resources section, so it is no CloudFormation template")
    stack = path.name.split(".")[0]
    yield Template(stack, path.name, place or Place(ACCOUNT_PLACEHOLDER, REGION_PLACEHOLDER), body)


def _assembly(folder: Path) -> Iterator[Template]:
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise TemplateError(f"{folder} holds no manifest.json, so it is no cloud assembly; run `cdk synth` first")
    for name, artifact in sorted(load(manifest).get("artifacts", {}).items()):
        properties = artifact.get("properties") or {}
        match artifact.get("type"):
            case "aws:cloudformation:stack":
                path = folder / properties["templateFile"]
                yield Template(
                    stack=properties.get("stackName") or name,
                    path=path.name,
                    place=_place(artifact.get("environment", "")),
                    body=load(path),
                    parameters=properties.get("parameters") or {},
                    termination_protection=bool(properties.get("terminationProtection", False)),
                    construct_paths=_construct_paths(folder, artifact),
                )
            case "cdk:cloud-assembly":
                yield from _assembly(folder / properties["directoryName"])


def _place(environment: str) -> Place:
    """`aws://111122223333/us-gov-west-1`, or `aws://unknown-account/unknown-region` where the stack does not say."""
    account, _, region = environment.removeprefix("aws://").partition("/")
    return Place(
        account if account.isdigit() else ACCOUNT_PLACEHOLDER,
        region if region and region != "unknown-region" else REGION_PLACEHOLDER,
    )


def _construct_paths(folder: Path, artifact: Mapping[str, Any]) -> dict[str, str]:
    metadata = dict(artifact.get("metadata") or {})
    if name := artifact.get("additionalMetadataFile"):
        metadata |= load(folder / name)
    return {
        entry["data"]: path.removeprefix("/")
        for path, entries in metadata.items()
        for entry in entries
        if entry.get("type") == "aws:cdk:logicalId"
    }


def load(path: Path) -> dict[str, Any]:
    """A JSON or YAML file that holds one object; raises TemplateError naming the file."""
    try:
        text = path.read_text(encoding="utf-8")
        loaded = json.loads(text) if text.lstrip().startswith("{") else _yaml(text)
    except OSError as error:
        raise TemplateError(f"{path} cannot be read: {error.strerror}; `cdk synth` writes an assembly") from error
    except (ValueError, RecursionError) as error:
        raise TemplateError(f"{path}: {error}") from error
    if not isinstance(loaded, dict):
        raise TemplateError(f"{path}: holds a {type(loaded).__name__}, expected an object")
    return loaded


def _yaml(text: str) -> Any:
    import yaml  # only YAML templates pay for it

    class Loader(yaml.SafeLoader):
        """YAML whose tags are CloudFormation's short forms; dates stay text, as CloudFormation takes them."""

    def short_form(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
        value: Any
        if isinstance(node, yaml.ScalarNode):
            value = loader.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = loader.construct_sequence(node, deep=True)
        elif isinstance(node, yaml.MappingNode):
            value = loader.construct_mapping(node, deep=True)
        if suffix == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}

    Loader.add_multi_constructor("!", short_form)
    Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: str(node.value))
    try:
        return yaml.load(text, Loader)
    except yaml.YAMLError as error:
        raise ValueError(str(error).replace("\n", " ")) from error
