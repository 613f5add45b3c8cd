"""An enclave's stacks are its own, and not those of one whose name begins the same."""

import pytest

from infra.stack_names import of_enclave


@pytest.mark.parametrize(
    ("stack", "is_its_own"),
    [
        ("sandbox-network", True),
        ("sandbox-east-network", False),
        ("sandbox", False),
        ("sandbox-", False),
        ("my-sandbox-network", False),
        ("sandboxes-network", False),
    ],
)
def test_a_stack_is_named_after_its_enclave_and_one_word(stack: str, is_its_own: bool) -> None:
    assert of_enclave(stack, "sandbox") is is_its_own


def test_a_name_of_several_words() -> None:
    assert of_enclave("sandbox-east-network", "sandbox-east")
