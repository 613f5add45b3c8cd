"""What is not mirrored is refused by name, once, in every protocol; nothing is answered with a placeholder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from infra.local.server import Server


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "named"),
    [
        ("accessanalyzer", "list_analyzers", {}, r"access-analyzer: .* /analyzer"),
        ("lookoutequipment", "list_models", {}, r"lookoutequipment: ListModels"),
        ("iam", "simulate_custom_policy", {"PolicyInputList": ["{}"], "ActionNames": ["s3:GetObject"]}, "iam:Simulate"),
        ("sagemaker-runtime", "invoke_endpoint", {"EndpointName": "sandbox", "Body": b"{}"}, "inference"),
        ("sagemaker-runtime", "invoke_endpoint_async", {"EndpointName": "a", "InputLocation": "s3://a/b"}, "inference"),
        (
            "bedrock-runtime",
            "converse",
            {"modelId": "amazon.nova-pro-v1:0", "messages": []},
            "bedrock-runtime:Converse",
        ),
    ],
)
def test_it_is_refused_by_name_and_not_tried_again(
    running: Server, service: str, operation: str, arguments: dict[str, Any], named: str
) -> None:
    with pytest.raises(ClientError, match=f"does not mirror {named}") as refused:
        getattr(running.client(service), operation)(**arguments)
    assert refused.value.response["Error"]["Code"] == "UnsupportedByEmbeddedAws"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert refused.value.response["ResponseMetadata"]["RetryAttempts"] == 0


def test_an_unknown_service_of_the_query_protocol_is_refused_in_xml(running: Server) -> None:
    client = running.client("cloudsearch")
    with pytest.raises(ClientError, match="does not mirror cloudsearch") as refused:
        client.list_domain_names()
    assert refused.value.response["Error"]["Code"] == "UnsupportedByEmbeddedAws"


def test_nothing_is_printed_where_clients_read_the_environment(
    running: Server, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ClientError):
        running.client("accessanalyzer").list_analyzers()
    assert capfd.readouterr().out == ""


EVENT = {
    **{"id": "1", "account": "111122223333", "source": "aws.bedrock", "time": "2026-11-24T00:00:00Z"},
    **{"region": "us-gov-west-1", "resources": [], "detail-type": "x", "detail": {"eventName": "DeleteGuardrail"}},
}


@pytest.mark.parametrize(("name", "matches"), [("DeleteGuardrail", True), ("UpdateGuardrail", False)])
def test_a_pattern_is_tried_on_an_event(running: Server, name: str, matches: bool) -> None:
    pattern = {"source": ["aws.bedrock"], "detail": {"eventName": [name]}}
    told = running.client("events").test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(EVENT))
    assert told["Result"] is matches


@pytest.mark.parametrize("event", ["{", "[]", json.dumps({key: EVENT[key] for key in EVENT if key != "source"})])
def test_what_is_no_event_is_refused(running: Server, event: str) -> None:
    with pytest.raises(ClientError, match="Parameter Event is not valid"):
        running.client("events").test_event_pattern(EventPattern='{"source": ["a"]}', Event=event)


def test_what_is_no_pattern_is_refused(running: Server) -> None:
    with pytest.raises(ClientError) as refused:
        running.client("events").test_event_pattern(EventPattern="{", Event=json.dumps(EVENT))
    assert refused.value.response["Error"]["Code"] == "InvalidEventPatternException"
