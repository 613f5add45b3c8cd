"""Each thing that can be wrong with an enclave's settings: its line, the value, what is allowed, where to change it."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import settings
from infra.settings.rules import faults, rules

SANDBOX = Path("enclaves/sandbox.yaml")
TEXT = SANDBOX.read_text()
ACCOUNT = '  enclave: "111122223333"'
ZONES = "zones: [us-gov-west-1a, us-gov-west-1b]"
ROLE = "arn:aws-us-gov:iam::111122223333:role/analyst"
TERRA = "    profile: us-gov.openai.gpt-5.6-terra\n    destinations: [us-gov-east-1, us-gov-west-1]"
OSS_20B = "id: openai.gpt-oss-20b-1:0"

WRONG: dict[str, tuple[str, str, str]] = {
    # what is tried: (text of the default enclave, what takes its place, what the error on its line must say)
    "unknown key": (
        "  cidr: 10.64.0.0/22",
        "  cird: 10.64.0.0/22",
        "unknown key 'cird' in network; did you mean 'cidr'?; allowed: cidr, zones, prefix_lists",
    ),
    "unknown key at the top": ("waivers: []", "waiver: []", "unknown key 'waiver'; did you mean 'waivers'?; allowed: "),
    "key twice": ("waivers: []", "name: other", "key 'name' is here twice; the first is on line 5; remove one"),
    "newer shape": (
        "schema: 1",
        "schema: 2",
        "schema is 2, a newer shape than this version of Sallyport reads; allowed: 1; take the version of Sallyport "
        'that reads it, or write the file in the shape allowed (docs/operations.md, "Upgrade Sallyport")',
    ),
    "no shape": ("schema: 1", "schema: 0", "schema is 0, a shape that there never was; allowed: 1; change schema"),
    "shape as text": ("schema: 1", 'schema: "1"', "schema is '1', a text; allowed: 1; change schema"),
    "name": ("name: sandbox", "name: Sand_box", "name is 'Sand_box'; allowed: lower-case letters, digits"),
    "name too long for what it becomes part of": (
        "name: sandbox",
        f"name: {'x' * 33}",
        f"name is '{'x' * 33}', 33 characters long; allowed: ",
    ),
    "name that is not the file's": (
        "name: sandbox",
        "name: other",
        "name 'other' is not the file's name; allowed: sandbox; change name, or the file's name",
    ),
    "name that AWS keeps": ("name: sandbox", "name: aws-one", "name 'aws-one' cannot be used: AWS keeps names that"),
    "unknown partition": (
        "partition: aws-us-gov",
        "partition: aws-us-gv",
        "partition 'aws-us-gv' is not known; did you mean 'aws-us-gov'?; allowed: aws-us-gov; change partition",
    ),
    "partition without data": ("partition: aws-us-gov", "partition: aws", "partition 'aws' has no region whose zones"),
    "region of another partition": (
        "region: us-gov-west-1\n",
        "region: us-east-1\n",
        "region 'us-east-1' is in partition aws, not aws-us-gov; allowed: us-gov-west-1, us-gov-east-1; change region",
    ),
    "unknown region": (
        "region: us-gov-west-1\n",
        "region: us-gov-weste-1\n",
        "region 'us-gov-weste-1' is not known; did you mean 'us-gov-west-1'?; allowed: ",
    ),
    "account as number": (
        ACCOUNT,
        "  enclave: 111122223333",
        'accounts.enclave is 111122223333, a number; allowed: twelve digits in quotes, such as "111122223333"; '
        "change accounts.enclave",
    ),
    "account with leading zero": (
        ACCOUNT,
        "  enclave: 011122223333",
        "accounts.enclave is 011122223333, which readers take for different numbers; quote it",
    ),
    "account too short": (ACCOUNT, '  enclave: "11112222333"', "accounts.enclave is '11112222333'; allowed: twelve"),
    "truth as word": (
        "account_baseline: true",
        "account_baseline: yes",
        "account_baseline is 'yes', a text; allowed: true or false; change account_baseline",
    ),
    "network not private": ("10.64.0.0/22", "8.8.0.0/22", "network.cidr is '8.8.0.0/22', not private; allowed: a netw"),
    "network with host bits": ("10.64.0.0/22", "10.64.0.1/22", "not the network's own address, which is 10.64.0.0/22"),
    "network too small for the zones": (
        "10.64.0.0/22",
        "10.64.0.0/26",
        "network 10.64.0.0/26 is too small for 2 zones of at least a /26; allowed: /25 or larger; change network.cidr",
    ),
    "network of no VPC's size": ("10.64.0.0/22", "10.0.0.0/8", "network.cidr is '10.0.0.0/8', a size that no VPC has"),
    "network that AWS uses inside": ("10.64.0.0/22", "172.17.8.0/22", "network 172.17.8.0/22 overlaps 172.17.0.0/16"),
    "network that is none": ("10.64.0.0/22", "10.64.0.0/33", "network.cidr is '10.64.0.0/33', no such network"),
    "one zone": (ZONES, "zones: [us-gov-west-1a]", "network.zones has 1 entry; allowed: 2 or more; change network.zon"),
    "zone twice": (
        ZONES,
        "zones: [us-gov-west-1a, us-gov-west-1a]",
        "zone 'us-gov-west-1a' is here twice; allowed: each zone once; change network.zones[1]",
    ),
    "zone of another region": (
        ZONES,
        "zones: [us-gov-west-1a, us-gov-east-1b]",
        "zone 'us-gov-east-1b' is not in region us-gov-west-1; allowed: us-gov-west-1a, us-gov-west-1b, "
        "us-gov-west-1c; change network.zones[1]",
    ),
    "zones as text": (ZONES, "zones: us-gov-west-1a", "network.zones is 'us-gov-west-1a', a text; allowed: a list"),
    "principal with a wildcard": ("principals: []", f"principals: ['{ROLE}*']", "allowed: the ARN of one IAM role"),
    "principal of another partition": (
        "principals: []",
        "principals: ['arn:aws:iam::111122223333:role/analyst']",
        "'arn:aws:iam::111122223333:role/analyst' is of partition aws; allowed: an ARN that begins arn:aws-us-gov:; "
        "change consumers[0].principals[0]",
    ),
    "principal twice": (
        "principals: []",
        f"principals: ['{ROLE}', '{ROLE}']",
        f"'{ROLE}' is here twice; allowed: each",
    ),
    "provider of another partition": ("arn:aws-us-gov:iam", "arn:aws:iam", "is of partition aws; allowed: an ARN that"),
    "provider of another account": (
        "iam::111122223333:saml",
        "iam::444455556666:saml",
        "identity provider of account 444455556666: a role trusts only providers of its own account; allowed: a "
        "provider of account 111122223333; change identity_provider",
    ),
    "unknown vendor": (
        "  nvidia: active",
        "  nvidai: active",
        "vendor 'nvidai' is not in the catalogue; did you mean 'nvidia'?; allowed: amazon, anthropic, meta, nvidia, ",
    ),
    "vendor in no state": (
        "  nvidia: active",
        "  nvidia: on",
        "vendors.nvidia is 'on'; allowed: active; change vendor",
    ),
    "model of no vendor of the enclave": (
        "id: anthropic.claude-opus-5",
        "id: meta.llama3-8b-instruct-v1:0",
        "model 'meta.llama3-8b-instruct-v1:0' is of vendor 'meta', which vendors does not list; allowed: models of ama",
    ),
    "unknown model": (
        OSS_20B,
        "id: openai.gpt-oss-21b-1:0",
        "model 'openai.gpt-oss-21b-1:0' is not in the catalogue; did you mean 'openai.gpt-oss-20b-1:0'?; allowed: ",
    ),
    "model that only mantle offers": (OSS_20B, "id: openai.gpt-5.4", "model 'openai.gpt-5.4' is not in the catalogue;"),
    "model twice": (OSS_20B, "id: openai.gpt-oss-120b-1:0", "model 'openai.gpt-oss-120b-1:0' is here twice"),
    "routing the region does not offer": (
        f"{OSS_20B}\n    routing: region",
        f"{OSS_20B}\n    routing: profile",
        "routing 'profile' is not offered for openai.gpt-oss-20b-1:0 in us-gov-west-1; allowed: region; "
        "change models[1].routing",
    ),
    "unknown routing": (
        f"{OSS_20B}\n    routing: region",
        f"{OSS_20B}\n    routing: global",
        "models[1].routing is 'global'; allowed: region, profile; change models[1].routing",
    ),
    "profile beside routing by region": (
        f"{OSS_20B}\n    routing: region",
        f"{OSS_20B}\n    routing: region\n    profile: us-gov.openai.gpt-oss-20b-1:0",
        "profile 'us-gov.openai.gpt-oss-20b-1:0' is given beside routing 'region'",
    ),
    "destinations beside routing by region": (
        f"{OSS_20B}\n    routing: region",
        f"{OSS_20B}\n    routing: region\n    destinations: [us-gov-east-1]",
        "destinations are given beside routing 'region', which stays in its region: us-gov-east-1; allowed: no dest",
    ),
    "profile beyond the partition": (
        TERRA,
        TERRA.replace("us-gov.openai", "us.openai"),
        "profile 'us.openai.gpt-5.6-terra' is not one of openai.gpt-5.6-terra's; did you mean "
        "'us-gov.openai.gpt-5.6-terra'?; allowed: us-gov.openai.gpt-5.6-terra; change models[2].profile",
    ),
    "destination left out": (
        TERRA,
        TERRA.replace("us-gov-east-1, ", ""),
        "destinations leave out us-gov-east-1, where us-gov.openai.gpt-5.6-terra may send a call; allowed: exactly "
        "us-gov-east-1, us-gov-west-1; change models[2].destinations",
    ),
    "destination beyond the partition": (
        TERRA,
        TERRA.replace("[us", "[us-east-1, us"),
        "destination 'us-east-1' is in partition aws, not in aws-us-gov; allowed: us-gov-east-1, us-gov-west-1; "
        "change models[2].destinations[0]",
    ),
    "destination that is no region": (
        TERRA,
        TERRA.replace("[us", "[us-gov-north-1, us"),
        "destination 'us-gov-north-1' is not known, not in aws-us-gov; allowed: ",
    ),
    "destination twice": (
        TERRA,
        TERRA.replace("[us-gov-east-1", "[us-gov-east-1, us-gov-east-1"),
        "destination 'us-gov-east-1' is here twice",
    ),
    "no guardrail profile of that name": (
        "  profile: baseline",
        "  profile: basline",
        "guardrail profile 'basline' has no file enclaves/profiles/basline.yaml; allowed: baseline; change guardrail.",
    ),
    "guardrail profile that is a path": (
        "  profile: baseline",
        "  profile: ../sandbox",
        "guardrail.profile is '../san",
    ),
    "image by tag": (
        "vllm@sha256:8d6cf0b4a4a5c0f6ab1f4a7c1d0e8a2f6f2c4b8f1f8f8d4c0a7b1c2d3e4f5a6b",
        "vllm:latest",
        "hosting.image is '111122223333.dkr.ecr.us-gov-west-1.amazonaws.com/vllm:latest'; allowed: an ECR image pinned",
    ),
    "image of another region": (
        "dkr.ecr.us-gov-west-1",
        "dkr.ecr.us-gov-east-1",
        "image lies in 111122223333.dkr.ecr.us-gov-east-1.amazonaws.com, which is not this region's ECR; allowed: an ",
    ),
    "image of another registry": (
        "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com/",
        "ghcr.io/",
        "allowed: an ECR image",
    ),
    "artefact without a digest": ("artifact: sha256:17", "artifact: md5:17", "hosting.artifact is 'md5:17c1989bcf6176"),
    "fewer at most than at least": (
        "{min: 1, max: 2}",
        "{min: 3, max: 2}",
        "instances.min 3 is greater than instances.max 2; allowed: min no greater than max; change hosting.instances",
    ),
    "no instance": ("{min: 1, max: 2}", "{min: 0, max: 2}", "hosting.instances.min is 0; allowed: a whole number from"),
    "half an instance": (
        "{min: 1, max: 2}",
        "{min: 1, max: 1.5}",
        "hosting.instances.max is 1.5, a number; allowed: a",
    ),
    "instance type the region lacks": (
        "ml.g6.12xlarge",
        "ml.g5.12xlarge",
        "instance type 'ml.g5.12xlarge' is not offered for hosting in us-gov-west-1; allowed: ml.c6i.12xlarge, ",
    ),
    "hosting by another vendor": (
        "hosting:\n  name: gpt-oss-20b\n  vendor: openai",
        "hosting:\n  name: gpt-oss-20b\n  vendor: meta",
        "vendor 'meta' of the hosted model is not listed under vendors; allowed: amazon, anthropic, nvidia, openai",
    ),
    "lock of no day": ("evidence_days: 7", "evidence_days: 0", "retention.evidence_days is 0; allowed: a whole number"),
    "log days that CloudWatch Logs does not take": (
        "log_days: 30",
        "log_days: 31",
        "retention.log_days is 31; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827",
    ),
    "tag that AWS keeps": (
        "  Owner:",
        "  AWS:Owner:",
        "key 'AWS:Owner' is not allowed in tags; allowed: 1 to 128 lett",
    ),
    "tags that IAM takes for one": (
        "  Owner: enclave-operations",
        "  Owner: a\n  owner: b",
        "tag 'owner' differs from 'Owner' only in case; allowed: one of them; change tags.owner",
    ),
    "tag of a number": (
        "  Owner: enclave-operations",
        "  Owner: 5",
        "tags.Owner is 5, a number; allowed: up to 256 le",
    ),
    "no such day": (
        "expires: 2027-06-30",
        "expires: 2027-06-31",
        "assumptions[0].expires is '2027-06-31', no such day; allowed: a date, such as 2027-06-30; change assumptions",
    ),
    "day otherwise written": (
        "expires: 2027-06-30",
        "expires: 30.6.2027",
        "assumptions[0].expires is '30.6.2027'; allo",
    ),
    "control's id": (
        "control: NET-03",
        "control: net-3",
        "assumptions[0].control is 'net-3'; allowed: a control's id, s",
    ),
    "waiver without its owner": (
        "waivers: []",
        "waivers: [{control: NET-01, subject: x, reason: y, expires: 2027-01-01}]",
        "key 'waivers[0].owner' is missing: who answers for it; add it, such as `owner: enclave-operations`",
    ),
    "waiver twice": (
        "waivers: []",
        "waivers:\n" + 2 * "  - {control: NET-01, subject: x, reason: y, owner: z, expires: 2027-01-01}\n",
        "subject 'NET-01 x' is used by waivers[0] already",
    ),
    "assumption twice": (
        "waivers: []",
        "  - {id: dns-firewall-fails-closed, control: NET-03, statement: x, owner: y, expires: 2027-01-01}\n",
        "id 'dns-firewall-fails-closed' is used by assumptions[0] already; allowed: each once; change assumptions[",
    ),
    "consumer twice": (
        "consumers:\n",
        "consumers:\n  - name: workload\n",
        "name 'workload' is used by consumers[0] already; allowed: each once; change consumers[1].name",
    ),
    "list as nothing": ("waivers: []", "waivers:", "waivers is empty; allowed: a list; change waivers"),
    "list as mapping": ("waivers: []", "waivers: {}", "waivers is a mapping; allowed: a list; change waivers"),
}


def problems(text: str) -> tuple[settings.Problem, ...]:
    try:
        return settings.loads(text, SANDBOX).warnings
    except settings.SettingsError as error:
        return error.errors


def line_of(old: str, new: str, says: str) -> range:
    """The lines of the text that took another's place."""
    first = TEXT[: TEXT.index(old)].count("\n") + 1
    return range(first, first + max(new.count("\n"), 1) + 1)


