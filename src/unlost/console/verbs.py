"""The table of the operator API's verbs: what each is asked, does and answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
from starlette.requests import Request

from unlost.console import answers
from unlost.console.operator import DeadFilter, Operator
from unlost.console.subject import read_subject
from unlost.journal.unusable import JournalUnusable
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName, EntryId

LIST_MAX = 1000
IDS_MAX = 10_000  # of one request; a filter names any number
ENTRY_MAX_DIGITS = 18  # of an SQLite row's number; no journal gets that old
Id = Annotated[int, msgspec.Meta(ge=1, lt=10**ENTRY_MAX_DIGITS)]
Ids = Annotated[list[Id], msgspec.Meta(max_length=IDS_MAX)]
Word = Annotated[str, msgspec.Meta(max_length=1_000)]
FilePath = Annotated[str, msgspec.Meta(max_length=4_096)]
Moment = Annotated[float, msgspec.Meta(ge=0, le=1e11)]
"""Seconds, or epoch seconds."""

DIRECTIONS = {
    "inbound": (Direction.INBOUND, Direction.LOOK_UP, Direction.CHORE),
    "outbound": (Direction.OUTBOUND,),
}
TWO_DAYS_S = 172_800.0


class DeadChosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Dead letters by *ids*, or by a filter, never both; *everything* must be said where neither is given."""

    ids: Ids = []
    channel: Word | None = None
    reason: Word | None = None
    since: Moment | None = None
    everything: bool = False
    preview: bool = False
    who: Word = "operator"


class DirectionsChosen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """inbound, outbound, or (nothing given) both."""

    directions: Annotated[list[Word], msgspec.Meta(max_length=8)] = []
    who: Word = "operator"


class DrainAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long to wait at most."""

    timeout_s: Moment = 60.0


class ReconcileAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which channel (all), and how far back (since the last gap or run)."""

    channel: Word | None = None
    since_s: Moment | None = None


class BackupAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to: a file that does not exist yet, on the bridge's machine."""

    path: FilePath


class ForgetAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose text, names and numbers to erase: a phone number in any spelling, or an address."""

    phone: Word


class BadRequest(Exception):
    """The request cannot be meant; its text says why."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One line of the API."""

    method: str
    path: str
    summary: str
    does: Callable[[Operator, Request, Any], Awaitable[msgspec.Struct]]
    answer: type[msgspec.Struct]
    asked: type[msgspec.Struct] | None = None
    query: tuple[str, ...] = ()


def _number(request: Request, name: str) -> float | None:
    text = request.query_params.get(name)
    if text is None or text == "":
        return None
    try:
        number = float(text)
    except ValueError:
        raise BadRequest(f"{name} must be a number of seconds") from None
    if not 0 <= number <= 1e11:
        raise BadRequest(f"{name} is out of range")
    return number


def _entry(text: str) -> EntryId:
    if not (text.isdecimal() and len(text) <= ENTRY_MAX_DIGITS):
        raise BadRequest("an entry is named by its number")
    return EntryId(int(text))


def _channel(operator: Operator, name: str | None) -> ChannelName | None:
    if name is not None and name not in operator.channels:
        raise BadRequest(f"no channel {name!r}; there are: {', '.join(operator.channels)}")
    return None if name is None else ChannelName(name)


def _chosen(operator: Operator, asked: DeadChosen) -> DeadFilter:
    if not (asked.ids or asked.channel or asked.reason or asked.since or asked.everything):
        raise BadRequest('name ids or a filter, or say "everything": true')
    if asked.ids and (asked.channel or asked.reason or asked.since or asked.everything):
        raise BadRequest("name ids or a filter, not both")
    ids = tuple(EntryId(number) for number in asked.ids)
    return DeadFilter(ids, _channel(operator, asked.channel), asked.reason, asked.since)


def _directions(asked: DirectionsChosen) -> tuple[Direction, ...]:
    unknown = [name for name in asked.directions if name not in DIRECTIONS]
    if unknown:
        raise BadRequest("directions are inbound and outbound")
    return tuple(found for name in asked.directions or DIRECTIONS for found in DIRECTIONS[name])


async def _status(operator: Operator, request: Request, _: None) -> answers.Status:
    return await operator.status(_number(request, "since"))


