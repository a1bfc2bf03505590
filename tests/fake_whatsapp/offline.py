"""The offline queue: what a device was sent and has not acknowledged, given to it again at every login."""

from __future__ import annotations

from collections import defaultdict

from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.stanza import Stanza


class OfflineQueues:
    """By account, in the order of arrival. `offline[account]` is a copy."""

    def __init__(self) -> None:
        self._held: dict[Account, dict[str, Stanza]] = defaultdict(dict)

    def __getitem__(self, account: Account) -> list[Stanza]:
        return list(self._held[account].values())

    def put(self, account: Account, stanza: Stanza) -> None:
        """Hold *stanza* until it is acknowledged; one with the same id is replaced by it, at the end."""
        self._held[account].pop(stanza.id, None)
        self._held[account][stanza.id] = stanza

    def heard(self, account: Account, stanza: Stanza) -> None:
        """Let go of what a receipt (of any type) or an acknowledgement from the device names."""
        for named in ids_of(stanza):
            self._held[account].pop(named, None)


def ids_of(receipt: Stanza) -> list[str]:
    """The messages that a receipt is about: its own id, and the items of its list."""
    listed = receipt.child("list")
    return [receipt.id, *(item.id for item in listed.children)] if listed else [receipt.id]
