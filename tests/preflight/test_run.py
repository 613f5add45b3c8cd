"""A whole preflight: what is accepted, what its exit code says, and what it prints."""

import json
from dataclasses import replace

import jsonschema
import pytest

from infra.preflight import json as as_json
from infra.preflight import text
from infra.preflight.item import State
from infra.preflight.questions import Questions, Respondent
from infra.preflight.run import UnknownItem
from tests.preflight.conftest import World, connected


def test_only_what_is_accepted_may_stay_unverified_and_what_is_refuted_never(world: World) -> None:
    report = world.run()
    assert [each.item.id for each in report.open(State.UNVERIFIED)] == ["artifact"]
    assert (report.exit_code, report.count(State.REFUTED)) == (1, 0)
    accepted = world.run("artifact", "image")
    assert accepted.exit_code == 0
    assert "accepted artifact: " in text.render(accepted)
    assert text.summary(accepted).endswith(" verified, 1 unverified (1 accepted)")
    world.client("iam").delete_saml_provider(SAMLProviderArn=world.settings.identity_provider)
    refuted = world.run("artifact", "identity-provider")
    assert refuted.exit_code == 1
    assert "REFUTED identity-provider: " in text.render(refuted)
    written = json.loads(as_json.render(refuted))
    jsonschema.validate(written, json.loads(as_json.SCHEMA.read_text()))
    assert written["counts"] == {"verified": report.count(State.VERIFIED) - 1, "refuted": 1, "unverified": 1}
    assert all(each["asked"] or each["id"] in ("artifact", "api-gateway-account") for each in written["preconditions"])
    with pytest.raises(UnknownItem, match="no precondition nothing, allowed account, "):
        world.run("nothing")


def test_an_account_that_may_be_anybody_s_is_asked_nothing_else(world: World) -> None:
    report = world.with_settings(accounts__enclave="999988887777").run()
    states = {each.item.id: each.answer.state for each in report.results if each.item.of == "enclave"}
    assert states.pop("credentials") is State.VERIFIED
    assert states.pop("account") is State.REFUTED
    assert set(states.values()) == {State.UNVERIFIED}


def test_an_item_makes_no_call_that_it_does_not_declare(world: World) -> None:
    ask = Questions(Respondent(connected("111122223333"), world.settings.region), ("ec2:DescribeVpcs",))
    with pytest.raises(ValueError, match="ec2:DescribeSubnets is not among the calls that this item declares"):
        ask("ec2:DescribeSubnets")


def test_a_long_answer_is_cut_in_text_with_the_way_to_all_of_it(world: World) -> None:
    report = world.run()
    (artifact,) = report.open(State.UNVERIFIED)
    names = [f"user/someone-{number}" for number in range(100)]
    long = replace(artifact, answer=replace(artifact.answer, said=f"100 could: {'; '.join(names)}"))
    results = tuple(long if each is artifact else each for each in report.results)
    told = replace(report, results=results)
    assert "user/someone-99" not in text.render(told)
    assert "(all of it with --how)" in text.render(told)
    assert "user/someone-99" in text.render(told, how=True)
    assert "user/someone-99" in as_json.render(told)
