"""AWS::SageMaker::Model."""

from __future__ import annotations

from infra.local.declared import Call, Declared, Tagging


class Model(Declared, name="AWS::SageMaker::Model"):
    """A model to host, which nothing but its tags can change; Ref is its ARN."""

    service = "sagemaker"
    creates = Call("create_model")
    identity = "ModelArn"
    generates = ("ModelName", 63)
    reads = (Call("describe_model", {"ModelName": "{name}"}),)
    deletes = Call("delete_model", {"ModelName": "{name}"})
    missing = "Could not find model"
    tagging = Tagging(
        "add_tags", "delete_tags", {"ResourceArn": "{id}"}, lists=Call("list_tags", {"ResourceArn": "{id}"}, "Tags")
    )
