"""The default enclave's posture in two pages: whoever changes it shows a reviewer the lines that differ.

`python -m tests.posture.test_golden` writes golden/sandbox.txt anew.
"""

from __future__ import annotations

import difflib
import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.posture.template.read import read
from infra.unknown import Unknown
from tests.conftest import synthesise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infra.policy.document import Document
    from infra.posture.aws.firewalls import AclEntry, GroupRule
    from infra.posture.model import Posture

GOLDEN = Path(__file__).parent / "golden" / "sandbox.txt"
WRITE = "python -m tests.posture.test_golden"

_MADE_UP = re.compile(r"\{([\w-]+/\w+?)(?:[0-9A-F]{8})?(\.\w+)?\}")
_ARN = re.compile(r"arn:[\w-]+:[\w-]+:[\w-]*:\d*:(?:[\w-]+[/:](?=\w+-))?")


def page(posture: Posture) -> str:
    """One line per fact, in sections; what AWS or CDK makes up is left out."""
    return "".join(f"{line}\n" for line in _lines(posture))


def _lines(posture: Posture) -> Iterator[str]:
    for title, section in (
        ("stacks", _stacks),
        ("network", _network),
        ("traffic", _traffic),
        ("endpoints", _endpoints),
        ("buckets", _buckets),
        ("keys", _keys),
        ("roles", _roles),
        ("logs and trails", _logs),
        ("guardrail", _guardrail),
        ("workflows", _workflows),
        ("watching, by stack", _watching),
        ("hosting", _hosting),
    ):
        yield f"[{title}]"
        yield from section(posture)
    yield f"[not decided by the templates: {len(posture.undecided)}]"
    yield from (f"{_text(each.what)} {each.collection}: {each.why}" for each in posture.undecided)


def _text(value: Any) -> str:
    """A value without the parts of ids and ARNs that CDK or the account make up."""
    if isinstance(value, tuple):
        return ", ".join(map(_text, value)) or "none"
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Unknown):
        return str(value)
    text = str(value)
    if re.fullmatch(r"[\w-]+/\w+(\.\w+)?", text):
        text = f"{{{text}}}"
    return _ARN.sub("", _MADE_UP.sub(lambda made: made[1] + (made[2] or ""), text))


def _policy(document: Document | Unknown | None) -> str:
    """How much a policy says, and of whom: a count that moves is a policy to read."""
    if document is None or isinstance(document, Unknown):
        return f"policy {_text(document)}"
    effects = Counter(str(each.effect) for each in document.statements)
    named = {p for each in document.statements for _, p in each.principals or ()}
    named |= {
        value
        for each in document.statements
        for condition in each.conditions
        if condition.key.lower() == "aws:principalarn"
        for value in condition.values
    }
    conditions = sum(len(each.conditions) for each in document.statements)
    return (
        f"policy {effects['Allow']} allow {effects['Deny']} deny, "
        f"{len({str(each) for each in named} - {'*'})} principals, {conditions} conditions"
    )


def _stacks(posture: Posture) -> Iterator[str]:
    for stack in posture.stacks:
        yield f"{stack.id}: termination protection {_text(stack.termination_protection)}"


def _network(posture: Posture) -> Iterator[str]:
    for vpc in posture.vpcs:
        yield f"vpc {_text(vpc.cidrs)}: IPv6 {_text(vpc.ipv6_cidrs)}, block public access {vpc.block_public_access}"
        control = vpc.encryption_control
        yield f"vpc encryption {control.mode if control else 'none'}, let off: {_text(control and control.exclusions)}"
    for subnet in posture.subnets:
        yield f"subnet {_text(subnet.cidr_block)}: public addresses {_text(subnet.map_public_ip_on_launch)}"
    yield f"gateways: {len(posture.gateways)}"
    for table in posture.route_tables:
        routes = ", ".join(f"{_text(each.destination)} to {each.target}" for each in table.routes)
        yield f"routes of {_text(table.ref)}: {routes or 'none but local'}"
    lists = {each.id: each.domains for each in posture.firewall_domain_lists}
    for group in posture.firewall_rule_groups:
        for rule in group.rules:
            domains = lists.get(str(rule.domain_list_id), ())
            shown = _text(domains) if len(domains) == 1 else f"{len(domains)} domains"
            yield f"dns {rule.priority} {rule.action} {shown}, answer {_text(rule.block_response)}"
    for each in posture.firewall_rule_group_associations:
        yield f"dns firewall on {_text(each.vpc_id)}, protected from change: {_text(each.mutation_protection)}"


