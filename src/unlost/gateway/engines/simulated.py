"""The simulated engine: WhatsApp as the population knows it, with panics on command.

The panic is the incident's: the protocol library meets a privacy token it cannot store while it fetches a picture.
Uncontained, it ends the process with status 2 after a trace on stderr, as a Go program does.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import structlog

from unlost.gateway.counts import Counts
from unlost.gateway.engines.port import EngineAway, EngineCrashed, PictureHidden, PictureMissing
from unlost.gateway.faults import Faults
from unlost.gateway.population import Avatar, Customer, Group, Population

PANIC = "unsupported payload type: *store.PrivacyToken"
PANIC_EXIT_CODE = 2
TRACE = f"panic: {PANIC}\n\ngoroutine 4711 [running]:\nsimulated.(*Client).GetProfilePictureInfo(...)\nexit status 2\n"

log = structlog.get_logger("unlost.gateway")


def die(trace: str) -> None:
    """Print *trace* and end this process at once, nothing flushed, nothing awaited."""
    sys.stderr.write(trace)
    sys.stderr.flush()
    os._exit(PANIC_EXIT_CODE)


class SimulatedEngine:
    """Answers from the population. *contain*: a panic is an answer and not the end; *panicked* is what else happens."""

    def __init__(
        self,
        population: Population,
        faults: Faults,
        counts: Counts,
        *,
        contain: bool,
        panicked: Callable[[str], None] = die,
    ) -> None:
        self._population = population
        self._faults = faults
        self._counts = counts
        self._contain = contain
        self._panicked = panicked

    def is_connected(self) -> bool:
        return not self._faults.disconnected

    def user(self, jid: str) -> Customer | None:
        self._need_connection()
        return self._population.people.find(jid)

    def picture(self, jid: str) -> Customer:
        self._need_connection()
        if self._faults.spend("panics"):
            self._panic()
        customer = self._population.people.find(jid)
        if customer is None or customer.avatar is Avatar.NONE:
            raise PictureMissing(jid)
        if customer.avatar is Avatar.PRIVATE:
            raise PictureHidden(jid)
        return customer

    def group(self, jid: str) -> Group | None:
        self._need_connection()
        return self._population.people.group(jid)

    def _need_connection(self) -> None:
        if self._faults.disconnected:
            raise EngineAway("the link to WhatsApp is down")

    def _panic(self) -> None:
        self._counts.panics.labels("user_avatar").inc()
        log.error(
            "engine.panicked", call="user_avatar", error=PANIC, contained=self._contain and not self._faults.fatal
        )
        if self._faults.fatal or not self._contain:
            self._panicked(TRACE)
        raise EngineCrashed(PANIC)
