"""The page: live, escaped, honest about what it is."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from jinja2 import Environment, FileSystemLoader

from tests.contract.desk.helpdesk import Helpdesk
from unlost.desk.page import FOLDER, News, Page
from unlost.desk.shown_text import name_shown, runs_of
from unlost.desk.values import Upload
from unlost.desk.views import BUBBLES_MAX, Views


def shown(desk: Helpdesk, name: str, conversation: int, before: int | None = None) -> str:
    """One part of the page as HTML."""
    views = Views(desk.world.tables)
    filled = {
        "cards": views.cards(conversation, desk.now),
        "thread": views.thread(conversation, desk.now, before),
        "chosen": conversation,
        "before": before,
        "totals": views.totals(desk.now),
        "is_asked": True,
        "token": "page-token",
        "reply": None,
    }
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True).get_template(f"{name}.html").render(filled)


def test_the_page_says_that_it_is_a_demo_helpdesk(desk: Helpdesk) -> None:
    html = shown(desk, "page", desk.conversation())
    assert "Demo helpdesk" in html
    assert "Not a helpdesk for a team" in html


def test_nothing_a_customer_writes_becomes_markup(desk: Helpdesk) -> None:
    evil = '"><script>alert(1)</script>'
    conversation = desk.another_conversation(
        {"inbox_id": 1, "contact_id": desk.contact(name=evil), "source_id": "5511987654321@s.whatsapp.net"}
    )
    message = desk.post(conversation, evil)["id"]
    desk.post(conversation, evil, content_attributes={"in_reply_to": message})
    desk.json("PATCH", f"conversations/{conversation}/messages/{message}", {"status": "failed", "external_error": evil})
    html = shown(desk, "page", conversation)
    assert html.count("<script") == 1  # the page's own
    assert "&lt;script&gt;alert(1)" in html


def test_a_message_shows_its_quote_ticks_note_and_failure(desk: Helpdesk) -> None:
    conversation = desk.conversation()
    first = desk.post(conversation, "is it there?")["id"]
    answer = desk.post(conversation, "yes", message_type="outgoing", content_attributes={"in_reply_to": first})["id"]
    desk.json("PATCH", f"conversations/{conversation}/messages/{answer}", {"status": "read"})
    desk.post(conversation, "psst", message_type="outgoing", private=True)
    desk.json("PATCH", f"conversations/{conversation}/messages/{first}", {"status": "failed", "external_error": "gone"})
    html = shown(desk, "bubbles", conversation)
    found = [part in html for part in ('class="quote"', 'class="tick read"', "Private note", "! failed", ">gone<")]
    assert found == [True] * 5


def test_every_message_of_a_long_conversation_can_be_reached(desk: Helpdesk) -> None:
    """In as many pages as it takes, each linked from the next; none is on two."""
    conversation = desk.conversation()
    ids = []
    for number in range(2 * BUBBLES_MAX + 5):
        ids.append(desk.post(conversation, f"message {number}")["id"])
        desk.now += 1  # no flood
    views, found, before = Views(desk.world.tables), list[int](), None
    while True:
        thread = views.thread(conversation, desk.now, before)
        assert thread is not None
        assert thread.is_past == (before is not None)
        found = [bubble.id for bubble in thread.bubbles if bubble.side != "activity"] + found
        if thread.older_than is None:
            break
        assert f"before={thread.older_than}" in shown(desk, "bubbles", conversation, before)
        before = thread.older_than
    assert found == ids
    assert 'id="newer"' in shown(desk, "bubbles", conversation, before)


def test_a_name_cannot_pretend_to_be_another_one(desk: Helpdesk) -> None:
    """Whatever turns text around is shown as a mark; a long name is cut, and a file's ending stays."""
    turned = name_shown("photo\u202egnp.exe")
    long = name_shown("a" * 500 + ".pdf.exe")
    assert (turned, len(long), long.endswith(".pdf.exe")) == ("photo\ufffdgnp.exe", 80, True)


def test_marks_are_understood_and_stay_text(desk: Helpdesk) -> None:
    conversation = desk.conversation()
    desk.post(conversation, "**Ana**: ~~no~~ *yes* `<b>` 2*3*4 \\*as is\\* see https://x.example/?a=1&b=<i>.")
    desk.post(conversation, "javascript:alert(1) [a](javascript:alert(1))")
    html = shown(desk, "bubbles", conversation)
    parts = (
        "<strong>Ana</strong>: <del>no</del> <em>yes</em> <code>&lt;b&gt;</code> 2*3*4 *as is* see ",
        "b=</a>&lt;i&gt;.",
    )
    found = [part in html for part in parts]
    assert (found, 'href="javascript' in html) == ([True, True], False)


@pytest.mark.parametrize("text", ["*" * 3000, "**a " * 750, " _a" * 1000, "~~a" * 1000, "http://" * 400, "\\" * 3000])
def test_no_text_makes_its_marks_slow_to_read(text: str) -> None:
    """CPU time, generously: a page draws 120 of them."""
    before = time.process_time()
    runs_of(text)
    assert time.process_time() - before < 0.2


def test_an_answer_to_a_message_of_another_conversation_shows_no_quote(desk: Helpdesk) -> None:
    mine, other = desk.conversation(), desk.conversation("5511900000000@s.whatsapp.net")
    secret = desk.post(other, "for other eyes")["id"]
    assert Views(desk.world.tables).quote(mine, secret) is None


def test_each_kind_of_file_is_shown_as_what_it_is(desk: Helpdesk) -> None:
    conversation = desk.conversation()
    kinds = ("image/png", "audio/ogg; codecs=opus", "video/mp4", "application/pdf")
    files = [Upload("attachments[]", "f.bin", kind, 2_500_000, "0" * 32 + ".x") for kind in kinds]
    desk.form("POST", f"conversations/{conversation}/messages", {"message_type": "incoming"}, *files)
    html = shown(desk, "bubbles", conversation)
    counted = [html.count(part) for part in ('<img class="picture"', "<audio controls", "<video controls", "2.4 MB")]
    assert counted == [1, 1, 1, 4]


def test_what_a_slow_commit_hides_is_not_on_the_page(desk: Helpdesk) -> None:
    conversation = desk.conversation()
    body = {"content": "not yet there", "message_type": "incoming"}
    desk.slow_commit(f"conversations/{conversation}/messages", body, wait_s=5)
    assert "not yet there" not in shown(desk, "page", conversation)


async def test_a_watching_page_is_told_of_news_and_let_go_at_the_end(desk: Helpdesk) -> None:
    news = News()
    stream = Page(Views(desk.world.tables), news, "", "", lambda: desk.now)._stream()
    assert b"hello" in await anext(stream)
    waiting = asyncio.ensure_future(_next(stream))
    while not news.watchers:
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    news.tell()
    assert b"changed" in await asyncio.wait_for(waiting, 5)
    news.end()
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(_next(stream), 5)


async def test_what_changes_while_a_page_is_being_told_is_told_next(desk: Helpdesk) -> None:
    news = News()
    stream = Page(Views(desk.world.tables), news, "", "", lambda: desk.now)._stream()
    await anext(stream)
    for _ in range(2):
        news.tell()  # the first before the stream waits, the second in its pause
        assert b"changed" in await asyncio.wait_for(_next(stream), 5)
    news.end()


async def _next(stream: AsyncIterator[bytes]) -> bytes:
    return await anext(stream)
