"""What the helpdesk saw happen between its calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from math import inf

from tests.simulation.clock import EPOCH_S
from tests.simulation.helpdesk_side import ACCOUNT, CALL_TIMEOUT_S, REQUEST_LIMIT_S, SeenCall
from tests.simulation.population import Chat
from tests.simulation.remains import Remains
from tests.simulation.script import Scene

KILLER = "KILLER"
"""In the words of what ends whoever reads it."""
CRASHES_MAX = 3
"""After so many an entry is dead (hard case 20)."""
Intent = tuple[str, str, int]


def intent_of(call: SeenCall) -> Intent | None:
    """What a once-only call is for; None for all others."""
    if call.method != "POST":
        return None
    if call.is_post and call.key:
        return "message", call.key, call.conversation
    if call.path == ACCOUNT + "contacts":
        return "contact", str(call.body.get("source_id")), 0
    if call.path == ACCOUNT + "conversations":
        return "conversation", str(call.body.get("source_id")), int(call.body.get("contact_id", 0))
    return None


def searches(call: SeenCall, intent: Intent) -> bool:
    """Whether *call* looks for what *intent* would have made."""
    kind, _, place = intent
    if kind == "message":
        return call.method == "GET" and call.path.endswith(f"conversations/{place}/messages")
    if kind == "contact":
        return call.path in (ACCOUNT + "contact_inboxes/filter", ACCOUNT + "contacts/filter")
    return call.method == "GET" and call.path == f"{ACCOUNT}contacts/{place}/conversations"


def is_open(call: SeenCall) -> bool:
    """Whether its caller cannot know what became of it. A contact's 422 names the field, and proves that nothing was made."""
    if call.path == ACCOUNT + "contacts" and call.status == 422 and call.is_own_answer:
        return False
    return call.done_at is None or call.is_in_doubt


def _tries(remains: Remains) -> dict[Intent, list[tuple[int, SeenCall]]]:
    found: defaultdict[Intent, list[tuple[int, SeenCall]]] = defaultdict(list)
    for at, call in enumerate(remains.played.helpdesk.calls):
        intent = intent_of(call)
        if intent is not None:
            found[intent].append((at, call))
    return found


def searched_between(remains: Remains) -> Iterator[str]:
    """Once begun, a step is not begun again before the other side was searched and answered."""
    calls = remains.played.helpdesk.calls
    for intent, tries in _tries(remains).items():
        for (first, one), (second, other) in pairwise(tries):
            was_over = one.done_at is not None and one.done_at <= other.began_at
            if was_over and one.status is not None and 200 <= one.status < 300 and intent[0] == "message":
                if not remains.played.director.removed:
                    yield f"{intent[0]} {intent[1][:8]} posted again after it was answered"
            elif (is_open(one) or not was_over) and not any(
                (searches(call, intent) and call.status == 200) or call.status == 404
                for call in calls[first + 1 : second]
            ):
                yield f"{intent[0]} {intent[1][:8]} begun again unsearched"


def doubt_is_waited(remains: Remains) -> Iterator[str]:
    """The search that allows a repetition comes when the helpdesk cannot be working at the first request any more."""
    if remains.clock_stepped:
        return  # waits are written down in wall time: a clock set forward ends them early, and the sweep is what is left
    calls = remains.played.helpdesk.calls
    for intent, tries in _tries(remains).items():
        for (first, one), (second, other) in pairwise(tries):
            if (
                not is_open(one)
                or one.status == 422
                or one.written_at is None
                or _are_of_two_lanes(remains, one, other)
            ):
                continue
            found = [call for call in calls[first + 1 : second] if searches(call, intent)]
            if found and (found[-1].written_at or 0.0) < one.began_at + REQUEST_LIMIT_S and _is_unanswered(one):
                yield f"{intent[0]} {intent[1][:8]} searched too early"


def _are_of_two_lanes(remains: Remains, one: SeenCall, other: SeenCall) -> bool:
    """Whether two messages of a person who had a lane for each form made these conversations: neither waits for the other's outcome."""
    if not _makes_place(one) or one.body.get("custom_attributes") == other.body.get("custom_attributes"):
        return False
    return _made_for(remains, one).name in remains.met_twice


def _is_unanswered(call: SeenCall) -> bool:
    """Without any answer; after an error's answer the request runs no more, but its wait is harmless and the same."""
    return call.status is None


def one_at_a_time(remains: Remains) -> Iterator[str]:
    """In one conversation no two messages are under way for two living workers."""
    if remains.played.director.merged:
        return  # then two chats may share one conversation
    posts = [call for call in remains.played.helpdesk.calls if _is_messages(call) and not _has_two_lanes(remains, call)]
    for at, one in enumerate(posts):
        if one.done_at is None:
            continue  # its worker died
        ends_at = min(one.done_at, (one.written_at or 0.0) + CALL_TIMEOUT_S + 1.0)  # who stands still learns it later
        for other in posts[at + 1 :]:
            if (other.written_at or 0.0) >= ends_at:
                break
            same = other.conversation == one.conversation and other.key != one.key
            if same and one.written_at is not None and other.written_at is not None:
                yield f"messages {one.key[:8]} and {other.key[:8]} under way at once in {one.conversation}"


