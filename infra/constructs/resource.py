"""One resource, in CloudFormation's own words (docs/adr/0006)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aws_cdk import CfnResource, RemovalPolicy, Token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from constructs import Construct

Properties = dict[str, Any]


class Resource(CfnResource):
    """A resource of a type, with properties named as CloudFormation names them.

    A misspelt property is an error of `cdk synth` and of the gate, with its place; none is dropped in silence.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        type: str,
        properties: Mapping[str, Any],
        *,
        removal: RemovalPolicy | None = None,
    ) -> None:
        """Make the resource.

        Args:
            scope: construct above.
            id: id within it.
            type: CloudFormation's name of the type, such as `AWS::EC2::VPC`.
            properties: its properties; one that is None is left out, at any depth.
            removal: what becomes of it when it leaves the stack or is replaced; it is deleted unless given.
        """
        super().__init__(scope, id, type=type, properties=given(properties))
        self._attributes: dict[str, str] = {}
        if removal:
            self.apply_removal_policy(removal)

    @cached_property
    def physical_id(self) -> str:
        """What CloudFormation's `Ref` gives."""
        return self.ref

    def attribute(self, name: str) -> str:
        """What CloudFormation's `Fn::GetAtt` gives, as text."""
        if name not in self._attributes:
            self._attributes[name] = Token.as_string(self.get_att(name))
        return self._attributes[name]


def given(value: Any) -> Any:
    """A value without what is None in it; a mapping or list that was empty before stays."""
    if isinstance(value, dict):
        return {name: given(each) for name, each in value.items() if each is not None}
    if isinstance(value, (list, tuple)):
        return [given(each) for each in value]
    return value
