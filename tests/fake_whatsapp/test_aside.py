"""The fake on a thread of its own."""

from pathlib import Path

import pytest

pytest.importorskip("pyaileys", reason="the library that has WhatsApp's token tables is not installed")

from tests.fake_whatsapp.aside import Aside
from tests.fake_whatsapp.avatars import Avatar, Avatars, Kind
from unlost.cli.processes import answers


def test_it_is_there_from_start_to_stop(tmp_path: Path) -> None:
    aside = Aside(tmp_path)
    aside.start()
    proxy = aside.server.endpoint.proxy_url
    assert answers(proxy)
    aside.stop()
    assert not answers(proxy)
    aside.stop()


def test_what_fails_there_is_raised_here(tmp_path: Path) -> None:
    aside = Aside(tmp_path)
    aside.start()
    try:
        with pytest.raises(KeyError):
            aside.do(aside.server.pair_by_code("AAAA-AAAA", "628111222333"))
    finally:
        aside.stop()


def test_a_picture_may_be_answered_otherwise_for_a_while() -> None:
    avatars = Avatars()
    avatars.answer_next("1@s.whatsapp.net", Avatar(Kind.PANICS), Avatar(Kind.NONE))
    kinds = [avatars.asked(f"{number}@s.whatsapp.net").kind for number in (2, 1, 1, 1)]
    assert kinds == [Kind.PRESENT, Kind.PANICS, Kind.NONE, Kind.PRESENT]
