"""The same kinds told in GOWA 7's dialect, which tells some of them not at all: those are a readable line."""

from datetime import UTC, datetime

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office
from tests.acceptance.test_kinds import ANA, KINDS, notes, phone, standing
from tests.acceptance.waiting import eventually
from unlost.gateway.events import Participants
from unlost.gateway.population import Group, Sent

UNTOLD = frozenset({"contacts", "interactive", "poll"})
LINE = "⚠️ A message that can't be shown here. You can see it on the phone."


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office(dialect="flat")


@pytest.fixture(scope="module")
def sent(office: Office) -> dict[str, Sent]:
    """All contents at once: the untold ones take their wait."""
    office.customer(phone(ANA), "Ana")
    return {name: office.people.send(ANA, content) for name, content, _ in KINDS}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, _, text in KINDS], ids=[k[0] for k in KINDS])
def test_what_is_told_is_shown_in_words(office: Office, sent: dict[str, Sent], name: str, text: str) -> None:
    assert standing(office, sent[name])["content"].endswith(LINE if name in UNTOLD else text)


def test_members_who_come_and_go_are_a_note(office: Office) -> None:
    members = tuple(office.customer(f"5541999330{n}", f"Membro {n}").key for n in range(2))
    group = office.people.people.add_group(Group("120363400000000088@g.us", "Feira", members))
    number = standing(office, office.people.send_text(group.jid, "oi", sender=members[0]))["conversation_id"]
    office.people.tell(Participants(group.jid, "leave", members[1:], datetime.now(UTC)))
    eventually(lambda: notes(office, number), "a note")
    assert notes(office, number) == [f"Left the group: …{phone(members[1])[-4:]}"]


def test_nothing_of_all_this_became_a_dead_letter(office: Office) -> None:
    """Last of its module."""
    assert office.json("dead", "list") == []
