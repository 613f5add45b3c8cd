"""What a template may ask of the account around it: pseudo parameters, stored parameters, zones, imports."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.exceptions import ClientError

from infra.local.clients import client
from infra.local.cloudformation.handlers import services_lock
from infra.local.cloudformation.refusals import ValidationError

if TYPE_CHECKING:
    from infra.local.cloudformation.state import Engine


@cache
def _url_suffixes() -> dict[str, str]:
    data = botocore.session.get_session().get_component("data_loader").load_data("partitions")
    return {partition["id"]: partition["outputs"]["dnsSuffix"] for partition in data["partitions"]}


def pseudo(engine: Engine, stack_name: str, stack_arn: str, notification_arns: tuple[str, ...]) -> dict[str, Any]:
    """The pseudo parameters of a stack."""
    return {
        "AWS::AccountId": engine.account_id,
        "AWS::NotificationARNs": list(notification_arns),
        "AWS::Partition": engine.partition,
        "AWS::Region": engine.region_name,
        "AWS::StackId": stack_arn,
        "AWS::StackName": stack_name,
        "AWS::URLSuffix": _url_suffixes()[engine.partition],
    }


def stored_parameter(engine: Engine, name: str) -> str:
    """The value of a parameter in Parameter Store. Raises ValidationError if it is not there or is a secret."""
    try:
        with services_lock:
            found = client("ssm", engine.account_id, engine.region_name).get_parameter(Name=name)["Parameter"]
    except ClientError as error:
        raise ValidationError(f"Unable to fetch parameters [{name}] from parameter store for this account.") from error
    if found["Type"] == "SecureString":
        raise ValidationError(f"Parameters [{name}] referenced by template have types not supported by CloudFormation.")
    return str(found["Value"])


def dynamic(engine: Engine, service: str, rest: str) -> str:
    """The value of `{{resolve:service:rest}}`. Raises ValidationError for a service other than ssm."""
    if service != "ssm":
        raise ValidationError(f"the embedded AWS resolves dynamic references to ssm only, not {service}")
    return stored_parameter(engine, rest)


def zones(engine: Engine, region: str) -> list[str]:
    """The availability zones of a region."""
    with services_lock:
        found = client("ec2", engine.account_id, region).describe_availability_zones()["AvailabilityZones"]
    return sorted(zone["ZoneName"] for zone in found)


def imported(engine: Engine, name: str) -> str:
    """The value of an export. Raises ValidationError if no stack exports it."""
    exports = engine.exports()
    if name not in exports:
        raise ValidationError(f"No export named {name} found.")
    return exports[name][1]
