"""An Apprise address is a secret: what is shown of it is its service."""

import pytest

from unlost.notices.apprise_child import is_understood, kind_of, without_secrets


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("tgram://123456789:abcdefghij/42", "tgram"),
        ("mailto://ops:hidden@example.com", "mailto"),
        ("no address at all", "unknown"),
        ("TOKEN1234://x", "unknown"),
    ],
)
def test_only_the_service_of_an_address_is_shown(address: str, kind: str) -> None:
    assert kind_of(address) == kind


def test_what_a_service_says_is_told_without_the_tokens_of_its_address() -> None:
    said = without_secrets(
        "hidden-word at api.example.com: 401 for 123456789", "x://123456789:hidden-word@api.example.com/"
    )
    assert said == "… at api.example.com: 401 for …"


@pytest.mark.parametrize(
    ("address", "understood"),
    [("json://127.0.0.1:9/x", True), ("mailto://ops:hidden@example.com", True), ("nosuch://x", False)],
)
def test_apprise_says_which_addresses_it_understands(address: str, understood: bool) -> None:
    assert is_understood(address) is understood
