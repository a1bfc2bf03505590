"""The client asks as GOWA wants to be asked, and understands what it answers (GOWA page, sections 3 and 4)."""

import base64

import pytest

from tests.unit.gowa.fake_http import URL, FakeHttp, client, fault, ok
from tests.unit.gowa.samples import GROUP, LID, OWN, PEER
from unlost.errors import Refused, TryLater, UnlostError
from unlost.gowa.answers import Status, UserInfo
from unlost.transport import Answer, TransportFailed
from unlost.vocabulary.ids import WhatsAppId

MESSAGES = f"/chat/{PEER}/messages"
ID = WhatsAppId("3EB0C127D7BACC83D6A1")
AT = 1697365800.0  # 2023-10-15T10:30:00Z


def rows(*ids: str) -> Answer:
    """A page of storage rows."""
    return ok({"data": [{"id": one, "chat_jid": PEER} for one in ids]})


async def test_a_call_carries_credentials_and_device() -> None:
    http = FakeHttp().on("/app/status", ok({}))
    await client(http).status()
    assert (http.calls[0].headers["authorization"], http.calls[0].headers["x-device-id"]) == (
        "Basic " + base64.b64encode(b"bridge:s3cret").decode(),
        OWN,
    )


async def test_without_a_username_no_credentials_are_sent() -> None:
    http = FakeHttp().on("/app/status", ok({}))
    await client(http, username="").status()
    assert "authorization" not in http.calls[0].headers


async def test_a_base_path_is_kept() -> None:
    http = FakeHttp().on("/maybe/a/path/app/status", ok({}))
    await client(http, url=f"{URL}/maybe/a/path/").status()
    assert http.calls[0].url == f"{URL}/maybe/a/path/app/status"


async def test_the_whole_time_out_is_the_calls() -> None:
    http = FakeHttp().on("/app/status", ok({}))
    await client(http, timeout_s=7.0).status()
    assert http.calls[0].timeout_s == 7.0


@pytest.mark.parametrize(
    ("results", "status"),
    [
        ({"is_connected": True, "is_logged_in": True, "device_id": "org_2", "jid": OWN}, Status(True, True, OWN)),
        (
            {"is_connected": True, "is_logged_in": True, "device_id": "628987654321:5@s.whatsapp.net"},
            Status(True, True, OWN),
        ),
        ({"is_connected": True, "is_logged_in": False, "device_id": "org_2", "jid": ""}, Status(True, False, None)),
        ({}, Status(False, False, None)),
        ({"is_connected": "yes", "is_logged_in": 1}, Status(False, False, None)),
    ],
)
async def test_the_status_tells_connection_login_and_account(results: object, status: Status) -> None:
    assert await client(FakeHttp().on("/app/status", ok(results))).status() == status


@pytest.mark.parametrize(
    ("reply", "version"),
    [
        (ok({"version": "v9.2.0"}), (9, 2, 0)),
        (ok({"version": "8.1"}), (8, 1, 0)),
        (ok({"version": "dev"}), None),
        (ok(None), None),
        (ok([]), None),
        (Answer(404, {}, b"Cannot GET /app/info"), None),
    ],
)
async def test_the_version_is_three_numbers_or_unknown(reply: Answer, version: object) -> None:
    assert await client(FakeHttp().on("/app/info", reply)).info() == version


@pytest.mark.parametrize(
    ("asked", "results", "info"),
    [
        (
            PEER,
            {"data": [{"name": "Ama", "verified_name": "Firm", "picture_id": "1651"}], "resolved_lid": LID},
            UserInfo("Ama", "1651", LID, PEER),
        ),
        (LID, {"data": [{"verified_name": "Firm"}], "resolved_phone": PEER}, UserInfo("Firm", "", LID, PEER)),
        (LID, {"data": [{}], "resolved_phone": "628123456789"}, UserInfo("", "", LID, PEER)),
        (PEER, {"data": [{"name": "A\0ma"}]}, UserInfo("A\ufffdma", "", None, PEER)),
        (PEER, {"data": []}, UserInfo("", "", None, PEER)),
        (PEER, {"data": None}, UserInfo("", "", None, PEER)),
        (PEER, {"verified_name": "Firm", "picture_id": "7"}, UserInfo("Firm", "7", None, PEER)),
        (PEER, {"data": [{"name": 5, "picture_id": None}], "resolved_lid": "nonsense@x"}, UserInfo("", "", None, PEER)),
    ],
)
async def test_user_info_tells_name_picture_and_pairing(asked: str, results: object, info: UserInfo) -> None:
    http = FakeHttp().on("/app/info", ok({"version": "v8.3.0"})).on("/user/info", ok(results))
    asking = client(http)
    await asking.info()
    assert await asking.user_info(PEER if asked == PEER else LID) == info
    assert http.queries("/user/info") == [{"phone": asked}]


