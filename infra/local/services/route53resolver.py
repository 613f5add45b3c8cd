"""Route 53 Resolver's query logs: what moto lacks, and destinations tried as AWS tries them.

API shapes: botocore 1.44.5, service `route53resolver`; refusals: Route 53 Resolver API reference, read 2026-11-24.
"""

from __future__ import annotations

from typing import Any

from moto.route53resolver.models import Route53ResolverBackend
from moto.route53resolver.responses import Route53ResolverResponse

from infra.local import log_delivery
from infra.local.mend import wrap
from infra.local.operations import Call, kept, serve
from infra.local.resource_type import Refused
from infra.local.rules import route53resolver_resolver_query_logging_config as resolver_query_logging_config
from infra.local.rules import (
    route53resolver_resolver_query_logging_config_association as resolver_query_logging_config_association,
)


def extend() -> None:
    """Serve this module's operations in place of moto's."""
    serve(
        Route53ResolverResponse,
        {
            "CreateResolverQueryLogConfig": create_resolver_query_log_config,
            "DeleteResolverQueryLogConfig": delete_resolver_query_log_config,
            "AssociateResolverQueryLogConfig": associate_resolver_query_log_config,
            "DisassociateResolverQueryLogConfig": disassociate_resolver_query_log_config,
        },
        invalid="InvalidParameterException",
    )
    wrap(Route53ResolverBackend, _matched_arn=_known)


def create_resolver_query_log_config(call: Call) -> dict[str, Any]:
    """CreateResolverQueryLogConfig: log delivery must be let in by the destination already."""
    asked = call.parameters
    _check_destination(call, asked["DestinationArn"])
    config = call.backend.create_resolver_query_log_config(
        asked["Name"], asked["DestinationArn"], asked["CreatorRequestId"], asked.get("Tags")
    )
    return {"ResolverQueryLogConfig": config.description()}


def delete_resolver_query_log_config(call: Call) -> dict[str, Any]:
    """DeleteResolverQueryLogConfig: refused while a VPC uses it."""
    config_id = call.parameters["ResolverQueryLogConfigId"]
    config = call.backend.get_resolver_query_log_config(config_id)
    if config.association_count:
        message = f"Resolver query logging configuration {config_id} is associated with a VPC"
        raise Refused("InvalidRequestException", message)
    del call.backend.resolver_query_log_configs[config_id]
    call.backend.tagger.delete_all_tags_for_resource(config.arn)
    return {"ResolverQueryLogConfig": {**config.description(), "Status": "DELETING"}}


def associate_resolver_query_log_config(call: Call) -> dict[str, Any]:
    """AssociateResolverQueryLogConfig: one of each kind of destination a VPC."""
    asked, backend = call.parameters, call.backend
    config = backend.get_resolver_query_log_config(asked["ResolverQueryLogConfigId"])
    resolver_query_logging_config_association.one_of_a_kind(backend, config, asked["ResourceId"])
    made = backend.associate_resolver_query_log_config(config.id, asked["ResourceId"])
    return {"ResolverQueryLogConfigAssociation": made.description()}


def disassociate_resolver_query_log_config(call: Call) -> dict[str, Any]:
    """DisassociateResolverQueryLogConfig."""
    asked, associations = call.parameters, call.backend.resolver_query_log_config_associations
    for key, one in list(associations.items()):
        if (one.resolver_query_log_config_id, one.resource_id) == (
            asked["ResolverQueryLogConfigId"],
            asked["ResourceId"],
        ):
            call.backend.resolver_query_log_configs[one.resolver_query_log_config_id].association_count -= 1
            del associations[key]
            return {"ResolverQueryLogConfigAssociation": {**one.description(), "Status": "DELETING"}}
    message = f"{asked['ResourceId']} is not associated with {asked['ResolverQueryLogConfigId']}"
    raise Refused("ResourceNotFoundException", message)


def _kind(arn: str) -> str:
    return arn.split(":")[2]


def _check_destination(call: Call, arn: str) -> None:
    here = {"account": call.account, "region": call.region}
    match _kind(arn):
        case "logs":
            there = log_delivery.group_exists(arn, **here)
        case "s3":
            there = log_delivery.bucket(arn) is not None
        case "firehose":
            return  # no stream is looked at: the enclave has none
        case kind:
            raise Refused("InvalidParameterException", f"a destination of {kind} is not supported: {arn}")
    if not there:
        raise Refused("ResourceNotFoundException", f"the log destination {arn} does not exist")
    resolver_query_logging_config.destination_permission(call, arn)


def _known(self: Any, motos_own: Any, resource_arn: str) -> None:
    """What can be tagged: moto's own resources, query log configurations, the DNS firewall's."""
    ours = {one.arn for one in list(self.resolver_query_log_configs.values())}
    for name in ("firewall_domain_lists", "firewall_rule_groups", "firewall_associations"):
        ours |= {one["Arn"] for one in list(kept(self, name).values())}
    if resource_arn not in ours:
        motos_own(self, resource_arn)
