"""What is kept of notices and receipts, and what they mean, strangers' names in them included."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from unlost.gateway.engines.neonize_worker.log_lines import Came, read
from unlost.gateway.engines.neonize_worker.notice_lines import Unreadable, events_of
from unlost.gateway.events import CallOffer, Event, Notice, Participants, Receipt, ReceiptType

BOB, ME, GROUP = "628999888777@s.whatsapp.net", "628111222333@s.whatsapp.net", "1203@g.us"
AT = datetime.fromtimestamp(1_795_000_000, UTC)
TIME = 't="1795000000"'


def change(children: str, name: str = "Bob") -> str:
    return f'<notification from="{GROUP}" id="N1" notify="{name}" participant="{BOB}" {TIME} type="w:gp2">{children}</notification>'


@pytest.mark.parametrize(
    ("line", "events"),
    [
        (f'<receipt from="{BOB}" id="A" {TIME}/>', [Receipt(("A",), BOB, BOB, ReceiptType.DELIVERED, AT)]),
        (
            f'<receipt from="{GROUP}" id="A" participant="{BOB}" {TIME} type="read"><list><item id="B"/></list></receipt>',
            [Receipt(("A", "B"), GROUP, BOB, ReceiptType.READ, AT)],
        ),
        (
            f'<receipt from="{ME}" id="A" recipient="{BOB}" {TIME} type="read-self"/>',
            [Receipt(("A",), BOB, ME, ReceiptType.READ_SELF, AT)],
        ),
        (
            change(f'<add><participant jid="{ME}"/></add><promote><participant jid="{BOB}"/></promote>'),
            [Participants(GROUP, "join", (ME,), AT), Participants(GROUP, "promote", (BOB,), AT)],
        ),
        (change('<subject subject="Crew"/>'), []),
        (
            f'<call from="{BOB}" id="S1" platform="android" {TIME} version="2"><offer call-creator="7@lid" call-id="C1"/></call>',
            [CallOffer("C1", "7@lid", AT, platform="android", version="2")],
        ),
        (
            change('<create reason="invite"><group id="1203" subject="Crew"/></create>'),
            [
                Notice(
                    "group.joined",
                    {"chat_id": GROUP, "type": "join", "reason": "invite", "group_name": "Crew"},
                    AT,
                )
            ],
        ),
    ],
)
def test_a_line_means_what_the_engine_would_have_told(line: str, events: list[Event]) -> None:
    assert isinstance(read("Client/Recv", line), Came)
    assert events_of(line) == events


FORGED = f'<add><participant jid="{ME}"/></add>'


@pytest.mark.parametrize(
    "name",
    [
        f'x">{FORGED}<y a="',
        f'x">{FORGED}</notification><notification a="',
        f'x">{FORGED}<notification a="',
        'x" participant="7@lid',
        'x" from="7@g.us',
        'x" t="1',
        "<",
    ],
)
def test_a_push_name_makes_a_line_unreadable_and_never_another_s(name: str) -> None:
    """The line is still kept under its true id and chat, and stays raw."""
    line = change(f'<remove><participant jid="{BOB}"/></remove>', name)
    came = read("Client/Recv", line)
    assert isinstance(came, Came)
    assert (came.id, came.chat, came.line) == ("N1", GROUP, line)
    with pytest.raises(Unreadable):
        events_of(line)


@pytest.mark.parametrize("name", ['x" jid="7@lid', "Tom & Jerry", "&lt;", "&#60;y/>"])
def test_a_push_name_with_attributes_or_entities_of_its_own_changes_nothing(name: str) -> None:
    line = change(f'<remove><participant jid="{BOB}"/></remove>', name)
    assert events_of(line) == [Participants(GROUP, "leave", (BOB,), AT)]


def test_what_several_members_read_in_one_receipt_is_left_raw() -> None:
    with pytest.raises(Unreadable):
        events_of(f'<receipt from="{GROUP}" id="A" {TIME}><participants key="A"/></receipt>')
