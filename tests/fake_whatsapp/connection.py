"""One web socket: the handshake, then stanzas in and out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import WSMsgType, web

from tests.fake_whatsapp import protobufs
from tests.fake_whatsapp.account import Account, DeviceKeys, PreKey
from tests.fake_whatsapp.certificates import NoiseAuthority
from tests.fake_whatsapp.codec import decode, encode
from tests.fake_whatsapp.frames import FrameReader, framed
from tests.fake_whatsapp.jids import SERVER
from tests.fake_whatsapp.keys import KeyPair
from tests.fake_whatsapp.noise import FrameCipher, Symmetric
from tests.fake_whatsapp.record import Direction, Record
from tests.fake_whatsapp.stanza import Stanza, stanza

FAREWELL_S = 1

Hello = Callable[["Connection", Any], Awaitable[None]]
"""Called with the client's payload once the handshake stands."""
Heard = Callable[["Connection", Stanza], Awaitable[None]]


class Connection:
    """A client on the line. *account* is None until it has logged in, *registering* until it asks to be paired."""

    def __init__(self, socket: web.WebSocketResponse, authority: NoiseAuthority, record: Record) -> None:
        self._socket, self._authority, self._record = socket, authority, record
        self._frames = FrameReader()
        self._pending: list[bytes] = []
        self._gone = asyncio.Event()
        self._inward: FrameCipher | None = None
        self._outward: FrameCipher | None = None
        self.noise = b""
        """The client's static key, which no other has."""
        self.account: Account | None = None
        self.registering: DeviceKeys | None = None
        self.ready = False
        """Whether the offline queue was given, so that what comes now may go straight out."""

    async def serve(self, hello: Hello, heard: Heard) -> None:
        """Shake hands, tell *hello* the client's payload, then tell *heard* every stanza, until the client goes."""
        try:
            await self._serve(hello, heard)
        finally:
            self._gone.set()

    async def _serve(self, hello: Hello, heard: Heard) -> None:
        payload = await self._handshake()
        if payload is None:
            return
        await hello(self, payload)
        while (frame := await self._frame()) is not None:
            assert self._inward is not None, "the handshake stands"
            said = decode(self._inward.open(frame))
            self._record.add(Direction.SENT, self._user, said)
            await heard(self, said)

    async def send(self, said: Stanza) -> None:
        """Record *said* and write it. A socket that is closed already takes nothing: the client will log in again."""
        if self._socket.closed or self._outward is None:
            return
        self._record.add(Direction.GIVEN, self._user, said)
        sealed = self._outward.seal(encode(said))
        try:
            await self._socket.send_bytes(framed(sealed))
        except ConnectionError:
            return

    async def answer(self, asked: Stanza, *content: Stanza, type: str = "result") -> None:
        """Answer the query *asked*."""
        to = asked.attrs.get("to", SERVER)
        await self.send(stanza("iq", *content, from_=to, type=type, id=asked.id))

    async def close(self) -> None:
        await self._socket.close()

    async def part(self, last: Stanza) -> None:
        """Send *last* and let the client hang up; after FAREWELL_S do it ourselves.

        The engine drops what it has received and not handled yet when its socket closes: a stream error with the
        close right behind it is lost now and then (neonize 0.5.2).
        """
        await self.send(last)
        try:
            await asyncio.wait_for(self._gone.wait(), FAREWELL_S)
        except TimeoutError:
            await self.close()

    @property
    def _user(self) -> str:
        return self.account.user if self.account else ""

    async def _frame(self) -> bytes | None:
        while not self._pending:
            message = await self._socket.receive()
            if message.type is not WSMsgType.BINARY:
                return None
            self._pending += self._frames.feed(message.data)
        return self._pending.pop(0)

    async def _handshake(self) -> Any:
        """The client's payload; None where it hung up, as one does that does not accept our certificate."""
        first = await self._frame()
        if first is None:
            return None
        theirs = protobufs.parse("HandshakeMessage", first).clientHello.ephemeral
        state, mine = Symmetric(self._frames.header), KeyPair.generate()
        await self._socket.send_bytes(framed(_server_hello(state, mine, theirs, self._authority)))
        last = await self._frame()
        if last is None:
            return None
        finish = protobufs.parse("HandshakeMessage", last).clientFinish
        static = state.open(finish.static)
        self.noise = static
        state.mix(mine.agree(static))
        payload = protobufs.parse("ClientPayload", state.open(finish.payload))
        self._inward, self._outward = state.split()
        if not payload.HasField("username"):
            self.registering = _keys_of(payload.devicePairingData, static)
        return payload


def _server_hello(state: Symmetric, mine: KeyPair, theirs: bytes, authority: NoiseAuthority) -> bytes:
    """Our ephemeral key, our static key and the chain that vouches for it."""
    state.note(theirs)
    state.note(mine.public)
    state.mix(mine.agree(theirs))
    message = protobufs.new("HandshakeMessage")
    message.serverHello.ephemeral = mine.public
    message.serverHello.static = state.seal(authority.static.public)
    state.mix(authority.static.agree(theirs))
    message.serverHello.payload = state.seal(authority.chain)
    raw: bytes = message.SerializeToString()
    return raw


def _keys_of(told: Any, static: bytes) -> DeviceKeys:
    signed = PreKey(int.from_bytes(told.eSkeyId, "big"), told.eSkeyVal, told.eSkeySig)
    return DeviceKeys(int.from_bytes(told.eRegid, "big"), told.eIdent, signed, static)
