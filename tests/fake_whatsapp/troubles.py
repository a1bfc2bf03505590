"""Bad days that a test can bring about."""

from __future__ import annotations

from tests.fake_whatsapp import pairing
from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.pushing import Pushing
from tests.fake_whatsapp.receiving import failure
from tests.fake_whatsapp.stanza import Stanza, stanza


class Troubles(Pushing):
    """What can befall a device's connection; a device that is away is a LookupError where nothing else is said."""

    async def drop(self, account: Account) -> None:
        """Close the device's connection, without a word; nothing where it is away."""
        if connection := self.world.connection_of(account):
            await connection.close()

    async def stream_error(self, account: Account, *content: Stanza, **attrs: str) -> None:
        """End the device's stream with an error."""
        await self._connected(account).part(stanza("stream:error", *content, **attrs))

    async def replace_stream(self, account: Account) -> None:
        """Another client took the device's place."""
        await self.stream_error(account, stanza("conflict", type="replaced"))

    async def unlink(self, account: Account) -> None:
        """The user removed the device on the phone: 401 now, and at every login from now on."""
        account.refusal = failure(401)
        if self.world.connection_of(account):
            await self.stream_error(account, stanza("conflict", type="device_removed"), code="401")

    async def refuse(self, account: Account, reason: int, **attrs: str) -> None:
        """Drop the device and refuse every login of it; `account.refusal = None` ends that."""
        account.refusal = failure(reason, **attrs)
        await self.drop(account)

    async def panic_at_pairing(self, account: Account) -> None:
        """The pair-success without an id that makes the engine panic."""
        await self.push_stanza(account, pairing.pair_success_without_id())
