"""GRD-02: the same guardrail, its filters weakened one at a time."""

from __future__ import annotations

from pathlib import Path
from runpy import run_path

_OTHER = run_path(str(Path(__file__).with_name("grd_01.py")))
GOOD, SECTIONS, FILTERS, ATTACK = (_OTHER[name] for name in ("GOOD", "SECTIONS", "FILTERS", "ATTACK"))

CONTENT = "Guardrail.Properties.ContentPolicyConfig.FiltersConfig"
HATE = next(f"{CONTENT}.{number}" for number, each in enumerate(FILTERS) if each["Type"] == "HATE")
PROMPT = f"{CONTENT}.{len(FILTERS)}"
PII = "Guardrail.Properties.SensitiveInformationPolicyConfig.PiiEntitiesConfig"
ENTITIES = GOOD["Guardrail"]["Properties"]["SensitiveInformationPolicyConfig"]["PiiEntitiesConfig"]
KEY = next(f"{PII}.{number}" for number, each in enumerate(ENTITIES) if each["Type"] == "AWS_SECRET_KEY")
MAIL = next(f"{PII}.{number}" for number, each in enumerate(ENTITIES) if each["Type"] == "EMAIL")
WORDS = "Guardrail.Properties.WordPolicyConfig.ManagedWordListsConfig"
GROUNDING = "Guardrail.Properties.ContextualGroundingPolicyConfig.FiltersConfig"
BYPASSES = {
    "weak on input": {f"{HATE}.InputStrength": "LOW"},
    "weak on output": {f"{HATE}.OutputStrength": "MEDIUM"},
    "none on output": {f"{HATE}.OutputStrength": "NONE"},
    "strength unheard of": {f"{HATE}.InputStrength": "HIGHER"},
    "no action": {f"{HATE}.InputAction": "NONE"},
    "not enabled": {f"{HATE}.OutputEnabled": False},
    "images not judged": {f"{HATE}.InputModalities": ["TEXT"]},
    "text not judged": {f"{HATE}.OutputModalities": ["IMAGE"]},
    "filter dropped": {HATE: None},
    "filters dropped": {"Guardrail.Properties.ContentPolicyConfig": None},
    "prompt attack dropped": {PROMPT: None},
    "prompt attack weak": {f"{PROMPT}.InputStrength": "MEDIUM"},
    "prompt attack without action": {f"{PROMPT}.InputAction": "NONE"},
    "personal data dropped": {KEY: None},
    "masked in place of blocked": {f"{KEY}.Action": "ANONYMIZE"},
    "personal data without action": {f"{MAIL}.Action": "NONE"},
    "personal data let through on output": {f"{MAIL}.OutputAction": "NONE"},
    "personal data not looked for on input": {f"{MAIL}.InputEnabled": False},
    "word list dropped": {"Guardrail.Properties.WordPolicyConfig": None},
    "word list without action": {f"{WORDS}.0.OutputAction": "NONE"},
    "grounding dropped": {f"{GROUNDING}.0": None},
    "grounding lower": {f"{GROUNDING}.0.Threshold": 0.5},
    "relevance without action": {f"{GROUNDING}.1.Action": "NONE"},
    "relevance not enabled": {f"{GROUNDING}.1.Enabled": False},
    "second guardrail without filters": {
        "Second": {"Type": "AWS::Bedrock::Guardrail", "Properties": {"Name": "second"}},
    },
}
UNKNOWN = {
    "strength from a parameter": {f"{HATE}.InputStrength": {"Ref": "Anything"}},
    "filters from a parameter": {CONTENT: {"Ref": "Anything"}},
    "threshold from a parameter": {f"{GROUNDING}.0.Threshold": {"Ref": "Anything"}},
    "action from a parameter": {f"{MAIL}.Action": {"Ref": "Anything"}},
}
HARMLESS = {
    "filters in another order": {CONTENT: [ATTACK, *FILTERS[::-1]]},
    "stronger": {f"{CONTENT}.1.InputStrength": "HIGH", f"{GROUNDING}.0.Threshold": 0.9},
    "blocked in place of masked": {f"{MAIL}.Action": "BLOCK"},
    "modalities the other way round": {f"{HATE}.InputModalities": ["IMAGE", "TEXT"]},
}
