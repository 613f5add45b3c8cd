"""Tags: what a resource should have, and the least that gets it there."""

from __future__ import annotations

from infra.local import tags


def test_a_resources_own_tag_wins_over_the_stacks() -> None:
    own = {"Tags": [{"Key": "Owner", "Value": "operations"}]}
    assert tags.wanted(own, {"Owner": "stack", "Enclave": "unit"}) == {"Owner": "operations", "Enclave": "unit"}
    assert tags.wanted({"Tags": {"Owner": "operations"}}, {"Owner": "stack"}) == {"Owner": "operations"}


def test_only_what_differs_is_called_for() -> None:
    calls: list[object] = []
    tags.settle({"a": "1", "b": "2"}, {"a": "1", "c": "3"}, put=calls.append, drop=calls.append)
    assert calls == [{"c": "3"}, ["b"]]
    calls.clear()
    tags.settle({"a": "1"}, {"a": "1"}, put=calls.append, drop=calls.append)
    assert calls == []
