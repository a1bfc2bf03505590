"""WhatsApp addresses (JIDs) as GOWA prints them: `user[:device]@server`."""

from __future__ import annotations

import re

PHONE_SERVER = "s.whatsapp.net"
LID_SERVER = "lid"
GROUP_SERVER = "g.us"
NEWSLETTER_SERVER = "newsletter"
FORMS = {
    PHONE_SERVER: re.compile(r"[1-9]\d{4,14}(:\d{1,4})?", re.ASCII),  # E.164 has at most 15 digits and begins with no 0
    LID_SERVER: re.compile(r"\d{5,20}(:\d{1,4})?", re.ASCII),
    GROUP_SERVER: re.compile(r"\d{5,20}(-\d{5,20})?", re.ASCII),  # older groups: creator's number, "-", seconds
    NEWSLETTER_SERVER: re.compile(r"\d{5,25}", re.ASCII),
}


def user_of(jid: str) -> str:
    """The digits before `@`, without the linked device's number."""
    return jid.partition("@")[0].partition(":")[0]


def server_of(jid: str) -> str:
    """What stands behind `@`, or nothing."""
    return jid.partition("@")[2]


def device_suffix_of(jid: str) -> str:
    """`:3` for the third linked device, nothing for the phone itself."""
    _, colon, number = jid.partition("@")[0].partition(":")
    return colon + number


def without_device(jid: str) -> str:
    """The account's address, whichever of its devices wrote."""
    return f"{user_of(jid)}@{server_of(jid)}"


def is_lid(jid: str) -> bool:
    """True for an address that hides the phone number."""
    return server_of(jid) == LID_SERVER


def is_group(jid: str) -> bool:
    """True for a group."""
    return server_of(jid) == GROUP_SERVER


def is_broadcast(jid: str) -> bool:
    """True for statuses and broadcast lists, which GOWA never sends to a webhook (GOWA page, 1.3)."""
    return "broadcast" in jid


def from_typed(phone: str) -> str:
    """An address from a REST parameter, by GOWA's rule (its page, section 5).

    Without `@`, up to 15 characters are a phone and more are a group: a bare LID of 15 digits is taken for a phone.
    """
    bare = phone.strip().removeprefix("+")
    if "@" in bare:
        return bare
    return f"{bare}@{PHONE_SERVER}" if len(bare) <= 15 else f"{bare}@{GROUP_SERVER}"


def is_well_formed(jid: str) -> bool:
    """True if *jid* could be the address of a person, a group or a channel."""
    user, _, server = jid.partition("@")
    form = FORMS.get(server)
    return form is not None and form.fullmatch(user) is not None
