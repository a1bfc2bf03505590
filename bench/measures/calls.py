"""Calls to the helpdesk: for a known contact's text, for somebody new, and for the receipts of one answer in a group."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator

from bench.bodies import GROUP, brazilian_of, chat_of, receipt_body, request, text_body
from bench.double import BEYOND_MESSAGES
from bench.figures import Finding
from bench.filling import Filling, fill
from bench.load import one_by_one
from bench.plan import Plan
from bench.programs import Program, ask, bridge, double

QUIET_S = 2.0
"""Receipts are carried once a second; after this long without a call, none is to come."""
NEW = 5_000
"""Numbers from here on are in no journal."""


async def measure(plan: Plan) -> list[Finding]:
    """Counted by the helpdesk's double, not by the bridge."""
    folder = plan.folder / "calls"
    folder.mkdir()
    fill(folder / "unlost.db", Filling(entries=1, lanes=plan.calls, links="conversation"))
    with double(folder) as helpdesk, bridge(folder, helpdesk.url) as door:
        await _until_quiet(helpdesk)
        known = await _calls(helpdesk, door, _texts(chat_of(number) for number in range(plan.calls)))
        new = await _calls(helpdesk, door, _texts(chat_of(NEW + number) for number in range(plan.calls)))
        mobile = await _calls(helpdesk, door, _texts(brazilian_of(number) for number in range(plan.calls)))
        receipts = await _receipts(plan, helpdesk, door)
    return [
        _finding("calls_known_text", known, plan.calls, 1.0),
        _finding("calls_new_contact", new, plan.calls, 3),
        _finding("calls_new_brazilian_mobile", mobile, plan.calls, 4),
        _finding("calls_receipts_per_answer", receipts, 1, 2),
    ]


async def _receipts(plan: Plan, helpdesk: Program, door: Program) -> dict[str, int]:
    """The firm answers from its own phone, and every member of the group tells that it came and that it was read."""
    answer = "3EB0CAFE0000000001"
    await _calls(helpdesk, door, iter([request(text_body(GROUP, answer, "Coming", from_me=True))]))
    members = [chat_of(number) for number in range(plan.group - 1)]
    calls: Counter[str] = Counter()
    for kind in ("delivered", "read"):  # one after the other: at once they would be one wish
        told = [request(receipt_body(GROUP, member, answer, kind)) for member in members]
        calls.update(await _calls(helpdesk, door, iter(told)))
    return calls


async def _calls(helpdesk: Program, door: Program, texts: Iterator[bytes]) -> dict[str, int]:
    """What these webhooks bring about, by call."""
    before = _counts(helpdesk)
    tally = await one_by_one(door.port, texts)
    assert tally.refused == 0, f"the door refused {tally.refused} webhooks"
    await _until_quiet(helpdesk)
    after = _counts(helpdesk)
    return {name: after[name] - before.get(name, 0) for name in after if after[name] != before.get(name, 0)}


def _texts(chats: Iterator[str]) -> Iterator[bytes]:
    return iter([request(text_body(chat, f"3EB0CA{chat.partition('@')[0]}", "Hello")) for chat in chats])


async def _until_quiet(helpdesk: Program) -> None:
    seen, since = _counts(helpdesk), time.monotonic()
    while time.monotonic() - since < QUIET_S:
        await asyncio.sleep(0.1)
        now = _counts(helpdesk)
        if now != seen:
            seen, since = now, time.monotonic()


def _counts(helpdesk: Program) -> dict[str, int]:
    counts: dict[str, int] = ask(helpdesk, "/bench/counts")["counts"]
    return {name: number for name, number in counts.items() if name not in BEYOND_MESSAGES}


def _finding(name: str, calls: dict[str, int], messages: int, budget: float) -> Finding:
    raw = {"messages": messages, "calls": calls}
    return Finding(name, sum(calls.values()) / messages, "at most", budget, "calls", raw)
