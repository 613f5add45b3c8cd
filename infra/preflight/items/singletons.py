"""What exists once per account and region: never overwritten silently.

Each item finds nothing, the enclave's own, or somebody else's; the last is refuted with what would be overwritten. An
enclave that does not own the account's baseline rests on what stands there, and is refuted where nothing does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infra.preflight.item import Answer, item, refuted, verified
from infra.preflight.own import OWN, own

if TYPE_CHECKING:
    from infra.preflight.about import About
    from infra.preflight.questions import Questions

OWNER = "deploy the enclave that owns the account's baseline first, or write account_baseline: true"
SETTLE = "take it back, agree with its owner, or write account_baseline: false and rest on it"
BLOCK = "ec2:DescribeVpcBlockPublicAccessOptions"
GATEWAYS, INTERFACES = "ec2:DescribeInternetGateways", "ec2:DescribeNetworkInterfaces"
ENFORCED = "bedrock:ListEnforcedGuardrailsConfiguration"
LOGGING = "bedrock:GetModelInvocationLoggingConfiguration"
RETENTION = "bedrock:GetAccountDataRetention"


def _rests(stands: bool, said: str) -> Answer:
    """For an enclave that rests on another's baseline."""
    return (
        verified(f"this enclave rests on it: {said}")
        if stands
        else refuted(f"this enclave rests on it, and {said}", OWNER)
    )


@item(
    "block-public-access",
    "VPC block public access can be turned on without cutting or replacing what is another's",
    asks=(BLOCK, GATEWAYS, INTERFACES, *OWN),
    source='VPC user guide, "Block public access to VPCs and subnets", read 2026-11-24',
)
def block_public_access(ask: Questions, about: About) -> Answer:
    """Off with no VPC in use behind a gateway, or on as the enclave wants it."""
    options = ask(BLOCK)["VpcBlockPublicAccessOptions"]
    mode = options["InternetGatewayBlockMode"]
    if not about.settings.account_baseline:
        return _rests(mode == "block-bidirectional", f"it is {mode!r}")
    if options.get("ManagedBy") == "declarative-policy":  # the stack's own setting of it, even to the same, is refused
        return refuted(f"it is {mode!r} by the organisation's declarative policy", "change it in the organisation")
    if mode == "block-bidirectional":
        return verified("it is 'block-bidirectional' already")
    if mode != "off" and not own(ask, about).get("AWS::EC2::VPCBlockPublicAccessOptions"):
        return refuted(f"it is {mode!r}, set by somebody else, and would be overwritten", SETTLE)
    cut = _behind_gateways(ask)
    if cut:
        return refuted(
            f"turning it on would cut {', '.join(cut)}, in use behind an internet gateway",
            "move them to another account or region, or take the gateways away",
        )
    return verified(f"it is {mode!r}, and no VPC in use has an internet gateway")


def _behind_gateways(ask: Questions) -> list[str]:
    gateways = ask.all(GATEWAYS, "InternetGateways")
    vpcs = {each["VpcId"] for gateway in gateways for each in gateway.get("Attachments", ())}
    used = {each["VpcId"] for each in ask.all(INTERFACES, "NetworkInterfaces")} if vpcs else set()
    return sorted(vpcs & used)


@item(
    "enforced-guardrail",
    "no other guardrail is enforced on the account",
    asks=(ENFORCED, *OWN),
    source="Bedrock API reference, PutEnforcedGuardrailConfiguration (one per account and region), read 2026-11-24",
)
def enforced_guardrail(ask: Questions, about: About) -> Answer:
    """None, or the enclave's own."""
    standing = [each["guardrailArn"] for each in ask.all(ENFORCED, "guardrailsConfig")]
    said = f"enforced: {', '.join(standing) or 'none'}"
    if not about.settings.account_baseline:
        return _rests(bool(standing), said)
    if not standing:
        return verified(said)
    ours = own(ask, about).get("AWS::Bedrock::Guardrail", set())
    others = [arn for arn in standing if not ours & {arn, arn.rpartition("/")[2]}]
    return (
        refuted(f"{', '.join(others)} would be overwritten", SETTLE) if others else verified(f"{said}, the enclave's")
    )


@item(
    "invocation-logging",
    "no other invocation logging is set",
    asks=(LOGGING, *OWN),
    source='Bedrock user guide, "Monitor model invocation" (one configuration per account and region), read 2026-11-24',
)
def invocation_logging(ask: Questions, about: About) -> Answer:
    """None, or to the enclave's own bucket and log group."""
    standing = ask(LOGGING).get("loggingConfig")
    places = _places(standing or {})
    if not about.settings.account_baseline:
        return _rests(bool(standing), f"it goes to {', '.join(places) or 'nowhere'}")
    if not standing:
        return verified("none is set")
    made = own(ask, about)
    ours = made.get("AWS::S3::Bucket", set()) | made.get("AWS::Logs::LogGroup", set())
    if places and set(places) <= ours:
        return verified(f"it goes to the enclave's own {', '.join(places)}")
    return refuted(f"logging to {', '.join(places) or 'nowhere'} would be overwritten", SETTLE)


def _places(config: dict[str, Any]) -> list[str]:
    logs = config.get("cloudWatchConfig") or {}
    buckets = [config.get("s3Config") or {}, logs.get("largeDataDeliveryS3Config") or {}]
    return sorted({*filter(None, (logs.get("logGroupName"), *(each.get("bucketName") for each in buckets)))})


@item(
    "data-retention",
    "no other data retention is set",
    asks=(RETENTION,),
    source="botocore 1.44.5, Bedrock GetAccountDataRetention, read 2026-11-24",
)
def data_retention(ask: Questions, about: About) -> Answer:
    """AWS's default, which nobody set, or `none`, which the enclave wants."""
    mode = ask(RETENTION).get("mode", "")
    if not about.settings.account_baseline:
        return _rests(mode == "none", f"it is {mode!r}")
    if mode in ("default", "none"):
        return verified(f"it is {mode!r}")
    return refuted(f"it is {mode!r}, set by somebody else, and would be overwritten by 'none'", SETTLE)


@item(
    "api-gateway-account",
    "API Gateway's account role is left as it stands",
    asks=("apigateway:GetAccount", *OWN),
    source="CloudFormation reference, AWS::ApiGateway::Account (one per account and region), read 2026-11-24",
)
def api_gateway_account(ask: Questions, about: About) -> Answer:
    """The templates set none, or none stands."""
    sets = about.resources("AWS::ApiGateway::Account")
    standing = ask("apigateway:GetAccount").get("cloudwatchRoleArn") or ""
    if not sets:
        return verified(f"the templates set none; standing: {standing or 'none'}")
    ours = own(ask, about).get("AWS::IAM::Role", set())
    if standing and standing.rpartition("/")[2] not in ours:
        return refuted(f"{standing} would be overwritten", SETTLE)
    return verified(f"standing: {standing or 'none'}")
