"""AWS::ApiGateway::RestApi."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from infra.local.declared import Call, Declared, Tagging
from infra.local.shapes import as_json

if TYPE_CHECKING:
    from infra.local.resource_type import Context, Properties

_API = {"restApiId": "{id}"}
_ARN = {"resourceArn": "arn:{partition}:apigateway:{region}::/restapis/{id}"}


class RestApi(Declared, name="AWS::ApiGateway::RestApi"):
    """An API with its endpoint and resource policy; Ref is its id. One made of an OpenAPI document is not mirrored."""

    service = "apigateway"
    creates = Call("create_rest_api")
    identity = "id"
    reads = (Call("get_rest_api", _API),)
    deletes = Call("delete_rest_api", _API)
    tagging = Tagging(target=_ARN)
    lacks = ("Body", "BodyS3Location", "CloneFrom", "FailOnWarnings", "Mode", "Parameters")
    renames: ClassVar = {"ApiKeySourceType": "apiKeySource"}

    def shaped(self, answer: dict[str, Any], context: Context) -> dict[str, Any]:
        policy = {"policy": as_json(answer["policy"])} if answer.get("policy") else {}
        return {**answer, **policy, "RestApiId": answer["id"]}

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        patches = [
            patch
            for name in sorted({*old, *new} - {"Tags"})
            if old.get(name) != new.get(name)
            for patch in _patches(name, old.get(name), new.get(name))
        ]
        if patches:
            client = context.client(self.service)
            # One call, so that an API made private gets its endpoints with it.
            client.update_rest_api(restApiId=physical_id, patchOperations=patches)
        self._retag(physical_id, new, context)


def _patches(name: str, old: Any, new: Any) -> list[dict[str, str]]:
    """The operations that turn one property into another."""
    member = "apiKeySource" if name == "ApiKeySourceType" else f"{name[0].lower()}{name[1:]}"
    match name:
        case "BinaryMediaTypes":
            return [
                {"op": op, "path": f"/{member}/{each.replace('~', '~0').replace('/', '~1')}"}
                for op, these in (("remove", _without(old, new)), ("add", _without(new, old)))
                for each in these
            ]
        case "EndpointConfiguration":
            old, new = old or {}, new or {"Types": ["EDGE"]}
            kinds = old.get("Types", ["EDGE"]), new.get("Types", ["EDGE"])
            path = f"/{member}/types/{kinds[0][0]}"
            patches = [{"op": "replace", "path": path, "value": kinds[1][0]}] if kinds[0] != kinds[1] else []
            if old.get("IpAddressType") != new.get("IpAddressType"):
                path = f"/{member}/ipAddressType"
                patches.append(_put(path, new.get("IpAddressType")))
            lists = old.get("VpcEndpointIds"), new.get("VpcEndpointIds")
            return patches + [
                {"op": op, "path": f"/{member}/vpcEndpointIds", "value": each}
                for op, these in (("remove", _without(*lists)), ("add", _without(*reversed(lists))))
                for each in these
            ]
        case "Policy":
            return [_put("/policy", json.dumps(new) if isinstance(new, dict) else new)]
        case "ApiKeySourceType":
            return [_put("/apiKeySource", new or "HEADER")]
        case _:
            return [_put(f"/{member}", new)]


def _without(these: Any, those: Any) -> list[str]:
    return [each for each in these or [] if each not in (those or [])]


def _put(path: str, value: Any) -> dict[str, str]:
    if value is None:
        return {"op": "remove", "path": path}
    return {"op": "replace", "path": path, "value": str(value).lower() if isinstance(value, bool) else str(value)}
