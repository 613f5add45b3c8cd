"""Orders by chance: what a template orders holds, what it leaves open varies, and a missing DependsOn shows."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from infra.local.cloudformation import graph, order
from tests.local.engine.templates import parameter, ref, template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.local.engine.conftest import Stacks

SEEDS = range(10)


@pytest.fixture(autouse=True)
def _back() -> Iterator[None]:
    yield
    order.use(None)


def test_each_comes_after_what_it_needs_and_every_such_order_is_met() -> None:
    needs = {"a": (), "b": ("a",), "c": ()}
    met = {tuple(graph.ordered(needs, needs, Random(seed))) for seed in range(100)}
    assert met == {("a", "b", "c"), ("a", "c", "b"), ("c", "a", "b")}


def made(stacks: Stacks, name: str, status: str) -> list[str]:
    return [logical_id for logical_id, told, _ in stacks.events(name) if told == status and logical_id != name]


def test_a_seed_decides_the_order_of_creation_and_of_deletion(stacks: Stacks) -> None:
    wanted = template(A=parameter("1"), B=parameter("2"), C=parameter("3"), D=parameter(ref("A")))
    created, deleted = set(), set()
    for seed in SEEDS:
        order.use(seed)
        name = f"s{seed}"
        stacks.create(name, wanted)
        arn = stacks.delete(name)["StackId"]
        created.add(tuple(made(stacks, arn, "CREATE_COMPLETE")))
        deleted.add(tuple(made(stacks, arn, "DELETE_COMPLETE")))
    assert len(created) > 1
    assert len(deleted) > 1
    assert all(told.index("A") < told.index("D") for told in created)
    assert all(told.index("D") < told.index("A") for told in deleted)


def test_the_same_seed_gives_the_same_order(stacks: Stacks) -> None:
    wanted = template(**{f"P{number}": parameter("1") for number in range(8)})
    told = []
    for _ in range(2):
        order.use(4)
        arn = (stacks.create("again", wanted), stacks.delete("again"))[1]["StackId"]
        told.append(made(stacks, arn, "CREATE_COMPLETE"))
    order.use(None)
    stacks.create("again", wanted)
    assert told[0] == told[1] != made(stacks, "again", "CREATE_COMPLETE")


def trail(depends_on: list[str]) -> dict[str, Any]:
    """A trail, its bucket, and the bucket policy without which CloudTrail refuses it."""
    bucket = {"Fn::GetAtt": ["Bucket", "Arn"]}
    service = {"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}}
    allowed = [
        {**service, "Action": "s3:GetBucketAcl", "Resource": bucket},
        {**service, "Action": "s3:PutObject", "Resource": {"Fn::Join": ["", [bucket, "/*"]]}},
    ]
    policy = {"Version": "2012-10-17", "Statement": allowed}
    return template(
        Bucket={"Type": "AWS::S3::Bucket"},
        Policy={"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": ref("Bucket"), "PolicyDocument": policy}},
        Trail={
            "Type": "AWS::CloudTrail::Trail",
            "Properties": {"S3BucketName": ref("Bucket"), "IsLogging": True},
            "DependsOn": depends_on,
        },
    )


@pytest.mark.parametrize("ordered", [True, False])
def test_a_trail_that_does_not_wait_for_its_buckets_policy_fails_in_some_orders(stacks: Stacks, ordered: bool) -> None:
    statuses = {}
    for seed in SEEDS:
        order.use(seed)
        name = f"t{seed}"
        statuses[name] = stacks.create(name, trail(["Policy"] if ordered else []))["StackStatus"]
    failed = [name for name, status in statuses.items() if status == "ROLLBACK_COMPLETE"]
    assert (0 < len(failed) < len(SEEDS)) is not ordered, statuses
    for name in failed:
        (reason,) = [why for _, told, why in stacks.events(name) if told == "CREATE_FAILED"]
        assert "InsufficientS3BucketPolicyException" in reason
