"""The simulated engine: WhatsApp as the population knows it, for one device that can be linked, logged out, linked anew."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from unlost.gateway.engines.answers import LOGGED_OUT, NOT_LINKED, About, Link, Qr
from unlost.gateway.engines.frames import StateName
from unlost.gateway.engines.port import EngineRefused
from unlost.gateway.engines.simulated_look_ups import SimulatedLookUps
from unlost.gateway.engines.simulated_sends import SimulatedSends
from unlost.gateway.engines.simulated_world import World
from unlost.gateway.population import Population

QR_VALID_S = 20.0  # whatsmeow shows its first code for 60 s and each later one for 20
CODE_LETTERS = "123456789ABCDEFGHJKLMNPQRSTVWXYZ"  # Crockford's, as WhatsApp's pairing codes have them
SCANNING = Link(StateName.PAIRING, "not linked to an account", "scan the QR on the phone")
AWAY = Link(
    StateName.DISCONNECTED, "no connection to WhatsApp", "it is made again by itself; check this machine's network"
)


class Linking:
    """What is shown to be scanned or typed, and what WhatsApp remembers of who did.

    *remember* writes the account down (an empty one at a logout); *open_account* opens its population.
    """

    def __init__(self, remember: Callable[[str], None], open_account: Callable[[str], Population]) -> None:
        self.remember = remember
        self.open_account = open_account
        self.code = ""
        self.shown = ""


class SimulatedEngine(SimulatedLookUps, SimulatedSends):
    """One device. *linked* is told the account's population each time one is linked."""

    def __init__(
        self,
        world: World,
        population: Population | None,
        linking: Linking,
        *,
        was_linked: bool,
        linked: Callable[[Population], None],
    ) -> None:
        super().__init__(world, population)
        self._linking = linking
        self._was_linked = was_linked
        self._told_linked = linked

    def link(self) -> Link:
        if self._population is None:
            return SCANNING if self._linking.shown else LOGGED_OUT if self._was_linked else NOT_LINKED
        return AWAY if self._world.faults.disconnected else Link(StateName.LOGGED_IN)

    def about(self) -> About:
        return About("simulated", "1")

    def takes_ids(self) -> bool:
        return self._world.takes_ids

    async def qr(self) -> Qr:
        self._need_unlinked()
        self._linking.shown = f"2@{secrets.token_urlsafe(64)}"
        return Qr(self._linking.shown, QR_VALID_S)

    async def pair_code(self, phone: str) -> str:
        self._need_unlinked()
        letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
        self._linking.code = f"{letters[:4]}-{letters[4:]}"
        return self._linking.code

    async def scan(self, jid: str, code: str) -> None:
        """A phone of the account *jid* scans the QR, or types *code*. Raises EngineRefused where neither is shown."""
        self._need_unlinked()
        shown = code == self._linking.code if code else bool(self._linking.shown)
        if not shown:
            raise EngineRefused("nothing is shown to be scanned, or the code is another one")
        self._linking.code = self._linking.shown = ""
        await self._do(self._linking.remember, jid)
        self._population, self._was_linked = await self._do(self._linking.open_account, jid), True
        self._told_linked(self._population)

    async def logout(self) -> None:
        await self._linked()
        await self._do(self._linking.remember, "")
        self._population = None

    async def reconnect(self) -> None:
        await self._linked()

    async def open(self) -> None:
        """Nothing is begun: the population's file is open."""

    async def close(self) -> None:
        """Nothing is held but the population, which is its owner's to close."""

    def _need_unlinked(self) -> None:
        if self._population is not None:
            raise EngineRefused("the device is linked already; log it out first")
