"""What each sight of the helpdesk means: for every finding one that fires, and above all one set-up at which none does."""

from typing import Any

import pytest

from tests.unit.doctor.given import HELPDESK_DOOR, SECRET, channel, cures, graded, helpdesk, inbox, troubles
from unlost.chatwoot.answers import Health, Profile
from unlost.chatwoot.inboxes import InboxSettings
from unlost.doctor.findings import Finding
from unlost.doctor.judge_helpdesk import judge_helpdesk
from unlost.doctor.sights import Trouble
from unlost.settings.secret import Secret
from unlost.settings.values import Channel

OTHER = "https://other.example.com/chatwoot/webhook"
UNSIGNED = channel(helpdesk={"webhook_secret": None})


def judged(ours: Channel | None = None, **changed: Any) -> list[Finding]:
    return list(judge_helpdesk(helpdesk(**changed), ours or channel(), HELPDESK_DOOR))


def test_at_a_sound_helpdesk_nothing_is_amiss() -> None:
    assert troubles(judged()) == []


@pytest.mark.parametrize(
    ("ours", "changed", "expected"),
    [
        (None, {"health": Trouble("connection_refused")}, ("wrong", "helpdesk.connection_refused")),
        (None, {"health": Trouble("dns")}, ("wrong", "helpdesk.dns")),
        (None, {"health": Trouble("tls")}, ("wrong", "helpdesk.tls")),
        (None, {"health": Trouble("timeout")}, ("wrong", "helpdesk.timeout")),
        (None, {"health": Trouble("broken")}, ("wrong", "helpdesk.broken")),
        (None, {"health": Trouble("http_4xx", 302)}, ("wrong", "helpdesk.redirect")),
        (None, {"health": Trouble("http_5xx", 502)}, ("wrong", "helpdesk.fails")),
        (None, {"health": Trouble("http_4xx", 404)}, ("wrong", "helpdesk.http_4xx")),
        (None, {"health": Trouble("unreadable")}, ("wrong", "helpdesk.unreadable")),
        (None, {"health": Trouble("rate_limited", 429)}, ("wrong", "helpdesk.rate_limited")),
        (None, {"health": Health("4.16.2", is_whole=False)}, ("wrong", "helpdesk.services")),
        (UNSIGNED, {"health": Health("4.1.0")}, ("wrong", "helpdesk.version")),
        (None, {"profile": Trouble("http_4xx", 403)}, ("wrong", "helpdesk.token")),
        (None, {"profile": Trouble("http_4xx", 401)}, ("wrong", "helpdesk.token")),
        (None, {"profile": Profile(1, "")}, ("wrong", "helpdesk.token")),
        (None, {"profile": Trouble("timeout")}, ("wrong", "helpdesk.timeout")),
        (None, {"profile": Profile(2, "agent")}, ("warning", "helpdesk.token_role")),
        (None, {"inbox": Trouble("http_4xx", 404)}, ("wrong", "helpdesk.inbox")),
        (None, {"inbox": Trouble("http_5xx", 500)}, ("wrong", "helpdesk.fails")),
        (None, {"inbox": inbox(channel_type="Channel::WebWidget")}, ("wrong", "helpdesk.inbox_kind")),
        (None, {"inbox": inbox(webhook_url="")}, ("wrong", "helpdesk.webhook_url")),
        (None, {"inbox": inbox(webhook_url=OTHER)}, ("wrong", "helpdesk.webhook_url")),
        (None, {"inbox": inbox(webhook_url="http://10.0.0.9:8080/webhooks/helpdesk/support")},
         ("warning", "helpdesk.webhook_url")),
        (None, {"inbox": inbox(secret="another")}, ("wrong", "helpdesk.webhook_secret")),
        (None, {"health": Health("4.12.1")}, ("wrong", "helpdesk.webhook_secret")),
        (UNSIGNED, {}, ("warning", "helpdesk.webhook_secret")),
        (None, {"door_is_public": False}, ("warning", "helpdesk.private_network")),
        (None, {"door_is_public": False, "health": Health("4.14.0")}, ("wrong", "helpdesk.private_network")),
        (None, {"account_webhooks": (OTHER, HELPDESK_DOOR)}, ("warning", "helpdesk.account_webhook")),
        (None, {"clock_off_s": 45.0}, ("warning", "helpdesk.clock")),
        (None, {"clock_off_s": -301.0}, ("wrong", "helpdesk.clock")),
        (None, {"foreign": 2}, ("wrong", "helpdesk.second_forwarder")),
        (None, {"foreign": 1}, ("warning", "helpdesk.second_forwarder")),
        (None, {"inbox": inbox(greets=True)}, ("warning", "helpdesk.greeting")),
        (None, {"inbox": inbox(is_away_at_times=True)}, ("warning", "helpdesk.out_of_office")),
        (None, {"inbox": inbox(asks_for_rating=True)}, ("warning", "helpdesk.csat")),
        (None, {"inbox": inbox(reply_window_h=24.0)}, ("warning", "helpdesk.reply_window")),
        (None, {"bot": "Captain"}, ("warning", "helpdesk.agent_bot")),
        (channel(conversation="new"), {"inbox": inbox(keeps_one_conversation=True)},
         ("wrong", "helpdesk.one_conversation")),
    ],
)  # fmt: skip
def test_each_trouble_is_found_alone_and_has_a_cure(
    ours: Channel | None, changed: dict[str, Any], expected: tuple[str, str]
) -> None:
    found = judged(ours, **changed)
    assert troubles(found) == [expected]
    assert all(cures(found))


