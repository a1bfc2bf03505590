"""A client without an engine: proxy, TLS, handshake and stanzas, to test the fake where no wheel exists."""

from __future__ import annotations

import ssl
from types import TracebackType
from typing import Any, Self

import aiohttp

from tests.fake_whatsapp import protobufs
from tests.fake_whatsapp.codec import decode, encode
from tests.fake_whatsapp.endpoint import Endpoint
from tests.fake_whatsapp.frames import framed
from tests.fake_whatsapp.keys import DJB, KeyPair, signature_holds
from tests.fake_whatsapp.noise import FrameCipher, Symmetric
from tests.fake_whatsapp.stanza import Stanza

HEADER = b"WA\x06\x03"
URL = "https://web.whatsapp.com/ws/chat"


class WrongServer(Exception):
    """The chain behind the server's static key does not end at the root that this device trusts."""


class PythonDevice:
    """`async with PythonDevice(endpoint) as device:` goes as far as the handshake; registers, or logs in as *user*."""

    def __init__(self, endpoint: Endpoint, *, user: str = "", static: KeyPair | None = None) -> None:
        self._endpoint, self._user = endpoint, user
        self.static = static or KeyPair.generate()
        self.identity, self.adv_secret = KeyPair.generate(), b"s" * 32
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._inward: FrameCipher | None = None
        self._outward: FrameCipher | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        trusted = ssl.create_default_context(cafile=self._endpoint.ca_file)
        self._socket = await self._session.ws_connect(URL, proxy=self._endpoint.proxy_url, ssl=trusted)
        try:
            await self._handshake()
        except BaseException:
            await self._session.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._session is not None, "it was opened"
        await self._session.close()

    async def send(self, said: Stanza) -> None:
        assert self._socket is not None, "it was opened"
        assert self._outward is not None, "the handshake stands"
        await self._socket.send_bytes(framed(self._outward.seal(encode(said))))

    async def hear(self) -> Stanza:
        assert self._inward is not None, "the handshake stands"
        return decode(self._inward.open(await self._frame()))

    async def _frame(self) -> bytes:
        assert self._socket is not None, "it was opened"
        return (await self._socket.receive_bytes())[3:]

    async def _handshake(self) -> None:
        assert self._socket is not None, "it was opened"
        state, mine = Symmetric(HEADER), KeyPair.generate()
        state.note(mine.public)
        hello = protobufs.new("HandshakeMessage")
        hello.clientHello.ephemeral = mine.public
        await self._socket.send_bytes(HEADER + framed(hello.SerializeToString()))
        heard = protobufs.parse("HandshakeMessage", await self._frame()).serverHello
        state.note(heard.ephemeral)
        state.mix(mine.agree(heard.ephemeral))
        static = state.open(heard.static)
        state.mix(mine.agree(static))
        _check(protobufs.parse("CertChain", state.open(heard.payload)), static, self._endpoint)
        finish = protobufs.new("HandshakeMessage")
        finish.clientFinish.static = state.seal(self.static.public)
        state.mix(self.static.agree(heard.ephemeral))
        finish.clientFinish.payload = state.seal(self._payload())
        await self._socket.send_bytes(framed(finish.SerializeToString()))
        self._outward, self._inward = state.split()

    def _payload(self) -> bytes:
        if self._user:
            told = protobufs.new("ClientPayload", username=int(self._user), device=1)
        else:
            signed = KeyPair.generate()
            told = protobufs.new("ClientPayload")
            told.devicePairingData.eRegid = (7).to_bytes(4, "big")
            told.devicePairingData.eIdent = self.identity.public
            told.devicePairingData.eSkeyId = (1).to_bytes(3, "big")
            told.devicePairingData.eSkeyVal = signed.public
            told.devicePairingData.eSkeySig = self.identity.sign(DJB + signed.public)
        raw: bytes = told.SerializeToString()
        return raw


def _check(chain: Any, static: bytes, endpoint: Endpoint) -> None:
    """Raises WrongServer unless each link vouches for the next, and the last for the key in use."""
    name = "CertChain.NoiseCertificate.Details"
    middle, leaf = (protobufs.parse(name, part.details) for part in (chain.intermediate, chain.leaf))
    root = bytes.fromhex(endpoint.noise_root)
    if not signature_holds(root, chain.intermediate.details, chain.intermediate.signature):
        raise WrongServer("the root did not sign the intermediate")
    if not signature_holds(middle.key, chain.leaf.details, chain.leaf.signature) or leaf.key != static:
        raise WrongServer("the intermediate did not sign the server's key")
