"""Opens simulated devices: each slot's account as WhatsApp's servers remember it, all in one population's file."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import apsw

from unlost.gateway.devices.live import LiveDevice
from unlost.gateway.devices.roll import Slot
from unlost.gateway.engines.simulated import Linking, SimulatedEngine
from unlost.gateway.engines.simulated_world import World
from unlost.gateway.events import Device
from unlost.gateway.population import Population, linking
from unlost.gateway.source import PopulationSource, Source
from unlost.gateway.storage import Storage
from unlost.gateway.versions import Version

Linked = Callable[[LiveDevice], None]


class SimulatedDevices:
    """*own* is the account of the settings, linked from the start; *told* hears of each account that is linked later."""

    def __init__(self, path: Path, own: Device, world: World, version: Version, seed: int, told: Linked) -> None:
        self._path = path
        self._own = own
        self._world = world
        self._version = version
        self._seed = seed
        self._told = told
        self.first = self._population(own)
        self._opened = {own.jid: self.first}

    def open(self, slot: Slot) -> LiveDevice:
        """What lives in *slot*: an engine that speaks for whom WhatsApp says it does."""
        account = linking.account_of(self.first.connection, slot.id)
        if account is None and slot.id == slot_id(self._own):
            linking.link(self.first.connection, slot.id, self._own.jid)
            account = self._own.jid
        known = self._account(slot, account) if account else None
        remember = partial(linking.link, self.first.connection, slot.id)
        live: LiveDevice
        engine = SimulatedEngine(
            self._world,
            known,
            Linking(remember, partial(self._account, slot)),
            was_linked=account is not None,
            linked=lambda population: self._linked(live, population),
        )
        live = LiveDevice(slot, engine, self._storage(known) if known else self._left_behind(slot))
        return live

    @property
    def connection(self) -> apsw.Connection:
        """The population's file, chat storage and all."""
        return self.first.connection

    def source_of(self, live: LiveDevice) -> Source:
        """WhatsApp's queue for the account of *live*; a name of a simulated event is its place in the population's one file."""
        return PopulationSource(self.population_of(live), lambda: live.engine.link().is_logged_in)

    def forget(self, live: LiveDevice) -> None:
        """Nothing is the slot's alone: what WhatsApp's servers remember of it stays, as with a real one."""

    def close(self) -> None:
        """Let go of the file."""
        for population in self._opened.values():
            population.close()

    def population_of(self, live: LiveDevice) -> Population:
        """The population that writes to the account of *live*, which has one."""
        assert live.account is not None, "an account was linked here"
        return self._opened[live.account.jid]

    def _account(self, slot: Slot, jid: str) -> Population:
        if jid not in self._opened:
            self._opened[jid] = self._population(Device(jid, slot.name, slot.id))
        return self._opened[jid]

    def _population(self, device: Device) -> Population:
        return Population.open(os.fspath(self._path), device, seed=self._seed)

    def _storage(self, population: Population) -> Storage:
        return Storage(population.connection, population.device, self._version)

    def _left_behind(self, slot: Slot) -> Storage | None:
        """What a logged-out account leaves: GOWA keeps it from v8.10.0 on (its page, 4)."""
        return self._storage(self.first) if slot.id == slot_id(self._own) else None

    def _linked(self, live: LiveDevice, population: Population) -> None:
        live.storage = self._storage(population)
        self._told(live)


def slot_id(device: Device) -> str:
    """The slot of the settings' own device: its session, else its address."""
    return device.session or device.jid
