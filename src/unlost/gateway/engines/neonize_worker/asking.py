"""Look-ups: they change nothing, and any of them may end the process."""

from __future__ import annotations

from typing import Any

from unlost.gateway.addresses import is_lid
from unlost.gateway.engines import verbs
from unlost.gateway.engines.answers import GroupInfo, Member, Person, Picture
from unlost.gateway.engines.calls import EngineFailure
from unlost.gateway.engines.frames import FailureKind
from unlost.gateway.engines.neonize_worker.failures import said_by
from unlost.gateway.engines.neonize_worker.jids import jid_of, text_of
from unlost.gateway.engines.neonize_worker.library import Library, Proto
from unlost.gateway.engines.neonize_worker.times import time_of

NUMBERS_MAX = 50
EMPTY_ANSWER = (
    "didn't find required attribute 'id'"  # an answer with an empty picture in it: nothing newer than what we have
)


class Asking:
    """Calls of a client that is logged in."""

    def __init__(self, library: Library, client: Any) -> None:
        self._library = library
        self._client = client

    def user_info(self, asked: verbs.Who) -> Person:
        found = list(self._client.get_user_info(jid_of(self._library, asked.jid)))
        if not found:
            raise EngineFailure(FailureKind.NOT_FOUND, "WhatsApp knows no such account")
        info, jid = found[0].UserInfo, text_of(found[0].JID) or asked.jid
        other = self._paired(jid)
        return Person(
            jid,
            phone=other if is_lid(jid) else jid,
            lid=jid if is_lid(jid) else other,
            status=info.Status,
            picture_id=info.PictureID,
            verified_name=_business(info.VerifiedName),
            devices=tuple(sorted({int(one.Device) for one in info.Devices} or {0})),
        )

    def resolve(self, asked: verbs.Who) -> verbs.Who:
        """The other address of a person: the phone number's for a LID, the LID for a phone number."""
        return verbs.Who(self._paired(asked.jid))

    def avatar(self, asked: verbs.PictureAsked) -> Picture:
        extra = self._library.protobufs.GetProfilePictureParams(
            Preview=asked.preview, ExistingID=asked.known_id, IsCommunity=asked.community
        )
        found = self._picture(asked, extra)
        if not found.URL and not found.ID:
            kind = FailureKind.UNCHANGED if asked.known_id else FailureKind.NOT_FOUND
            raise EngineFailure(kind, "no newer picture" if asked.known_id else "no picture")
        return Picture(found.ID, found.URL)

    def _picture(self, asked: verbs.PictureAsked, extra: Proto) -> Proto:
        try:
            return self._client.get_profile_picture(jid_of(self._library, asked.jid), extra)
        except self._library.failure as error:
            if asked.known_id and EMPTY_ANSWER in said_by(error):
                raise EngineFailure(FailureKind.UNCHANGED, "no newer picture") from error
            raise

    def check(self, asked: verbs.Numbers) -> tuple[verbs.Checked, ...]:
        if not 0 < len(asked.numbers) <= NUMBERS_MAX or any(" " in one or not one for one in asked.numbers):
            raise EngineFailure(FailureKind.INVALID, f"1 to {NUMBERS_MAX} numbers, without spaces")
        found = self._client.is_on_whatsapp(*(f"+{one.lstrip('+')}" for one in asked.numbers))
        return tuple(
            verbs.Checked(one.Query.lstrip("+"), text_of(one.JID), one.IsIn, _business(one.VerifiedName))
            for one in found
        )

    def group_info(self, asked: verbs.Who) -> GroupInfo:
        return group_of(self._client.get_group_info(jid_of(self._library, asked.jid)))

    def groups(self, _: verbs.Nothing) -> tuple[GroupInfo, ...]:
        return tuple(group_of(one) for one in self._client.get_joined_groups())

    def _paired(self, jid: str) -> str:
        ask = self._client.get_pn_from_lid if is_lid(jid) else self._client.get_lid_from_pn
        try:
            return text_of(ask(jid_of(self._library, jid)))
        except self._library.failure:
            return ""


def group_of(group: Proto) -> GroupInfo:
    """neonize's group as the port's."""
    return GroupInfo(
        text_of(group.JID),
        group.GroupName.Name,
        topic=group.GroupTopic.Topic,
        owner=text_of(group.OwnerPN) or text_of(group.OwnerJID),
        created_at=time_of(int(group.GroupCreated)) if group.GroupCreated > 0 else None,
        is_announce=group.GroupAnnounce.IsAnnounce,
        is_locked=group.GroupLocked.isLocked,
        members=tuple(_member(one) for one in group.Participants),
    )


def _member(member: Proto) -> Member:
    return Member(
        text_of(member.JID),
        phone=text_of(member.PhoneNumber),
        lid=text_of(member.LID),
        name=member.DisplayName,
        is_admin=member.IsAdmin,
        is_owner=member.IsSuperAdmin,
    )


def _business(name: Proto) -> str:
    return str(name.Details.verifiedName)
