"""The page: live, escaped, honest about what it is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from jinja2 import Environment, FileSystemLoader

from tests.contract.desk.helpdesk import Helpdesk
from unlost.desk.page import FOLDER, News, Page
from unlost.desk.views import Views


def shown(desk: Helpdesk, name: str, conversation: int) -> str:
    """One part of the page as HTML."""
    views = Views(desk.world.tables)
    filled = {
        "cards": views.cards(conversation, desk.now),
        "thread": views.thread(conversation, desk.now),
        "chosen": conversation,
        "totals": views.totals(desk.now),
        "is_asked": True,
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
    html = shown(desk, "thread", conversation)
    found = [part in html for part in ("<blockquote>", 'class="tick read"', "private note", "! failed", ">gone<")]
    assert found == [True] * 5


def test_what_a_slow_commit_hides_is_not_on_the_page(desk: Helpdesk) -> None:
    conversation = desk.conversation()
    body = {"content": "not yet there", "message_type": "incoming"}
    desk.slow_commit(f"conversations/{conversation}/messages", body, wait_s=5)
    assert "not yet there" not in shown(desk, "page", conversation)


async def test_a_watching_page_is_told_of_news_and_let_go_at_the_end(desk: Helpdesk) -> None:
    news = News()
    stream = Page(Views(desk.world.tables), news, "", lambda: desk.now)._stream()
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


async def _next(stream: AsyncIterator[bytes]) -> bytes:
    return await anext(stream)
