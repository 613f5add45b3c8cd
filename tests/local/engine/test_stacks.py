"""Stacks through the API: what is created is there, what is deleted is gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .conftest import Stacks


def parameter(value: Any, name: str | None = None, **beside: Any) -> dict[str, Any]:
    properties = {"Type": "String", "Value": value, **({"Name": name} if name else {})}
    return {"Type": "AWS::SSM::Parameter", "Properties": properties, **beside}


def test_a_stack_makes_its_resources_and_takes_them_away(stacks: Stacks) -> None:
    template = {
        "Resources": {
            "Copy": parameter({"Fn::GetAtt": ["Queue", "Arn"]}, "/copy"),
            "Queue": {"Type": "AWS::SQS::Queue"},
        }
    }
    assert stacks.create("one", template)["StackStatus"] == "CREATE_COMPLETE"
    assert (stacks.value("/copy") or "").startswith("arn:aws-us-gov:sqs:us-gov-west-1:111122223333:one-Queue-")
    arn = stacks.stands("one")["StackId"]
    stacks.api.delete_stack(StackName="one")
    assert stacks.stands(arn)["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.value("/copy") is None
