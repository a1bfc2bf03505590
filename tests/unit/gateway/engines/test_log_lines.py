"""What is read from the engine's lines, strangers' names in them included."""

import pytest

from unlost.gateway.engines.neonize_worker.log_lines import (
    Arrived,
    Ignored,
    Leaving,
    Line,
    Sending,
    key_of,
    read,
)

BOB = "628999888777@s.whatsapp.net"


def arrived(name: str = "Bob", more: str = "") -> Arrived:
    text = f'<message from="{BOB}" id="3A1" notify="{name}" {more}t="1" type="text"><enc type="msg" v="2">00</enc></message>'
    line = read("Client/Recv", text)
    assert isinstance(line, Arrived)
    return line


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("Client/Send", f'<receipt id="3A1" to="{BOB}" type="inactive"/>', Leaving(("3A1",), BOB)),
        ("Client/Send", '<receipt id="3A1" participant="x@lid" to="1@g.us"/>', Leaving(("3A1",), "1@g.us")),
        ("Client/Send", f'<ack class="message" id="3A1" to="{BOB}"/>', Leaving(("3A1",), BOB)),
        ("Client/Send", f'<ack class="message" error="487" id="3A1" to="{BOB}"/>', Leaving(("3A1",), BOB)),
        ("Client/Send", f'<receipt id="3A1" to="{BOB}" type="retry"><retry count="1" id="3A1"/></receipt>', None),
        ("Client/Send", f'<receipt id="3A1" to="{BOB}" type="read"/>', None),
        ("Client/Send", f'<ack class="receipt" id="3A1" to="{BOB}"/>', None),
        ("Client/Send", '<iq id="1" type="get"/>', None),
        ("Client/Send", f'<message id="3EB0" to="{BOB}" type="text"><enc/></message>', Sending("3EB0", BOB)),
        ("Client/Recv", f'<receipt from="{BOB}" id="3EB0" t="7" type="retry"/>', None),
        ("Client/Recv", '<notification from="1@g.us" id="7" t="7" type="picture"/>', None),
        ("Client", f"Ignoring message 3A1 from {BOB}: received message with old counter", Ignored("3A1")),
        ("Client", "Successfully authenticated", None),
        ("Client/Socket", f'<message from="{BOB}" id="3A1">', None),
    ],
)
def test_a_line_means_one_thing(name: str, text: str, line: Line | None) -> None:
    assert read(name, text) == line


def test_a_receipt_for_several_messages_names_them_all() -> None:
    text = f'<receipt id="3A1" to="{BOB}"><list><item id="3A2"/><item id="3A3"/></list></receipt>'
    assert read("Client/Send", text) == Leaving(("3A1", "3A2", "3A3"), BOB)


@pytest.mark.parametrize("name", ['x" id="FORGED', 'x" from="1@lid', 'x"><message id="F" from="1@lid', "x>", 'x" zz="'])
def test_a_push_name_cannot_say_whose_message_it_is(name: str) -> None:
    line = arrived(name)
    assert (line.id, line.chat) == ("3A1", BOB)
    assert BOB in line.addresses


def test_every_address_of_the_sender_is_taken_wherever_it_stands() -> None:
    line = arrived('x" participant="y', f'participant="7@lid" participant_pn="{BOB}" ')
    assert set(line.addresses) == {BOB, "7@lid"}
    assert line.sender == "7@lid"


def test_parts_are_counted_within_bounds() -> None:
    twin = '<message from="1@g.us" id="3A1" type="text"><enc type="pkmsg"/><enc type="skmsg"/></message>'
    line = read("Client/Recv", twin)
    assert isinstance(line, Arrived)
    assert line.parts == 2
    assert arrived("><enc " * 1000).parts == 8
    assert arrived().parts == 1


def test_a_line_without_an_id_is_read_too() -> None:
    assert read("Client/Recv", "<message >") == Arrived("", "", "", (), 1)


def test_an_id_is_known_by_what_a_line_can_show_of_it() -> None:
    assert key_of('3A1" x="y') == "3A1"
