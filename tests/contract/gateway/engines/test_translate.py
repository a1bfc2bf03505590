"""WhatsApp's protobufs as the gateway's own events: one row per kind, and what means nothing to anybody."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import msgspec
import pytest

from tests.fake_whatsapp.wheel import why_no_engine
from unlost.gateway.engines.neonize_worker import history, translate
from unlost.gateway.engines.neonize_worker.library import Library
from unlost.gateway.engines.neonize_worker.message_content import content_of, file_name
from unlost.gateway.engines.neonize_worker.times import time_of
from unlost.gateway.engines.record import Seen, Told
from unlost.gateway.events import (
    CallOffer,
    Card,
    Cards,
    Content,
    Edit,
    Empty,
    Event,
    History,
    Interactive,
    Media,
    MediaKind,
    Message,
    Notice,
    Participants,
    Place,
    Quote,
    Reaction,
    Receipt,
    ReceiptType,
    Revoke,
    Text,
)

pytestmark = pytest.mark.skipif(bool(why_no_engine()), reason=why_no_engine())
BOB, ME, GROUP = "628999888777@s.whatsapp.net", "628111222333@s.whatsapp.net", "1203@g.us"
AT = 1_795_000_000
PATH = f"statics/media/{file_name(9, '3A1', 'image/jpeg')}"
IMAGE = {"mimetype": "image/jpeg", "caption": "see", "fileLength": 12}
QUOTING = {"stanzaID": "3A0", "quotedMessage": {"conversation": "what?"}}


@pytest.fixture(scope="module")
def library() -> Library:
    """neonize asks the system who it is while it is imported, and leaves the question's pipes to whoever starts a process next."""
    with mock.patch("os.popen", closed_popen):
        return Library()


def closed_popen(command: str) -> io.StringIO:
    """As `os.popen`, for reading, with nothing left behind."""
    return io.StringIO(subprocess.run(command, shell=True, capture_output=True, text=True, check=False).stdout)


@pytest.mark.parametrize(
    ("fields", "content"),
    [
        ({"conversation": "hello"}, Text("hello")),
        (
            {"extendedTextMessage": {"text": "yes", "contextInfo": {**QUOTING, "isForwarded": True}}},
            Text("yes", Quote("3A0", "what?"), forwarded=True),
        ),
        ({"imageMessage": IMAGE}, Media(MediaKind.IMAGE, "image/jpeg", PATH, caption="see", size_bytes=12)),
        (
            {"viewOnceMessageV2": {"message": {"imageMessage": {**IMAGE, "viewOnce": True}}}},
            Media(MediaKind.IMAGE, "image/jpeg", PATH, caption="see", size_bytes=12, view_once=True),
        ),
        (
            {"ephemeralMessage": {"message": {"conversation": "gone soon"}}},
            Text("gone soon"),
        ),
        (
            {"contactMessage": {"displayName": "Ana", "vcard": "BEGIN:VCARD\nTEL;waid=1:+1 2\nEND:VCARD"}},
            Cards((Card("Ana", "BEGIN:VCARD\nTEL;waid=1:+1 2\nEND:VCARD", "+1 2"),)),
        ),
        ({"locationMessage": {"degreesLatitude": 1.5, "degreesLongitude": 2.5, "name": "N"}}, Place(1.5, 2.5, "N")),
        ({"liveLocationMessage": {"degreesLatitude": 1.5, "degreesLongitude": 2.5}}, Place(1.5, 2.5, live=True)),
        ({"reactionMessage": {"key": {"ID": "3A0"}, "text": "👍"}}, Reaction("3A0", "👍")),
        ({"reactionMessage": {"key": {"ID": "3A0"}, "text": ""}}, Reaction("3A0", "")),
        ({"protocolMessage": {"type": 0, "key": {"ID": "3A0", "fromMe": True}}}, Revoke("3A0", True)),
        (
            {"protocolMessage": {"type": 14, "key": {"ID": "3A0"}, "editedMessage": {"conversation": "new"}}},
            Edit("3A0", "new"),
        ),
        (
            {"protocolMessage": {"type": 14, "key": {"ID": "3A0"}, "editedMessage": {"imageMessage": {}}}},
            Edit("3A0", None),
        ),
        ({"buttonsMessage": {"contentText": "Pick", "footerText": "one"}}, Interactive("Pick\none")),
        ({"listResponseMessage": {"title": "chosen"}}, Text("chosen")),
        ({"pollCreationMessageV3": {"name": "When?"}}, Empty("pollCreationMessageV3")),
        ({"pollUpdateMessage": {}}, Empty("pollUpdateMessage")),
        ({}, None),
        ({"senderKeyDistributionMessage": {"groupID": GROUP}}, None),
        ({"senderKeyDistributionMessage": {"groupID": GROUP}, "conversation": "hello"}, Text("hello")),
        ({"protocolMessage": {"type": 5}}, None),
    ],
)
def test_every_kind_of_message_has_its_content(
    library: Library, fields: dict[str, Any], content: Content | None
) -> None:
    message = library.messages.Message(**fields)
    assert content_of(message, source=9, id="3A1", view_once=False) == content


