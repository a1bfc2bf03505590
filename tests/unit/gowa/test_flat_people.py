"""Who wrote and where, from the flat dialect's `from` alone (GOWA page, 1.3)."""

import pytest

from tests.unit.gowa.samples import GROUP, LID, OWN, PEER
from unlost.errors import Refused
from unlost.gowa.readers.flat_people import People, people_of
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Pairing

OTHER = Address("5511999990000@s.whatsapp.net")
OWN_LID = Address("990000000000001@lid")
PAIR = (Pairing(LID, PEER),)

TABLE: dict[str, tuple[str, str, Address | None, People]] = {
    "a contact": (PEER, "", OWN, People(PEER, PEER, False, OWN)),
    "a contact behind a LID": (PEER, LID, OWN, People(PEER, PEER, False, OWN, PAIR)),
    "a contact whose LID is unknown": (LID, LID, OWN, People(LID, LID, False, OWN)),
    "a contact's linked device": (f"628123456789:3@s.whatsapp.net in {PEER}", "", OWN, People(PEER, PEER, False, OWN)),
    "a contact's linked device in a LID chat": (
        f"628123456789:3@s.whatsapp.net in {LID}",
        "251556368777322:3@lid",
        OWN,
        People(PEER, PEER, False, OWN, PAIR),
    ),
    "a contact's linked device, LID unknown": (
        f"251556368777322:3@lid in {LID}",
        "251556368777322:3@lid",
        OWN,
        People(LID, LID, False, OWN),
    ),
    "a member": (f"{PEER} in {GROUP}", "", OWN, People(GROUP, PEER, False, OWN)),
    "oneself in a group": (f"628987654321:7@s.whatsapp.net in {GROUP}", "", OWN, People(GROUP, OWN, True, OWN)),
    "oneself to a contact": (f"{OWN} in {PEER}", "", OWN, People(PEER, OWN, True, OWN)),
    "oneself to a LID": (f"{OWN} in {LID}", "", OWN, People(LID, OWN, True, OWN)),
    "oneself to oneself": (OWN, "", OWN, People(OWN, OWN, True, OWN)),
    "oneself to oneself, linked device": (
        f"628987654321:2@s.whatsapp.net in {OWN}",
        "",
        OWN,
        People(OWN, OWN, True, OWN),
    ),
    "oneself by an unknown LID of one's own": (f"{OWN_LID} in {LID}", OWN_LID, OWN, People(LID, OWN, True, OWN)),
    "oneself where the channel names no device": (f"{OWN} in {PEER}", "", None, People(PEER, OWN, True, OWN)),
    "another account of the gateway": (f"{OTHER} in {PEER}", "", OWN, People(PEER, OTHER, True, OTHER)),
    "a LID where numbers are used is shown as incoming": (f"{LID} in {PEER}", LID, OWN, People(PEER, LID, False, OWN)),
    "an agent's AD form": ("628123456789.1:3@s.whatsapp.net", "", OWN, People(PEER, PEER, False, OWN)),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_source_string_tells_chat_sender_and_direction(case: str) -> None:
    source, from_lid, device, people = TABLE[case]
    assert people_of(source, from_lid, device) == people


@pytest.mark.parametrize(
    "source", ["", "628123456789", "@", "a@b@c", "x" * 300 + "@lid", " in ", f" in {PEER}", "\0@lid"]
)
def test_a_source_that_names_nobody_is_unreadable(source: str) -> None:
    with pytest.raises(Refused) as refusal:
        people_of(source, "", OWN)
    assert refusal.value.cause == "unreadable"
