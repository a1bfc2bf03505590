"""Which inbox is meant, and what is done where an answer is lost."""

from typing import Any

import pytest

from tests.unit.chatwoot.scripted import ScriptedHttp, answer, client
from unlost.chatwoot.inboxes import InboxSettings
from unlost.doctor.joining import CannotJoin, Wanted, chosen, join_inbox
from unlost.transport import Answer, TransportFailed

DOOR = "http://10.0.0.9:8080/webhooks/helpdesk/support"
OTHER = "http://10.0.0.8:8080/webhooks/helpdesk/support"
WANTED = Wanted("WhatsApp", DOOR)
FREE = InboxSettings(4, "WhatsApp")
TAKEN = InboxSettings(5, "WhatsApp", webhook_url=OTHER)
OURS = InboxSettings(6, "Atendimento", webhook_url=DOOR)
WIDGET = InboxSettings(7, "WhatsApp", channel_type="Channel::WebWidget")


@pytest.mark.parametrize(
    ("inboxes", "wanted", "found"),
    [
        ([], WANTED, None),
        ([FREE], WANTED, FREE),
        ([FREE, OURS], WANTED, OURS),  # whom it calls tells more than its name
        ([WIDGET], WANTED, None),
        ([TAKEN], Wanted("WhatsApp", DOOR, 5), TAKEN),
        ([TAKEN], Wanted("Other", DOOR), None),
        ([FREE, InboxSettings(3, "WhatsApp")], WANTED, InboxSettings(3, "WhatsApp")),
    ],
)
def test_the_inbox_that_is_meant_is_found(
    inboxes: list[InboxSettings], wanted: Wanted, found: InboxSettings | None
) -> None:
    assert chosen(inboxes, wanted) == found


@pytest.mark.parametrize(
    ("inboxes", "wanted"),
    [
        ([TAKEN], WANTED),  # another bridge's, or another program's
        ([FREE], Wanted("WhatsApp", DOOR, 99)),
        ([WIDGET], Wanted("WhatsApp", DOOR, 7)),
    ],
)
def test_an_inbox_that_may_not_be_ours_is_not_taken(inboxes: list[InboxSettings], wanted: Wanted) -> None:
    with pytest.raises(CannotJoin):
        chosen(inboxes, wanted)


def profile(role: str | None = "administrator") -> Answer:
    return answer(body={"id": 1, "accounts": [{"id": 3, "role": role}] if role else []})


def listed(*inboxes: InboxSettings) -> Answer:
    return answer(body={"payload": [shown(one) for one in inboxes]})


def shown(inbox: InboxSettings) -> dict[str, Any]:
    return {
        "id": inbox.id,
        "name": inbox.name,
        "channel_type": inbox.channel_type,
        "webhook_url": inbox.webhook_url,
        "secret": "s",
    }


async def test_a_free_inbox_of_that_name_is_let_call_us() -> None:
    http = ScriptedHttp(profile(), listed(FREE), answer(body=shown(InboxSettings(4, "WhatsApp", webhook_url=DOOR))))
    joined = await join_inbox(client(http), WANTED)
    assert (joined.is_new, joined.inbox.webhook_url, http.asked[-1]) == (False, DOOR, "PATCH inboxes/4")


async def test_one_that_calls_us_already_is_left_as_it_is() -> None:
    http = ScriptedHttp(profile(), listed(OURS), answer(body=shown(OURS)))
    assert not (await join_inbox(client(http), WANTED)).is_new
    assert [call.method for call in http.calls] == ["GET", "GET", "GET"]


async def test_one_that_was_made_though_its_answer_was_lost_is_adopted() -> None:
    lost = TransportFailed("timeout", nothing_sent=False)
    http = ScriptedHttp(profile(), listed(), lost, listed(OURS))
    assert (await join_inbox(client(http), WANTED)).inbox.id == OURS.id


async def test_one_whose_answer_was_lost_and_that_is_not_there_is_not_made_again() -> None:
    lost = TransportFailed("timeout", nothing_sent=False)
    http = ScriptedHttp(profile(), listed(), lost, listed())
    with pytest.raises(CannotJoin, match="run this again"):
        await join_inbox(client(http), WANTED)
    assert [call.method for call in http.calls].count("POST") == 1


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ([profile("agent")], "administrator"),
        ([profile(None)], "no member of account 3"),
        ([answer(401)], "does not know the token"),
        ([answer(403)], "no API access"),
        ([TransportFailed("dns", nothing_sent=True)], "does not answer"),
        ([profile(), listed(), answer(402), listed()], "--inbox ID"),
    ],
)
async def test_why_it_cannot_be_joined_is_said_in_a_line(script: list[Answer | TransportFailed], says: str) -> None:
    with pytest.raises(CannotJoin, match=says) as caught:
        await join_inbox(client(ScriptedHttp(*script)), WANTED)
    assert "\n" not in str(caught.value)
