"""Each of the gateway's steps is one question, and yields its fact; silence about something is a fact too."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.spool.pictures import png
from unlost.deliver.to_gateway import ToGateway
from unlost.errors import Refused, TryLater, UnlostError
from unlost.gowa.answers import Downloaded, UserInfo
from unlost.journal.rows import NOTHING_LEARNED, Learned
from unlost.spool import Shelf, Spool
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import FileTrouble, SpooledFile, ToldFile
from unlost.vocabulary.envelopes import Pairing
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ChannelName, ContactId, WhatsAppId
from unlost.vocabulary.steps import (
    AskAvatar,
    AskDownload,
    AskFileName,
    AskGroupInfo,
    AskStorage,
    AskUserInfo,
    FetchFile,
)

PHONE, LID, GROUP = Address("628123456789@s.whatsapp.net"), Address("251556368777322@lid"), Address("1203@g.us")
BEFORE = Facts(contact=ContactId(7))


class World:
    """A gateway that knows one person, one group and one message."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.is_away = False
        self.info = UserInfo("Ama", "1651", LID, PHONE)
        self.picture: str | None = "https://x/1.jpg"
        self.row: bytes | None = '{"id":"A","content":"ü"}'.encode()

        self.file: bytes | UnlostError = b"%PDF-1.7 of some length"
        self.fetched: list[str] = []
        self.shelf: Shelf

    async def download(self, chat: Address, id: WhatsAppId) -> Downloaded:
        self._asked("download", chat, id)
        return Downloaded("statics/media/again.pdf", "Rechnung.pdf")

    async def bring(self, told: str, max_bytes: int, into: Callable[[bytes], None]) -> bool:
        self._asked("bring", told, max_bytes)
        if isinstance(self.file, UnlostError):
            raise self.file
        into(self.file[:max_bytes])
        return len(self.file) <= max_bytes

    def _asked(self, *question: object) -> None:
        self.asked.append(question)
        if self.is_away:
            raise TryLater("away", cause="connection_refused", away=True)

    async def user_info(self, address: Address) -> UserInfo:
        self._asked("user", address)
        return self.info

    async def avatar(self, address: Address) -> str | None:
        self._asked("avatar", address)
        return self.picture

    async def group_info(self, group: Address) -> str:
        self._asked("group", group)
        return "Team"

    async def storage_row(self, chat: Address, id: WhatsAppId, told_at: float | None) -> bytes | None:
        self._asked("row", chat, id, told_at)
        return self.row


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def to_gateway(world: World, tmp_path: Path) -> ToGateway:
    world.shelf = Spool(tmp_path / "files", 10_000).of(ChannelName("support"))
    return ToGateway(world, world, world, world.shelf, world.fetched.append)


async def test_user_info_tells_name_picture_and_pairing(to_gateway: ToGateway) -> None:
    assert await to_gateway.perform(AskUserInfo(PHONE), BEFORE) == (
        Facts(contact=ContactId(7), user_asked=True, user_name="Ama", picture_id="1651"),
        Learned(pairings=(Pairing(LID, PHONE),)),
    )


async def test_half_a_pairing_is_none(world: World, to_gateway: ToGateway) -> None:
    world.info = UserInfo("Ama", "", None, PHONE)
    _, learned = await to_gateway.perform(AskUserInfo(PHONE), BEFORE)
    assert learned == NOTHING_LEARNED


@pytest.mark.parametrize(("picture", "url"), [("https://x/1.jpg", "https://x/1.jpg"), (None, "")])
async def test_a_picture_was_asked_for_whether_there_is_one_or_not(
    world: World, to_gateway: ToGateway, picture: str | None, url: str
) -> None:
    world.picture = picture
    assert await to_gateway.perform(AskAvatar(PHONE), BEFORE) == (
        Facts(contact=ContactId(7), picture_asked=True, picture_url=url),
        NOTHING_LEARNED,
    )


async def test_a_group_was_asked_for_its_name(to_gateway: ToGateway) -> None:
    assert await to_gateway.perform(AskGroupInfo(GROUP), BEFORE) == (
        Facts(contact=ContactId(7), group_asked=True, group_name="Team"),
        NOTHING_LEARNED,
    )


@pytest.mark.parametrize(
    ("row", "text"), [('{"content":"ü"}'.encode(), '{"content":"ü"}'), (b"\xff", "\ufffd"), (None, "")]
)
async def test_a_storage_row_is_kept_as_its_text(
    world: World, to_gateway: ToGateway, row: bytes | None, text: str
) -> None:
    world.row = row
    step = AskStorage(PHONE, WhatsAppId("A"), 5.0)
    assert await to_gateway.perform(step, BEFORE) == (
        Facts(contact=ContactId(7), storage_asked=True, storage_row=text),
        NOTHING_LEARNED,
    )
    assert world.asked == [("row", PHONE, "A", 5.0)]


async def test_what_the_client_raises_is_passed_on(world: World, to_gateway: ToGateway) -> None:
    world.is_away = True
    with pytest.raises(TryLater):
        await to_gateway.perform(AskGroupInfo(GROUP), BEFORE)