async def test_an_avatar_is_an_address() -> None:
    http = FakeHttp().on("/user/avatar", ok({"url": "https://pps.whatsapp.net/x.jpg", "id": "1", "type": "image"}))
    assert await client(http).avatar(PEER) == "https://pps.whatsapp.net/x.jpg"


@pytest.mark.parametrize(
    "reply",
    [
        fault(500, "INTERNAL_SERVER_ERROR", "no avatar found"),
        fault(500, "INTERNAL_SERVER_ERROR", "the user has hidden their profile picture from you"),
        fault(500, "INTERNAL_SERVER_ERROR", "that user or group does not have a profile picture"),
        ok({"url": "", "id": ""}),
    ],
)
async def test_no_avatar_is_a_fact(reply: Answer) -> None:
    assert await client(FakeHttp().on("/user/avatar", reply)).avatar(PEER) is None


@pytest.mark.parametrize(
    "reply",
    [
        fault(408, "CONTEXT_ERROR", "timeout"),
        fault(500, "INTERNAL_SERVER_ERROR", "websocket closed"),
        fault(503, "engine_crashed"),
    ],
)
async def test_an_avatar_that_could_not_be_asked_for_is_no_fact(reply: Answer) -> None:
    with pytest.raises(TryLater):
        await client(FakeHttp().on("/user/avatar", reply)).avatar(PEER)


async def test_a_group_has_its_subject() -> None:
    http = FakeHttp().on("/group/info", ok({"JID": GROUP, "Name": "Team", "Topic": "Plans"}))
    assert await client(http).group_info(GROUP) == "Team"
    assert http.queries("/group/info") == [{"group_id": GROUP}]


async def test_a_chat_was_touched_by_its_last_message_or_change() -> None:
    http = FakeHttp().on(
        "/chats",
        ok(
            {
                "data": [
                    {"jid": PEER, "last_message_time": "2023-10-15T10:30:00Z", "updated_at": "2023-10-15T10:31:00Z"},
                    {"jid": LID, "last_message_time": "0001-01-01T00:00:00Z"},
                ]
            }
        ),
    )
    page = await client(http).chats(200)
    assert [(chat.jid, chat.touched_at, chat.told_at) for chat in page] == [(PEER, AT + 60, AT), (LID, None, None)]
    assert http.queries("/chats") == [{"limit": "100", "offset": "200"}]


@pytest.mark.parametrize("results", [{"data": None}, {"data": []}, {}])
async def test_an_empty_storage_has_no_chats(results: object) -> None:
    assert await client(FakeHttp().on("/chats", ok(results))).chats(0) == ()


@pytest.mark.parametrize(("jid", "path"), [("a b@g.us", "a%20b@g.us"), ("a?b#c/d@g.us", "a%3Fb%23c%2Fd@g.us")])
async def test_a_chat_is_asked_for_under_its_own_path_whatever_it_is_called(jid: str, path: str) -> None:
    http = FakeHttp().on(f"/chat/{path}/messages", ok({"data": [{"id": "A"}]}))
    assert len(await client(http).messages(jid, None, 0)) == 1


@pytest.mark.parametrize("item", [{"jid": ""}, {"jid": 5}, {}, 5, None])
async def test_a_chat_without_address_is_a_row_of_its_page_and_hides_no_other(item: object) -> None:
    http = FakeHttp().on("/chats", ok({"data": [item, {"jid": PEER}]}))
    assert [chat.jid for chat in await client(http).chats(0)] == ["", PEER]


async def test_a_page_of_chats_that_is_no_list_is_unreadable() -> None:
    with pytest.raises(TryLater) as later:
        await client(FakeHttp().on("/chats", ok({"data": {"jid": PEER}}))).chats(0)
    assert later.value.cause == "unreadable"


async def test_rows_come_as_they_are() -> None:
    http = FakeHttp().on(MESSAGES, Answer(200, {}, b'{"results":{"data":[{"id": "A", "new_key":1}]}}'))
    assert await client(http).messages(PEER, AT, 0) == (b'{"id": "A", "new_key":1}',)


async def test_the_chats_address_stands_unescaped_in_the_path() -> None:
    """GOWA page, 3.2: `%40 decoded only from v9.0.0`."""
    http = FakeHttp().on(MESSAGES, rows())
    await client(http).messages(PEER, None, 0)
    assert http.calls[0].url == f"{URL}{MESSAGES}?limit=100&offset=0"