async def _trace(operator: Operator, request: Request, _: None) -> answers.Trace:
    query = request.query_params
    try:
        subject = read_subject(query.get("q", ""), region=query.get("region") or operator.region)
    except ValueError as error:
        raise BadRequest(str(error)) from None
    return await operator.trace(subject, _number(request, "since"), _number(request, "until"))


async def _dead(operator: Operator, request: Request, _: None) -> answers.Entries:
    query = request.query_params
    channel = _channel(operator, query.get("channel"))
    wanted = DeadFilter((), channel, query.get("reason"), _number(request, "since"))
    return await operator.dead(wanted, min(LIST_MAX, int(_number(request, "limit") or 100)))


async def _dead_one(operator: Operator, request: Request, _: None) -> answers.Entries:
    found = await operator.dead(DeadFilter((_entry(request.path_params["id"]),)), 1)
    if not found.entries:
        raise BadRequest("no such entry; it may have been pruned")
    return found


async def _retry(operator: Operator, _: Request, asked: DeadChosen) -> answers.Changed:
    return await operator.retry(_chosen(operator, asked), asked.who, preview=asked.preview)


async def _discard(operator: Operator, _: Request, asked: DeadChosen) -> answers.Changed:
    return await operator.discard(_chosen(operator, asked), asked.who, preview=asked.preview)


async def _pause(operator: Operator, request: Request, asked: DirectionsChosen) -> answers.Changed:
    channel = _channel(operator, request.path_params["channel"])
    assert channel is not None
    return await operator.pause(channel, _directions(asked), asked.who)


async def _resume(operator: Operator, request: Request, asked: DirectionsChosen) -> answers.Changed:
    channel = _channel(operator, request.path_params["channel"])
    assert channel is not None
    return await operator.resume(channel, _directions(asked))


async def _drain(operator: Operator, _: Request, asked: DrainAsked) -> answers.Changed:
    return await operator.drain(min(max(asked.timeout_s, 0.0), TWO_DAYS_S))


async def _reconcile(operator: Operator, _: Request, asked: ReconcileAsked) -> answers.Reconciled:
    return await operator.reconcile(_channel(operator, asked.channel), asked.since_s)


async def _backup(operator: Operator, _: Request, asked: BackupAsked) -> answers.Changed:
    path = Path(asked.path)
    if not path.is_absolute():
        raise BadRequest("path must be absolute: it is on the bridge's machine")
    try:
        return answers.Changed(await operator.backup_to(path))
    except JournalUnusable as error:
        raise BadRequest(str(error)) from None


async def _forget(operator: Operator, _: Request, asked: ForgetAsked) -> answers.Forgotten:
    try:
        subject = read_subject(asked.phone, region=operator.region)
    except ValueError as error:
        raise BadRequest(str(error)) from None
    if not subject.chats:
        raise BadRequest("name a phone number with its country, or an address")
    done = await operator.forget_addresses(subject.chats)
    return answers.Forgotten(done.erased, done.waits)


A = answers
VERBS: tuple[Verb, ...] = (
    Verb("GET", "/api/v1/status", "Everything at a glance", _status, A.Status, None, ("since",)),
    Verb("GET", "/api/v1/trace", "What became of a message", _trace, A.Trace, None, ("q", "region", "since", "until")),
    Verb("GET", "/api/v1/dead", "Dead letters", _dead, A.Entries, None, ("channel", "reason", "since", "limit")),
    Verb("GET", "/api/v1/dead/{id}", "One dead letter", _dead_one, A.Entries),
    Verb("POST", "/api/v1/dead/retry", "Try dead letters again", _retry, A.Changed, DeadChosen),
    Verb("POST", "/api/v1/dead/discard", "End dead letters for good", _discard, A.Changed, DeadChosen),
    Verb("POST", "/api/v1/channels/{channel}/pause", "Stop working a channel", _pause, A.Changed, DirectionsChosen),
    Verb("POST", "/api/v1/channels/{channel}/resume", "Go on", _resume, A.Changed, DirectionsChosen),
    Verb("POST", "/api/v1/drain", "Wait until nothing waits", _drain, A.Changed, DrainAsked),
    Verb("POST", "/api/v1/reconcile", "Compare with the gateway now", _reconcile, A.Reconciled, ReconcileAsked),
    Verb("POST", "/api/v1/backup", "Copy the journal while running", _backup, A.Changed, BackupAsked),
    Verb("POST", "/api/v1/forget", "Erase a person's data here", _forget, A.Forgotten, ForgetAsked),
)