def _traffic(posture: Posture) -> Iterator[str]:
    for group in posture.security_groups:
        for way, rules in (("in", group.ingress), ("out", group.egress)):
            yield f"{_text(group.ref)} {way}: {'; '.join(map(_rule, rules)) or 'none'}"
    for acl in posture.network_acls:
        for entry in acl.entries:
            yield f"{_text(acl.ref)} {'out' if entry.egress else 'in'} {entry.number}: {_entry(entry)}"


def _rule(rule: GroupRule) -> str:
    return f"{_text(rule.peer_id)} {rule.protocol} {_ports(rule)}"


def _entry(entry: AclEntry) -> str:
    return f"{entry.action} {entry.cidr} {entry.protocol} {_ports(entry)}"


def _ports(rule: GroupRule | AclEntry) -> str:
    if rule.from_port is None:
        return "all ports"
    return f"{rule.from_port}" if rule.from_port == rule.to_port else f"{rule.from_port}-{rule.to_port}"


def _endpoints(posture: Posture) -> Iterator[str]:
    for endpoint in sorted(posture.vpc_endpoints, key=lambda each: str(each.service_name)):
        yield (
            f"{endpoint.service_name} {endpoint.type}: private DNS {_text(endpoint.private_dns_enabled)}, "
            f"{len(endpoint.subnet_ids)} subnets, {_policy(endpoint.policy)}"
        )


def _buckets(posture: Posture) -> Iterator[str]:
    for bucket in posture.buckets:
        lock = bucket.default_retention
        locked = f"{lock.mode} {lock.days} days" if lock and not isinstance(lock, Unknown) else _text(lock)
        name = _text(bucket.ref)
        yield (
            f"{name}: lock {locked}, versioning {bucket.versioning}, retained {_text(bucket.retained)}, "
            f"public access blocked {_text(all(each is True for each in bucket.public_access_block))}"
        )
        yield (
            f"{name}: {bucket.encryption.algorithm} {_text(bucket.encryption.key)}, "
            f"access log to {_text(bucket.logging and bucket.logging.bucket)}, {_policy(bucket.policy)}"
        )
        for rule in bucket.lifecycle:
            yield (
                f"{name}: lifecycle {rule.status}, expires {_text(rule.expiration_days)}, "
                f"noncurrent {_text(rule.noncurrent_expiration_days)}"
            )


def _keys(posture: Posture) -> Iterator[str]:
    for key in posture.keys:
        yield (
            f"{_text(key.ref)}: rotates {_text(key.rotates)} {_text(key.rotation_period_days)} days, "
            f"retained {_text(key.retained)}, {_policy(key.policy)}"
        )


def _roles(posture: Posture) -> Iterator[str]:
    for role in posture.roles:
        yield (
            f"{_text(role.ref)}: trust {_policy(role.trust).removeprefix('policy ')}; "
            f"boundary {_text(role.permissions_boundary)}; policies {_text(role.managed_policy_arns)}; "
            f"inline {len(role.inline_policies)}; {role.max_session_duration_seconds} s"
        )
    for policy in posture.managed_policies:
        yield f"{_text(policy.ref)}: {_policy(policy.document)}"


def _logs(posture: Posture) -> Iterator[str]:
    for group in posture.log_groups:
        yield (
            f"{_text(group.ref)}: {_text(group.retention_days)} days, key {_text(group.kms_key_id)}, "
            f"retained {_text(group.retained)}"
        )
    for trail in posture.trails:
        yield (
            f"{_text(trail.ref)}: logging {_text(trail.logging)}, all regions {_text(trail.multi_region)}, "
            f"validated {_text(trail.log_file_validation)}, to {_text(trail.bucket)} and {_text(trail.log_group_arn)}"
        )
        for selector in trail.advanced_event_selectors:
            fields = "; ".join(
                f"{each.field} {' '.join(f'{name} {_text(values)}' for name, values in each.operators)}"
                for each in selector
            )
            yield f"trail records {fields}"
        for basic in trail.event_selectors:
            yield f"trail records {basic.read_write_type}, management events {_text(basic.management_events)}"
    for flow in posture.flow_logs:
        yield f"flow log of {_text(flow.resource_id)}: {flow.traffic_type} to {_text(flow.destination)}"
    for query in posture.query_log_configs:
        yield f"query log of {_text(query.vpc_ids)} to {_text(query.destination)}"


