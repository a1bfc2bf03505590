"""The fake itself: start it, pair a device with it, push what should reach the device, read what came."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.fake_whatsapp import messages, pairing
from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.answering import answer
from tests.fake_whatsapp.avatars import Avatars
from tests.fake_whatsapp.certificates import make_tls
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.delivering import addressed, encrypt_again, give_backlog, new_id, now, push
from tests.fake_whatsapp.endpoint import Endpoint
from tests.fake_whatsapp.hosts import Hosts, served
from tests.fake_whatsapp.jids import LIDS, NUMBERS
from tests.fake_whatsapp.media import MediaStore
from tests.fake_whatsapp.offline import OfflineQueues
from tests.fake_whatsapp.peer import Peer
from tests.fake_whatsapp.people import Group, People
from tests.fake_whatsapp.protobufs import Protobuf
from tests.fake_whatsapp.proxy import Proxy
from tests.fake_whatsapp.receiving import Read, acknowledged, failure, receive
from tests.fake_whatsapp.record import Predicate, Record, Recorded, sent
from tests.fake_whatsapp.stanza import Stanza, stanza
from tests.fake_whatsapp.world import Answer, Pushed, World

RESTART = "515"
"""The stream error after a pairing: connect again, as the device that you now are."""


class FakeWhatsApp:
    """`async with FakeWhatsApp(folder) as server:`; *folder* gets the certificates and `endpoint.json`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.world = folder, World()
        tls = make_tls(folder / "tls")
        self._hosts, self._ca_file = Hosts(self.world, tls, self._serve), tls.ca_file
        self._proxy: Proxy | None = None
        self._unpaired: dict[bytes, Connection] = {}
        self._pairing: dict[Connection, Account] = {}
        self._background: set[asyncio.Task[None]] = set()
        self.read: list[Read] = []
        """What the device sent to people, decrypted by them, in order."""
        self.broken: list[Exception] = []
        """What went wrong in the server itself; raised at the end of the `async with`."""

    async def __aenter__(self) -> Self:
        await self._hosts.open()
        self._proxy = Proxy(self._hosts.port, served)
        await self._proxy.open()
        self.endpoint.write(self.endpoint_file)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._background:
            task.cancel()
        if self._proxy is not None:
            await self._proxy.close()
        await self._hosts.close()
        if kind is None and self.broken:
            raise ExceptionGroup("the fake WhatsApp itself failed", self.broken)

    # What a client must know, and what it said.

    @property
    def endpoint(self) -> Endpoint:
        assert self._proxy is not None, "the server is started"
        return Endpoint(self._proxy.url, str(self._ca_file.resolve()), self.world.authority.root.public.hex())

    @property
    def endpoint_file(self) -> Path:
        return self._folder / "endpoint.json"

    @property
    def record(self) -> Record:
        return self.world.record

    @property
    def offline(self) -> OfflineQueues:
        return self.world.offline

    @property
    def people(self) -> People:
        return self.world.people

    @property
    def avatars(self) -> Avatars:
        return self.world.avatars

    @property
    def media(self) -> MediaStore:
        return self.world.media

    @property
    def hooks(self) -> dict[tuple[str, str], Answer]:
        """By xmlns and type of an iq: `async (connection, stanza)`, asked before the server's own answer."""
        return self.world.hooks

    async def wait_for(self, predicate: Predicate, within_s: float, *, after: int = 0) -> Recorded:
        return await self.record.wait_for(predicate, within_s, after=after)

    async def acknowledged(self, id: str, within_s: float) -> Recorded:
        """The device's receipt for the message *id*, not being a request to encrypt it again."""

        def fits(entry: Recorded) -> bool:
            return sent("receipt", id=id)(entry) and entry.stanza.attrs.get("type") != "retry"

        return await self.wait_for(fits, within_s)

    # Pairing and logging in.

    async def pair(self, qr: str, user: str, *, lid: str = "", device: int = 1) -> Account:
        """Scan *qr* with *user*'s phone, and wait until the device took it. Raises LookupError for an unknown code."""
        scanned = pairing.Scanned.read(qr)
        connection = self._unpaired.pop(scanned.noise)
        assert connection.registering is not None, "only such a client was offered a code"
        account = Account(user, lid or f"9{user}@{LIDS}", connection.registering, device)
        self._pairing[connection] = account
        before = len(self.record)
        await pairing.accept(connection, account, scanned.adv_secret)
        await self.wait_for(lambda entry: _signs(entry.stanza), within_s=20, after=before)
        return account

    async def logged_in(self, account: Account, within_s: float, *, after: int = 0) -> Recorded:
        """Waits until the device has logged in and got its backlog, from entry *after* of the record on."""

        def ends_backlog(entry: Recorded) -> bool:
            return (
                entry.account == account.user and entry.stanza.tag == "ib" and entry.stanza.child("offline") is not None
            )

        return await self.wait_for(ends_backlog, within_s, after=after)

    def is_connected(self, account: Account) -> bool:
        return self.world.connection_of(account) is not None

    # To the device.

    async def push_text(self, peer: Peer, account: Account, words: str, *, id: str = "", mode: str = "pn") -> str:
        """*peer* writes to the device's user; the message's id. *mode* `pn`, `lid` or `plain` is how the sender is named."""
        return await self.push_message(peer, account, messages.text(words), id=id, mode=mode)

    async def push_message(
        self, peer: Peer, account: Account, message: Protobuf, *, id: str = "", kind: str = "text", mode: str = "pn"
    ) -> str:
        """*kind* is `text` or `media`."""
        return await self._push(
            Pushed(id or new_id(), peer, account, message, None, _attrs(account, peer, None, kind, mode))
        )

    async def push_group_message(
        self, group: Group, peer: Peer, account: Account, message: Protobuf, *, id: str = "", kind: str = "text"
    ) -> str:
        """*peer* writes to *group*, with its sender key; the first time the key comes along."""
        self.people.add_group(group)
        attrs = _attrs(account, peer, group, kind, group.mode)
        return await self._push(Pushed(id or new_id(), peer, account, message, group, attrs))

    async def push_stanza(self, account: Account, told: Stanza) -> None:
        """Anything else, as it is; not queued. Raises LookupError while the device is away."""
        await self._connected(account).send(told)

    def _connected(self, account: Account) -> Connection:
        connection = self.world.connection_of(account)
        if connection is None:
            raise LookupError(f"{account.user} is not connected")
        return connection

    async def _push(self, pushed: Pushed) -> str:
        return await push(self.world, pushed)

    # Bad days.

    async def drop(self, account: Account) -> None:
        """Close the device's connection, without a word."""
        if connection := self.world.connection_of(account):
            await connection.close()

    async def stream_error(self, account: Account, *content: Stanza, **attrs: str) -> None:
        """End the device's stream with an error. Raises LookupError while the device is away."""
        await self._connected(account).part(stanza("stream:error", *content, **attrs))

    async def replace_stream(self, account: Account) -> None:
        """Another client took the device's place."""
        await self.stream_error(account, stanza("conflict", type="replaced"))

    async def unlink(self, account: Account) -> None:
        """The user removed the device on the phone: 401 now, and at every login from now on."""
        account.refusal = failure(401)
        if self.is_connected(account):
            await self.stream_error(account, stanza("conflict", type="device_removed"), code="401")

    async def refuse(self, account: Account, reason: int, **attrs: str) -> None:
        """Drop the device and refuse every login of it; `account.refusal = None` ends that."""
        account.refusal = failure(reason, **attrs)
        await self.drop(account)

    async def panic_at_pairing(self, account: Account) -> None:
        """The pair-success without an id that makes the engine panic."""
        await self.push_stanza(account, pairing.pair_success_without_id())

    # The clients' side.

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        connection = Connection(socket, self.world.authority, self.record)
        self.world.connections.append(connection)
        try:
            await connection.serve(self._hello, self._heard)
        except Exception as error:  # noqa: BLE001 - the top of a connection: told to the test at its end
            self.broken.append(error)
        finally:
            self.world.connections.remove(connection)

    async def _hello(self, connection: Connection, payload: Any) -> None:
        if connection.registering is not None:
            self._unpaired[connection.registering.noise] = connection
            return await pairing.offer(connection)
        account = self.world.accounts.get(str(payload.username))
        if account is None or account.refusal is not None:
            return await connection.send(account.refusal if account and account.refusal else failure(401))
        connection.account = account
        await connection.send(stanza("success", t=now(), props="27", abprops="1", location="fake", lid=account.lid_jid))
        return await give_backlog(self.world, account)

    async def _heard(self, connection: Connection, told: Stanza) -> None:
        match told.tag:
            case "iq" if told.attrs.get("type") in ("get", "set"):
                await answer(self.world, connection, told)
            case "iq" if _signs(told):
                self._paired(connection)
            case "message":
                self.read += await receive(self.world, connection, told)
            case "receipt" | "ack":
                await self._settle(connection, told)
            case _:
                pass  # presence, typing and the like: nobody answers those

    def _paired(self, connection: Connection) -> None:
        account = self._pairing.pop(connection)
        self.world.accounts[account.user] = account
        self.people.add(Peer(f"{account.user}@{NUMBERS}", lid=account.lid, identity=account.phone_identity))
        self._later(connection.part(stanza("stream:error", code=RESTART)))

    async def _settle(self, connection: Connection, told: Stanza) -> None:
        """A receipt is acknowledged and ends the wait of what it names; a retry receipt brings it anew."""
        account = connection.account
        if account is None:
            return
        self.offline.heard(account, told)
        if told.tag == "receipt":
            await connection.send(acknowledged(told))
            if told.attrs.get("type") == "retry":
                self._later(encrypt_again(self.world, account, told))

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self.broken.append(error)


def _signs(told: Stanza) -> bool:
    return told.tag == "iq" and told.child("pair-device-sign") is not None


def _attrs(account: Account, peer: Peer, group: Group | None, kind: str, mode: str) -> dict[str, str]:
    return {**addressed(account, peer, group, mode), "t": now(), "type": kind, "notify": peer.name}
