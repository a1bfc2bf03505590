"""The bundle for a bug report holds no secret, address, number or name of the set-up, whatever the findings say."""

import json

import pytest

from tests.unit.doctor.given import GATEWAY_SECRET, SECRET, TOKEN, channel, settings
from unlost.doctor.examination import Section
from unlost.doctor.findings import Grade, note, of_channel, wrong
from unlost.doctor.report import Scrubber, report, shown_address
from unlost.doctor.sights import ChannelState
from unlost.settings.secret import Secret
from unlost.settings.values import Console, Notify, Server
from unlost.vocabulary.addresses import Address

OURS = settings(
    channel(ignore=(Address("5511922222222@s.whatsapp.net"),)),
    server=Server(public_url="https://bridge.example.com/wa"),
    console=Console(password=Secret("the-password-of-pages")),
    notify=Notify(urls=(Secret("tgram://123456:abcdef/987654"),)),
)
TELLING = (
    "channel.support.gateway.url: http://gowa:3000 and https://chatwoot.example.com/app/accounts/1 at bridge.example.com; "
    f"{TOKEN} {SECRET} {GATEWAY_SECRET} the-password-of-gowa the-password-of-pages unlost-user +55 11 90000-0000 5511900000000 "
    "5511900000000@s.whatsapp.net 5511922222222 ana@example.com /home/firm/unlost.toml /home/firm/data/unlost.db tgram://123456:abcdef/987654"
)
KEPT_OUT = (
    "support", "gowa:3000", "example.com", TOKEN, SECRET, GATEWAY_SECRET, "the-password-of-gowa", "the-password-of-pages",
    "unlost-user", "90000-0000", "5511900000000", "5511922222222", "ana@", "/home/firm", "abcdef",
)  # fmt: skip


def bundle() -> str:
    found = (*of_channel("support", [wrong("a.b", TELLING, TELLING)]), note("c.d", "fine"))
    section = Section("support: the helpdesk", found, ChannelState(name="support", dead=2))
    return json.dumps(report(OURS, [section], "2026-11-23T10:00:00+00:00"), ensure_ascii=False)


@pytest.mark.parametrize("word", KEPT_OUT)
def test_nothing_of_the_set_up_is_told(word: str) -> None:
    assert word not in bundle()


def test_what_helps_is_told() -> None:
    told = json.loads(bundle())
    assert told["versions"]["python"].startswith("3.")
    assert told["settings"]["limits"]["slots"] == 32
    assert told["settings"]["channel"][0]["gateway"]["webhook_secret"] == "set"
    assert told["settings"]["channel"][0]["ignore"] == 1
    assert told["findings"][0]["grade"] == Grade.WRONG.value
    assert (told["findings"][0]["channel"], told["findings"][1]["text"]) == ("channel 1", "fine")
    assert told["channels"] == {"channel 1": {"waiting": 0, "dead": 2, "gaps": 0, "oldest_waiting_s": 0}}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://chatwoot.example.com/app", "https://name/…"),
        ("http://127.0.0.1:3000", "http://loopback"),
        ("http://10.0.0.9:3000/x", "http://private/…"),
        ("http://203.0.114.9", "http://public"),
        ("http://gowa:3000", "http://short-name"),
        ("http://[::1/x", "…"),
    ],
)
def test_of_an_address_only_its_kind_is_told(url: str, shown: str) -> None:
    assert shown_address(url) == shown


def test_a_channel_with_a_short_name_leaves_other_words_whole() -> None:
    scrub = Scrubber.of(settings(channel()))
    assert scrub("supportive words, and support") == "supportive words, and channel 1"


def test_versions_and_counts_stay_readable() -> None:
    assert Scrubber.of(OURS)("GOWA 9.2.0, 123456 bytes, 4.16.2") == "GOWA 9.2.0, 123456 bytes, 4.16.2"