def _guardrail(posture: Posture) -> Iterator[str]:
    for guardrail in posture.guardrails:
        content = guardrail.content
        profile = _text(content.cross_region_profile)
        yield f"{_text(guardrail.ref)}: key {_text(guardrail.kms_key_arn)}, cross-region profile {profile}"
        for topic in content.topics:
            yield f"topic {topic.name}: {topic.type}, in {topic.input.action}, out {topic.output.action}"
        for strength in content.content_filters:
            yield (
                f"content {strength.type}: in {strength.input_strength} ({_text(strength.input_modalities)}) "
                f"{strength.input.action}, out {strength.output_strength} ({_text(strength.output_modalities)}) "
                f"{strength.output.action}"
            )
        for term in (*content.words, *content.managed_word_lists, *content.pii, *content.regexes):
            yield f"term {term.name}: in {term.input.action}, out {term.output.action}"
        for threshold in content.grounding:
            yield f"grounding {threshold.type}: {threshold.threshold} {threshold.way.action}"
    for version in posture.guardrail_versions:
        yield f"version of {_text(version.guardrail_id)}: retained {_text(version.retained)}"
    for enforced in posture.enforced_guardrails:
        yield (
            f"enforced on the account: {_text(enforced.guardrail_id)} {_text(enforced.version)}, "
            f"models {_text(enforced.included_models)}, but {_text(enforced.excluded_models)}, "
            f"messages {_text(enforced.guards_messages)}, system {_text(enforced.guards_system)}"
        )


def _workflows(posture: Posture) -> Iterator[str]:
    for machine in posture.state_machines:
        yield f"{_text(machine.ref)}: role {_text(machine.role_arn)}, log {machine.log_level}"
    for schedule in posture.schedules:
        yield f"{_text(schedule.ref)}: {schedule.state} {schedule.expression} starts {_text(schedule.target_arn)}"


def _watching(posture: Posture) -> Iterator[str]:
    for what, found in (
        ("alarms that act", [each for each in posture.alarms if each.actions_enabled is True and each.alarm_actions]),
        ("alarms that do not", [each for each in posture.alarms if not (each.actions_enabled and each.alarm_actions)]),
        ("enabled rules", [each for each in posture.rules if each.state == "ENABLED"]),
        ("disabled rules", [each for each in posture.rules if each.state != "ENABLED"]),
        ("metric filters", posture.metric_filters),
    ):
        by_stack = Counter(each.ref.name.partition("/")[0] for each in found)
        yield f"{what}: {', '.join(f'{stack} {count}' for stack, count in sorted(by_stack.items())) or 'none'}"
    for topic in posture.topics:
        yield f"{_text(topic.ref)}: key {_text(topic.kms_key_id)}, {_policy(topic.policy)}"


def _hosting(posture: Posture) -> Iterator[str]:
    for model in posture.models:
        yield (
            f"{_text(model.ref)}: isolated {_text(model.network_isolation)}, {len(model.subnet_ids)} subnets, "
            f"groups {_text(model.security_group_ids)}"
        )
        for container in model.containers:
            pinned, bucket = "@sha256:" in str(container.image), _text(container.artifact).partition("/sha256")[0]
            yield f"image pinned by digest {_text(pinned)}, artefact in {bucket}"
    for config in posture.endpoint_configs:
        capture = config.data_capture
        captured = (
            f"{capture.sampling_percentage} % {_text(capture.modes)} with {_text(capture.kms_key_id)}"
            if capture and capture.enabled is True
            else "none"
        )
        yield f"{_text(config.ref)}: key {_text(config.kms_key_id)}, capture {captured}"
        for variant in config.variants:
            yield f"variant {variant.name}: {variant.instance_type}, shell {_text(variant.ssm_access)}"


def test_the_posture_is_the_one_that_was_reviewed(assembly: Path) -> None:
    reviewed, found = GOLDEN.read_text(), page(read(assembly))
    changed = "".join(
        difflib.unified_diff(
            reviewed.splitlines(keepends=True), found.splitlines(keepends=True), "reviewed", "found", n=0
        )
    )
    assert not changed, f"the default enclave's posture changed; if it should, write it with `{WRITE}`:\n{changed}"


def test_no_line_depends_on_what_cdk_makes_up() -> None:
    for line in GOLDEN.read_text().splitlines():
        assert not re.search(r"[0-9A-F]{8}\b|[{}]|arn:|unknown", line), line


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        GOLDEN.write_text(page(read(synthesise(Path(folder)))))
    print(GOLDEN)
