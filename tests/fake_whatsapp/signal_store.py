"""Signal state of one correspondent, in memory, in the form that the library `pyaileys` asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fake_whatsapp import protobufs


class SignalStore:
    """Sessions, sender keys, one-time keys and seen identities, by kind and name."""

    def __init__(self) -> None:
        self._held: dict[tuple[str, str], Any] = {}

    async def get(self, key_type: str, ids: list[str]) -> dict[str, Any]:
        return {name: self._held.get((key_type, name)) for name in ids}

    async def set(self, data: Mapping[str, Mapping[str, Any | None]]) -> None:
        for kind, items in data.items():
            for name, value in items.items():
                if value is None:
                    self._held.pop((kind, name), None)
                else:
                    self._held[kind, name] = value

    async def clear(self) -> None:
        self._held.clear()

    def forget(self, kind: str, name: str) -> None:
        self._held.pop((kind, name), None)

    def settle(self, name: str) -> None:
        """Go on as if the other side had answered: what is sent next begins no session."""
        raw = self._held.get(("session", name))
        if raw is None:
            return
        session = protobufs.parse("RecordStructure", raw)
        session.currentSession.ClearField("pendingPreKey")
        self._held["session", name] = session.SerializeToString()