def test_a_list_is_passed_on_field_by_field(library: Library) -> None:
    message = library.messages.Message(listMessage={"title": "Menu", "buttonText": "Open"})
    content = content_of(message, source=9, id="3A1", view_once=False)
    assert msgspec.to_builtins(content) == {
        "type": "proto", "kind": "list", "fields": {"title": "Menu", "buttonText": "Open"},
    }  # fmt: skip


def jid(library: Library, address: str) -> Any:
    user, _, server = address.partition("@")
    name, _, device = user.partition(":")
    return library.protobufs.JID(User=name, Device=int(device or 0), Integrator=0, RawAgent=0, Server=server)


def source(library: Library, chat: str, sender: str, other: str = "") -> Any:
    return library.protobufs.MessageSource(
        Chat=jid(library, chat), Sender=jid(library, sender), SenderAlt=jid(library, other),
        RecipientAlt=jid(library, ""), BroadcastListOwner=jid(library, ""), IsFromMe=sender == ME, IsGroup=chat == GROUP,
    )  # fmt: skip


def info(library: Library, where: Any) -> Any:
    return library.protobufs.MessageInfo(
        MessageSource=where, ID="3A1", ServerID=0, Type="text", Pushname="Bob", Timestamp=AT, Category="",
        Multicast=False, MediaType="", Edit="",
    )  # fmt: skip


def flags() -> dict[str, Any]:
    off = ("Ephemeral", "ViewOnce", "ViewOnceV2", "ViewOnceV2Extension", "DocumentWithCaption", "LottieSticker", "Edit")
    return {f"Is{name}": False for name in off} | {"UnavailableRequestID": "", "RetryCount": 0}


def translated(library: Library, code: int, event: Any) -> list[Event]:
    told = Told(code, event.SerializeToString(), 1.0, place=9)
    return [msgspec.json.decode(one, type=Event) for one in translate.events_of(library, told)]


def test_a_group_message_names_chat_sender_and_time(library: Library) -> None:
    where = source(library, GROUP, "777:3@lid", BOB)
    said = library.messages.Message(conversation="hello")
    event = library.protobufs.Message(Info=info(library, where), Message=said, **flags())
    (message,) = translated(library, translate.MESSAGE, event)
    expected = Message("3A1", GROUP, "777:3@lid", datetime.fromtimestamp(AT, UTC), Text("hello"), name="Bob")
    assert message == expected
    found = translate.source_of(library, translate.MESSAGE, event.SerializeToString())
    assert found.pairings == (("777@lid", BOB),)
    assert set(found.addresses) == {GROUP, "777:3@lid", BOB}


def test_an_ad_is_told_with_the_message_it_brought(library: Library) -> None:
    ad = {"title": "Sale", "sourceType": "ad", "ctwaClid": "abc"}
    said = library.messages.Message(extendedTextMessage={"text": "hi", "contextInfo": {"externalAdReply": ad}})
    event = library.protobufs.Message(Info=info(library, source(library, BOB, BOB)), Message=said, **flags())
    (message,) = translated(library, translate.MESSAGE, event)
    assert isinstance(message, Message)
    assert message.referral == {"headline": "Sale", "source_type": "ad", "ctwa_clid": "abc"}


@pytest.mark.parametrize(
    ("number", "kind"),
    [(1, ReceiptType.DELIVERED), (4, ReceiptType.READ), (5, ReceiptType.READ_SELF), (6, None), (3, None)],
)
def test_receipts_are_those_that_gowa_tells(library: Library, number: int, kind: ReceiptType | None) -> None:
    where = source(library, BOB, BOB)
    event = library.protobufs.Receipt(MessageSource=where, MessageIDs=["3EB0"], Timestamp=AT, Type=number)
    at = datetime.fromtimestamp(AT, UTC)
    expected = [] if kind is None else [Receipt(("3EB0",), BOB, BOB, kind, at)]
    assert translated(library, translate.RECEIPT, event) == expected


