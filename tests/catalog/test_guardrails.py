"""What the agreement has every guardrail hold, within the limits of Bedrock's API."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import botocore.session
import pytest

from infra import catalog

TOPICS = catalog.required_topics()


@cache
def shapes() -> dict[str, Any]:
    loader = botocore.session.get_session().get_component("data_loader")
    return dict(loader.load_service_model("bedrock", "service-2")["shapes"])


def test_every_clause_that_concerns_content_has_a_topic() -> None:
    assert {topic.clause for topic in TOPICS} == {"P1", "P2", "P3"}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_fits_bedrocks_limits(topic: catalog.RequiredTopic) -> None:
    shape = shapes()
    assert re.fullmatch(shape["GuardrailTopicName"]["pattern"], topic.name)
    assert len(topic.name) <= shape["GuardrailTopicName"]["max"]
    assert len(topic.definition) <= shape["GuardrailTopicDefinition"]["max"]
    assert 1 <= len(topic.examples) <= shape["GuardrailTopicExamples"]["max"]
    assert max(len(example) for example in topic.examples) <= shape["GuardrailTopicExample"]["max"]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_meets_its_own_demand_and_an_emptied_one_does_not(topic: catalog.RequiredTopic) -> None:
    assert topic.shortfall(topic.definition, topic.examples) is None
    assert topic.shortfall("Anything at all that is not allowed.", topic.examples)
    assert topic.shortfall(topic.definition, [])
    for other in TOPICS:
        if other.name != topic.name and other.clause != topic.clause:
            assert topic.shortfall(other.definition, topic.examples), other.name


def test_strengths_and_types_are_bedrocks() -> None:
    shape = shapes()
    agreed = catalog.strengths()
    assert list(catalog.STRENGTHS) == shape["GuardrailFilterStrength"]["enum"]
    assert set(agreed.content) | {"PROMPT_ATTACK"} == set(shape["GuardrailContentFilterType"]["enum"])
    assert set(agreed.pii) <= set(shape["GuardrailPiiEntityType"]["enum"])
    assert "NONE" not in {*agreed.content.values(), agreed.prompt_attack}
