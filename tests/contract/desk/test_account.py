"""Contract sections 1.0, 1.1 and 4: tokens, errors, inboxes, limits. Each test quotes the line it holds the desk to."""

from __future__ import annotations

import msgspec
import pytest

from tests.contract.desk.helpdesk import AGENT, TOKEN, Helpdesk
from unlost.desk.turn import Rules
from unlost.desk.values import Request, Unreadable, read_body


def test_both_spellings_of_the_token_header_are_one(desk: Helpdesk) -> None:
    """ "the hyphen spelling `api-access-token` is the same header"."""
    for name in ("api_access_token", "api-access-token"):
        request = Request("GET", "/api/v1/profile", {}, {name: TOKEN})
        assert desk.world.handle(request, desk.now).status == 200


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_wrong_token_is_401(desk: Helpdesk, token: str) -> None:
    """Error table: "401 {"error":"Invalid Access Token"}"."""
    reply = desk.call("GET", "inboxes", token=token)
    assert (reply.status, reply.json()) == (401, {"error": "Invalid Access Token"})


def test_an_agent_may_not_change_inboxes_and_hears_401(desk: Helpdesk) -> None:
    """ "Pundit denial is **401, not 403**"; "Inbox create/update …: administrator"."""
    reply = desk.call("PATCH", "inboxes/1", {"name": "x"}, token=AGENT)
    assert (reply.status, reply.json()) == (401, {"error": "You are not authorized to do this action"})


def test_another_account_is_not_found(desk: Helpdesk) -> None:
    """Error table: 404 {"error":"Resource could not be found"}."""
    assert desk.call("GET", "/api/v1/accounts/2/inboxes").status == 404


def test_health_needs_no_token(desk: Helpdesk) -> None:
    """ "`GET /health` -> {"status":"woot"}"; "`GET /api` (no auth) -> version, timestamp, queue_services, data_services"."""
    assert desk.call("GET", "/health", token="").json() == {"status": "woot"}
    about = desk.call("GET", "/api", token="").json()
    assert (about["version"], about["queue_services"], about["data_services"]) == ("4.16.2", "ok", "ok")


def test_the_profile_says_who_the_token_is(desk: Helpdesk) -> None:
    """ "`GET /api/v1/profile` -> id, accounts[{id, role, status}]"."""
    profile = desk.json("GET", "/api/v1/profile")
    account = profile["accounts"][0]
    assert (profile["id"], account["id"], account["role"], account["status"]) == (1, 1, "administrator", "active")


def test_only_administrators_see_an_inboxs_secrets(desk: Helpdesk) -> None:
    """1.1: "for administrators hmac_token and **secret** (webhook signing, since 4.13.0)"."""
    shown = desk.json("GET", "inboxes/1")
    assert (shown["secret"], shown["webhook_url"]) == ("webhook-secret", "http://127.0.0.1:9/hook")
    assert not {"secret", "hmac_token"} & desk.json("GET", "inboxes/1", token=AGENT).keys()


def test_inboxes_come_unpaged_and_can_be_made_and_changed(desk: Helpdesk) -> None:
    """1.1: "{"payload":[inbox,...]}, unpaged"; "Field is `webhook_url`"."""
    made = desk.json("POST", "inboxes", {"name": "second", "channel": {"type": "api", "webhook_url": "http://a/"}})
    assert (made["channel_type"], made["webhook_url"]) == ("Channel::Api", "http://a/")
    changed = desk.json("PATCH", f"inboxes/{made['id']}", {"channel": {"webhook_url": "http://b/"}})
    assert changed["webhook_url"] == "http://b/"
    assert [one["id"] for one in desk.json("GET", "inboxes")["payload"]] == [1, 2]


def test_what_an_inbox_writes_by_itself_is_off_at_first_and_is_shown_once_on(desk: Helpdesk) -> None:
    """1.1: "greeting/CSAT/working hours off"; "GET/PATCH `/inboxes/{id}` | PATCH same fields"."""
    switches = ("greeting_enabled", "csat_survey_enabled", "working_hours_enabled")
    assert [desk.json("GET", "inboxes/1")[name] for name in switches] == [False, False, False]
    words = {"greeting_message": "Hello", "out_of_office_message": "Closed"}
    desk.json("PATCH", "inboxes/1", dict.fromkeys(switches, True) | words)
    shown = desk.json("GET", "inboxes/1")
    assert {name: shown[name] for name in (*switches, *words)} == dict.fromkeys(switches, True) | words