@pytest.mark.parametrize("case", WRONG)
def test_an_error_names_line_value_what_is_allowed_and_where(case: str) -> None:
    old, new, says = WRONG[case]
    assert TEXT.count(old) >= 1
    found = problems(TEXT.replace(old, new, 1))
    told = [problem for problem in found if says in problem.message]
    assert told, [str(problem) for problem in found]
    assert {problem.line for problem in told} <= set(line_of(old, new, says))
    assert {problem.severity for problem in told} == {"error"}
    assert str(told[0]).startswith(f"enclaves/sandbox.yaml:{told[0].line}: ")


def test_the_default_enclave_has_no_error() -> None:
    assert problems(TEXT) == ()


def test_every_error_of_a_file_is_found_at_once() -> None:
    text = TEXT.replace("10.64.0.0/22", "8.8.0.0/22").replace("log_days: 30", "log_days: 31")
    text = text.replace(OSS_20B, "id: openai.gpt-oss-21b-1:0").replace("ml.g6.12xlarge", "ml.g5.12xlarge")
    text = text.replace("waivers: []", "waivers: []\nextra: 1")
    assert [problem.line for problem in problems(text)] == sorted({p.line for p in problems(text)})
    said = " ".join(problem.message for problem in problems(text))
    for word in ("8.8.0.0/22", "log_days is 31", "gpt-oss-21b", "ml.g5.12xlarge", "unknown key 'extra'"):
        assert word in said


