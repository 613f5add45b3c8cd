"""Bedrock's models and inference profiles: those that the catalogue places in the region, as AWS would list them.

What AWS really offers today only AWS knows; a preflight against a real account compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra import catalog
from infra.local.operations import Call, serve
from infra.local.resource_type import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping


def extend() -> None:
    """Serve these operations from moto's Bedrock."""
    from moto.bedrock.responses import BedrockResponse

    serve(BedrockResponse, OPERATIONS)


def _models(call: Call) -> list[dict[str, Any]]:
    return [
        {
            "modelArn": f"arn:{call.partition}:bedrock:{call.region}::foundation-model/{model.id}",
            "modelId": model.id,
            "modelName": model.id.partition(".")[2],
            "providerName": catalog.vendors()[model.vendor].title,
            "inferenceTypesSupported": sorted(
                {"region": "ON_DEMAND", "profile": "INFERENCE_PROFILE"}[routing.kind]
                for routing in catalog.routings(model.id, call.region)
            ),
            "modelLifecycle": {"status": "ACTIVE"},
        }
        for model in catalog.models().values()
        if catalog.routings(model.id, call.region)
    ]


def _profiles(call: Call) -> list[dict[str, Any]]:
    return [
        {
            "inferenceProfileName": routing.profile,
            "inferenceProfileId": routing.profile,
            "inferenceProfileArn": call.arn("bedrock", f"inference-profile/{routing.profile}"),
            "models": [
                {"modelArn": f"arn:{call.partition}:bedrock:{destination}::foundation-model/{model.id}"}
                for destination in routing.destinations
            ],
            "status": "ACTIVE",
            "type": "SYSTEM_DEFINED",
        }
        for model in catalog.models().values()
        for routing in catalog.routings(model.id, call.region)
        if routing.profile is not None
    ]


def _list_models(call: Call) -> Mapping[str, Any]:
    vendor, kind = call.parameters.get("byProvider"), call.parameters.get("byInferenceType")
    return {
        "modelSummaries": [
            model
            for model in _models(call)
            if vendor in (None, model["providerName"]) and (kind is None or kind in model["inferenceTypesSupported"])
        ]
    }


def _get_model(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters["modelIdentifier"].rpartition("foundation-model/")[2]
    return {"modelDetails": _one(_models(call), "modelId", wanted)}


def _list_profiles(call: Call) -> Mapping[str, Any]:
    found = _profiles(call) if call.parameters.get("typeEquals") != "APPLICATION" else []
    return call.page("inferenceProfileSummaries", found)


def _get_profile(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters["inferenceProfileIdentifier"].rpartition("inference-profile/")[2]
    return _one(_profiles(call), "inferenceProfileId", wanted)


# Access is per account and region here: an account has none until it agrees to a model's offer. Some models need no
# agreement on AWS; which, only AWS knows. Source: botocore 1.44.5, CreateFoundationModelAgreement and
# GetFoundationModelAvailability; Bedrock user guide, "Access foundation models", read 2026-11-24.


def _list_offers(call: Call) -> Mapping[str, Any]:
    wanted = _one(_models(call), "modelId", call.parameters["modelId"])["modelId"]
    offer = {"offerToken": f"offer-{wanted}", "offerId": f"offer-{wanted}"}
    return {"modelId": wanted, "offers": [{**offer, "termDetails": {"usageBasedPricingTerm": {"rateCard": []}}}]}


def _agree(call: Call) -> Mapping[str, Any]:
    wanted = _one(_models(call), "modelId", call.parameters["modelId"])["modelId"]
    if call.parameters["offerToken"] != f"offer-{wanted}":
        raise Refused("ValidationException", f"The offer token is not one of {wanted}.")
    call.kept("agreements")[wanted] = True
    return {"modelId": wanted}


def _disagree(call: Call) -> Mapping[str, Any]:
    wanted = call.parameters["modelId"]
    if call.kept("agreements").pop(wanted, None) is None:
        raise Refused("ResourceNotFoundException", f"There is no agreement about {wanted}.")
    return {}


def _availability(call: Call) -> Mapping[str, Any]:
    wanted = _one(_models(call), "modelId", call.parameters["modelId"])["modelId"]
    agreed = wanted in call.kept("agreements")
    return {
        "modelId": wanted,
        "agreementAvailability": {"status": "AVAILABLE" if agreed else "NOT_AVAILABLE"},
        "authorizationStatus": "AUTHORIZED" if agreed else "NOT_AUTHORIZED",
        "entitlementAvailability": "AVAILABLE" if agreed else "NOT_AVAILABLE",
        "regionAvailability": "AVAILABLE",
    }


def _one(entries: list[dict[str, Any]], key: str, wanted: str) -> dict[str, Any]:
    for entry in entries:
        if entry[key] == wanted:
            return entry
    raise Refused("ResourceNotFoundException", f"{wanted} could not be found.")


OPERATIONS = {
    "ListFoundationModels": _list_models,
    "GetFoundationModel": _get_model,
    "ListInferenceProfiles": _list_profiles,
    "GetInferenceProfile": _get_profile,
    "GetFoundationModelAvailability": _availability,
    "ListFoundationModelAgreementOffers": _list_offers,
    "CreateFoundationModelAgreement": _agree,
    "DeleteFoundationModelAgreement": _disagree,
}
