"""Guardrail profiles: the agreement's topics and strengths, and the limits of Bedrock's API."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import botocore.session
import pytest

from infra import catalog, settings
from infra.settings.profile import ContentFilter, PiiType, Strength

SANDBOX = Path("enclaves/sandbox.yaml").read_text()
BASELINE = Path("enclaves/profiles/baseline.yaml").read_text()
SURVEILLANCE = BASELINE[BASELINE.index("  - name: domestic") : BASELINE.index("  - name: autonomous")]
DEFINITION = SURVEILLANCE[SURVEILLANCE.index("    definition") : SURVEILLANCE.index("    examples")]
EXAMPLES = SURVEILLANCE[SURVEILLANCE.index("    examples") :]

WRONG: dict[str, tuple[str, str, str]] = {
    "topic dropped": (
        SURVEILLANCE,
        "",
        "topic 'domestic-mass-surveillance' is missing, which the agreement requires (P1",
    ),
    "topic renamed": ("name: domestic-mass", "name: mass", "topic 'domestic-mass-surveillance' is missing"),
    "topic emptied": (DEFINITION, "    definition: ''\n", "topics[0].definition is ''; allowed: 1 to 200 characters"),
    "topic blank": (
        DEFINITION,
        "    definition: '   '\n",
        "topics[0].definition is '   '; allowed: 1 to 200 characters",
    ),
    "topic made meaningless": (
        DEFINITION,
        "    definition: Something that nobody asks.\n",
        "topic 'domestic-mass-surveillance' no longer says what the agreement requires (P1): its definition mentions "
        "none of surveillance, monitoring, tracking, profiling; allowed: a definition such as: Monitoring, tracking",
    ),
    "topic without examples": (EXAMPLES, "    examples: []\n", "requires (P1): it has no example"),
    "definition too long": (
        DEFINITION,
        f"    definition: surveillance of citizens {'x' * 200}\n",
        "225 characters long; allowed: 1 to 200 characters (the CLASSIC tier's limit)",
    ),
    "example too long": (
        "      - Flag residents",
        f"      - {'x' * 100} Flag residents",
        "allowed: 1 to 100 characters",
    ),
    "six examples": (
        "    examples:\n      - Build",
        "    examples:\n      - Sixth\n      - Build",
        "has 6 entries; allowed: 5 or",
    ),
    "topic twice": (
        "name: autonomous-weapons-targeting",
        "name: domestic-mass-surveillance",
        "is used by topics[0] already",
    ),
    "topic's name": (
        "name: domestic-mass-surveillance",
        "name: domestic/mass",
        "topics[0].name is 'domestic/mass'; allowed",
    ),
    "filter too weak": (
        "  HATE: HIGH",
        "  HATE: LOW",
        "content filter HATE is LOW; allowed: MEDIUM, HIGH; change content.H",
    ),
    "filter off": ("  HATE: HIGH", "  HATE: NONE", "content filter HATE is NONE; allowed: MEDIUM, HIGH"),
    "filter left out": ("  HATE: HIGH\n", "", "content filter HATE is missing; allowed: MEDIUM, HIGH"),
    "filter unknown": (
        "  HATE: HIGH",
        "  HATRED: HIGH",
        "key 'HATRED' is not allowed in content; did you mean 'HATE'?",
    ),
    "strength unknown": ("  HATE: HIGH", "  HATE: high", "content.HATE is 'high'; allowed: NONE, LOW, MEDIUM, HIGH"),
    "prompt attack too weak": (
        "prompt_attack: HIGH",
        "prompt_attack: MEDIUM",
        "prompt-attack filter is MEDIUM; allowed: HIGH",
    ),
    "personal data left out": (
        "  US_PASSPORT_NUMBER: ANONYMIZE\n",
        "",
        "personal data US_PASSPORT_NUMBER is missing, which the agreement requires; allowed: BLOCK, ANONYMIZE",
    ),
    "personal data let through": (
        "  PHONE: ANONYMIZE",
        "  PHONE: NONE",
        "pii.PHONE is 'NONE'; allowed: BLOCK, ANONYMIZE",
    ),
    "threshold": ("grounding: 0.7,", "grounding: 1,", "grounding.grounding is 1; allowed: a number from 0 to 0.99"),
    "threshold that is no number": (
        "grounding: 0.7,",
        "grounding: .nan,",
        "grounding.grounding is '.nan', a text; allowed",
    ),
    "message empty": ("  output: The answer", "  outputs: The answer", "key 'messages.output' is missing: in place of"),
}


@pytest.fixture
def enclave(tmp_path: Path) -> Path:
    (tmp_path / "profiles").mkdir()
    path = tmp_path / "sandbox.yaml"
    path.write_text(SANDBOX)
    return path


@pytest.mark.parametrize("case", WRONG)
def test_a_profile_that_falls_short_fails_the_enclave_that_names_it(case: str, enclave: Path) -> None:
    old, new, says = WRONG[case]
    assert old in BASELINE
    profile = enclave.parent / "profiles" / "baseline.yaml"
    profile.write_text(BASELINE.replace(old, new, 1))
    with pytest.raises(settings.SettingsError) as caught:
        settings.load(enclave)
    told = [problem for problem in caught.value.errors if says in problem.message]
    assert told, str(caught.value)
    assert {problem.file for problem in caught.value.errors} == {str(profile)}


def test_a_profile_beside_the_enclave_comes_before_the_projects_own(enclave: Path) -> None:
    assert settings.load(enclave).profile.content["HATE"] == "HIGH"
    (enclave.parent / "profiles" / "baseline.yaml").write_text(BASELINE.replace("HATE: HIGH", "HATE: MEDIUM"))
    assert settings.load(enclave).profile.content["HATE"] == "MEDIUM"


def test_a_topic_may_be_reworded_and_added_to(enclave: Path) -> None:
    text = BASELINE.replace(DEFINITION, "    definition: Tracking Americans without a warrant.\n")
    text = text.replace("topics:\n", "topics:\n  - {name: gambling, definition: Advice on bets., examples: []}\n")
    (enclave.parent / "profiles" / "baseline.yaml").write_text(text)
    names = [topic.name for topic in settings.load(enclave).profile.topics]
    assert names == ["gambling", *(topic.name for topic in catalog.required_topics())]


def test_the_words_of_the_profile_are_bedrocks() -> None:
    loader = botocore.session.get_session().get_component("data_loader")
    shapes = loader.load_service_model("bedrock", "service-2")["shapes"]
    assert sorted(get_args(PiiType)) == sorted(shapes["GuardrailPiiEntityType"]["enum"])
    assert list(get_args(Strength)) == shapes["GuardrailFilterStrength"]["enum"]
    assert {*get_args(ContentFilter), "PROMPT_ATTACK"} == set(shapes["GuardrailContentFilterType"]["enum"])
    assert (shapes["GuardrailBlockedMessaging"]["max"], shapes["GuardrailWordConfigTextString"]["max"]) == (500, 100)
