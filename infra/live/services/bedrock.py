"""Bedrock: guardrails, their versions and enforcement, and the account's settings for inference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.live.found import Found, reader
from infra.live.names import VERSION
from infra.posture.aws.bedrock import DATA_RETENTION, INVOCATION_LOGGING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.live.account import Account
    from infra.live.names import Names

GUARDRAIL = "AWS::Bedrock::Guardrail"
# What GetGuardrail calls a policy and its lists → what CloudFormation does.
POLICIES = {
    "topicPolicy": ("TopicPolicyConfig", {"topics": "TopicsConfig", "tier": "TopicsTierConfig"}),
    "contentPolicy": ("ContentPolicyConfig", {"filters": "FiltersConfig", "tier": "ContentFiltersTierConfig"}),
    "wordPolicy": ("WordPolicyConfig", {"words": "WordsConfig", "managedWordLists": "ManagedWordListsConfig"}),
    "sensitiveInformationPolicy": (
        "SensitiveInformationPolicyConfig",
        {"piiEntities": "PiiEntitiesConfig", "regexes": "RegexesConfig"},
    ),
    "contextualGroundingPolicy": ("ContextualGroundingPolicyConfig", {"filters": "FiltersConfig"}),
}


@reader
def guardrails(account: Account, names: Names) -> Iterator[Found]:
    """Guardrails that the enclave's stacks made, each with all its versions."""
    for guardrail_id in names.ids(GUARDRAIL, account.place):
        draft = account.call(
            "bedrock", "get_guardrail", guardrailIdentifier=guardrail_id, absent=("ResourceNotFoundException",)
        )
        if draft is None:
            continue
        key = {"KmsKeyArn": draft["kmsKeyArn"]} if draft.get("kmsKeyArn") else {}
        yield Found(GUARDRAIL, guardrail_id, {"Name": draft["name"], **key, **_content(draft)})
        for listed in account.all("bedrock", "list_guardrails", "guardrails", guardrailIdentifier=guardrail_id):
            number = listed["version"]
            if number != "DRAFT":
                version = account.call(
                    "bedrock", "get_guardrail", guardrailIdentifier=guardrail_id, guardrailVersion=number
                )
                yield Found(
                    VERSION,
                    f"{guardrail_id}|{number}",
                    {
                        "GuardrailIdentifier": guardrail_id,
                        "Version": number,
                        "Description": version.get("description", ""),
                        "Content": _content(version),
                    },
                )


def _content(guardrail: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {
        "BlockedInputMessaging": guardrail["blockedInputMessaging"],
        "BlockedOutputsMessaging": guardrail["blockedOutputsMessaging"],
    }
    for theirs, (ours, lists) in POLICIES.items():
        if policy := guardrail.get(theirs):
            content[ours] = {lists[name]: _capital(value) for name, value in policy.items() if name in lists}
    if profile := (guardrail.get("crossRegionDetails") or {}).get("guardrailProfileArn"):
        content["CrossRegionConfig"] = {"GuardrailProfileArn": profile}
    return content


def _capital(value: Any) -> Any:
    """A value whose members are spelt with a capital, as CloudFormation does."""
    match value:
        case dict():
            return {f"{key[0].upper()}{key[1:]}": _capital(each) for key, each in value.items()}
        case list():
            return [_capital(each) for each in value]
        case _:
            return value


@reader
def enforcement(account: Account, names: Names) -> Iterator[Found]:
    """Guardrails that the account enforces, whoever asked for it."""
    for each in account.all("bedrock", "list_enforced_guardrails_configuration", "guardrailsConfig"):
        guardrail_id, number = each["guardrailId"], each["guardrailVersion"]
        guarding = _capital(each.get("selectiveContentGuarding") or {})
        if each.get("inputTags") == "HONOR":  # what callers tag as not to be guarded is not
            guarding["Messages"] = "SELECTIVE"
        yield Found(
            "AWS::Bedrock::EnforcedGuardrailConfiguration",
            each["configId"],
            {
                "GuardrailIdentifier": guardrail_id,
                "GuardrailVersion": names.version(guardrail_id, number),
                **({"ModelEnforcement": _capital(each["modelEnforcement"])} if each.get("modelEnforcement") else {}),
                **({"SelectiveContentGuarding": guarding} if guarding else {}),
            },
            acts_on_all=True,
        )


@reader
def settings(account: Account, names: Names) -> Iterator[Found]:
    """Invocation logging and data retention of the account and region."""
    logging = account.call("bedrock", "get_model_invocation_logging_configuration").get("loggingConfig")
    if logging:
        yield Found(INVOCATION_LOGGING, str(account.place), logging, acts_on_all=True)
    retention = account.call("bedrock", "get_account_data_retention")
    yield Found(DATA_RETENTION, str(account.place), {"mode": retention.get("mode", "")}, acts_on_all=True)