@pytest.mark.parametrize(
    ("ours", "changed"),
    [
        (UNSIGNED, {"health": Health("4.12.1")}),  # it signs nothing, and nothing is asked for
        (None, {"door_is_public": False, "health": Health("4.13.0")}),  # before the address filter
        (None, {"door_is_public": None}),
        (None, {"inbox": inbox(keeps_one_conversation=True)}),  # a setting that goes with "reopen"
        (None, {"inbox": inbox(secret=""), "account_webhooks": Trouble("http_4xx", 401)}),  # not shown to this token
        (None, {"inbox": inbox(webhook_url=HELPDESK_DOOR + "/")}),
        (None, {"clock_off_s": 29.0}),
        (None, {"clock_off_s": None}),
        (None, {"foreign": Trouble("timeout")}),
        (None, {"health": Health("")}),
        (None, {"health": Health("4.17.0")}),
    ],
)  # fmt: skip
def test_what_is_no_trouble_is_not_called_one(ours: Channel | None, changed: dict[str, Any]) -> None:
    assert troubles(judged(ours, **changed)) == []


def test_a_private_address_that_webhooks_come_to_is_well() -> None:
    sight = helpdesk(door_is_public=False)
    found = list(judge_helpdesk(sight, channel(), HELPDESK_DOOR, webhooks_came=True))
    assert graded(found, "helpdesk.private_network") == ["ok"]


def test_where_this_machine_s_name_is_not_known_a_door_of_our_name_is_well() -> None:
    sight = helpdesk(inbox=inbox(webhook_url="http://10.0.0.9:8080/webhooks/helpdesk/support"))
    found = list(judge_helpdesk(sight, channel(), "http://BRIDGE:8080/webhooks/helpdesk/support"))
    assert troubles(found) == []


def test_auto_assignment_is_worth_a_note_and_hides_no_praise() -> None:
    found = judged(inbox=inbox(assigns=True))
    assert graded(found, "helpdesk.auto_assignment") == ["note"]
    assert graded(found, "helpdesk.inbox_habits") == ["ok"]


def test_an_inbox_that_greets_is_not_praised() -> None:
    assert graded(judged(inbox=inbox(greets=True)), "helpdesk.inbox_habits") == []


def test_a_refused_token_is_said_once_though_the_inbox_is_refused_too() -> None:
    refused = Trouble("http_4xx", 401)
    assert troubles(judged(profile=refused, inbox=refused)) == [("wrong", "helpdesk.token")]


def test_credentials_in_the_inboxs_address_are_not_repeated() -> None:
    """Contract page 3.3: `http://user:pass@host/path` is allowed there."""
    found = judged(inbox=inbox(webhook_url="https://user:pa55@other.example.com/hook?key=k3y"))
    assert not any(word in one.text + one.cure for one in found for word in ("pa55", "k3y", "user:"))


@pytest.mark.parametrize("told", ["http://[bad", "not an address", "http://host:port/x", "//", "http://\x00/"])
def test_an_address_that_is_none_is_wrong_and_breaks_nothing(told: str) -> None:
    found = judged(inbox=inbox(webhook_url=told), account_webhooks=(told,))
    assert troubles(found) == [("wrong", "helpdesk.webhook_url")]


@pytest.mark.parametrize("version", ["4.2.0", "4.8.0", "4.12.0", "4.13.0", "4.14.1", "4.16.2"])
def test_what_a_version_lacks_is_said_up_to_the_version_that_has_it(version: str) -> None:
    found = list(judge_helpdesk(helpdesk(health=Health(version)), UNSIGNED, HELPDESK_DOOR))
    lacks = {one.code for one in found if one.code in ("helpdesk.no_native_app", "helpdesk.no_ticks")}
    minor = int(version.split(".")[1])
    assert lacks == {
        code for code, until in (("helpdesk.no_native_app", 11), ("helpdesk.no_ticks", 12)) if minor < until
    }


def test_a_secret_stands_in_no_finding() -> None:
    ours = channel(helpdesk={"webhook_secret": Secret("the-word-here")})
    found = judged(ours, inbox=InboxSettings(1, webhook_url=HELPDESK_DOOR, secret=SECRET))
    assert not any(word in one.text + one.cure for one in found for word in ("the-word-here", SECRET))
