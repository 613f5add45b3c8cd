"""GRD-01: the guardrail of the default enclave's profile, every switch spelt out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from infra.settings import load

PROFILE = load(Path(__file__).resolve().parents[3] / "enclaves" / "sandbox.yaml").profile
BLOCK = {"InputAction": "BLOCK", "OutputAction": "BLOCK", "InputEnabled": True, "OutputEnabled": True}
TOPICS = [
    {"Name": t.name, "Definition": t.definition, "Examples": list(t.examples), "Type": "DENY", **BLOCK}
    for t in PROFILE.topics
]
FILTERS = [
    {
        "Type": kind,
        "InputStrength": strength,
        "OutputStrength": strength,
        "InputModalities": ["TEXT", "IMAGE"],
        "OutputModalities": ["TEXT", "IMAGE"],
        **BLOCK,
    }
    for kind, strength in PROFILE.content.items()
]
ATTACK = {"Type": "PROMPT_ATTACK", "InputStrength": PROFILE.prompt_attack, "OutputStrength": "NONE"}
GOOD: dict[str, Any] = {
    "Guardrail": {
        "Type": "AWS::Bedrock::Guardrail",
        "Properties": {
            "Name": "sandbox",
            "BlockedInputMessaging": PROFILE.messages.input,
            "BlockedOutputsMessaging": PROFILE.messages.output,
            "TopicPolicyConfig": {"TopicsConfig": TOPICS},
            "ContentPolicyConfig": {"FiltersConfig": [*FILTERS, ATTACK]},
            "WordPolicyConfig": {"ManagedWordListsConfig": [{"Type": kind, **BLOCK} for kind in PROFILE.words.managed]},
            "SensitiveInformationPolicyConfig": {
                "PiiEntitiesConfig": [{"Type": kind, "Action": action} for kind, action in PROFILE.pii.items()]
            },
            "ContextualGroundingPolicyConfig": {
                "FiltersConfig": [
                    {"Type": "GROUNDING", "Threshold": PROFILE.grounding.grounding, "Action": "BLOCK"},
                    {"Type": "RELEVANCE", "Threshold": PROFILE.grounding.relevance, "Action": "BLOCK"},
                ]
            },
        },
    }
}
MORE = {"Name": "more", "Definition": "More.", "Type": "DENY"}
TOPIC = "Guardrail.Properties.TopicPolicyConfig.TopicsConfig.0"
BYPASSES = {
    "output not enabled": {f"{TOPIC}.OutputEnabled": False},
    "input not enabled": {f"{TOPIC}.InputEnabled": "false"},
    "no action on input": {f"{TOPIC}.InputAction": "NONE"},
    "no action on output": {f"{TOPIC}.OutputAction": "NONE"},
    "topic dropped": {TOPIC: None},
    "every topic dropped": {"Guardrail.Properties.TopicPolicyConfig": None},
    "topic renamed": {f"{TOPIC}.Name": "something-else"},
    "definition emptied": {f"{TOPIC}.Definition": ""},
    "definition of something harmless": {f"{TOPIC}.Definition": "Talk about the weather."},
    "definition dropped": {f"{TOPIC}.Definition": None},
    "example dropped": {f"{TOPIC}.Examples.0": None},
    "examples dropped": {f"{TOPIC}.Examples": None},
    "output off by a condition": {f"{TOPIC}.OutputEnabled": {"Fn::If": ["Never", True, False]}},
    "second guardrail without topics": {
        "Second": {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Name": "second"}},
    },
    "topic twice, once without action": {
        "Guardrail.Properties.TopicPolicyConfig.TopicsConfig": [*TOPICS, {**TOPICS[0], "InputAction": "NONE"}]
    },
    "no guardrail": {"Guardrail": None},
}
UNKNOWN = {
    "action from a parameter": {f"{TOPIC}.InputAction": {"Ref": "Anything"}},
    "definition from a parameter": {f"{TOPIC}.Definition": {"Ref": "Anything"}},
    "topics from a parameter": {"Guardrail.Properties.TopicPolicyConfig": {"Ref": "Anything"}},
    "guardrail there perhaps": {"Guardrail.Condition": "Perhaps"},
}
HARMLESS = {
    "topics in another order": {"Guardrail.Properties.TopicPolicyConfig.TopicsConfig": TOPICS[::-1]},
    "one topic more": {
        "Guardrail.Properties.TopicPolicyConfig.TopicsConfig": [
            *TOPICS,
            {"Name": "more", "Definition": "More.", "Type": "DENY"},
        ]
    },
    "AWS's defaults left unsaid": {
        f"{TOPIC}.{name}": None for name in ("InputAction", "OutputAction", "InputEnabled", "OutputEnabled")
    },
    "logical id renamed": {"Guardrail": None, "Renamed": GOOD["Guardrail"]},
}
SECTIONS = {
    "Parameters": {"Anything": {"Type": "String"}},
    "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}, "Perhaps": {"Fn::Equals": [{"Ref": "Anything"}, "on"]}},
}
