"""What stands on a page: QR pictures, kinds of events, chats, ages, receivers."""

import re

import pytest

from unlost.gateway.pages.formats import Formats, plain, receiver
from unlost.gateway.pages.qr_svg import QUIET, path_of, side_of
from unlost.gateway.pages.recent import kind_of
from unlost.gateway.pages.words import CATALOGUES
from unlost.gateway.qr import Modules, modules_of

FORMATS = Formats(CATALOGUES["en"], 1_000_000.0)


def drawn(path: str, side: int) -> Modules:
    """The modules that a path blackens, as a renderer fills it."""
    dots = [[False] * side for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path):
        for at in range(int(width)):
            dots[int(y)][int(x) + at] = True
    return tuple(tuple(row) for row in dots)


def test_the_picture_is_the_code_within_its_border() -> None:
    modules = modules_of("2@" + "q" * 230)
    side = side_of(modules)
    picture = drawn(path_of(modules), side)
    inner = tuple(row[QUIET : side - QUIET] for row in picture[QUIET : side - QUIET])
    assert inner == modules
    assert sum(map(sum, picture)) == sum(map(sum, modules))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"event":"message.ack","payload":{}}', "message.ack"),
        (b'{"action":"message_revoked"}', "message_revoked"),
        (b'{"message":{"text":"event"}}', "message"),
        (b'{"event":"<b>"}', "?"),
        (b'{"event":7}', "?"),
        (b"\xff", "?"),
        (b"[" * 100_000, "?"),
    ],
)
def test_an_event_is_called_by_its_webhooks_name(body: bytes, kind: str) -> None:
    assert kind_of(body) == kind


@pytest.mark.parametrize(
    ("chat", "shown"),
    [
        ("", "–"),
        ("554130898206@s.whatsapp.net", "…8206"),
        ("251556368777322@lid", "Hidden number …7322"),
        ("120363402106000001@g.us", "Group …0001"),
        ("120363000000000002@newsletter", "Chat …0002"),
    ],
)
def test_a_chat_is_shown_by_its_last_digits(chat: str, shown: str) -> None:
    assert FORMATS.chat(chat) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(-3.0, "0 s"), (59.0, "59 s"), (119.0, "119 s"), (120.0, "2 min"), (7_200.0, "2 h"), (2e5, "2 d")],
)
def test_an_age_is_shown_in_one_unit(seconds: float, shown: str) -> None:
    assert FORMATS.age(seconds) == shown


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://bridge.example/webhooks/gateway/support", "https://bridge.example/webhooks/gateway/support"),
        ("http://u:p@[::1]:8080/a?token=x#y", "http://[::1]:8080/a"),
        ("http://host:99999/", "?"),
        ("https://host/hook/3f1c2d9e-8a7b-4c6d-9e0f-112233445566/in", "https://host/hook/…/in"),
        (
            "https://host/webhooks/gateway/a-long-name-of-some-channel",
            "https://host/webhooks/gateway/a-long-name-of-some-channel",
        ),
        ("http://host/5511999887766", "http://host/…7766"),
    ],
)
def test_a_receiver_is_shown_without_what_may_be_a_secret(url: str, shown: str) -> None:
    assert receiver(url) == shown


def test_outside_words_are_bounded_and_turn_nothing_around() -> None:
    assert plain("a\u202eb\x07c") == "a b c"
    assert plain("x" * 400) == "x" * 300 + "…"
