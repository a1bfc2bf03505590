"""The clients' side of the server: who connects, is paired, logs in, and what is done with what they say."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from aiohttp import web

from tests.fake_whatsapp import pairing
from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.answering import answer
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.delivering import encrypt_again, give_backlog, now
from tests.fake_whatsapp.receiving import Read, acknowledged, failure, receive
from tests.fake_whatsapp.stanza import Stanza, stanza
from tests.fake_whatsapp.world import World

RESTART = "515"
"""The stream error after a pairing: connect again, as the device that you now are."""


class Clients:
    """Serves every web socket. *broken* holds what went wrong in the server itself."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._unpaired: dict[bytes, Connection] = {}
        self._pairing: dict[Connection, Account] = {}
        self._background: set[asyncio.Task[None]] = set()
        self.read: list[Read] = []
        self.broken: list[Exception] = []

    async def serve(self, socket: web.WebSocketResponse) -> None:
        connection = Connection(socket, self._world.authority, self._world.record)
        self._world.connections.append(connection)
        try:
            await connection.serve(self._hello, self._heard)
        except Exception as error:  # noqa: BLE001 - the top of a connection: told to the test at its end
            self.broken.append(error)
        finally:
            self._world.connections.remove(connection)

    def stop(self) -> None:
        for task in self._background:
            task.cancel()

    def registering(self, noise: bytes) -> Connection:
        """The client that wants to be paired and has this Noise key. Raises LookupError."""
        return self._unpaired[noise]

    async def accept(self, connection: Connection, account: Account, adv_secret: bytes) -> None:
        """Pair *connection* as *account*: a user who has a device already gets another in its place."""
        self._pairing[connection] = account
        await pairing.accept(connection, account, adv_secret)

    async def _hello(self, connection: Connection, payload: Any) -> None:
        if connection.registering is not None:
            self._unpaired[connection.registering.noise] = connection
            return await pairing.offer(connection)
        account = self._world.accounts.get(str(payload.username))
        if account is None or account.keys.noise != connection.noise:
            return await connection.send(failure(401))
        if account.refusal is not None:
            return await connection.send(account.refusal)
        return await self._log_in(connection, account)

    async def _log_in(self, connection: Connection, account: Account) -> None:
        """Let the client in as *account*; one that is in already is told that it was replaced."""
        before = self._world.connection_of(account)
        if before is not None:
            self._later(before.part(stanza("stream:error", stanza("conflict", type="replaced"))))
        connection.account = account
        await connection.send(stanza("success", t=now(), props="27", abprops="1", location="fake", lid=account.lid_jid))
        await give_backlog(self._world, connection, account)

    async def _heard(self, connection: Connection, told: Stanza) -> None:
        match told.tag:
            case "iq" if told.attrs.get("type") in ("get", "set"):
                self._later(answer(self._world, connection, told))
            case "iq" if told.child("pair-device-sign") is not None:
                self._paired(connection)
            case "message":
                self._later(self._receive(connection, told))
            case "receipt" | "ack":
                await self._settle(connection, told)
            case _:
                pass  # presence, typing and the like: nobody answers those

    async def _receive(self, connection: Connection, told: Stanza) -> None:
        self.read += await receive(self._world, connection, told)

    def _paired(self, connection: Connection) -> None:
        account = self._pairing.pop(connection)
        self._world.accounts[account.user] = account
        self._world.people.add(self._world.phone(account))
        self._later(connection.part(stanza("stream:error", code=RESTART)))

    async def _settle(self, connection: Connection, told: Stanza) -> None:
        """A receipt is acknowledged and ends the wait of what it names; a retry receipt brings it anew."""
        account = connection.account
        if account is None:
            return
        self._world.offline.heard(account, told)
        if told.tag == "receipt":
            await connection.send(acknowledged(told))
            if told.attrs.get("type") == "retry":
                self._later(encrypt_again(self._world, account, told))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do *work* while the client is listened to; it may wait for what the client says."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._background.discard(task)
        if not task.cancelled() and isinstance(error := task.exception(), Exception):
            self.broken.append(error)
