"""GRD-04: the account applies the guardrail to every model by itself, nothing excluded, everything judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.controls.finding import Finding, falls_short, holds, unknown
from infra.controls.framework import control
from infra.unknown import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.posture.aws.bedrock import EnforcedGuardrail
    from infra.posture.model import Posture
    from infra.settings import Enclave


@control(
    "GRD-04",
    title="account-level enforcement: all models, nothing excluded, comprehensive",
    serves=["P1", "P2"],
    source="Bedrock guide, 'Guardrails enforcements'; AWS::Bedrock::EnforcedGuardrailConfiguration, read 2026-11-24",
)
def guardrail_is_enforced(posture: Posture, settings: Enclave) -> Iterator[Finding]:
    """Every enforcement, and that there is one."""
    account = f"{settings.accounts.enclave}/{settings.region}"
    here = [each for each in posture.enforced_guardrails if str(each.place) == account]
    if not here and posture.origin == "templates" and not settings.account_baseline:
        why = "the guardrail is enforced by the enclave that owns the account's baseline"
        yield unknown(account, why, remedy="list an assumption for GRD-04 that another enclave owns the baseline")
    elif not here:
        remedy = (
            "add an AWS::Bedrock::EnforcedGuardrailConfiguration of the enclave's guardrail, at one of its versions"
        )
        yield falls_short(account, "no guardrail is enforced", remedy=remedy)
    for enforced in posture.enforced_guardrails:
        yield from _complete(enforced, posture, settings)


def _complete(enforced: EnforcedGuardrail, posture: Posture, settings: Enclave) -> Iterator[Finding]:
    own = [guardrail.id for guardrail in posture.guardrails]
    whole = "COMPREHENSIVE"
    ours = not settings.account_baseline or enforced.guardrail_id in own
    numeric = enforced.version not in ("", "DRAFT")
    claims = (
        ("IncludedModels", enforced.included_models, enforced.included_models == ("ALL",), "ALL"),
        ("ExcludedModels", enforced.excluded_models, not enforced.excluded_models, "an empty list"),
        ("SelectiveContentGuarding.Messages", (enforced.guards_messages,), enforced.guards_messages == whole, whole),
        ("SelectiveContentGuarding.System", (enforced.guards_system,), enforced.guards_system == whole, whole),
        (
            "GuardrailVersion",
            (enforced.version,),
            numeric and isinstance(enforced.version, str),
            "the number of a version",
        ),
        ("GuardrailIdentifier", (enforced.guardrail_id,), ours, "the enclave's guardrail"),
    )
    fine = True
    for name, values, good, wanted in claims:
        if good:
            continue
        fine = False
        if why := next((each for each in values if isinstance(each, Unknown)), None):
            yield unknown(enforced, f"{name}: {why}")
        else:
            witness = f"{name}: {', '.join(map(str, values)) or 'none'}"
            yield falls_short(enforced, f"{name} is not {wanted}", witness=witness, remedy=f"set {name} to {wanted}")
    if fine:
        yield holds(enforced, "all models, nothing excluded, comprehensive")
