"""What a catalogue holds. A field that a language lacks does not compile; a test compares the places in braces."""

from collections.abc import Mapping
from dataclasses import dataclass

from unlost.vocabulary.events import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language. Places in braces are filled in; lines that stand beside a customer's words begin with a sign."""

    unknown: str
    """The name of a contact who told none."""
    group: str
    """The name of a group until the gateway tells it; {digits}: the last four of its address."""
    newsletter: str
    """The same for a followed WhatsApp channel."""
    time_pattern: str
    """Day, month and time of day as read in this language, for strftime."""
    told_at: str
    """Above a message that comes late; {time}."""
    told_earlier: str
    """The same where WhatsApp told no time."""
    forwarded: str
    view_once: str
    unsupported: str
    """Stands for a message of which nothing could be had."""
    unrecovered: str
    """Stands for a message that the gateway got and could not read."""
    attachments: Mapping[Attachment, str]
    """Stands for what hangs on a message and does not stand here itself."""
    file_follows: str
    """Below it, where its file is still to come."""
    file_too_large: str
    """Below it; {limit}: in megabytes."""
    picture_bomb: str
    """Below it, where a picture claims a size that no screen or memory can hold."""
    file_not_taken: str
    """Below it, where the helpdesk refuses the file."""
    file_late: str
    """With a file that follows its message as a reply."""
    location: str
    """Above the link to a place without a name."""
    live_location: str
    list: str
    """Stands for a list without a title."""
    order: str
    """{number}"""
    order_items: str
    """{count}"""
    order_total: str
    """{amount}"""
    decimal: str
    """Between a price's whole and its cents."""
    interactive: str
    """Above the words of a message with buttons."""
    from_ad: str
    """Above the first message of a customer whom an ad brought; {title}."""
    from_an_ad: str
    """The same where WhatsApp did not tell the ad's title."""
    reacted: str
    """{emoji}"""
    took_back_reaction: str
    edited: str
    """{text}"""
    edited_caption: str
    """An edit that WhatsApp told without its new words."""
    revoked: str
    joined: str
    """{people}; the same in the next three."""
    left: str
    promoted: str
    demoted: str
    members_changed: str
    """{people}; a change of a kind not known yet."""
    more_people: str
    """{count} further ones, at the end of a list of names."""
    incoming_call: str
    rejected_call: str
    """A call that the gateway rejected by itself."""
    note_of_dead_letter: str
    """Tells the agents that a message is kept but does not stand here."""
    not_sent: str
    """The external_error of an agent's message."""
