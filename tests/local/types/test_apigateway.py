"""API Gateway's types: every property made, read back, changed; what AWS refuses."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from infra.local.resource_type import Unsupported
from tests.local.types.trips import ACCOUNT, PARTITION, REGION, Trip, arn, made_role, refused

if TYPE_CHECKING:
    from infra.local.resource_type import Context

START = f"arn:{PARTITION}:apigateway:{REGION}:states:action/StartExecution"


def document(**changes: Any) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{PARTITION}:iam::{ACCOUNT}:root"},
        "Action": "execute-api:Invoke",
        "Resource": "execute-api:/*",
        "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-0123"}},
    }
    return {"Version": "2012-10-17", "Statement": [{**statement, **changes}]}


TAGS = [{"Key": "Purpose", "Value": "test"}]
API = {
    "Name": "release",
    "Description": "approvals",
    "ApiKeySourceType": "AUTHORIZER",
    "BinaryMediaTypes": ["application/octet-stream"],
    "DisableExecuteApiEndpoint": False,
    "EndpointConfiguration": {"Types": ["PRIVATE"], "VpcEndpointIds": ["vpce-0123"], "IpAddressType": "dualstack"},
    "MinimumCompressionSize": 1024,
    "Policy": document(),
    "Tags": TAGS,
}


def api(context: Context, **changes: Any) -> Trip:
    return Trip(context, "AWS::ApiGateway::RestApi", {**API, **changes})


def resource(context: Context, rest_api: Trip, **changes: Any) -> Trip:
    parent = rest_api.read()["RootResourceId"]
    properties = {"RestApiId": rest_api.id, "ParentId": parent, "PathPart": "decisions", **changes}
    return Trip(context, "AWS::ApiGateway::Resource", properties)


def method(context: Context, rest_api: Trip, **changes: Any) -> Trip:
    integration = {
        "Type": "AWS",
        "IntegrationHttpMethod": "POST",
        "Uri": START,
        "Credentials": f"arn:{PARTITION}:iam::{ACCOUNT}:role/front",
        "PassthroughBehavior": "NEVER",
        "RequestParameters": {"integration.request.header.X": "'y'"},
        "RequestTemplates": {"application/json": "{}"},
        "TimeoutInMillis": 5000,
        "ContentHandling": "CONVERT_TO_TEXT",
        "IntegrationResponses": [
            {"StatusCode": "200", "ResponseTemplates": {"application/json": "{}"}},
            {"StatusCode": "400", "SelectionPattern": "4\\d{2}"},
        ],
    }
    properties = {
        "RestApiId": rest_api.id,
        "ResourceId": rest_api.read()["RootResourceId"],
        "HttpMethod": "POST",
        "AuthorizationType": "AWS_IAM",
        "ApiKeyRequired": True,
        "OperationName": "decide",
        "RequestModels": {"application/json": "Empty"},
        "RequestParameters": {"method.request.header.X": True},
        "Integration": integration,
        "MethodResponses": [
            {"StatusCode": "200", "ResponseModels": {"application/json": "Empty"}},
            {"StatusCode": "400", "ResponseParameters": {"method.response.header.X": True}},
        ],
    }
    return Trip(context, "AWS::ApiGateway::Method", {**properties, **changes})


def deployment(context: Context, rest_api: Trip, **changes: Any) -> Trip:
    properties = {"RestApiId": rest_api.id, "Description": "first", **changes}
    return Trip(context, "AWS::ApiGateway::Deployment", properties)


def account(context: Context) -> Trip:
    role = made_role(context, "pusher", "apigateway.amazonaws.com", "logs:*")
    return Trip(context, "AWS::ApiGateway::Account", {"CloudWatchRoleArn": role})


def stage(context: Context, rest_api: Trip, deployed: Trip, **changes: Any) -> Trip:
    properties = {
        "RestApiId": rest_api.id,
        "DeploymentId": deployed.id,
        "StageName": "v1",
        "Description": "live",
        "TracingEnabled": True,
        "CacheClusterEnabled": True,
        "CacheClusterSize": "0.5",
        "Variables": {"one": "1"},
        "AccessLogSetting": {"DestinationArn": arn("logs", "log-group:api"), "Format": "$context.requestId"},
        "MethodSettings": [
            {
                "ResourcePath": "/*",
                "HttpMethod": "*",
                "LoggingLevel": "ERROR",
                "DataTraceEnabled": False,
                "MetricsEnabled": True,
                "ThrottlingBurstLimit": 5,
                "ThrottlingRateLimit": 2.5,
                "CachingEnabled": True,
                "CacheTtlInSeconds": 60,
                "CacheDataEncrypted": True,
            },
            {"ResourcePath": "/~1decisions", "HttpMethod": "POST", "ThrottlingRateLimit": 1.0},
        ],
        "Tags": TAGS,
    }
    return Trip(context, "AWS::ApiGateway::Stage", {**properties, **changes})


def test_an_api_is_read_back_whole_and_changed(context: Context) -> None:
    trip = api(context)
    trip.holds()
    assert trip.read()["RestApiId"] == trip.id
    trip.change(
        Name="other",
        Description=None,
        ApiKeySourceType=None,
        BinaryMediaTypes=["image/png"],
        DisableExecuteApiEndpoint=True,
        MinimumCompressionSize=None,
        EndpointConfiguration={"Types": ["PRIVATE"], "VpcEndpointIds": ["vpce-4567"]},
        Policy=document(Effect="Deny"),
        Tags=[],
    )
    trip.holds()
    told = context.client("apigateway").get_rest_api(restApiId=trip.id)
    assert (told["apiKeySource"], told["endpointConfiguration"]["vpcEndpointIds"]) == ("HEADER", ["vpce-4567"])
    assert json.loads(told["policy"])["Statement"][0]["Effect"] == "Deny"
    trip.change(EndpointConfiguration={"Types": ["REGIONAL"]})
    trip.holds()
    trip.gone()


@pytest.mark.parametrize(
    "changes",
    [
        {"EndpointConfiguration": None},
        {"EndpointConfiguration": {"Types": ["EDGE"]}},
        {"EndpointConfiguration": {"Types": ["REGIONAL"], "VpcEndpointIds": ["vpce-0123"]}},
        {"Policy": {"Version": "2012-10-17", "Statement": []}},
        {"Policy": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}},
    ],
)
def test_an_api_is_refused(context: Context, changes: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as error:
        api(context, **changes)
    assert refused(error) == "BadRequestException"
    assert context.client("apigateway").get_rest_apis()["items"] == []


def test_a_number_that_is_none_is_refused(context: Context) -> None:
    rest_api = api(context)
    change = {"op": "replace", "path": "/minimumCompressionSize", "value": "much"}
    with pytest.raises(ClientError) as error:
        context.client("apigateway").update_rest_api(restApiId=rest_api.id, patchOperations=[change])
    assert refused(error) == "BadRequestException"
    assert rest_api.read()["MinimumCompressionSize"] == API["MinimumCompressionSize"]


def test_an_api_cannot_be_made_public_in_place(context: Context) -> None:
    trip = api(context)
    with pytest.raises(ClientError) as error:
        trip.change(EndpointConfiguration={"Types": ["EDGE"]})
    assert refused(error) == "BadRequestException"
    assert trip.read()["EndpointConfiguration"]["Types"] == ["PRIVATE"]


def test_what_is_not_mirrored_is_named(context: Context) -> None:
    with pytest.raises(Unsupported, match="Body"):
        api(context, Body={"openapi": "3.0.1"})
    rest_api = api(context)
    with pytest.raises(Unsupported, match="AuthorizerId"):
        method(context, rest_api, AuthorizerId="abc")
    method(context, rest_api)
    with pytest.raises(Unsupported, match="StageName"):
        deployment(context, rest_api, StageName="v1")
    with pytest.raises(Unsupported, match="CanarySetting"):
        stage(context, rest_api, deployment(context, rest_api), CanarySetting={"PercentTraffic": 1})
    with pytest.raises(Unsupported, match="CloudWatchRoleArn"):
        Trip(context, "AWS::ApiGateway::Account", {})


def test_resources_and_what_lies_below_them(context: Context) -> None:
    rest_api = api(context)
    above = resource(context, rest_api)
    below = resource(context, rest_api, ParentId=above.id, PathPart="{id}")
    above.holds(tagged=False)
    below.holds(tagged=False)
    told = context.client("apigateway").get_resource(restApiId=rest_api.id, resourceId=below.id)
    assert told["path"] == "/decisions/{id}"
    with pytest.raises(ClientError) as error:
        resource(context, rest_api)
    assert refused(error) == "ConflictException"
    with pytest.raises(ClientError) as error:
        resource(context, rest_api, PathPart="a b")
    assert refused(error) == "BadRequestException"
    above.gone()
    assert below.type.read(below.id, context) is None


def test_a_method_is_read_back_whole_and_changed(context: Context) -> None:
    rest_api = api(context)
    trip = method(context, rest_api)
    trip.holds(tagged=False)
    assert trip.id.endswith("|POST")
    mock = {"Type": "MOCK", "PassthroughBehavior": "WHEN_NO_MATCH", "TimeoutInMillis": 29000}
    trip.change(AuthorizationType="NONE", Integration=mock, MethodResponses=None, OperationName=None)
    trip.holds(tagged=False)
    with pytest.raises(ClientError) as error:
        trip.change(Integration={"Type": "HTTP"})
    assert refused(error) == "BadRequestException"
    trip.holds(tagged=False)
    trip.gone()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Integration": {"Type": "AWS", "Uri": START.replace(PARTITION, "aws")}}, "BadRequestException"),
        (
            {"Integration": {"Type": "MOCK", "IntegrationResponses": [{"StatusCode": "500"}]}},
            "NotFoundException",
        ),
        ({"AuthorizationType": "CUSTOM"}, "BadRequestException"),
    ],
)
def test_a_method_is_refused_whole(context: Context, changes: dict[str, Any], code: str) -> None:
    rest_api = api(context)
    with pytest.raises(ClientError) as error:
        method(context, rest_api, **changes)
    assert refused(error) == code
    root = context.client("apigateway").get_resource(
        restApiId=rest_api.id, resourceId=rest_api.read()["RootResourceId"]
    )
    assert "resourceMethods" not in root


def test_a_deployment_and_the_stage_on_it(context: Context) -> None:
    rest_api = api(context)
    method(context, rest_api)
    role = account(context)
    role.holds(tagged=False)
    deployed = deployment(context, rest_api)
    deployed.holds(tagged=False)
    deployed.change(Description="again")
    deployed.holds(tagged=False)
    trip = stage(context, rest_api, deployed)
    trip.holds()
    second = deployment(context, rest_api)
    trip.change(
        DeploymentId=second.id,
        Description=None,
        TracingEnabled=False,
        Variables={"two": "2"},
        AccessLogSetting=None,
        MethodSettings=[{"ResourcePath": "/*", "HttpMethod": "*", "ThrottlingRateLimit": 9.0}],
        Tags=[],
    )
    trip.holds()
    assert "AccessLogSetting" not in trip.read()
    with pytest.raises(ClientError) as error:
        context.client("apigateway").delete_deployment(restApiId=rest_api.id, deploymentId=second.id)
    assert refused(error) == "BadRequestException"
    deployed.gone()
    trip.gone()
    second.gone()
    role.gone()


def test_stages_of_one_name_are_told_apart_by_their_api(context: Context) -> None:
    from dataclasses import replace

    trips = []
    for logical_id in ("One", "Two"):
        where = replace(context, logical_id=logical_id)
        rest_api = api(where)
        method(where, rest_api)
        plain = {"AccessLogSetting": None, "MethodSettings": None}
        trips.append(stage(where, rest_api, deployment(where, rest_api), **plain))
    for trip in trips:
        trip.holds()


@pytest.mark.parametrize(
    "changes",
    [
        {},  # no role to log with
        {"AccessLogSetting": None},
        {"MethodSettings": None},
        {"DeploymentId": "elsewhere", "MethodSettings": None, "AccessLogSetting": None},
    ],
)
def test_a_stage_is_refused_and_leaves_nothing(context: Context, changes: dict[str, Any]) -> None:
    rest_api = api(context)
    method(context, rest_api)
    with pytest.raises(ClientError) as error:
        stage(context, rest_api, deployment(context, rest_api), **changes)
    assert refused(error) == "BadRequestException"
    assert context.client("apigateway").get_stages(restApiId=rest_api.id)["item"] == []


def test_a_role_that_does_not_trust_is_no_role_to_log_with(context: Context) -> None:
    role = made_role(context, "other", "lambda.amazonaws.com")
    with pytest.raises(ClientError) as error:
        Trip(context, "AWS::ApiGateway::Account", {"CloudWatchRoleArn": role})
    assert refused(error) == "BadRequestException"


def test_an_endpoint_for_private_apis_takes_a_policy(context: Context) -> None:
    ec2 = context.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/24")["Vpc"]["VpcId"]
    for attribute in ("EnableDnsSupport", "EnableDnsHostnames"):
        ec2.modify_vpc_attribute(VpcId=vpc, **{attribute: {"Value": True}})
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/26")["Subnet"]["SubnetId"]
    trip = Trip(
        context,
        "AWS::EC2::VPCEndpoint",
        {
            "VpcId": vpc,
            "VpcEndpointType": "Interface",
            "ServiceName": f"com.amazonaws.{REGION}.execute-api",
            "SubnetIds": [subnet],
            "PrivateDnsEnabled": True,
            "PolicyDocument": document(Resource=arn("execute-api", "*")),
        },
    )
    trip.holds(tagged=False)
    private = api(context, EndpointConfiguration={"Types": ["PRIVATE"], "VpcEndpointIds": [trip.id]})
    private.holds()
