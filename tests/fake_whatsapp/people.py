"""Everybody that the server knows: correspondents and groups."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.jids import NUMBERS, user_of
from tests.fake_whatsapp.peer import Peer


@dataclass
class Group:
    """A group; the first of *members* is its owner and admin. *mode* says which addresses its members go by."""

    jid: str
    subject: str
    members: list[Peer] = field(default_factory=list)
    mode: str = "pn"
    topic: str = ""
    announce: bool = False
    """Only admins write."""
    locked: bool = False
    """Only admins change subject, topic and picture."""
    link: str = "FAKEGROUPLINK"
    """The code in its link."""
    _told: dict[Peer, set[Account]] = field(default_factory=dict)

    def addressed(self, peer: Peer) -> dict[str, str]:
        """How *peer* is named as the author of a message in this group."""
        named, numbered = {"from": self.jid, "addressing_mode": self.mode}, peer.jid.endswith(NUMBERS)
        if self.mode == "lid":
            return {**named, "participant": peer.lid, **({"participant_pn": peer.jid} if numbered else {})}
        return {**named, "participant": peer.jid, "participant_lid": peer.lid}

    def renew_link(self) -> str:
        """The old one leads nowhere from now on."""
        self.link = secrets.token_urlsafe(12)
        return self.link

    def told_by(self, peer: Peer) -> set[Account]:
        """The devices that have this member's sender key."""
        return self._told.setdefault(peer, set())


class People:
    """By the user part of number or LID."""

    def __init__(self) -> None:
        self._by_user: dict[str, Peer] = {}
        self.groups: dict[str, Group] = {}

    def add(self, peer: Peer) -> Peer:
        self._by_user[user_of(peer.jid)] = self._by_user[user_of(peer.lid)] = peer
        return peer

    def alias(self, user: str, peer: Peer) -> None:
        """*user* is another way to write *peer*'s number: a Brazilian mobile's ninth digit, say. WhatsApp tells the true one."""
        self._by_user[user] = self.add(peer)

    def add_group(self, group: Group) -> Group:
        for member in group.members:
            self.add(member)
        self.groups[group.jid] = group
        return group

    def known(self, jid: str) -> Peer | None:
        return self._by_user.get(user_of(jid))

    def met(self, jid: str) -> Peer:
        """Whoever has this address; a new person where nobody has, since WhatsApp has more users than a test names."""
        return self.known(jid) or self.add(Peer(jid if "@" in jid else f"{jid}@{NUMBERS}"))
