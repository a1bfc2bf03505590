"""WhatsApp and its gateway: storage first, then webhooks, in GOWA's temper or in the durable one, and the REST calls a bridge makes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import msgspec

from tests.simulation.network import Ticket
from tests.simulation.outside import History, later
from tests.simulation.population import OWN, Chat, Population, Told
from tests.simulation.storage import Storage
from tests.simulation.weather import Weather
from unlost.gateway import wire_envelope, wire_flat, wire_rest
from unlost.gateway.engines.answers import GroupInfo, Link
from unlost.gateway.engines.frames import StateName
from unlost.gateway.engines.simulated_look_ups import person_of, picture_of
from unlost.gateway.events import Book, Device, Empty, Event, Receipt, ReceiptType
from unlost.gateway.png import picture
from unlost.gateway.population.people import Customer
from unlost.gateway.versions import ENVELOPE_SINCE, Version
from unlost.gateway.wire_json import encode, signature, stamped_signature
from unlost.transport import Answer, TransportFailed

SECRET = "gateway-secret"
DOOR = "/webhooks/gateway/support"
DEVICE = Device(OWN, "Firm")
SHOWN = wire_rest.ShownDevice(OWN, "Firm", OWN, "2026-01-01T00:00:00Z", Link(StateName.LOGGED_IN), says_why=False)
ENVELOPE_VERSION: Version = (9, 2, 0)
FLAT_VERSION: Version = (7, 11, 4)


@dataclass(slots=True)
class GatewaySide:
    """*deliver* takes bodies on their way to the bridge (see `tempers`). *now*: true epoch seconds."""

    weather: Weather
    history: History
    population: Population
    version: Version
    now: Callable[[], float]
    deliver: Any = None
    is_up: bool = True
    misled: dict[str, str] = field(default_factory=dict)
    """LIDs that it takes for another person's, for the moment."""
    _waiting: list[tuple[Event, Told | None]] = field(default_factory=list)
    _storage: Storage = field(default_factory=Storage)

    # --- WhatsApp's side ----------------------------------------------------------------------------------------------

    def book(self) -> Book:
        """What the gateway knows of people now."""
        known = {chat.lid: chat.phone for chat in self.population.chats if chat.lid and chat.is_paired}
        return Book(known | self.misled)

    def happen(self, event: Event, told: Told | None = None) -> None:
        """Something happened; a gateway that is down hears of it when it is back."""
        if self.is_up:
            self._hear(event, told)
        else:
            self._waiting.append((event, told))

    def stop(self) -> None:
        """It dies, and with it, in GOWA's temper, every webhook under way."""
        self.is_up = False
        self.deliver.stop()
        self.history.tell("gateway", "down")

    def start(self) -> None:
        """It is back, and hears what it missed, all at once."""
        self.is_up = True
        self.history.tell("gateway", "up")
        self.deliver.start()
        waiting, self._waiting = self._waiting, []
        for event, told in waiting:
            self._hear(event, told)

    def keep_old(self, told: Told) -> None:
        """Storage has it from long ago."""
        self._storage.write(told.event, self.book(), self.version, self.now())

    def _hear(self, event: Event, told: Told | None) -> None:
        weather = self.weather
        if told is not None:
            told.gateway_at = self.now()
            told.chat.told_as.add(self._told_address(told.chat))
            if weather.strikes("event_unrecoverable") and self.deliver.loses:
                self.history.tell("gateway", f"#{told.number} {told.sort} lost for ever")
                return
            told.stored = self._storage.write(event, self.book(), self.version, self.now())
            if weather.strikes("event_unhooked") and self.deliver.loses:
                self.history.tell("gateway", f"#{told.number} {told.sort} stored, its webhook lost")
                return
        self._tell(event, told)

    def _told_address(self, chat: Chat) -> str:
        return chat.phone if chat.is_paired else chat.address

    def _tell(self, event: Event, told: Told | None) -> None:
        body = self._body(event)
        if body is None:
            return
        bodies = [body]
        if told is not None:
            told.hooked = True
            if self.deliver.loses and told.chat.is_group and self.weather.strikes("event_twin"):
                twin = self._body(msgspec.structs.replace(event, content=Empty("twin")))
                assert twin is not None
                told.has_twin = True
                bodies.insert(self.weather.rng.randrange(2), twin)
            if self.weather.strikes("event_copy"):
                bodies.append(body)
        chat = told.chat.name if told is not None else ""
        for one in bodies:
            late_s = self.weather.rng.uniform(0.0, 40.0) if self.weather.strikes("event_late") else 0.0
            self.deliver.send(chat, one, told if one is body else None, late_s)

    def receipt(self, told: Told, kind: ReceiptType) -> None:
        """The customer's phone got, or its owner read, a message typed on the firm's phone."""
        at = datetime.fromtimestamp(self.now(), UTC)
        self.happen(Receipt((told.event.id,), told.event.chat, told.chat.address, kind, at))

    def garbage(self, raw: bytes) -> None:
        """A signed body that nobody can read."""
        if self.is_up:
            self.deliver.send("", raw, None, 0.0)

    def _body(self, event: Event) -> bytes | None:
        book = self.book()
        flat = self.version < ENVELOPE_SINCE
        fields = wire_flat.body(event, book, self.version) if flat else wire_envelope.body(event, DEVICE, book)
        return None if fields is None else encode(fields)

    # --- as the network sees it ---------------------------------------------------------------------------------------

    def meet(self, ticket: Ticket) -> None:
        """Nothing happens to a call that only reads."""

    def given_up(self, ticket: Ticket, failed: TransportFailed) -> None:
        """For people."""
        self.history.tell(ticket.who, f"GET {ticket.path} -> {failed.cause}")

    def take(self, ticket: Ticket) -> None:
        """A call was written."""
        if ticket.call.method != "GET":
            self.population.sends.append(f"{ticket.call.method} {ticket.path}")
        if not self.is_up:
            later(0.001, ticket.break_off, TransportFailed("connection_refused", nothing_sent=True))
        elif (
            ticket.path == "/events"
        ):  # no feed here: what closes gaps is reconcile, as with GOWA; nor any weather of its own
            later(0.001, ticket.succeed, Answer(404, {}, b"Cannot GET"))
        elif self.weather.strikes("gateway_error"):
            self._fail(ticket)
        else:
            later(self.weather.latency_s(), self._answer, ticket)

    def _fail(self, ticket: Ticket) -> None:
        what = self.weather.rng.choice(("hang", "break", "500"))
        self.history.tell("gateway", f"GET {ticket.path}: {what}")
        if what == "break":
            later(0.05, ticket.break_off, TransportFailed("broken", nothing_sent=False))
        elif what == "500":
            answer = wire_rest.failure("INTERNAL_SERVER_ERROR", "something went wrong")
            later(0.05, ticket.succeed, Answer(500, {}, encode(answer)))

    def _answer(self, ticket: Ticket) -> None:
        if not self.is_up:
            ticket.break_off(TransportFailed("broken", nothing_sent=False))
            return
        status, body = self._answered(ticket.path, ticket.query)
        ticket.succeed(Answer(status, {"content-type": "application/json"}, body))

    def _answered(self, path: str, query: str) -> tuple[int, bytes]:
        if path.startswith("/statics/avatars/"):
            return 200, picture(path)
        if path.startswith("/statics/media/"):
            return 200, picture(path)
        storage = self._storage.answer(path, query, DEVICE, self.book(), self.version)
        if storage is not None:
            return 200, encode(wire_rest.success("Success", storage))
        match path:
            case "/app/status":
                results: Any = wire_rest.app_status(SHOWN, self.version)
            case "/app/info" if self.version >= ENVELOPE_SINCE:
                results = wire_rest.app_info(self.version, None, chatwoot_enabled=False)
            case "/user/info":
                results = wire_rest.user_info(person_of(self._customer(query)), self.version, query)
            case "/user/avatar":
                results = wire_rest.user_avatar(picture_of(self._customer(query)), "http://gateway")
            case "/group/info":
                results = wire_rest.group_info(GroupInfo(_asked(query), "A group", owner=OWN))
            case _ if path.startswith("/message/") and path.endswith("/download"):
                results = {"file_path": f"statics/media/{path.split('/')[2]}.png"}
            case _:
                return 404, b"Cannot GET"
        return 200, encode(wire_rest.success("Success", results))

    def _customer(self, query: str) -> Customer:
        asked = _asked(query)
        chat = next((chat for chat in self.population.chats if asked in chat.forms), None)
        if chat is None:
            return Customer(phone=asked)
        return Customer(name=chat.name, phone=chat.phone, lid=chat.lid, paired=chat.is_paired)


def signed(body: bytes, now: float) -> dict[str, str]:
    """The headers of a webhook, those of our own gateway among them; *now* by the clock of the machine that all run on."""
    stamp = str(int(now))
    stamped = {"x-unlost-timestamp": stamp, "x-unlost-signature": stamped_signature(SECRET, stamp, body)}
    return {"content-type": "application/json", "x-hub-signature-256": signature(SECRET, body)} | stamped


def _asked(query: str) -> str:
    fields = parse_qs(query)
    return (fields.get("phone") or fields.get("group_id") or [""])[0]
