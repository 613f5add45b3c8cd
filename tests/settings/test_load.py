"""A settings file becomes a frozen, typed enclave."""

from ipaddress import IPv4Network
from pathlib import Path

import pytest
from pydantic import ValidationError

from infra import settings
from infra.settings.rules.models import models_fit_a_policy
from infra.settings.rules.placement import images_are_judged

SANDBOX = Path("enclaves/sandbox.yaml")


def test_the_default_enclave_loads_with_its_guardrail_profile() -> None:
    enclave = settings.load(SANDBOX)
    assert enclave.network.cidr == IPv4Network("10.64.0.0/22")
    assert enclave.profile.content["HATE"] == "HIGH"
    assert enclave.warnings == ()


def test_an_enclave_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        settings.load(SANDBOX).name = "other"  # type: ignore[misc]


def test_find_names_the_enclaves_there_are() -> None:
    assert settings.find("sandbox") == SANDBOX
    with pytest.raises(settings.SettingsError, match="did you mean 'sandbox'"):
        settings.find("sandbx")


def test_a_region_whose_guardrails_judge_no_images_warns() -> None:
    (found,) = images_are_judged("us-gov-east-1")
    assert (found.key, found.severity) == (("region",), "warning")
    assert not list(images_are_judged("us-gov-west-1"))


def test_models_that_no_policy_holds_are_refused() -> None:
    models = settings.load(SANDBOX).models
    (routed,) = [model for model in models if model.routing == "profile"]
    assert not list(models_fit_a_policy((*models, *[routed] * 7)))
    (found,) = models_fit_a_policy((*models, *[routed] * 8))
    assert "9 by profile" in found.message
