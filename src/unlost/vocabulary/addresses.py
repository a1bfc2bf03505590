"""JIDs: who or what a WhatsApp event is about. Written by `gowa`, opaque to everyone but for the four questions below."""

from typing import NewType

Address = NewType("Address", str)
"""A JID without a device part: `…@s.whatsapp.net` (a phone number), `…@lid` (hidden), `…@g.us` (a group), `…@newsletter`."""

PHONE_SERVER = "s.whatsapp.net"
LID_SERVER = "lid"
GROUP_SERVER = "g.us"
NEWSLETTER_SERVER = "newsletter"


def server_of(address: Address) -> str:
    """The part behind the last `@`; empty where there is none."""
    return address.rpartition("@")[2] if "@" in address else ""


def is_phone(address: Address) -> bool:
    """True where the address carries a phone number."""
    return server_of(address) == PHONE_SERVER


def is_lid(address: Address) -> bool:
    """True where the address hides the phone number."""
    return server_of(address) == LID_SERVER


def is_group(address: Address) -> bool:
    """True for a group chat."""
    return server_of(address) == GROUP_SERVER


def is_newsletter(address: Address) -> bool:
    """True for a WhatsApp channel (a broadcast feed, not what this program calls a channel)."""
    return server_of(address) == NEWSLETTER_SERVER


def user_of(address: Address) -> str:
    """The part before the `@`: digits of a phone number, of a LID, or of a group."""
    return address.partition("@")[0]


def conversation_lane(conversation: int) -> Address:
    """Where the helpdesk's own happenings in a conversation wait their turn: no chat of WhatsApp's, so an address of ours."""
    return Address(f"conversation:{conversation}")