def test_a_wrong_region_is_told_once_and_not_through_all_that_depends_on_it() -> None:
    (only,) = problems(TEXT.replace("region: us-gov-west-1\n", "region: us-east-1\n"))
    assert only.message.startswith("region 'us-east-1'")


def test_the_other_region_tells_each_thing_that_it_lacks() -> None:
    text = TEXT.replace("region: us-gov-west-1\n", "region: us-gov-east-1\n")
    said = "\n".join(problem.message for problem in problems(text))
    assert "hosting is not possible in us-gov-east-1, which has no AWS::SageMaker::Model" in said
    assert "allowed: no hosting here, or region us-gov-west-1; change hosting" in said
    assert "routing 'region' is not offered for openai.gpt-oss-120b-1:0 in us-gov-east-1; allowed: profile" in said
    assert "model 'amazon.nova-pro-v1:0' is not offered in us-gov-east-1, only in us-gov-west-1" in said


def test_a_profile_by_routing_must_be_named() -> None:
    (only,) = problems(TEXT.replace(f"{TERRA}\n", ""))
    assert only.message.startswith("routing 'profile' names no profile; allowed: us-gov.openai.gpt-5.6-terra")


@pytest.mark.parametrize(("days", "warned"), [(30, False), (31, True), (3650, True)])
def test_a_long_lock_warns_and_does_not_refuse(days: int, warned: bool) -> None:
    enclave = settings.loads(TEXT.replace("evidence_days: 7", f"evidence_days: {days}"), SANDBOX)
    assert [warning.severity for warning in enclave.warnings] == ["warning"] * warned
    assert all(f"evidence is locked for {days} days" in warning.message for warning in enclave.warnings)


