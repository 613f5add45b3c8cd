"""Template text, JSON or YAML with the short forms of the intrinsics, as one document."""

from __future__ import annotations

import json
from typing import Any

import yaml

from infra.local.cloudformation.refusals import ValidationError


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C loader where there is one
    """YAML as CloudFormation reads it: keys and dates stay text, and `!Sub` is `Fn::Sub`."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:  # PyYAML's
        """The mapping, each key as it is written: an account number in Mappings is no number."""
        self.flatten_mapping(node)
        return {str(key.value): self.construct_object(value, deep=True) for key, value in node.value}


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _short_form(loader: Any, suffix: str, node: yaml.Node) -> Any:
    name = suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}"
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
        # `!GetAtt A.B` has the attribute after the first dot; attributes hold dots themselves.
        return {name: value.split(".", 1) if suffix == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short_form)


def parse(text: str) -> dict[str, Any]:
    """The document in a template's text. Raises ValidationError if it is neither JSON nor YAML, or no mapping."""
    if text.lstrip().startswith("{"):
        try:
            document = json.loads(text)
        except ValueError as error:
            raise ValidationError(f"Template format error: JSON not well-formed. ({error})") from error
    else:
        try:
            document = yaml.load(text, _Loader)  # a safe loader underneath
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
            raise ValidationError(f"Template format error: YAML not well-formed.{where}") from error
    if not isinstance(document, dict):
        raise ValidationError("Template format error: unsupported structure.")
    return document
