"""AWS::SageMaker::EndpointConfig."""

from __future__ import annotations

from infra.local.declared import Call, Declared, Tagging


class EndpointConfig(Declared, name="AWS::SageMaker::EndpointConfig"):
    """What an endpoint runs, which nothing but its tags can change; Ref is its ARN."""

    service = "sagemaker"
    creates = Call("create_endpoint_config")
    identity = "EndpointConfigArn"
    generates = ("EndpointConfigName", 63)
    reads = (Call("describe_endpoint_config", {"EndpointConfigName": "{name}"}),)
    deletes = Call("delete_endpoint_config", {"EndpointConfigName": "{name}"})
    missing = "Could not find endpoint configuration"
    tagging = Tagging(
        "add_tags", "delete_tags", {"ResourceArn": "{id}"}, lists=Call("list_tags", {"ResourceArn": "{id}"}, "Tags")
    )
