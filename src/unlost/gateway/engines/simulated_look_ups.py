"""What the simulated engine knows of people and groups, with panics on command.

The panic is the incident's: the protocol library meets a privacy token it cannot store while it fetches a picture.
Uncontained, it ends the process with status 2 after a trace on stderr, as a Go program does.
"""

from __future__ import annotations

from pathlib import Path

from unlost.gateway.engines.answers import Contact, Fetched, GroupInfo, Member, Person, Picture, Privacy
from unlost.gateway.engines.outgoing import Target
from unlost.gateway.engines.port import EngineRefused, PictureHidden, PictureMissing, PictureSame
from unlost.gateway.engines.simulated_world import Simulated
from unlost.gateway.media_files import ENDINGS, file_of
from unlost.gateway.population import Avatar, Customer, Group, Population, storage_reading

PRIVACY = Privacy(group_add="all", last_seen="all", status="all", profile="all", read_receipts="all")


class SimulatedLookUps(Simulated):
    """Answers from the population."""

    async def user_info(self, jid: str) -> Person | None:
        customer = await self._do((await self._linked()).people.find, jid)
        return None if customer is None else person_of(customer)

    async def avatar(self, jid: str, *, preview: bool, known_id: str) -> Picture:
        population = await self._linked()
        if self._world.faults.spend("panics"):
            self._panic("user_avatar")
        customer = await self._do(population.people.find, jid)
        if customer is None or customer.avatar is Avatar.NONE:
            raise PictureMissing(jid)
        if customer.avatar is Avatar.PRIVATE:
            raise PictureHidden(jid)
        if customer.picture_id == known_id:
            raise PictureSame(jid)
        return picture_of(customer)

    async def check(self, phone: str) -> bool:
        return await self._do((await self._linked()).people.find, phone) is not None

    async def group_info(self, jid: str) -> GroupInfo | None:
        return await self._do(_group_info, await self._linked(), jid)

    async def groups(self) -> list[GroupInfo]:
        return await self._do(_groups, await self._linked())

    async def contacts(self) -> list[Contact]:
        everyone = await self._do((await self._linked()).people.customers)
        return [Contact(one.key, one.saved_name) for one in everyone if one.saved_name]

    async def privacy(self) -> Privacy:
        await self._linked()
        return PRIVACY

    async def download(self, target: Target, into: Path) -> Fetched:
        return await self._do(_download, await self._linked(), target, into)


def person_of(customer: Customer) -> Person:
    """What the gateway knows of *customer*: the pair of phone and LID only once it was told."""
    return Person(
        address=customer.address,
        phone=customer.phone if customer.paired else "",
        lid=customer.lid if customer.paired else "",
        name=customer.saved_name or customer.name,
        picture_id=customer.picture_id,
    )


def picture_of(customer: Customer) -> Picture:
    """The picture of *customer*, which the gateway itself serves in place of WhatsApp."""
    return Picture(customer.picture_id, f"avatars/{customer.picture_id}.png")


def _group_info(population: Population, jid: str) -> GroupInfo | None:
    return next((group for group in _groups(population) if group.jid == jid), None)


def _groups(population: Population) -> list[GroupInfo]:
    known = {one.key: one for one in population.people.customers()}
    return [_group(group, known, population.device.jid) for group in population.people.groups()]


def _group(group: Group, known: dict[str, Customer], owner: str) -> GroupInfo:
    members = [
        _member(known.get(key) or Customer(phone=key), is_admin=place == 0) for place, key in enumerate(group.members)
    ]
    return GroupInfo(group.jid, group.name, group.topic, owner, tuple(members))


def _member(customer: Customer, *, is_admin: bool) -> Member:
    return Member(customer.address, customer.phone, customer.lid, customer.name, is_admin, is_admin)


def _download(population: Population, target: Target, into: Path) -> Fetched:
    """A file made from its name; what lies behind its head is a hole on the disk, whatever its size."""
    stored = storage_reading.message(population.connection, population.device.jid, target.id)
    if stored is None or stored.media_type not in ENDINGS:
        raise EngineRefused("that message has no file")
    file = file_of(into.name, stored.file_length)
    into.parent.mkdir(parents=True, exist_ok=True)
    with into.open("wb") as out:
        out.write(file.head)
        out.truncate(file.size_bytes)
    return Fetched(str(into), file.media_type, file.size_bytes)
