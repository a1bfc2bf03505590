"""Addresses as callers type them."""

import pytest

from unlost.gateway.addresses import from_typed, is_well_formed

GOOD = (
    "5511987654321",
    "+5511987654321",
    " 5511987654321 ",
    "5511987654321@s.whatsapp.net",
    "5511987654321:12@s.whatsapp.net",
    "251556368777322@lid",
    "120363402106000001@g.us",
    "5511987654321-1600000000@g.us",
    "120363402106000001",
    "120363999999999999@newsletter",
)
BAD = (
    "0551198765",
    "five",
    "12",
    "1" * 16 + "@s.whatsapp.net",
    "5511987654321@c.us",
    "@s.whatsapp.net",
    "5511987654321@",
    "5511987654321@s.whatsapp.net@s.whatsapp.net",
    "5511987654321:x@s.whatsapp.net",
    "55119\n87654321@s.whatsapp.net",
    "٥٥١١٩٨٧٦٥٤",
    "-@g.us",
    "status@broadcast",
    "",
)


@pytest.mark.parametrize("typed", GOOD)
def test_what_can_be_an_address_is_one(typed: str) -> None:
    assert is_well_formed(from_typed(typed))


@pytest.mark.parametrize("typed", BAD)
def test_what_cannot_be_an_address_is_none(typed: str) -> None:
    assert not is_well_formed(from_typed(typed))