async def test_rows_are_asked_for_an_hour_wider_in_utc() -> None:
    http = FakeHttp().on(MESSAGES, rows())
    await client(http).messages(PEER, AT, 100, until=AT + 60)
    assert http.queries(MESSAGES) == [
        {
            "limit": "100",
            "offset": "100",
            "start_time": "2023-10-15T09:30:00Z",
            "end_time": "2023-10-15T11:31:00Z",
        }
    ]


async def test_rows_are_asked_for_in_the_zone_the_gateway_runs_in() -> None:
    """GOWA page, 4: stamps are compared as text, `exact only if gateway and query use the same offset`."""
    http = FakeHttp().on(MESSAGES, rows())
    http.on("/chats", ok({"data": [{"jid": PEER, "last_message_time": "2023-10-15T07:30:00-03:00"}]}))
    asking = client(http)
    await asking.chats(0)
    await asking.messages(PEER, AT, 0)
    assert http.queries(MESSAGES)[0]["start_time"] == "2023-10-15T06:30:00-03:00"


async def test_where_rows_may_stand_in_several_zones_no_end_of_the_question_hides_one() -> None:
    """Sao Paulo, then Jakarta: a row of 10:30 UTC may read 07:30 or 17:30. On whichever page the older zone stands."""
    http = FakeHttp().on(MESSAGES, rows())
    http.on(
        "/chats",
        ok({"data": [{"jid": PEER, "last_message_time": "2023-10-15T17:30:00+07:00"}]}),
        ok({"data": [{"jid": LID, "last_message_time": "2022-10-15T07:30:00-03:00"}]}),
        ok({"data": [{"jid": PEER, "last_message_time": "2023-10-15T17:30:00+07:00"}]}),
    )
    asking = client(http)
    for offset in (0, 100, 0):
        await asking.chats(offset)
    await asking.messages(PEER, AT, 0, until=AT)
    assert http.queries(MESSAGES)[0]["start_time"] == "2023-10-15T06:30:00-03:00"
    assert http.queries(MESSAGES)[0]["end_time"] == "2023-10-15T18:30:00+07:00"


async def test_a_chat_tells_of_the_zone_it_was_first_written_in() -> None:
    """The only chat there is was written to since the zone changed; what was lost before that change still reads as before."""
    http = FakeHttp().on(MESSAGES, rows())
    chat = {"jid": PEER, "last_message_time": "2023-10-15T17:30:00+07:00", "created_at": "2023-01-01T00:00:00Z"}
    http.on("/chats", ok({"data": [chat]}))
    asking = client(http)
    await asking.chats(0)
    await asking.messages(PEER, AT, 0)
    assert http.queries(MESSAGES)[0]["start_time"] == "2023-10-15T09:30:00Z"


async def test_a_time_that_was_never_set_tells_of_no_zone() -> None:
    http = FakeHttp().on(MESSAGES, rows())
    chat = {"jid": PEER, "last_message_time": "2023-10-15T17:30:00+07:00", "created_at": "0001-01-01T00:00:00Z"}
    http.on("/chats", ok({"data": [chat]}))
    asking = client(http)
    await asking.chats(0)
    await asking.messages(PEER, AT, 0)
    assert http.queries(MESSAGES)[0]["start_time"] == "2023-10-15T16:30:00+07:00"


@pytest.mark.parametrize("at", [-1e18, float("-inf"), 1e18])
async def test_an_absurd_since_is_brought_into_whatsapps_years(at: float) -> None:
    http = FakeHttp().on(MESSAGES, rows())
    assert await client(http).messages(PEER, at, 0) == ()


async def test_an_unknown_chat_has_no_rows() -> None:
    """GOWA page, 4: `absent chat: v8.9.0+: 200 with empty list; earlier 500`."""
    http = FakeHttp().on(MESSAGES, fault(500, "INTERNAL_SERVER_ERROR", f"chat with JID {PEER} not found"))
    assert await client(http).messages(PEER, AT, 0) == ()


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Answer(404, {}, b"404 page not found\n"), Refused),
        (fault(404, "NOT_FOUND", f"chat with JID {PEER} not found"), Refused),
        (fault(404, "DEVICE_NOT_FOUND", "device not found"), TryLater),
        (fault(500, "INTERNAL_SERVER_ERROR", "device not found"), TryLater),
        (fault(500, "INTERNAL_SERVER_ERROR", f"chat with JID {PEER} not found: database is locked"), TryLater),
        (fault(500, "OTHER", f"chat with JID {PEER} not found"), TryLater),
        (Answer(502, {}, b'{"message": "host not found"}'), TryLater),
        (Answer(500, {}, b'{"code": "INTERNAL_SERVER_ERROR", "message": 5}'), TryLater),
    ],
)
async def test_no_other_answer_makes_a_chat_empty(reply: Answer, error: type[UnlostError]) -> None:
    http = FakeHttp().on(MESSAGES, reply)
    with pytest.raises(error):
        await client(http).messages(PEER, AT, 0)
    with pytest.raises(error):
        await client(http).storage_row(PEER, ID, AT)


