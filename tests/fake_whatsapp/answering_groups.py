"""w:g2: groups asked about, made, changed and left. Facts: whatsmeow group.go (2026-09-21)."""

from __future__ import annotations

import secrets

from tests.fake_whatsapp.connection import Connection
from tests.fake_whatsapp.jids import GROUPS, NUMBERS, user_of
from tests.fake_whatsapp.people import Group
from tests.fake_whatsapp.stanza import Stanza, stanza
from tests.fake_whatsapp.world import World

CREATED_S = "1700000000"
MEMBERSHIP = ("add", "remove", "promote", "demote")
MISSING = stanza("error", code="404", text="item-not-found")


async def group_asked(world: World, connection: Connection, asked: Stanza) -> None:
    """One group, or all that the asker is in, or what a link leads to; 404 for a group that is not there."""
    if asked.child("participating") is not None:
        every = (described(connection, group) for group in world.people.groups.values())
        return await connection.answer(asked, stanza("groups", *every))
    group = _meant(world, asked)
    if group is None:
        return await connection.answer(asked, MISSING, type="error")
    link = asked.child("invite")
    if link is not None and "code" not in link.attrs:
        return await connection.answer(asked, stanza("invite", code=group.link))
    return await connection.answer(asked, described(connection, group))


async def group_told(world: World, connection: Connection, asked: Stanza) -> None:
    """Made, left, joined by its link, or changed: whatever a Group has a field for is kept, the rest is only acknowledged."""
    wanted = asked.children[0]
    if wanted.tag == "create":
        return await connection.answer(asked, described(connection, _create(world, wanted)))
    if wanted.tag == "leave":
        return await connection.answer(asked, _leave(world, wanted))
    group = _meant(world, asked)
    if group is None:
        return await connection.answer(asked, MISSING, type="error")
    return await connection.answer(asked, *_change(world, group, wanted))


def _meant(world: World, asked: Stanza) -> Group | None:
    """The group that a query goes to, or whose link it names."""
    link = asked.child("invite")
    code = link.attrs.get("code") if link else None
    if code is not None:
        return next((group for group in world.people.groups.values() if group.link == code), None)
    return world.people.groups.get(asked.attrs.get("to", ""))


def _create(world: World, wanted: Stanza) -> Group:
    members = [world.people.met(one.attrs["jid"]) for one in wanted.children if one.tag == "participant"]
    jid = f"1203630{secrets.randbelow(10**11):011d}@{GROUPS}"
    return world.people.add_group(Group(jid, wanted.attrs["subject"], members))


def _leave(world: World, wanted: Stanza) -> Stanza:
    for one in wanted.children:
        world.people.groups.pop(one.attrs["id"], None)
    return wanted


def _change(world: World, group: Group, wanted: Stanza) -> tuple[Stanza, ...]:
    """Do it; what the answer holds."""
    match wanted.tag:
        case "subject":
            group.subject = wanted.data.decode()
        case "description":
            body = wanted.child("body")
            group.topic = body.data.decode() if body else ""
        case "announcement" | "not_announcement":
            group.announce = wanted.tag == "announcement"
        case "locked" | "unlocked":
            group.locked = wanted.tag == "locked"
        case _:
            pass  # invites and members are seen to below
    if wanted.tag == "invite" and "code" in wanted.attrs:
        return (stanza("group", jid=group.jid),)
    if wanted.tag == "invite":
        return (stanza("invite", code=group.renew_link()),)
    if wanted.tag not in MEMBERSHIP:
        return ()
    _change_members(world, group, wanted)
    return (wanted,)


def _change_members(world: World, group: Group, wanted: Stanza) -> None:
    people = [world.people.met(one.attrs["jid"]) for one in wanted.children]
    if wanted.tag == "add":
        group.members += [one for one in people if one not in group.members]
    if wanted.tag == "remove":
        group.members = [one for one in group.members if one not in people]


def described(connection: Connection, group: Group) -> Stanza:
    """The `<group>` of an answer; the asker itself is its last member, and its owner where it has no other."""
    owner = group.members[0].jid if group.members else f"{_own(connection)[0]}@{NUMBERS}"
    people = [_participant(group, one.jid, one.lid, admin=one is group.members[0]) for one in group.members]
    if connection.account is not None:
        user, lid = _own(connection)
        people.append(_participant(group, f"{user}@{NUMBERS}", lid, admin=not group.members))
    told = {
        "id": user_of(group.jid),
        "subject": group.subject,
        "creation": CREATED_S,
        "s_t": CREATED_S,
        "s_o": owner,
        "creator": owner,
        "addressing_mode": group.mode,
        "participant_version_id": "1",
    }
    return Stanza("group", told, (*_settings(group), *people))


def _settings(group: Group) -> list[Stanza]:
    settings = [stanza("announcement")] if group.announce else []
    settings += [stanza("locked")] if group.locked else []
    if group.topic:
        settings.append(stanza("description", stanza("body", group.topic.encode()), id="T1", t=CREATED_S))
    return settings


def _own(connection: Connection) -> tuple[str, str]:
    return (connection.account.user, connection.account.lid) if connection.account else ("", "")


def _participant(group: Group, number: str, lid: str, *, admin: bool) -> Stanza:
    by_lid = group.mode == "lid"
    other = {"phone_number": number} if by_lid else {"lid": lid}
    return stanza("participant", jid=lid if by_lid else number, **other, **({"type": "superadmin"} if admin else {}))
