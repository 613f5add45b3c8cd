"""The page about the embedded AWS is as it would be written, of the moto that is installed."""

from __future__ import annotations

from importlib.metadata import version

from infra.local.generated import generated
from tests.docs.conftest import ROOT


def test_the_page_is_as_it_would_be_written() -> None:
    for path, text in generated():
        assert (ROOT / path).read_text() == text, "run `make generated`"


def test_the_count_is_of_the_moto_that_is_installed() -> None:
    ((_, text),) = generated()
    assert f"| moto {version('moto')} as it is |" in text