async def test_a_row_is_found_near_its_time() -> None:
    http = FakeHttp().on(MESSAGES, rows("A", ID))
    assert b"3EB0C127D7BACC83D6A1" in (await client(http).storage_row(PEER, ID, AT) or b"")
    assert len(http.calls) == 1


async def test_a_row_stored_in_another_zone_is_found_all_the_same() -> None:
    http = FakeHttp().on(MESSAGES, rows(), rows(ID))
    assert await client(http).storage_row(PEER, ID, AT) is not None
    assert http.queries(MESSAGES)[1]["start_time"] == "2023-10-14T18:30:00Z"


async def test_a_row_that_is_nowhere_is_looked_for_with_an_end() -> None:
    full = rows(*(f"A{number}" for number in range(100)))
    http = FakeHttp().on(MESSAGES, full)
    assert await client(http).storage_row(PEER, ID, AT) is None
    assert len(http.calls) == 13


async def test_a_row_without_a_time_is_looked_for_among_the_newest() -> None:
    http = FakeHttp().on(MESSAGES, rows("B", ID))
    assert await client(http).storage_row(PEER, ID, None) is not None
    assert http.queries(MESSAGES) == [{"limit": "100", "offset": "0"}]


async def test_a_row_that_can_not_be_read_hides_no_other() -> None:
    http = FakeHttp().on(MESSAGES, Answer(200, {}, b'{"results":{"data":[{"id":5},7,{"id":"' + ID.encode() + b'"}]}}'))
    assert await client(http).storage_row(PEER, ID, AT) is not None


async def test_a_gateway_that_knows_the_device_by_another_name_is_asked_by_it() -> None:
    """GOWA page, 3.1: the header `accepts the slot id, from v8.8.0 the phone JID`."""
    http = FakeHttp().on("/app/status", fault(404, "DEVICE_NOT_FOUND"), ok({"is_connected": True}))
    http.on("/devices", ok([{"id": "other", "jid": PEER}, {"id": "org 2", "jid": "628987654321:4@s.whatsapp.net"}]))
    asking = client(http)
    assert (await asking.status()).connected
    await asking.status()
    assert [call.headers.get("x-device-id") for call in http.calls] == [OWN, None, "org%202", "org%202"]


async def test_a_device_the_gateway_does_not_have_is_away() -> None:
    http = FakeHttp().on("/app/status", fault(404, "DEVICE_NOT_FOUND")).on("/devices", ok([{"id": "o", "jid": PEER}]))
    with pytest.raises(TryLater) as later:
        await client(http).status()
    assert (later.value.away, len(http.calls)) == (True, 2)


async def test_a_missing_device_is_not_taken_for_a_missing_chat() -> None:
    http = FakeHttp().on(MESSAGES, fault(404, "DEVICE_NOT_FOUND", "device not found")).on("/devices", ok([]))
    with pytest.raises(TryLater):
        await client(http).messages(PEER, AT, 0)


async def test_every_call_is_observed_with_its_outcome() -> None:
    seen: list[tuple[str, str]] = []
    http = FakeHttp().on("/user/info", ok({"data": []}), TransportFailed("broken", nothing_sent=False))
    http.on("/user/avatar", fault(500, "INTERNAL_SERVER_ERROR", "no avatar found")).on("/app/status", ok("?"))
    asking = client(http, observe=lambda name, outcome: seen.append((name, outcome)))
    await asking.user_info(PEER)
    with pytest.raises(TryLater):
        await asking.user_info(PEER)
    await asking.avatar(PEER)
    with pytest.raises(TryLater):
        await asking.status()
    with pytest.raises(Refused):
        await asking.fetch("https://10.0.0.1:99/x", 10)
    assert seen == [
        ("contact_info", "ok"),
        ("contact_info", "broken"),
        ("avatar", "ok"),
        ("status", "unreadable"),
        ("media", "http_4xx"),
    ]
