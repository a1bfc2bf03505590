"""The helpdesk as the network shows it: desk's own rules, behind faults that Chatwoot and its proxies have.

A request is answered, or it is: refused while the helpdesk is away; lost before it ran; run and its answer lost; run after its
client has given up (queued before Puma), within the request limit or, rarely, long behind it; run and then answered with an error;
committed slowly, so that its row has a low id but is seen late. Every call is kept in *calls* for the checker.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from tests.simulation.network import Ticket
from tests.simulation.outside import History, later
from tests.simulation.weather import Weather
from unlost.desk.store import MemoryStore
from unlost.desk.turn import Rules
from unlost.desk.values import Reply, Request, Upload, WebhookDue, json_call, request_of
from unlost.desk.world import Founding, World
from unlost.transport import Answer, Call, TransportFailed

TOKEN, AGENT_TOKEN, SECRET = "t0ken", "4gent", "desk-secret"
REQUEST_LIMIT_S = 10.0
"""Chatwoot's rack-timeout is 15 s; the schedules' doubt wait (12 s after a time-out of 5 s) stands behind it."""
CALL_TIMEOUT_S, DOUBT_WAIT_S = 5.0, 12.0
ACCOUNT = "/api/v1/accounts/1/"


@dataclass(slots=True, eq=False)
class SeenCall:
    """One call of a bridge. *done_at*: when its caller learned the answer, or that there is none. *ran*: its effect was made; *is_own_answer*: the status is the helpdesk's, no fault's."""

    ticket: Ticket
    method: str
    path: str
    body: dict[str, Any]
    sent_at: float
    done_at: float | None = None
    status: int | None = None
    failed: str = ""
    ran: bool = False
    written_at: float | None = None
    is_own_answer: bool = False
    began_at: float = 0.0
    uploads: tuple[Upload, ...] = ()

    @property
    def key(self) -> str:
        """The unlost_key of a post; empty for all else."""
        attributes = self.body.get("content_attributes")
        return str(attributes.get("unlost_key", "")) if isinstance(attributes, dict) else ""

    @property
    def is_post(self) -> bool:
        """Whether it posts a message."""
        return self.method == "POST" and self.path.endswith("/messages")

    @property
    def conversation(self) -> int:
        """The conversation in its path; 0 without one."""
        words = self.path.split("/")
        place = words.index("conversations") + 1 if "conversations" in words else len(words)
        return int(words[place]) if place < len(words) and words[place].isdecimal() else 0

    @property
    def is_in_doubt(self) -> bool:
        """Its caller cannot know what became of it."""
        if self.failed:
            return self.failed != "connection_refused"
        return self.status is not None and (self.status >= 500 or self.status == 422)


@dataclass(slots=True)
class HelpdeskSide:
    """*hooks* takes the webhooks that fall due. *poison*: posts with this word are refused with 500, always."""

    weather: Weather
    history: History
    hooks: Any
    now: Any
    meet_killer: Any
    meet_answer: Any
    world: World
    is_away: bool = False
    refuses_token: bool = False
    calls: list[SeenCall] = field(default_factory=list)
    poison: str = ""
    _seen: dict[int, SeenCall] = field(default_factory=dict)

    # --- as the network sees it ---------------------------------------------------------------------------------------

    def meet(self, ticket: Ticket) -> None:
        """Before a byte is written: the moment in which a begun step stands and nothing was sent."""
        call = ticket.call
        body = msgspec.json.decode(call.json) if call.json else _form_of(call)
        seen = SeenCall(ticket, call.method, ticket.path, body, ticket.sent_at)
        seen.began_at = self.now()
        seen.uploads = tuple(  # sent with the request, whatever becomes of the spool before it is run
            Upload(one.field, one.filename, one.content_type, _size_bytes(one.content), f"blob{ticket.number}")
            for one in call.uploads
        )
        self.calls.append(seen)
        self._seen[ticket.number] = seen
        self.meet_killer(ticket, seen)

    def take(self, ticket: Ticket) -> None:
        """A call was written."""
        seen = self._seen[ticket.number]
        seen.written_at = self.now()
        if self.is_away:
            self._refuse(ticket)
        elif self.refuses_token and seen.path.startswith("/api/v1"):
            self._answer(ticket, Reply(401, b'{"error":"Invalid Access Token"}'), self.weather.latency_s())
        elif seen.path in ("/api", "/health") or not self._meet_fault(ticket, seen):
            self._run_soon(ticket)

    def given_up(self, ticket: Ticket, failed: TransportFailed) -> None:
        """For the checker."""
        seen = self._seen[ticket.number]
        seen.failed, seen.done_at = failed.cause, self.now()
        self.history.tell(ticket.who, f"{seen.method} {_short(seen)} -> {failed.cause}")

    # --- faults -------------------------------------------------------------------------------------------------------

    def _meet_fault(self, ticket: Ticket, seen: SeenCall) -> bool:
        """Whether something went wrong; then all that is to come is arranged."""
        weather, rng = self.weather, self.weather.rng
        once_only = seen.method == "DELETE" or (seen.method == "POST" and _makes_something(seen))
        if self.poison and self.poison in str(seen.body.get("content", "")):
            self._answer(ticket, Reply(500, b"{}"), weather.latency_s())
        elif weather.strikes("helpdesk_429"):
            self._answer(ticket, Reply(429, b"Retry later\n", "text/plain"), weather.latency_s())
        elif once_only and weather.strikes("helpdesk_lost_answer"):
            later(weather.latency_s(), self._run, ticket, None)
            self._break(ticket, rng.choice((0.2, 60.0)))
        elif once_only and weather.strikes("helpdesk_commit_error"):
            later(weather.latency_s(), self._run, ticket, rng.choice((422, 500, 502)))
        elif once_only and weather.strikes("helpdesk_slow_commit"):
            self._commit_slowly(ticket, rng.uniform(0.5, REQUEST_LIMIT_S - 0.5))
        elif once_only and weather.strikes("helpdesk_queued"):
            later(rng.uniform(CALL_TIMEOUT_S, REQUEST_LIMIT_S), self._run, ticket, None)
        elif once_only and weather.strikes_hard("helpdesk_queued_long"):
            later(rng.uniform(20.0, 45.0), self._run, ticket, None)
        elif weather.strikes_hard("helpdesk_lost_request"):
            self._break(ticket, rng.choice((0.2, 60.0)))
        elif weather.strikes_hard("helpdesk_error"):
            self._answer(ticket, Reply(rng.choice((500, 502)), b"{}"), weather.latency_s())
        else:
            return False
        return True

    def _refuse(self, ticket: Ticket) -> None:
        later(0.001, ticket.break_off, TransportFailed("connection_refused", nothing_sent=True))

    def _break(self, ticket: Ticket, wait_s: float) -> None:
        later(wait_s, ticket.break_off, TransportFailed("broken", nothing_sent=False))

    def _commit_slowly(self, ticket: Ticket, wait_s: float) -> None:
        """The id is taken now; what was written is seen later, and answered then."""
        reply = self._handle(ticket, visible_at=self.now() + wait_s)
        self._answer(ticket, reply, wait_s + 0.001)

    # --- running ------------------------------------------------------------------------------------------------------

    def _run_soon(self, ticket: Ticket) -> None:
        later(self.weather.latency_s(), self._run, ticket, 0)

    def _run(self, ticket: Ticket, status: int | None) -> None:
        """Run it now; answer with its own answer (0), with *status* instead, or not at all (None)."""
        if self.is_away:  # whatever was queued dies with the server
            self.weather.swept_away += 1
            ticket.break_off(TransportFailed("broken", nothing_sent=False))
            return
        reply = self._handle(ticket)
        if status is not None:
            self._seen[ticket.number].is_own_answer = not status
            self._answer(ticket, Reply(status, b"{}") if status else reply, self.weather.latency_s())

    def _handle(self, ticket: Ticket, visible_at: float | None = None) -> Reply:
        seen = self._seen[ticket.number]
        target = ticket.path + (f"?{ticket.query}" if ticket.query else "")
        headers = {name.lower(): value for name, value in ticket.call.headers.items()}
        if ticket.call.json is not None:
            headers["content-type"] = "application/json"
        request = request_of(ticket.call.method, target, headers, ticket.call.json or b"")
        if ticket.call.uploads:
            request = msgspec.structs.replace(request, body=dict(ticket.call.fields), uploads=seen.uploads)
        seen.ran = True
        return self.do(request, visible_at=visible_at)

    def do(self, request: Request, *, visible_at: float | None = None) -> Reply:
        """Run one request, of a bridge or of an agent, and let its webhooks go."""
        reply = self.world.handle(request, self.now(), visible_at=visible_at)
        self.send_hooks(reply.webhooks)
        return reply

    def send_hooks(self, due: tuple[WebhookDue, ...]) -> None:
        """They leave by themselves, in no order."""
        for one in due:
            self.hooks.send(one)

    def _answer(self, ticket: Ticket, reply: Reply, wait_s: float) -> None:
        later(wait_s, self._answered, ticket, reply)

    def _answered(self, ticket: Ticket, reply: Reply) -> None:
        seen = self._seen[ticket.number]
        if ticket.is_open:
            self.meet_answer(seen)
            seen.status, seen.done_at = reply.status, self.now()
            self.history.tell(ticket.who, f"{seen.method} {_short(seen)} -> {reply.status}")
        ticket.succeed(Answer(reply.status, {"content-type": reply.content_type}, reply.body))

    # --- agents -------------------------------------------------------------------------------------------------------

    def agent(self, method: str, path: str, body: object = None) -> Reply:
        """An agent does something on the pages."""
        reply = self.do(json_call(method, ACCOUNT + path, AGENT_TOKEN, body))
        self.history.tell("agent", f"{method} {path} -> {reply.status}")
        return reply


def new_world(rng: random.Random) -> World:
    """A helpdesk on its first day."""
    world = World(MemoryStore(), rng, Rules(throttle=False))
    world.found(
        Founding(
            administrator_token=TOKEN,
            agent_token=AGENT_TOKEN,
            webhook_url="http://bridge/webhooks/helpdesk/support",
            webhook_secret=SECRET,
        )
    )
    return world


def _form_of(call: Call) -> dict[str, Any]:
    """A form's fields as the same post's JSON would have them."""
    fields: dict[str, Any] = dict(call.fields)
    if "content_attributes" in fields:
        fields["content_attributes"] = msgspec.json.decode(fields["content_attributes"])
    return fields | ({"private": fields["private"] == "true"} if "private" in fields else {})


def _size_bytes(content: bytes | Path) -> int:
    return content.stat().st_size if isinstance(content, Path) else len(content)


def _makes_something(seen: SeenCall) -> bool:
    return seen.is_post or seen.path in (ACCOUNT + "contacts", ACCOUNT + "conversations")


def _short(seen: SeenCall) -> str:
    words = seen.path.removeprefix(ACCOUNT) + (f"?{seen.ticket.query}" if seen.ticket.query else "")
    return f"{words} {seen.body.get('source_id', '')}" if seen.is_post else words
