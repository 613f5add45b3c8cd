"""`sallyport new` writes a valid file, and overwrites none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infra import settings

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_file_is_valid_commented_and_without_hosting(tmp_path: Path) -> None:
    path = settings.write_new("alpha", tmp_path)
    enclave = settings.load(path)
    assert path == tmp_path / "enclaves" / "alpha.yaml"
    assert (enclave.name, enclave.hosting, enclave.warnings) == ("alpha", None, ())
    assert path.read_text().count("#") > 10


def test_what_is_commented_out_becomes_valid_by_removing_the_comment_signs(tmp_path: Path) -> None:
    path = settings.write_new("alpha", tmp_path)
    text = path.read_text().replace("<64 hexadecimal digits>", "a" * 64)
    for line in text.splitlines():
        if line.lstrip().startswith(("# prefix_lists", "# - id:", "#   ", "# hosting:", "# previous:")):
            text = text.replace(line, line.replace("# ", "", 1), 1)
    for prose in ("aws ec2 describe-managed-prefix-lists --query",):
        text = "\n".join(line for line in text.splitlines() if prose not in line)
    enclave = settings.loads(text, path)
    assert enclave.hosting is not None
    assert enclave.guardrail.previous is not None
    assert [model.routing for model in enclave.models] == ["region", "profile"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    path = settings.write_new("alpha", tmp_path)
    path.write_text("mine")
    with pytest.raises(settings.SettingsError, match="is there already and stays as it is"):
        settings.write_new("alpha", tmp_path)
    assert path.read_text() == "mine"


def test_a_dangling_link_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "enclaves").mkdir()
    (tmp_path / "enclaves" / "alpha.yaml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(settings.SettingsError, match="is there already"):
        settings.write_new("alpha", tmp_path)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    "name", ["", "Alpha", "../alpha", "a/b", "a b", "-a", "a--b", "x" * 33, "agreement", "aws-x", "sg-1", "a\n"]
)
def test_a_name_that_no_enclave_can_have_writes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(settings.SettingsError, match="cannot be used"):
        settings.write_new(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_new_enclaves_of_a_project_hold_together(tmp_path: Path) -> None:
    enclaves = {
        path: settings.load(path) for path in (settings.write_new(name, tmp_path) for name in ("a1", "b2", "c3"))
    }
    assert list(settings.together(enclaves)) == []
    assert [enclave.account_baseline for enclave in enclaves.values()] == [True, False, False]
    assert len({enclave.network.cidr for enclave in enclaves.values()}) == 3
    relied_on = [{each.control for each in enclave.assumptions} - {"NET-03"} for enclave in enclaves.values()]
    assert relied_on == [set(), *[{"NET-05", "GRD-04", "EVD-05"}] * 2]  # what their templates cannot show


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "enclaves").write_text("a file")
    with pytest.raises(settings.SettingsError, match=r"cannot be written|is there already"):
        settings.write_new("alpha", tmp_path)
