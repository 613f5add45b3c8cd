"""Exports and imports: a value that another stack has taken neither goes nor changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from tests.local.engine.templates import NO_WAY, output, parameter, queue, ref, template

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.local.engine.conftest import Stacks


def exporting(value: Any = "1", name: str = "shared") -> dict[str, Any]:
    return {**template(Queue=queue()), "Outputs": {"O": output(value, name)}}


def importing(name: str = "shared") -> dict[str, Any]:
    return template(Copy=parameter({"Fn::ImportValue": name}, "/copy"))


def reasons(stacks: Stacks, name: str, status: str) -> list[str]:
    return [reason for logical_id, told, reason in stacks.events(name) if (logical_id, told) == (name, status)]


def test_an_export_is_imported_and_told(stacks: Stacks) -> None:
    stacks.create("a", exporting())
    stacks.create("b", importing())
    assert stacks.value("/copy") == "1"
    exports = stacks.api.list_exports()["Exports"]
    assert [(e["Name"], e["Value"], e["ExportingStackId"]) for e in exports] == [
        ("shared", "1", stacks.stands("a")["StackId"])
    ]
    assert stacks.api.list_imports(ExportName="shared")["Imports"] == ["b"]


def test_an_export_in_use_keeps_its_stack(stacks: Stacks) -> None:
    stacks.create("a", exporting())
    stacks.create("b", importing())
    told = stacks.delete("a")
    assert told["StackStatus"] == "DELETE_FAILED"
    assert told["StackStatusReason"] == "Export shared cannot be deleted as it is in use by b"
    assert set(stacks.physical("a")) == {"Queue"}
    stacks.delete("b")
    assert stacks.delete("a")["StackStatus"] == "DELETE_COMPLETE"
    assert stacks.api.list_exports()["Exports"] == []


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (exporting("2"), "Export shared cannot be updated as it is in use by b"),
        (exporting(name="other"), "Export shared cannot be deleted as it is in use by b"),
        (template(Queue=queue()), "Export shared cannot be deleted as it is in use by b"),
    ],
)
def test_an_export_in_use_stays_as_it_is(stacks: Stacks, wanted: Any, said: str) -> None:
    stacks.create("a", exporting())
    stacks.create("b", importing())
    assert stacks.update("a", wanted)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert reasons(stacks, "a", "UPDATE_ROLLBACK_IN_PROGRESS") == [said]
    assert [(e["Name"], e["Value"]) for e in stacks.api.list_exports()["Exports"]] == [("shared", "1")]


def test_an_export_is_free_once_nobody_imports_it(stacks: Stacks) -> None:
    stacks.create("a", exporting())
    stacks.create("b", importing())
    stacks.update("b", template(Copy=parameter("own", "/copy")))
    assert stacks.update("a", exporting("2"))["StackStatus"] == "UPDATE_COMPLETE"
    with pytest.raises(ClientError, match="Export 'shared' is not imported by any stack"):
        stacks.api.list_imports(ExportName="shared")


def test_a_failed_import_leaves_the_export_free(stacks: Stacks, refusing: Callable[..., None]) -> None:
    refusing("create")
    stacks.create("a", exporting())
    wanted = importing()
    wanted["Resources"]["No"] = parameter(NO_WAY, DependsOn=list(wanted["Resources"]))
    assert stacks.create("b", wanted)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert stacks.delete("a")["StackStatus"] == "DELETE_COMPLETE"


def test_an_export_in_a_branch_not_taken_is_not_imported(stacks: Stacks) -> None:
    stacks.create("a", exporting())
    wanted = template(Copy=parameter({"Fn::If": ["Take", {"Fn::ImportValue": "shared"}, "own"]}, "/copy"))
    wanted["Conditions"] = {"Take": {"Fn::Equals": [ref("AWS::Region"), "elsewhere"]}}
    stacks.create("b", wanted)
    assert stacks.delete("a")["StackStatus"] == "DELETE_COMPLETE"


def test_two_stacks_cannot_export_one_name(stacks: Stacks) -> None:
    stacks.create("a", exporting())
    assert stacks.create("b", exporting())["StackStatus"] == "ROLLBACK_COMPLETE"
    (reason,) = reasons(stacks, "b", "ROLLBACK_IN_PROGRESS")
    assert reason.startswith("Export with name shared is already exported by stack a.")


def test_exports_are_of_one_account_and_region(stacks: Stacks) -> None:
    stacks.create("a", exporting())
    for where in ({"account": "444455556666"}, {"region": "us-gov-east-1"}):
        other = stacks.server.client("cloudformation", **where)
        assert other.list_exports()["Exports"] == []
        assert other.describe_stacks()["Stacks"] == []