def made_alone(remains: Remains) -> Iterator[str]:
    """While a contact or conversation is being made for a chat no other worker makes one for it, and no second contact is made.

    Of a person who had a lane for each form: from when somebody said that they are one, by whoever had begun to make nothing then.
    """
    director = remains.played.director
    if director.merged or director.removed:
        return  # what stood may be gone
    makes = [call for call in remains.played.helpdesk.calls if _makes_place(call) and not _stood_still(call)]
    for at, one in enumerate(makes):
        if one.done_at is None or one.written_at is None:
            continue  # its worker died
        ends_at = min(one.done_at, one.written_at + CALL_TIMEOUT_S + 1.0)  # who stands still learns it later
        for other in makes[at + 1 :]:
            chat = _made_for(remains, one)
            is_second = one.status == 200 and one.path == other.path == ACCOUNT + "contacts"
            is_second = is_second and not remains.may_have_met_anew(chat)  # the first may be forgotten
            if chat is not _made_for(remains, other) or not (other.began_at < ends_at or is_second):
                continue
            if chat.name not in remains.met_twice or _is_known_as_one(remains, chat, other):
                yield f"{one.path} and {other.path} for {chat.name}, as if there were two"


def _is_known_as_one(remains: Remains, chat: Chat, call: SeenCall) -> bool:
    """Whether both forms of *chat* were one when *call* was begun, and nothing was begun before under the one that it names."""
    if remains.clock_stepped or remains.may_have_met_anew(chat):
        return False
    known_at, form = remains.paired_at.get(chat.lid, inf), call.body.get("source_id")
    before = {begun for at_s, begun in remains.played.witness.makes_begun if EPOCH_S + at_s <= known_at}
    return call.began_at > known_at and form not in before


def _makes_place(call: SeenCall) -> bool:
    return call.method == "POST" and call.path in (ACCOUNT + "contacts", ACCOUNT + "conversations")


def _made_for(remains: Remains, call: SeenCall) -> Chat:
    return next(chat for chat in remains.played.population.chats if call.body.get("source_id") in chat.forms)


def nothing_passes(remains: Remains) -> Iterator[str]:
    """While a message's outcome is open no other message goes into its conversation."""
    if remains.played.director.merged:
        return  # then two chats may share one conversation
    doubts: dict[int, SeenCall] = {}
    for call in remains.played.helpdesk.calls:
        if _has_two_lanes(remains, call):
            continue
        if call.method == "GET" and call.path.endswith("/messages"):
            doubts.pop(call.conversation, None)
        if not _is_messages(call):
            continue
        doubt = doubts.get(call.conversation)
        if doubt is not None and doubt.key != call.key and not remains.played.director.removed:
            yield f"message {call.key[:8]} passed {doubt.key[:8]}, whose outcome was open, in {call.conversation}"
        if is_open(call) and not _ends_by_crashes(remains, call):
            doubts[call.conversation] = call
        else:
            doubts.pop(call.conversation, None)


def _is_messages(call: SeenCall) -> bool:
    """A living worker's post of a message: notes have lanes of their own, and who stood still before he wrote is no worker."""
    return not _stood_still(call) and call.is_post and bool(call.key) and "#" not in str(call.body.get("source_id", ""))


def _stood_still(call: SeenCall) -> bool:
    return call.written_at is not None and call.written_at > call.began_at + 1.0


def _has_two_lanes(remains: Remains, call: SeenCall) -> bool:
    """Whether its conversation is of a person who had a lane for each form, until somebody said that they are one."""
    chat = remains.chat_of(call.conversation)
    return chat is not None and chat.name in remains.met_twice


def _ends_by_crashes(remains: Remains, call: SeenCall) -> bool:
    """Whether what it posts ended dead while its outcome was open, for its worker died each time: others go on (hard case 20)."""
    name = str(call.body.get("source_id", "")).removeprefix("WAID:")
    crashed = any(entry.crashes >= CRASHES_MAX for entry in remains.entries_by_id.get(name, []))
    return crashed or KILLER in str(call.body.get("content"))


def cheap(remains: Remains) -> Iterator[str]:
    """In fair weather a message of a known contact is one call, and a new contact's first at most four."""
    if remains.played.script.scene is not Scene.FAIR:
        return
    calls = [call for call in remains.played.helpdesk.calls if not call.path.endswith(("/api", "/profile"))]
    late_files = sum(call.is_post and str(call.body.get("source_id", "")).endswith("#file") for call in calls)
    posts = sum(_is_messages(call) for call in calls) + late_files
    contacts = len(remains.tables.contacts.rows)
    marks = sum(call.method in ("PATCH", "PUT") for call in calls)
    reads = sum("before=" in call.ticket.query for call in calls)
    for_messages = len(calls) - marks - reads
    if for_messages > posts + 3 * contacts:
        yield f"{for_messages} calls for {posts} messages of {contacts} contacts"