def test_typing_names_the_person_by_both_addresses(library: Library) -> None:
    where = source(library, GROUP, "777:3@lid", BOB)
    event = library.protobufs.ChatPresence(MessageSource=where, State=1, Media=2)
    (notice,) = translate._events(Told(translate.TYPING, b"", float(AT)), event)
    fields = {"from": BOB, "from_lid": "777@lid", "chat_id": GROUP, "state": "composing", "media": "audio"}
    assert notice == Notice("chat_presence", fields | {"is_group": True}, datetime.fromtimestamp(AT, UTC))


@pytest.mark.parametrize(("kind", "count"), [("INITIAL_BOOTSTRAP", 1), ("RECENT", 1), ("FULL", 0), ("PUSH_NAME", 0)])
def test_of_the_past_gowa_keeps_what_it_is_told_at_the_linking(library: Library, kind: str, count: int) -> None:
    assert len(history.events_of(past(library, kind, ["hello"]), source=9)) == count


def test_the_past_is_told_oldest_first_without_what_says_nothing(library: Library) -> None:
    (told,) = history.events_of(past(library, "RECENT", ["last", "", "first"]), source=9)
    assert isinstance(told, History)
    assert [(one.content, one.sender, one.from_me) for one in told.messages] == [
        (Text("first"), "", True),
        (Text("last"), BOB, False),
    ]


def past(library: Library, kind: str, newest_first: list[str]) -> Any:
    """A chat with BOB; the third message is the account's own, and one without words has nothing in it."""
    sync_type = type(library.events.INT_TO_EVENT[translate.HISTORY]().Data)
    sync = sync_type(syncType=kind)
    chat = sync.conversations.add(ID=BOB)
    for number, words in enumerate(newest_first):
        info = chat.messages.add().message
        info.key.ID, info.key.fromMe, info.key.remoteJID = f"P{number}", number == 2, BOB
        info.messageTimestamp = AT - number
        info.message.conversation = words
        if not words:
            info.message.Clear()
    return sync


def test_every_change_of_a_group_is_an_event(library: Library) -> None:
    event = library.protobufs.GroupInfoEvent(
        JID=jid(library, GROUP), Notify="", Timestamp=AT, PrevParticipantsVersionID="", ParticipantVersionID="",
        JoinReason="", Join=[jid(library, BOB)], Promote=[jid(library, ME)],
    )  # fmt: skip
    at = datetime.fromtimestamp(AT, UTC)
    joined, promoted = Participants(GROUP, "join", (BOB,), at), Participants(GROUP, "promote", (ME,), at)
    assert translated(library, translate.GROUP_INFO, event) == [joined, promoted]


def test_a_call_names_who_calls(library: Library) -> None:
    about = library.protobufs.BasicCallMeta(
        **{"from": jid(library, BOB)}, timestamp=AT, callCreator=jid(library, BOB),
        callCreatorAlt=jid(library, ""), callID="C1",
    )  # fmt: skip
    remote = library.protobufs.CallRemoteMeta(remotePlatform="android", remoteVersion="2")
    event = library.protobufs.CallOffer(basicCallMeta=about, callRemoteMeta=remote)
    (call,) = translate._events(Told(translate.CALL_OFFER, b"", 1.0), event)
    assert call == CallOffer("C1", BOB, datetime.fromtimestamp(AT, UTC), platform="android", version="2")


def test_what_was_lost_is_told_with_what_is_known_of_it() -> None:
    body = translate.unrecovered(Seen("3A1", GROUP, "777@lid", (), 1, at=AT), datetime.fromtimestamp(AT, UTC))
    notice = msgspec.json.decode(body, type=Event)
    assert isinstance(notice, Notice)
    assert notice.fields["chat_id"] == GROUP
    assert notice.fields["from"] == "777@lid"


@pytest.mark.parametrize("number", [-(10**18), 10**18, 2**63 - 1])
def test_a_time_that_cannot_be_is_no_reason_to_fail(number: int) -> None:
    assert time_of(number) == datetime.fromtimestamp(0, UTC)


def test_a_files_name_is_never_the_senders() -> None:
    assert "/" not in file_name(3, "../../etc/passwd", "text/../x")
