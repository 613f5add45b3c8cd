"""The same settings give the same assembly, byte for byte, and it holds nothing but templates."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.conftest import synthesise

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

# What CDK itself writes anew each time: where in the code a construct was made, its validation's report, and the lock
# of a CLI that is reading (another test's).
MAY_DIFFER = ("*.metadata.json", "validation-report.json", "read.*.lock")
STACKS = 6


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(path.match(pattern) for pattern in MAY_DIFFER)
    }


def artifacts(folder: Path, kind: str) -> dict[str, dict[str, Any]]:
    manifest = json.loads((folder / "manifest.json").read_text())
    return {name: one for name, one in manifest["artifacts"].items() if one["type"] == kind}


def test_synthesised_twice_gives_the_same_bytes(
    assembly: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONHASHSEED", "1")  # the session's assembly had another: sets come in another order
    again = contents(synthesise(tmp_path / "elsewhere" / "again"))
    once = contents(assembly)
    assert {"manifest.json", "tree.json"} <= once.keys()
    assert len([name for name in once if name.endswith(".template.json")]) == STACKS
    assert [name for name in sorted(once.keys() | again.keys()) if once.get(name) != again.get(name)] == []


def test_nothing_is_left_to_look_up_in_an_account(assembly: Path) -> None:
    assert json.loads((assembly / "manifest.json").read_text()).get("missing", []) == []


def test_the_only_assets_are_the_stacks_templates(assembly: Path) -> None:
    templates = {one["properties"]["templateFile"] for one in artifacts(assembly, "aws:cloudformation:stack").values()}
    files, images = set(), set()
    for one in artifacts(assembly, "cdk:asset-manifest").values():
        published = json.loads((assembly / one["properties"]["file"]).read_text())
        files |= {asset["source"].get("path") for asset in published["files"].values()}
        images |= set(published.get("dockerImages", {}))
    assert files == templates
    assert not images
    assert not list(assembly.glob("asset.*"))