def test_every_missing_key_says_what_it_is() -> None:
    (problem,) = problems(TEXT.replace("account_baseline: true\n", ""))
    assert "key 'account_baseline' is missing: whether this enclave owns what exists once" in problem.message
    assert problem.message.endswith("; add it, such as `account_baseline: true`")


def test_a_message_stays_on_one_line_and_bears_no_control_character() -> None:
    text = TEXT.replace("name: sandbox", 'name: "a\\u001b[31m\\u202e\\nb"').replace("waivers:", '"w\\e[2Jx":')
    for problem in problems(text):
        assert str(problem).isprintable()


def test_very_many_errors_are_counted_and_not_all_printed() -> None:
    found = problems(TEXT + "".join(f"extra_{n}: 1\n" for n in range(1000)))
    assert len(found) == 101
    assert "more from here on" in found[-1].message


def test_every_rule_reads_sections_that_exist() -> None:
    from infra.settings.enclave import Enclave
    from infra.settings.profile import GuardrailProfile

    keys = [
        {field.alias or name for name, field in model.model_fields.items()} for model in (Enclave, GuardrailProfile)
    ]
    for rule, sections in rules().items():
        assert any(sections <= each for each in keys), rule


def test_a_rule_is_left_out_where_a_section_of_it_does_not_hold() -> None:
    assert list(faults({"region": "us-east-1"})) == []
    assert [fault.key for fault in faults({"partition": "aws-us-gov", "region": "us-east-1"})] == [("region",)]
