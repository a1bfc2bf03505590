"""Customers who write all the while, whoever is alive: a thread of their own, into the population's file alone."""

import threading
import time
from pathlib import Path
from random import Random

from unlost.cli.demo.world import DEVICE
from unlost.gateway.population import Population
from unlost.gateway.population.fate import Chances, Fate
from unlost.gateway.traffic import Cast, Traffic

CAST = Cast(customers=40, groups=6)
"""Enough chats that none comes near the helpdesk's 200 messages a minute."""
CHANCES = Chances(copy=0.03, twin=0.1, stored_as_lid=0.1, late=0.03)
WEBHOOK_LOST_SHARE = 0.02
"""Of what is sent: a plain text whose webhook never comes, so that only the storage tells of it."""


class Customers:
    """Writes at `rate` messages a second, at random moments, until stopped; while `newcomers` is set, many of them first-timers."""

    def __init__(self, path: Path, seed: int) -> None:
        self.rate = 10.0
        self.newcomers = False
        self._path, self._seed = path, seed
        self._chance = Random(seed)
        self._end = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="customers", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Stop writing. Raises what ended the thread before its time."""
        self._end.set()
        self._thread.join(30)
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._write()
        except Exception as error:  # noqa: BLE001 - the top of a thread: told to whoever stops it
            self._error = error

    def _write(self) -> None:
        population = Population.open(self._path, DEVICE, seed=self._seed)
        try:
            traffic = Traffic(population, seed=self._seed, cast=CAST, chances=CHANCES)
            traffic.populate()
            next_at = time.monotonic()
            while not self._end.wait(max(0.0, next_at - time.monotonic())):
                self._one(population, traffic)
                next_at = max(next_at, time.monotonic() - 1.0) + self._chance.expovariate(self.rate)
        finally:
            population.close()

    def _one(self, population: Population, traffic: Traffic) -> None:
        if self.newcomers and self._chance.random() < 0.5:
            traffic.newcomer()
            return
        if self._chance.random() >= WEBHOOK_LOST_SHARE:
            traffic.next()
            return
        customer = self._chance.choice(population.people.customers())
        words = f"whose webhook was lost {self._chance.random()}"
        population.send_text(customer.key, words, fate=Fate(webhook_lost=True))
