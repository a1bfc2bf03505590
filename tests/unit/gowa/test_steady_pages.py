"""No row is passed over because another one was deleted between two pages, and nobody deletes so much that reading never ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from unlost.errors import TryLater
from unlost.gowa import steady_pages as subject
from unlost.gowa.steady_pages import BEGINNINGS_MAX, OVERLAP, PAGE, steady_pages


@dataclass
class Chat:
    """Rows, newest first; *between* runs after each page."""

    rows: list[bytes]
    between: Callable[[], None] = lambda: None
    offsets: list[int] = field(default_factory=list)

    async def read(self, offset: int) -> Sequence[bytes]:
        self.offsets.append(offset)
        page = self.rows[offset : offset + PAGE]
        self.between()
        return page

    def once(self, change: Callable[[], None]) -> None:
        def changed() -> None:
            self.between = lambda: None
            change()

        self.between = changed


def row(number: int, content: str = "") -> bytes:
    return f'{{"id":"{number}","content":"{content}"}}'.encode()


def chat_of(rows: int) -> Chat:
    return Chat([row(number) for number in range(rows)])


async def given(chat: Chat) -> list[bytes]:
    """What stands at the end: a page that begins makes what came before it void."""
    kept: list[bytes] = []
    async for page in steady_pages(chat.read):
        kept = [*([] if page.begins else kept), *page.rows]
    return kept


@pytest.mark.parametrize(
    ("rows", "calls"), [(0, 1), (1, 1), (PAGE - 1, 1), (PAGE, 2), (PAGE + 1, 2), (PAGE * 2, 3), (1_000, 12)]
)
async def test_each_row_is_given_once(rows: int, calls: int) -> None:
    chat = chat_of(rows)
    assert await given(chat) == chat.rows
    assert len(chat.offsets) == calls


@pytest.mark.parametrize("gone", [1, OVERLAP - 1, OVERLAP, OVERLAP + 1, PAGE])
async def test_rows_that_go_between_two_pages_hide_no_other(gone: int) -> None:
    chat = chat_of(300)
    stay = chat.rows[gone:]
    chat.once(lambda: chat.rows.__setitem__(slice(None), stay))
    assert set(await given(chat)) >= set(stay)


async def test_a_chat_that_is_cleared_while_it_is_read_ends() -> None:
    chat = chat_of(300)
    chat.once(chat.rows.clear)
    assert await given(chat) == []
    assert chat.offsets == [0, PAGE - OVERLAP, 0]


async def test_the_rows_that_end_a_page_may_go_themselves() -> None:
    chat = chat_of(300)
    chat.once(lambda: chat.rows.__delitem__(slice(PAGE - OVERLAP + 1, PAGE)))
    assert set(await given(chat)) >= set(chat.rows)
    assert 0 not in chat.offsets[1:]


@pytest.mark.parametrize("new", [1, PAGE - OVERLAP, PAGE, 2 * PAGE, 3 * PAGE])
async def test_rows_that_come_meanwhile_hide_none(new: int) -> None:
    chat = chat_of(300)
    before = list(chat.rows)
    chat.once(lambda: chat.rows.__setitem__(slice(0, 0), [row(1_000 + number) for number in range(new)]))
    assert set(await given(chat)) >= set(before)


async def test_a_row_that_is_written_to_is_known_again_by_its_id() -> None:
    chat = chat_of(150)
    chat.once(lambda: chat.rows.__setitem__(slice(None), [row(number, "edited") for number in range(150)]))
    assert len(await given(chat)) == 150


async def test_rows_without_an_id_are_told_apart_by_all_they_say() -> None:
    chat = Chat([f'{{"content":"{number}"}}'.encode() for number in range(150)])
    assert await given(chat) == chat.rows


async def test_a_chat_whose_rows_go_for_ever_is_read_from_its_beginning_only_so_often() -> None:
    chat = chat_of(2_000)
    chat.between = lambda: chat.rows.__delitem__(slice(PAGE))
    with pytest.raises(TryLater) as later:
        await given(chat)
    assert (later.value.away, chat.offsets.count(0)) == (False, BEGINNINGS_MAX)
    assert len(chat.offsets) == 2 * BEGINNINGS_MAX


async def test_a_gateway_that_gives_the_same_page_for_ever_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "ROWS_MAX", 450)
    chat = chat_of(PAGE)

    async def same(_offset: int) -> Sequence[bytes]:
        return await chat.read(0)

    with pytest.raises(TryLater):
        _ = [page async for page in steady_pages(same)]
    assert len(chat.offsets) == 5
