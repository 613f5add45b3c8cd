"""The JSON Schemas and the reference page are as the models say, and the schemas judge as the loader does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from infra.settings.generated import generated

FILES = dict(generated())
ENCLAVE = Draft202012Validator(json.loads(Path("infra/settings/enclave.schema.json").read_text()))
PROFILE = Draft202012Validator(json.loads(Path("infra/settings/profile.schema.json").read_text()))


class AsEditorsRead(yaml.SafeLoader):
    """YAML 1.2's core schema, which editors follow: a date is text."""


AsEditorsRead.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def value(text: str) -> Any:
    return yaml.load(text, Loader=AsEditorsRead)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_generated_file_is_as_it_would_be_written(path: Path) -> None:
    assert path.read_text() == FILES[path], "run `make generated`"


def test_the_schemas_are_schemas() -> None:
    for validator in (ENCLAVE, PROFILE):
        Draft202012Validator.check_schema(validator.schema)


@pytest.mark.parametrize("path", sorted(Path("enclaves").glob("*.yaml")), ids=lambda path: path.stem)
def test_an_editor_takes_every_enclave(path: Path) -> None:
    if path.stem != "agreement":
        assert [error.message for error in ENCLAVE.iter_errors(value(path.read_text()))] == []


def test_an_editor_takes_the_baseline_profile() -> None:
    assert [e.message for e in PROFILE.iter_errors(value(Path("enclaves/profiles/baseline.yaml").read_text()))] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  cidr:", "  cird:"),
        ("name: sandbox", "name: Sand_box"),
        ("account_baseline: true", "account_baseline: 1"),
        ('enclave: "111122223333"', "enclave: 111122223333"),
        ("log_days: 30", "log_days: 31"),
        ("evidence_days: 7", "evidence_days: 0"),
        ("routing: profile", "routing: global"),
        ("openai: active", "openai: on it"),
        ("  Owner:", "  aws:Owner:"),
        ("schema: 1", "schema: 2"),
        ("waivers: []", "waivers: [{control: NET-01}]"),
    ],
)
def test_an_editor_refuses_what_one_setting_alone_gets_wrong(old: str, new: str) -> None:
    text = Path("enclaves/sandbox.yaml").read_text()
    assert old in text
    assert list(ENCLAVE.iter_errors(value(text.replace(old, new, 1))))


def test_every_key_is_described_in_the_page() -> None:
    page = FILES[Path("docs/settings.md")]
    for schema in (ENCLAVE.schema, PROFILE.schema):
        for model in (schema, *schema["$defs"].values()):
            for key, entry in model["properties"].items():
                assert f"| `{key}` | " in page, key
                assert entry["description"].split(";")[0] in page, key
