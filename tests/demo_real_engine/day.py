"""What happens: customers write, and every few seconds something dies."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from tests.demo_real_engine.customers import Customers
from tests.demo_real_engine.world import RealWorld
from tests.fake_whatsapp.avatars import Avatar, Kind
from unlost.cli.demo.audit import shown_by
from unlost.cli.demo.ledger import Ledger, judge
from unlost.cli.demo.playing import LOOK_S, times

DEATH_EVERY_S = 4.0
DOWN_S = 1.5
"""A program that was killed stays dead so long; the engine's worker is begun again by the gateway, at once."""


class EverythingDies:
    """*rate* messages a second, at random moments. *tell* hears what happens, in words."""

    def __init__(self, world: RealWorld, seed: int, rate: float, tell: Callable[[str], None]) -> None:
        self._world = world
        self._seed = seed
        self._rate = rate
        self._tell = tell
        self._chance = random.Random(seed)
        self._customers: Customers | None = None
        self._asking = ThreadPoolExecutor(1, "asks for a picture")
        self._killed: Counter[str] = Counter()
        self._deaths = self._in_turns()
        self._dead: Callable[[], None] | None = None

    def run(self, seconds: float | None) -> Iterator[int]:
        """Write and kill for *seconds* (None: for ever); yields how much was sent so far, several times a second."""
        customers = self._customers = Customers(self._world.whatsapp, self._world.account, self._seed)
        began = time.monotonic()
        next_message, next_death, revive_at = began, began + DEATH_EVERY_S / 2, 0.0
        while seconds is None or time.monotonic() - began < seconds:
            now = time.monotonic()
            while next_message <= now:
                customers.write()
                next_message += self._chance.expovariate(self._rate)
            if revive_at and now >= revive_at:
                self.revive()
                revive_at, next_death = 0.0, time.monotonic() + DEATH_EVERY_S
            elif not revive_at and now >= next_death:
                next(self._deaths)(customers)
                revive_at = now + DOWN_S
            yield len(customers.sent)
            time.sleep(max(0.0, min(LOOK_S, next_message - time.monotonic())))
        self.revive()

    def revive(self) -> None:
        """Begin again what lies dead."""
        if not self._world.bridge.is_running:
            self._world.start_bridge()
            self._tell("the bridge is back, and goes on where its journal stands")
        if not self._world.gateway.is_running:
            self._world.start_gateway("durable")
            self._tell("the gateway is back, and the phone need not be paired again")

    def ledger(self) -> Ledger:
        """What was handed to WhatsApp, and desk's API.

        Not held to the order inside a second: what the engine had in its hands when it died is asked for again of its sender, and
        another member of the group may stand before it by then. It is marked late, which the bridge tells by WhatsApp's seconds.
        """
        sent = self._customers.sent if self._customers else []
        return judge(sent, shown_by(self._world.desk_url, self._world.password))

    def deaths(self) -> dict[str, int]:
        """What died, and how often; the panics as the gateway saw them."""
        died = [line["reason"] for line in self._world.log_of("gateway", "engine.died")]
        return {"engine panicked": died.count("panic"), **self._killed}

    def deaths_so_far(self) -> str:
        """In words."""
        return in_words(self.deaths())

    def close(self) -> None:
        """Nobody asks any more."""
        self._asking.shutdown()

    def _in_turns(self) -> Iterator[Callable[[Customers], None]]:
        """Each kind of death once, the incident's own first and the others in an order that chance chose; then again."""
        while True:
            kills = [self._kill_worker, self._kill_gateway, self._kill_bridge]
            self._chance.shuffle(kills)
            yield from (self._panic, *kills)

    def _panic(self, customers: Customers) -> None:
        """As in October 2025: a picture is asked for in the middle of messages, and WhatsApp's answer is the engine's end."""
        writer = customers.newcomer()
        self._world.whatsapp.server.avatars.answer_next(writer.peer.jid, Avatar(Kind.PANICS))
        customers.text(writer)
        self._tell(f"{writer.peer.name} writes for the first time, and has a picture that makes the engine panic")
        self._asking.submit(self._ask_for_picture, writer.peer.jid, writer.peer.name)

    def _ask_for_picture(self, jid: str, name: str) -> None:
        try:
            status, body = self._world.ask_gateway(f"/user/avatar?phone={jid}")
        except OSError as error:
            self._tell(f"asked for the picture of {name}, the gateway did not answer: {error}")
            return
        code = json.loads(body).get("code", "")
        died = "; it lives, only its engine died" if code == "engine_crashed" else ""
        self._tell(f"asked for the picture of {name}, the gateway answers {status} {code}{died}")

    def _kill_worker(self, _customers: Customers) -> None:
        self._world.kill_worker()
        self._say_killed("the engine's worker", "the gateway begins another")

    def _kill_gateway(self, _customers: Customers) -> None:
        self._world.gateway.kill()
        self._say_killed("the gateway", "its engine ends with it, and WhatsApp keeps what customers write")

    def _kill_bridge(self, _customers: Customers) -> None:
        self._world.bridge.kill()
        self._say_killed("the bridge", "the gateway keeps what it owes in its outbox")

    def _say_killed(self, what: str, then: str) -> None:
        self._killed[f"{what} was killed"] += 1
        self._tell(f"{what} was killed (kill -9): {then}")


def in_words(deaths: dict[str, int]) -> str:
    """What died, and how often."""
    return ", ".join(f"{what} {times(number)}" for what, number in deaths.items())