NAME = "0123456789abcdef-0"
OTHER = "00000000000000aa-0"
FETCH = FetchFile(ToldFile("statics/media/a.pdf", name="../Rechnung.pdf"), "document", NAME, "document-A1", 5_000)


async def test_a_file_is_spooled_looked_at_and_named(world: World, to_gateway: ToGateway) -> None:
    facts, _ = await to_gateway.perform(FETCH, BEFORE)
    found = world.shelf.find(NAME)
    assert found is not None
    assert found.read_bytes() == world.file
    assert (facts.file, facts.fetches) == (SpooledFile(NAME, "Rechnung.pdf", "application/pdf", 23), 1)
    assert world.fetched == ["downloaded"]


async def test_a_file_that_is_too_large_is_a_fact_and_leaves_nothing(world: World, to_gateway: ToGateway) -> None:
    world.file = b"x" * 5_001
    facts, _ = await to_gateway.perform(FETCH, BEFORE)
    assert (facts.file_trouble, world.shelf.spool.kept(), world.fetched) == (FileTrouble.TOO_LARGE, (), ["too_large"])


async def test_a_picture_bomb_is_a_fact_and_leaves_nothing(world: World, to_gateway: ToGateway) -> None:
    world.file = png(60_000, 60_000)
    facts, _ = await to_gateway.perform(FETCH, BEFORE)
    assert (facts.file_trouble, world.shelf.spool.kept(), world.fetched) == (
        FileTrouble.PICTURE_BOMB,
        (),
        ["picture_bomb"],
    )


@pytest.mark.parametrize(
    ("error", "status"),
    [(Refused("gone"), "refused"), (TryLater("away", cause="timeout", away=False), "failed")],
    ids=["refused", "failed"],
)
async def test_a_fetch_that_fails_is_counted_and_leaves_nothing(
    world: World, to_gateway: ToGateway, error: UnlostError, status: str
) -> None:
    world.file = error
    with pytest.raises(type(error)):
        await to_gateway.perform(FETCH, BEFORE)
    assert (world.shelf.spool.kept(), world.fetched) == ((), [status])


async def fill(shelf: Shelf) -> None:
    with shelf.begin(OTHER) as other:
        other.write(b"x" * 9_990)
        await other.keep()


async def wait_for_room(to_gateway: ToGateway) -> float | None:
    with pytest.raises(TryLater) as caught:
        await to_gateway.perform(FETCH, BEFORE)
    return caught.value.wait_s


async def test_a_file_that_found_no_room_is_fetched_again_once_there_is_as_much_as_had_come(
    world: World, to_gateway: ToGateway
) -> None:
    await fill(world.shelf)
    assert [await wait_for_room(to_gateway) for _ in range(7)] == [15.0, 30.0, 60.0, 120.0, 240.0, 300.0, 300.0]
    assert len(world.asked) == 1
    world.shelf.drop(OTHER)
    assert (await to_gateway.perform(FETCH, BEFORE))[0].file is not None


async def test_a_file_that_came_in_waits_as_at_first_the_next_time(world: World, to_gateway: ToGateway) -> None:
    await fill(world.shelf)
    await wait_for_room(to_gateway)
    world.shelf.drop(OTHER)
    await to_gateway.perform(FETCH, BEFORE)
    world.shelf.drop(NAME)
    await fill(world.shelf)
    assert await wait_for_room(to_gateway) == 15.0


async def test_a_full_spool_blames_nobody(world: World, to_gateway: ToGateway) -> None:
    world.file = b"x" * 4_000
    for turn in range(2):
        await to_gateway.perform(FetchFile(FETCH.told, "document", f"0123456789abcdef-{turn}", "a", 5_000), BEFORE)
    with pytest.raises(TryLater) as later:
        await to_gateway.perform(FetchFile(FETCH.told, "document", "0123456789abcdef-2", "a", 5_000), BEFORE)
    assert (later.value.cause, later.value.away, later.value.status) == ("rate_limited", True, None)
    assert world.fetched == ["downloaded", "downloaded", "no_room"]


async def test_a_document_s_name_is_read_from_the_storage(world: World, to_gateway: ToGateway) -> None:
    world.row = b'{"id":"A","media_type":"document","filename":"Rechnung.pdf"}'
    facts, _ = await to_gateway.perform(AskFileName(PHONE, WhatsAppId("A"), 1.0), BEFORE)
    assert (facts.file_name_asked, facts.file_name) == (True, "Rechnung.pdf")


async def test_a_row_that_is_not_there_tells_no_name(world: World, to_gateway: ToGateway) -> None:
    world.row = None
    facts, _ = await to_gateway.perform(AskFileName(PHONE, WhatsAppId("A"), 1.0), BEFORE)
    assert (facts.file_name_asked, facts.file_name) == (True, "")


async def test_the_gateway_is_asked_to_fetch_a_file_again(to_gateway: ToGateway) -> None:
    facts, _ = await to_gateway.perform(AskDownload(PHONE, WhatsAppId("A")), BEFORE)
    assert (facts.file_path, facts.file_name, facts.downloads) == ("statics/media/again.pdf", "Rechnung.pdf", 1)
    facts, _ = await to_gateway.perform(AskDownload(PHONE, WhatsAppId("A")), facts)
    assert facts.downloads == 2
