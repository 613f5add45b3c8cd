"""AWS::ApiGateway::Stage."""

from __future__ import annotations

from typing import Any

from infra.local import attachments, tags
from infra.local.absent import absent_is_done, if_there, undone
from infra.local.attachments import Attachment
from infra.local.resource_type import Context, Properties, ResourceType, Unsupported
from infra.local.shapes import from_api, to_api

SETTINGS = {
    "CacheDataEncrypted": "caching/dataEncrypted",
    "CacheTtlInSeconds": "caching/ttlInSeconds",
    "CachingEnabled": "caching/enabled",
    "DataTraceEnabled": "logging/dataTrace",
    "LoggingLevel": "logging/loglevel",
    "MetricsEnabled": "metrics/enabled",
    "ThrottlingBurstLimit": "throttling/burstLimit",
    "ThrottlingRateLimit": "throttling/rateLimit",
}
"""What a method setting is called in a patch; API Gateway API reference, "Patch operations", read 2026-11-24."""
LACKS = ("CanarySetting", "ClientCertificateId", "DocumentationVersion")
PLAIN = ("CacheClusterEnabled", "CacheClusterSize", "DeploymentId", "Description", "TracingEnabled")
LATER = ("AccessLogSetting", "MethodSettings", "Tags")


class Stage(ResourceType, name="AWS::ApiGateway::Stage"):
    """A deployment under a name, with its logging and throttling; Ref is the name, which only its API has once."""

    importable = False  # which API's stage it is is known from its creation alone

    def create(self, properties: Properties, context: Context) -> str:
        client = context.client("apigateway")
        for name in LACKS:
            if name in properties:
                raise Unsupported(f"property {name} of {self.type_name}")
        if "StageName" not in properties:
            raise Unsupported(f"{self.type_name} without StageName")
        where = {"restApiId": properties["RestApiId"], "stageName": properties["StageName"]}
        labels = tags.wanted(properties, context.tags)
        client.create_stage(**to_api(client, "create_stage", properties, omit=LATER, tags=labels))
        with undone(lambda: client.delete_stage(**where)):
            said = {name: properties[name] for name in LATER if name in properties}
            if patches := _patches({}, said):
                client.update_stage(**where, patchOperations=patches)
        attachments.record(context, _owner(context), [Attachment("RestApi", where["restApiId"], where["stageName"])])
        return str(where["stageName"])

    def read(self, physical_id: str, context: Context) -> Properties | None:
        client = context.client("apigateway")
        holders = [each.holder for each in attachments.held(context, _owner(context)) if each.what == physical_id]
        holders = holders or [api["id"] for api in client.get_rest_apis(limit=500)["items"]]
        for api in holders:
            found = if_there(client.get_stage, "NotFoundException", restApiId=api, stageName=physical_id)
            if found is not None:
                return self._told(api, found, context)
        return None

    def _told(self, api: str, found: dict[str, Any], context: Context) -> Properties:
        answer = {name: value for name, value in found.items() if name not in ("tags", "methodSettings")}
        renames = {"accessLogSettings": "AccessLogSetting"}
        read = from_api(self.type_name, context.region, {**answer, "RestApiId": api}, rename=renames)
        settings = [
            {
                "ResourcePath": f"/{path.rpartition('/')[0]}",
                "HttpMethod": path.rpartition("/")[2],
                **{f"{name[0].upper()}{name[1:]}": value for name, value in values.items()},
            }
            for path, values in found.get("methodSettings", {}).items()
        ]
        known = tags.as_list(found.get("tags", {}))
        return {
            **read,
            **({"MethodSettings": settings} if settings else {}),
            **({"Tags": known} if known else {}),
        }

    def update(self, physical_id: str, old: Properties, new: Properties, context: Context) -> None:
        client = context.client("apigateway")
        for name in LACKS:
            if name in new:
                raise Unsupported(f"property {name} of {self.type_name}")
        where = {"restApiId": new["RestApiId"], "stageName": physical_id}
        if patches := _patches(old, new):
            client.update_stage(**where, patchOperations=patches)
        arn = f"arn:{context.partition}:apigateway:{context.region}::/restapis/{new['RestApiId']}/stages/{physical_id}"
        tags.settle(
            client.get_stage(**where).get("tags", {}),
            tags.wanted(new, context.tags),
            put=lambda put: client.tag_resource(resourceArn=arn, tags=put),
            drop=lambda keys: client.untag_resource(resourceArn=arn, tagKeys=keys),
        )

    def delete(self, physical_id: str, properties: Properties, context: Context) -> None:
        with absent_is_done("NotFoundException"):
            context.client("apigateway").delete_stage(restApiId=properties["RestApiId"], stageName=physical_id)


def _owner(context: Context) -> str:
    return f"{context.stack_id}/{context.logical_id}"


def _patches(old: Properties, new: Properties) -> list[dict[str, str]]:
    """The operations that turn one set of properties into another."""
    patches = [_put(f"/{name[0].lower()}{name[1:]}", new.get(name)) for name in PLAIN if old.get(name) != new.get(name)]
    for name, path in (("Variables", "variables"), ("AccessLogSetting", "accessLogSettings")):
        was, now = old.get(name) or {}, new.get(name) or {}
        if was and not now and name == "AccessLogSetting":
            patches.append(_put(f"/{path}", None))
            continue
        members = {key: key if name == "Variables" else f"{key[0].lower()}{key[1:]}" for key in {**was, **now}}
        patches += [
            _put(f"/{path}/{member}", now.get(key)) for key, member in members.items() if was.get(key) != now.get(key)
        ]
    was, now = (_by_method(each.get("MethodSettings", [])) for each in (old, new))
    for method in {**was, **now}:
        if was.get(method) == now.get(method):
            continue
        patches += [_put(f"/{method}", None)] if method in was else []
        patches += [_put(f"/{method}/{SETTINGS[name]}", value) for name, value in now.get(method, {}).items()]
    return patches


def _by_method(settings: list[Properties]) -> dict[str, Properties]:
    """The settings by what a patch calls their method, `~1path/GET`."""
    return {
        f"{each['ResourcePath'].removeprefix('/')}/{each['HttpMethod']}": {
            name: value for name, value in each.items() if name not in ("ResourcePath", "HttpMethod")
        }
        for each in settings
    }


def _put(path: str, value: Any) -> dict[str, str]:
    if value is None:
        return {"op": "remove", "path": path}
    return {"op": "replace", "path": path, "value": str(value).lower() if isinstance(value, bool) else str(value)}