def test_the_bot_of_an_inbox_is_told_and_is_an_empty_object_without_one(desk: Helpdesk) -> None:
    """OpenAPI `inboxes/{id}/agent_bot`; app/views/…/inboxes/agent_bot.json.jbuilder: a block that stays empty without a bot."""
    assert desk.json("GET", "inboxes/1/agent_bot", token=AGENT) == {"agent_bot": {}}
    desk.json("POST", "inboxes/1/set_agent_bot", {"agent_bot": 7})
    assert desk.json("GET", "inboxes/1/agent_bot")["agent_bot"]["id"] == 7
    desk.json("POST", "inboxes/1/set_agent_bot", {"agent_bot": None})
    assert desk.json("GET", "inboxes/1/agent_bot") == {"agent_bot": {}}


def test_the_account_s_webhooks_are_an_administrator_s_to_see(desk: Helpdesk) -> None:
    """3.1: "Account webhooks (`/api/v1/accounts/{a}/webhooks`, admin)"; webhooks/index.json.jbuilder: payload, webhooks."""
    assert desk.json("GET", "webhooks") == {"payload": {"webhooks": []}}
    assert desk.call("GET", "webhooks", token=AGENT).status == 401


def test_a_reset_secret_holds_at_once(desk: Helpdesk) -> None:
    """3.3: "rotates via reset_secret at once, no overlap"."""
    conversation = desk.conversation()
    desk.post(conversation)
    before = desk.world.webhook_headers(desk.due[-1], b"{}", desk.now)
    desk.json("POST", "inboxes/1/reset_secret")
    after = desk.world.webhook_headers(desk.due[-1], b"{}", desk.now)
    assert before["X-Chatwoot-Signature"] != after["X-Chatwoot-Signature"]


def test_an_address_gets_3000_requests_a_minute() -> None:
    """4: "all requests per client IP | **3000 / min**"; 1.0: "429 | `text/plain` "Retry later\\n", **no Retry-After**"."""
    desk = Helpdesk()
    statuses = [desk.call("GET", "/health", ip="192.0.2.1").status for _ in range(3001)]
    assert (set(statuses[:3000]), statuses[3000]) == ({200}, 429)
    reply = desk.call("GET", "/health", ip="192.0.2.1")
    assert (reply.body, reply.content_type) == (b"Retry later\n", "text/plain")
    assert desk.call("GET", "/health", ip="192.0.2.2").status == 200
    desk.now += 60
    assert desk.call("GET", "/health", ip="192.0.2.1").status == 200


def test_an_account_searches_contacts_100_times_a_minute() -> None:
    """4: "contacts/search per account | 100 / min"."""
    desk = Helpdesk()
    statuses = [desk.call("GET", "contacts/search?q=a", ip=f"192.0.2.{n % 7}").status for n in range(101)]
    assert (set(statuses[:100]), statuses[100]) == ({200}, 429)


def test_loopback_is_not_throttled_unless_asked_for() -> None:
    """4: "127.0.0.1 and ::1 always bypass"; a switch of the desk's own lets tests meet the limit there."""
    free, bound = Helpdesk(), Helpdesk(Rules(throttle_loopback=True))
    counts = [sum(desk.call("GET", "/health").status == 429 for _ in range(3002)) for desk in (free, bound)]
    assert counts == [0, 2]


@pytest.mark.parametrize(
    "raw", [b"{", b'{"a": "\xff"}', b'{"a": "\\ud800"}', b'{"a":' + b"[" * 200 + b"]" * 200 + b"}"]
)
def test_a_body_that_is_no_json_is_unreadable(raw: bytes) -> None:
    """Rails answers 400 to a body its JSON parser refuses; Ruby's parser nests no deeper than a hundred."""
    with pytest.raises(Unreadable):
        read_body("application/json", raw)


def test_answers_are_json(desk: Helpdesk) -> None:
    """Error bodies and answers alike."""
    assert msgspec.json.decode(desk.call("GET", "nowhere").body) == {"error": "Resource could not be found"}
