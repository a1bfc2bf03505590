"""Looks over the server's shoulder: was it on disk when it was acknowledged?"""

from __future__ import annotations

from tests.contract.gateway.engines.real import Device
from tests.fake_whatsapp.record import Direction, Recorded


class Watch:
    """A predicate for the server's record: true once *most* messages were acknowledged; *early* holds those too soon."""

    def __init__(self, made: Device, most: int = 0) -> None:
        self._made = made
        self._most = most
        self.early: list[str] = []
        self.heard: set[str] = set()

    def __call__(self, entry: Recorded) -> bool:
        told = entry.stanza
        about_message = told.tag == "receipt" or (told.tag == "ack" and told.attrs.get("class") == "message")
        if entry.direction is Direction.SENT and about_message and told.attrs.get("type") != "retry":
            self.heard.add(told.id)
            if not self._made.is_done(told.id):
                self.early.append(told.id)
        return len(self.heard) == self._most > 0
