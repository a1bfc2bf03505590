"""How an entry's story reads on a terminal."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from unlost.cli.entries import show_entry
from unlost.cli.showing import Times

ENTRY: dict[str, Any] = {
    "id": 7, "kind": "message", "whatsapp_id": "3EB0", "chat": "5541999990001@s.whatsapp.net", "state": "dead", "verdict": "dead",
    "reason": "refused", "arrived_at": 0.0, "late": False, "due_at": None, "attempts": 1, "failures": [], "helpdesk_messages": [],
}  # fmt: skip


def said(capsys: pytest.CaptureFixture[str], **more: Any) -> str:
    show_entry(ENTRY | more, Times(ZoneInfo("America/Sao_Paulo")))
    return capsys.readouterr().out


def test_what_a_sender_chose_does_not_act_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, whatsapp_id="\x1b[2J\x07", failures=[{"at": 0.0, "step": "post", "cause": "a\x1b]0;b\rc\nd"}])
    assert "\x1b" not in told
    assert len(told.splitlines()) == 2


def test_an_entry_that_nobody_could_read_names_no_chat(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, kind="unreadable", whatsapp_id=None, chat="", reason="unreadable")
    assert told.endswith("  #7 unreadable: dead unreadable\n")


def test_each_failed_attempt_is_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, failures=[{"at": 0.0, "step": "post", "cause": "http_4xx"}])
    assert told.splitlines()[1].endswith("post: http_4xx")


def test_times_are_those_of_the_settings_and_say_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, arrived_at=1_795_882_575.0).startswith("2026-11-28 13:16:15 -03  #7 ")
