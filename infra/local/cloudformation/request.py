"""A caller's request for a stack, read into what the stack is to be, or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import unquote, urlparse

from botocore.exceptions import ClientError

from infra.local.clients import client
from infra.local.cloudformation import environment, graph, schemas
from infra.local.cloudformation.conditions import check_rules, resolved
from infra.local.cloudformation.handlers import services_lock
from infra.local.cloudformation.intrinsics import Scope, attribute_of
from infra.local.cloudformation.parameters import resolve
from infra.local.cloudformation.refusals import InsufficientCapabilities, ValidationError
from infra.local.cloudformation.state import Desired, Engine, Stack
from infra.local.cloudformation.template import Template, read
from infra.local.resource_type import resource_types
from infra.local.rules import cloudformation_stack
from infra.local.rules.cloudformation_stack import BODY_BYTES, URL_BYTES

STACK_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
_NAMED_IAM = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
}
IAM_TYPES = {*_NAMED_IAM, "AWS::IAM::AccessKey", "AWS::IAM::Policy", "AWS::IAM::UserToGroupAddition"}


def stack_name(name: str) -> str:
    """The name, if a stack may bear it."""
    if not STACK_NAME.fullmatch(name):
        raise ValidationError(
            f"1 validation error detected: Value '{name}' at 'stackName' failed to satisfy constraint: "
            "Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*"
        )
    return name


def template(engine: Engine, params: Mapping[str, Any], stack: Stack | None) -> Template:
    """The template that the request carries, points to, or takes from the stack."""
    if body := params.get("TemplateBody"):
        return read(body, BODY_BYTES)
    if url := params.get("TemplateURL"):
        return read(_fetched(engine, url), URL_BYTES)
    if params.get("UsePreviousTemplate") and stack and stack.desired:
        return stack.desired.template
    raise ValidationError("Either Template URL or Template Body must be specified.")


def _fetched(engine: Engine, url: str) -> str:
    parsed = urlparse(url)
    path = unquote(parsed.path).lstrip("/")
    host = parsed.hostname or ""
    # https://BUCKET.s3.REGION.SUFFIX/KEY, or path style: https://s3.REGION.SUFFIX/BUCKET/KEY, http://localhost:PORT/…
    virtual = re.match(r"(.+)\.s3[.-]", host)
    bucket, key = (virtual[1], path) if virtual else path.split("/", 1)
    try:
        with services_lock:
            answer = client("s3", engine.account_id, engine.region_name).get_object(Bucket=bucket, Key=key)
        return str(answer["Body"].read().decode())
    except ClientError as error:
        message = error.response["Error"].get("Message", "")
        raise ValidationError(f"S3 error: {message} ({error.response['Error']['Code']}: {url})") from error


def desired(engine: Engine, params: Mapping[str, Any], stack: Stack | None, name: str, arn: str) -> Desired:
    """What the request wants of the stack of this name and ARN. Raises ValidationError, InsufficientCapabilities."""
    wanted = template(engine, params, stack)
    before = stack.desired if stack else None
    given = resolve(
        wanted.parameters,
        params.get("Parameters", ()),
        before.parameters if before else {},
        partial(environment.stored_parameter, engine),
    )
    tags = (
        {tag["Key"]: tag["Value"] for tag in params["Tags"]}
        if "Tags" in params
        else dict(before.tags if before else {})
    )
    cloudformation_stack.tags(tags)
    notification_arns = tuple(params.get("NotificationARNs", before.notification_arns if before else ()))
    scope = resolved(
        Scope(
            template=wanted,
            parameters={key: item.value for key, item in given.items()},
            pseudo=environment.pseudo(engine, name, arn, notification_arns),
        )
    )
    check_rules(scope)
    _check(engine, wanted, scope)
    capabilities = tuple(params.get("Capabilities", ()))
    _check_capabilities(wanted, capabilities)
    return Desired(
        template=wanted,
        parameters=given,
        tags=tags,
        conditions=scope.conditions,
        capabilities=capabilities,
        notification_arns=notification_arns,
        role_arn=params.get("RoleARN") or (before.role_arn if before else None),
    )


def _check(engine: Engine, wanted: Template, scope: Scope) -> None:
    region = engine.region_name
    there = graph.active(wanted, scope.conditions)
    unrecognized = sorted({wanted.resources[name].type_name for name in there} - set(resource_types()))
    cloudformation_stack.types([name for name in unrecognized if not schemas.exists(name, region)], region)
    if unrecognized:
        users = [name for name in there if wanted.resources[name].type_name in unrecognized]
        raise ValidationError(
            f"the embedded AWS does not mirror resource types [{', '.join(unrecognized)}], of {', '.join(users)}"
        )
    graph.dependencies(wanted, scope.conditions)
    outputs = {name: body for name, body in wanted.outputs.items() if _output_holds(name, body, scope)}
    _check_outputs(wanted, outputs, scope, set(there))
    for logical_id, attribute in _attributes([wanted.resources[name].properties for name in there], scope):
        _check_attribute(wanted, region, logical_id, attribute)
    for logical_id, attribute in _attributes(list(outputs.values()), scope):
        _check_attribute(wanted, region, logical_id, attribute)


def _output_holds(name: str, body: Any, scope: Scope) -> bool:
    if not isinstance(body, dict) or "Value" not in body:
        raise ValidationError(f"Template format error: Output {name} is malformed. The Value field is required.")
    condition = body.get("Condition")
    if condition is not None and condition not in scope.conditions:
        raise ValidationError(
            f"Template format error: Unresolved condition dependencies [{condition}] "
            "in the Outputs block of the template"
        )
    return condition is None or scope.conditions[condition]


def _check_outputs(wanted: Template, outputs: Mapping[str, Any], scope: Scope, there: set[str]) -> None:
    used = set(graph.references(list(outputs.values()), scope.conditions))
    unresolved = sorted(name for name in used - there - set(wanted.parameters) if not name.startswith("AWS::"))
    if unresolved:
        raise ValidationError(
            f"Template format error: Unresolved resource dependencies [{', '.join(unresolved)}] "
            "in the Outputs block of the template"
        )


def _attributes(node: Any, scope: Scope) -> list[tuple[str, Any]]:
    if isinstance(node, Mapping):
        if len(node) == 1 and "Fn::GetAtt" in node:
            return [attribute_of(node["Fn::GetAtt"])]
        if len(node) == 1 and "Fn::If" in node:
            name, then, otherwise = node["Fn::If"]
            return _attributes(then if scope.conditions.get(name) else otherwise, scope)
        return [found for item in node.values() for found in _attributes(item, scope)]
    if isinstance(node, list):
        return [found for item in node for found in _attributes(item, scope)]
    return []


def _check_attribute(wanted: Template, region: str, logical_id: str, attribute: Any) -> None:
    known = schemas.attributes(wanted.resources[logical_id].type_name, region)
    if isinstance(attribute, str) and attribute not in known and attribute.split(".")[0] not in known:
        type_name = wanted.resources[logical_id].type_name
        raise ValidationError(
            f"Template error: resource {logical_id} does not support attribute type {attribute} in Fn::GetAtt "
            f"({type_name} has {', '.join(sorted(known))})"
        )


def needed_capabilities(wanted: Template) -> list[str]:
    """The capability that a template's IAM resources ask the caller to acknowledge."""
    iam = [entry for entry in wanted.resources.values() if entry.type_name in IAM_TYPES]
    if any(_NAMED_IAM.get(entry.type_name) in entry.properties for entry in iam):
        return ["CAPABILITY_NAMED_IAM"]
    return ["CAPABILITY_IAM"] if iam else []


def _check_capabilities(wanted: Template, capabilities: tuple[str, ...]) -> None:
    needed = needed_capabilities(wanted)
    if needed and not {*needed, "CAPABILITY_NAMED_IAM"} & set(capabilities):
        raise InsufficientCapabilities(f"Requires capabilities : [{needed[0]}]")
