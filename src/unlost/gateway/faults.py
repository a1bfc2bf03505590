"""What is going wrong with this gateway now, on somebody's command or by the seeded weather."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import asdict, dataclass, replace

from unlost.gateway.deliveries import Delivery


@dataclass
class Faults:
    """The faults in force. Counted ones wear off one by one; the others last until they are taken back.

    - *hanging*: requests are accepted and never answered.
    - *disconnected*: the link to WhatsApp is down; the queue stands, look-ups answer 401, the API still lives.
    - *break_lookups*: so many look-ups have their connection reset before an answer.
    - *panics*: so many avatar fetches panic inside the engine; *fatal*: they take the process with them.
    - *hanging_files*: files and their downloads are not answered, all else is; *fail_files*: so many of them answer 500, *break_files*: so many
      break off.
    - *hanging_engine*: the engine takes calls and never answers them; *send_panics*: so many sends panic once WhatsApp has the message.
    - *die_before_send*, *die_inside_send*, *die_after_send*: `kill -9` of the gateway at that instant of a send: the engine is about to
      hand it over; WhatsApp has it; the engine has answered and nothing of that is written.
    - *lose_webhooks*: so many events get no webhook (their storage rows stand); *double_webhooks*: so many get two.
    """

    hanging: bool = False
    disconnected: bool = False
    break_lookups: int = 0
    panics: int = 0
    fatal: bool = False
    lose_webhooks: int = 0
    double_webhooks: int = 0
    hanging_files: bool = False
    fail_files: int = 0
    break_files: int = 0
    hanging_engine: bool = False
    send_panics: int = 0
    die_before_send: int = 0
    die_inside_send: int = 0
    die_after_send: int = 0

    def __post_init__(self) -> None:
        self.held = 0  # requests that hang now
        self._changed = asyncio.Event()

    def set(self, **wanted: bool | int) -> None:
        """Put the named faults in force. Raises TypeError for a name or a type that is not among them."""
        for name, value in wanted.items():
            if name not in asdict(self) or type(value) is not type(getattr(self, name)):
                raise TypeError(name)
        for name, value in wanted.items():
            setattr(self, name, value)
        self._changed.set()
        self._changed = asyncio.Event()

    async def while_hanging(self) -> bool:
        """Wait as long as requests are to hang; true if this one did."""
        hung = self.hanging
        self.held += 1
        try:
            while self.hanging:
                await self._changed.wait()
        finally:
            self.held -= 1
        return hung

    async def while_files_hang(self) -> None:
        """Wait as long as files are not answered."""
        while self.hanging_files:
            await self._changed.wait()

    async def while_engine_hangs(self) -> None:
        """Wait as long as the engine does not answer."""
        while self.hanging_engine:
            await self._changed.wait()

    def spend(self, name: str) -> bool:
        """Use up one of a counted fault; false if none is left."""
        left = getattr(self, name)
        if left > 0:
            setattr(self, name, left - 1)
        return bool(left > 0)

    def die_if_told(self, when: str) -> None:
        """`kill -9` of this very process, if that is to happen at this instant."""
        if self.spend(when):
            os.kill(os.getpid(), signal.SIGKILL)

    def apply(self, deliveries: list[Delivery]) -> list[Delivery]:
        """An event's webhooks as the faults in force leave them."""
        if not deliveries:
            return deliveries
        if self.spend("lose_webhooks"):
            return []
        if self.spend("double_webhooks"):
            return [*deliveries, replace(deliveries[-1])]
        return deliveries

    def shown(self) -> dict[str, bool | int]:
        """All faults and their state."""
        return asdict(self)
