"""Models, access to them, and inference profiles, against the settings and the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.preflight.item import Answer, decided, item

if TYPE_CHECKING:
    from infra.preflight.about import About
    from infra.preflight.questions import Questions

NOT_FOUND = ("ResourceNotFoundException",)
SOURCE = "Bedrock API reference, {}, read 2026-11-24"
CATALOGUE = "change models in the enclave's file, and correct infra/catalog/data/vendors with what the account says"


@item(
    "model-ids",
    "Bedrock offers each model in the region, on demand where it is routed so",
    asks=("bedrock:GetFoundationModel",),
    source=SOURCE.format("GetFoundationModel"),
)
def model_ids(ask: Questions, about: About) -> Answer:
    """The model is there, and not past its end of life."""
    faults, legacy = [], []
    for model in about.settings.models:
        told = ask("bedrock:GetFoundationModel", absent=NOT_FOUND, modelIdentifier=model.id)
        if told is None:
            faults.append(f"{model.id} is not offered")
            continue
        details = told["modelDetails"]
        if model.routing == "region" and "ON_DEMAND" not in details.get("inferenceTypesSupported", ()):
            faults.append(f"{model.id} is offered by profile alone")
        if details.get("modelLifecycle", {}).get("status", "ACTIVE") != "ACTIVE":
            legacy.append(model.id)
    said = f"all {len(about.settings.models)} are"
    return decided(faults, f"{said}; on their way out: {', '.join(legacy)}" if legacy else said, CATALOGUE)


@item(
    "model-access",
    "the account may use each model",
    asks=("bedrock:GetFoundationModelAvailability",),
    source=SOURCE.format("GetFoundationModelAvailability"),
)
def model_access(ask: Questions, about: About) -> Answer:
    """Agreed to, authorised, entitled, and available in the region."""
    wanted = {
        ("agreementAvailability", "status"): "AVAILABLE",
        ("authorizationStatus",): "AUTHORIZED",
        ("entitlementAvailability",): "AVAILABLE",
        ("regionAvailability",): "AVAILABLE",
    }
    faults: dict[str, list[str]] = {}
    for model in about.settings.models:
        told = ask("bedrock:GetFoundationModelAvailability", absent=NOT_FOUND, modelId=model.id) or {}
        short = [f"{path[0]} {_at(told, path)}" for path, value in wanted.items() if _at(told, path) != value]
        if short:
            faults.setdefault(", ".join(short), []).append(model.id)
    return decided(
        [f"not {', '.join(models)}: {why}" for why, models in faults.items()],
        f"to all {len(about.settings.models)}",
        "ask for access in Bedrock's console; in GovCloud the linked commercial account accepts the licence first",
    )


def _at(told: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        told = (told or {}).get(name)
    return told


@item(
    "inference-profiles",
    "each inference profile leads to the model in the declared regions and nowhere else",
    asks=("bedrock:GetInferenceProfile",),
    source=SOURCE.format("GetInferenceProfile"),
    when=lambda settings: any(model.routing == "profile" for model in settings.models),
)
def inference_profiles(ask: Questions, about: About) -> Answer:
    """Its destinations are those of the settings, which the catalogue allowed."""
    faults, found = [], []
    for model in about.settings.models:
        if model.routing != "profile":
            continue
        told = ask("bedrock:GetInferenceProfile", absent=NOT_FOUND, inferenceProfileIdentifier=model.profile)
        if told is None or told["status"] != "ACTIVE":
            faults.append(f"{model.profile} is {'not there' if told is None else told['status']}")
            continue
        arns = [each["modelArn"].split(":", 5) for each in told["models"]]
        regions = sorted({arn[3] for arn in arns})
        models = sorted({arn[5].removeprefix("foundation-model/") for arn in arns})
        found.append(f"{model.profile} leads to {', '.join(regions)}")
        if models != [model.id]:
            faults.append(f"{model.profile} leads to {', '.join(models)}, not to {model.id}")
        if regions != sorted(model.destinations):
            faults.append(f"{found[-1]}, the settings say {', '.join(sorted(model.destinations))}")
    return decided(faults, "; ".join(found), CATALOGUE)
