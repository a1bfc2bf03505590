"""w:g2: what a group is called and who is in it."""

from __future__ import annotations

from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.jids import NUMBERS, user_of
from tests.fake_whatsapp.peer import Peer
from tests.fake_whatsapp.people import Group
from tests.fake_whatsapp.stanza import Stanza, stanza
from tests.fake_whatsapp.world import World

CREATED_S = "1700000000"


async def group_query(world: World, connection: Connection, asked: Stanza) -> None:
    """One group, all groups that the asker is in, or 404 for a group that is not there."""
    if asked.child("participating") is not None:
        every = (described(world, connection, group) for group in world.people.groups.values())
        return await connection.answer(asked, stanza("groups", *every))
    group = world.people.groups.get(asked.attrs.get("to", ""))
    if group is None:
        missing = stanza("error", code="404", text="item-not-found")
        return await connection.answer(asked, missing, type="error")
    return await connection.answer(asked, described(world, connection, group))


def described(world: World, connection: Connection, group: Group) -> Stanza:
    """The `<group>` of the answer; the asker itself is its last member."""
    people = [_participant(group, member.jid, member.lid, admin=first) for first, member in _marked(group)]
    if connection.account is not None:
        own = connection.account
        people.append(_participant(group, f"{own.user}@{NUMBERS}", own.lid, admin=False))
    told = {
        "id": user_of(group.jid),
        "subject": group.subject,
        "creation": CREATED_S,
        "s_t": CREATED_S,
        "s_o": group.members[0].jid,
        "creator": group.members[0].jid,
        "addressing_mode": group.mode,
        "participant_version_id": "1",
    }
    return Stanza("group", told, tuple(people))


def _marked(group: Group) -> list[tuple[bool, Peer]]:
    return [(member is group.members[0], member) for member in group.members]


def _participant(group: Group, number: str, lid: str, *, admin: bool) -> Stanza:
    by_lid = group.mode == "lid"
    other = {"phone_number": number} if by_lid else {"lid": lid}
    return stanza("participant", jid=lid if by_lid else number, **other, **({"type": "superadmin"} if admin else {}))
