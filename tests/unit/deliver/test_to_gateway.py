"""Each of the gateway's steps is one question, and yields its fact; silence about something is a fact too."""

import pytest

from unlost.deliver.to_gateway import ToGateway
from unlost.errors import TryLater
from unlost.gowa.answers import UserInfo
from unlost.journal.rows import NOTHING_LEARNED, Learned
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Pairing
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.ids import ContactId, WhatsAppId
from unlost.vocabulary.steps import AskAvatar, AskGroupInfo, AskStorage, AskUserInfo

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
def to_gateway(world: World) -> ToGateway:
    return ToGateway(world, world)


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
