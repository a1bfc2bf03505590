"""Faults on command, for tests and the demo: what may happen to a request between a client and a helpdesk."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from random import Random
from typing import Any

import msgspec

FAULTS_MAX = 100
WAIT_MAX_S = 3600.0


class Kind(StrEnum):
    """What happens to the request."""

    DELAY = "delay"  # run and answered after wait_s; past the request limit: 500, not run
    QUEUE = "queue"  # run after wait_s without that limit, though the client be gone: it waited before Puma
    HANG = "hang"  # neither run nor answered until the request limit: then 500
    LOSE = "lose"  # not run, connection broken
    ANSWER = "answer"  # not run, answered with `status`: 503 for every path is "away"
    COMMIT_ANSWER = "commit_answer"  # run, then answered with `status` (422, 500, 502)
    COMMIT_BREAK = "commit_break"  # run, then the connection breaks
    COMMIT_HANG = "commit_hang"  # run, then no answer until the request limit: then 500
    SLOW_COMMIT = "slow_commit"  # id taken at once, but seen, told and answered after wait_s
    TELL_TWICE = "tell_twice"  # run and answered; its webhooks leave twice, under two delivery ids


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Befalls the next *times* requests (None: all) of *method* whose path contains *path*, each with *chance*."""

    kind: Kind
    method: str = ""
    path: str = ""
    times: int | None = 1
    wait_s: float = 0.0
    status: int = 500
    chance: float = 1.0


class BadFault(Exception):
    """The description of a fault is not one; the text says why."""


def fault_of(body: Mapping[str, Any]) -> Fault:
    """Read a fault. Raises `BadFault`."""
    try:
        fault = msgspec.convert(body, Fault)
    except msgspec.ValidationError as error:
        raise BadFault(str(error)) from error
    if not 0 <= fault.wait_s <= WAIT_MAX_S or not 200 <= fault.status <= 599:
        raise BadFault("wait_s must be within 0 to 3600, status within 200 to 599")
    return fault


class Faults:
    """The faults that wait for a request."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._waiting: list[Fault] = []
        self.befallen: dict[str, int] = {}

    def add(self, fault: Fault) -> None:
        """One more fault, behind those that wait. Raises `BadFault` above a hundred."""
        if len(self._waiting) >= FAULTS_MAX:
            raise BadFault(f"no more than {FAULTS_MAX} faults at a time")
        self._waiting.append(fault)

    def clear(self) -> None:
        """Forget all that wait."""
        self._waiting.clear()

    def waiting(self) -> list[Fault]:
        """Those that wait, in order."""
        return list(self._waiting)

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that befalls this request; it is counted."""
        for place, fault in enumerate(self._waiting):
            if (fault.method and fault.method != method) or fault.path not in path:
                continue
            if fault.chance < 1 and self._random.random() >= fault.chance:
                continue
            self._count(place, fault)
            return fault
        return None

    def _count(self, place: int, fault: Fault) -> None:
        self.befallen[fault.kind] = self.befallen.get(fault.kind, 0) + 1
        if fault.times is None:
            return
        if fault.times <= 1:
            del self._waiting[place]
        else:
            self._waiting[place] = msgspec.structs.replace(fault, times=fault.times - 1)
