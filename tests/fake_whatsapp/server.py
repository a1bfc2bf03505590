"""The fake itself: start it, pair a device with it, push what should reach the device, read what came."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from tests.fake_whatsapp import link_codes, pairing
from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.avatars import Avatars
from tests.fake_whatsapp.certificates import make_tls
from tests.fake_whatsapp.clients import Clients
from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.endpoint import Endpoint
from tests.fake_whatsapp.hosts import Hosts, served
from tests.fake_whatsapp.jids import LIDS
from tests.fake_whatsapp.media import MediaStore
from tests.fake_whatsapp.offline import OfflineQueues
from tests.fake_whatsapp.people import People
from tests.fake_whatsapp.proxy import Proxy
from tests.fake_whatsapp.receiving import Read
from tests.fake_whatsapp.record import Predicate, Record, Recorded, sent
from tests.fake_whatsapp.troubles import Troubles
from tests.fake_whatsapp.world import Answer, World

PAIRING_S = 20
"""A bound for what takes the engine some milliseconds."""


class FakeWhatsApp(Troubles):
    """`async with FakeWhatsApp(folder) as server:`; *folder* gets the certificates and `endpoint.json`.

    What went wrong in the server itself is raised at the end of the block.
    """

    def __init__(self, folder: Path) -> None:
        self._folder, self.world = folder, World()
        self._clients = Clients(self.world)
        tls = make_tls(folder / "tls")
        self._hosts, self._ca_file = Hosts(self.world, tls, self._clients.serve), tls.ca_file
        self._proxy: Proxy | None = None

    async def __aenter__(self) -> Self:
        await self._hosts.open()
        self._proxy = Proxy(self._hosts.port, served)
        await self._proxy.open()
        self.endpoint.write(self.endpoint_file)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._clients.stop()
        if self._proxy is not None:
            await self._proxy.close()
        await self._hosts.close()
        if kind is None and self._clients.broken:
            raise ExceptionGroup("the fake WhatsApp itself failed", self._clients.broken)

    @property
    def endpoint(self) -> Endpoint:
        assert self._proxy is not None, "the server is started"
        return Endpoint(self._proxy.url, str(self._ca_file.resolve()), self.world.authority.root.public.hex())

    @property
    def endpoint_file(self) -> Path:
        return self._folder / "endpoint.json"

    @property
    def proxied(self) -> list[str]:
        """Every host and port that was asked of the proxy."""
        return self._proxy.asked if self._proxy else []

    @property
    def record(self) -> Record:
        return self.world.record

    @property
    def read(self) -> list[Read]:
        """What the device sent to people, decrypted by them, in order."""
        return self._clients.read

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

    async def pair(self, qr: str, user: str, *, lid: str = "", device: int = 1) -> Account:
        """Scan *qr* with *user*'s phone; the account, once the device took it. Raises LookupError for an unknown code."""
        scanned = pairing.Scanned.read(qr)
        connection = self._clients.registering(scanned.noise)
        return await self._pair(connection, _account(connection, user, lid, device), scanned.adv_secret)

    async def pair_by_code(self, code: str, user: str, *, lid: str = "", device: int = 1) -> Account:
        """Type *code* on *user*'s phone. Raises LookupError where no client asked for one, link_codes.WrongCode."""
        asked = self.world.link_codes[user]
        account = _account(asked.connection, user, lid, device)
        secret = await link_codes.exchange(asked, code, account.phone_identity, PAIRING_S)
        return await self._pair(asked.connection, account, secret)

    async def _pair(self, connection: Connection, account: Account, adv_secret: bytes) -> Account:
        before = len(self.record)
        await self._clients.accept(connection, account, adv_secret)
        await self.wait_for(_signs, PAIRING_S, after=before)
        return account

    def is_connected(self, account: Account) -> bool:
        return self.world.connection_of(account) is not None

    async def logged_in(self, account: Account, within_s: float, *, after: int = 0) -> Recorded:
        """Waits until the device has logged in and got its backlog, from entry *after* of the record on."""

        def ends_backlog(entry: Recorded) -> bool:
            ends = entry.stanza.tag == "ib" and entry.stanza.child("offline") is not None
            return ends and entry.account == account.user

        return await self.wait_for(ends_backlog, within_s, after=after)

    async def wait_for(self, predicate: Predicate, within_s: float, *, after: int = 0) -> Recorded:
        """The first stanza that *predicate* holds for, of those from number *after* on; TimeoutError after *within_s*."""
        return await self.record.wait_for(predicate, within_s, after=after)

    async def acknowledged(self, id: str, within_s: float) -> Recorded:
        """The device's receipt for the message *id*, not being a request to encrypt it again."""

        def fits(entry: Recorded) -> bool:
            return sent("receipt", id=id)(entry) and entry.stanza.attrs.get("type") != "retry"

        return await self.wait_for(fits, within_s)


def _account(connection: Connection, user: str, lid: str, device: int) -> Account:
    assert connection.registering is not None, "only such a client was offered a code"
    return Account(user, lid or f"9{user}@{LIDS}", connection.registering, device)


def _signs(entry: Recorded) -> bool:
    return entry.stanza.tag == "iq" and entry.stanza.child("pair-device-sign") is not None
