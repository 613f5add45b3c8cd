"""GRD-04: one enforcement of the enclave's guardrail, with nothing let off."""

from __future__ import annotations

from typing import Any

GOOD: dict[str, Any] = {
    "Guardrail": {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Name": "sandbox"}},
    "Version": {
        "Type": "AWS::Bedrock::GuardrailVersion",
        "Properties": {"GuardrailIdentifier": {"Ref": "Guardrail"}},
    },
    "Enforced": {
        "Type": "AWS::Bedrock::EnforcedGuardrailConfiguration",
        "Properties": {
            "GuardrailIdentifier": {"Fn::GetAtt": ["Guardrail", "GuardrailId"]},
            "GuardrailVersion": {"Fn::GetAtt": ["Version", "Version"]},
            "ModelEnforcement": {"IncludedModels": ["ALL"], "ExcludedModels": []},
            "SelectiveContentGuarding": {"Messages": "COMPREHENSIVE", "System": "COMPREHENSIVE"},
        },
    },
}
PROPERTIES = "Enforced.Properties"
BYPASSES = {
    "one model excluded": {f"{PROPERTIES}.ModelEnforcement.ExcludedModels": ["openai.gpt-oss-20b-1:0"]},
    "only some models": {f"{PROPERTIES}.ModelEnforcement.IncludedModels": ["openai.gpt-oss-20b-1:0"]},
    "messages selective": {f"{PROPERTIES}.SelectiveContentGuarding.Messages": "SELECTIVE"},
    "system prompt selective": {f"{PROPERTIES}.SelectiveContentGuarding.System": "SELECTIVE"},
    "guarding left unsaid, and AWS names no default": {f"{PROPERTIES}.SelectiveContentGuarding": None},
    "system prompt left unsaid": {f"{PROPERTIES}.SelectiveContentGuarding.System": None},
    "included models dropped from the list": {f"{PROPERTIES}.ModelEnforcement.IncludedModels": None},
    "enforcement gone": {"Enforced": None},
    "another guardrail": {f"{PROPERTIES}.GuardrailIdentifier": "abcdefabcdef"},
    "draft": {f"{PROPERTIES}.GuardrailVersion": "DRAFT"},
    "under a false condition": {"Enforced.Condition": "Never"},
    "second enforcement with an exclusion": {
        "Second": {
            **GOOD["Enforced"],
            "Properties": {
                **GOOD["Enforced"]["Properties"],
                "ModelEnforcement": {"IncludedModels": ["ALL"], "ExcludedModels": ["amazon.nova-pro-v1:0"]},
            },
        }
    },
}
UNKNOWN = {
    "excluded models from a parameter": {f"{PROPERTIES}.ModelEnforcement.ExcludedModels": {"Ref": "Anything"}},
    "guarding from a parameter": {f"{PROPERTIES}.SelectiveContentGuarding": {"Ref": "Anything"}},
    "there perhaps": {"Enforced.Condition": "Perhaps"},
}
HARMLESS = {
    "all models, left unsaid": {f"{PROPERTIES}.ModelEnforcement": None},
    "guardrail by ARN": {f"{PROPERTIES}.GuardrailIdentifier": {"Ref": "Guardrail"}},
}
SECTIONS = {
    "Parameters": {"Anything": {"Type": "String"}},
    "Conditions": {"Never": {"Fn::Equals": ["a", "b"]}, "Perhaps": {"Fn::Equals": [{"Ref": "Anything"}, "on"]}},
}
