"""Templates as the tests of the engine write them."""

from __future__ import annotations

from typing import Any

NO_WAY = "no way"
"""A parameter of this value is refused, where a test asks for it."""


def template(**resources: Any) -> dict[str, Any]:
    """A template of these resources."""
    return {"Resources": resources}


def parameter(value: Any, name: str | None = None, **beside: Any) -> dict[str, Any]:
    """A parameter of Parameter Store; `beside` stands next to its properties."""
    named = {"Name": name} if name else {}
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value, **named}, **beside}


def queue(**properties: Any) -> dict[str, Any]:
    """A queue."""
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def ref(name: str) -> dict[str, str]:
    """A reference to a resource or parameter."""
    return {"Ref": name}


def att(name: str, attribute: str) -> dict[str, list[str]]:
    """A reference to an attribute."""
    return {"Fn::GetAtt": [name, attribute]}


def output(value: Any, export: str | None = None) -> dict[str, Any]:
    """An output, and the name it is exported by."""
    return {"Value": value, **({"Export": {"Name": export}} if export else {})}
