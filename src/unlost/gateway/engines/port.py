"""What the gateway asks of an engine, and how an engine says no. One engine speaks for one device.

Addresses are whole (`…@s.whatsapp.net`, `…@lid`, `…@g.us`). All values are plain and can be written as JSON, so that an
engine may live in another process and be written in another language. No call has a bound of its own: the caller waits
as long as it likes, and what it stops waiting for may still happen.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from unlost.gateway.engines.answers import (
    About,
    Contact,
    Fetched,
    GroupInfo,
    Link,
    Person,
    Picture,
    Placed,
    Privacy,
    Qr,
)
from unlost.gateway.engines.outgoing import ContactCard, How, Poll, Target, Upload


class EngineError(Exception):
    """Base of an engine's no."""


class EngineAway(EngineError):
    """The engine has no connection to WhatsApp now; nothing was done."""


class NotStarted(EngineError):
    """The engine was not running, did not come to this call in time, or failed before anything left; nothing was done."""


class EngineCrashed(EngineError):
    """The engine died or failed in this call; the gateway contained it. What the call wanted may or may not have been done."""


class EngineRefused(EngineError):
    """WhatsApp or the engine said no to this call; nothing was done. Its words are for people."""


class Throttled(EngineError):
    """WhatsApp wants fewer calls of this kind for now; nothing was done."""


class Quarantined(EngineError):
    """This very call has ended the engine twice, so it was not given to it again; nothing was done."""


class Unable(EngineError):
    """This engine cannot do that at all."""


class PictureHidden(EngineError):
    """The person's privacy settings hide the picture from this account."""


class PictureMissing(EngineError):
    """The person has no picture."""


class PictureSame(EngineError):
    """The picture is still the one whose id was given."""


class LookUps(Protocol):
    """Questions. Each may raise EngineAway, NotStarted, EngineCrashed, Throttled, Unable or EngineRefused."""

    async def user_info(self, jid: str) -> Person | None:
        """The person of this address; None if it is not on WhatsApp."""
        ...

    async def avatar(self, jid: str, *, preview: bool, known_id: str) -> Picture:
        """The picture of a person or group. Raises PictureHidden or PictureMissing, PictureSame if it is *known_id*."""
        ...

    async def check(self, phone: str) -> bool:
        """True if this phone address is on WhatsApp."""
        ...

    async def group_info(self, jid: str) -> GroupInfo | None:
        """The group; None if the account is not in it."""
        ...

    async def groups(self) -> list[GroupInfo]:
        """The groups the account is in."""
        ...

    async def contacts(self) -> list[Contact]:
        """The account's address book."""
        ...

    async def privacy(self) -> Privacy:
        """The account's own privacy settings."""
        ...

    async def download(self, target: Target, into: Path) -> Fetched:
        """Fetch the file of *target* from WhatsApp into the file *into*. Raises EngineRefused where it is gone."""
        ...


class Sends(Protocol):
    """What is said. Each may raise as LookUps do; EngineCrashed alone leaves it open whether it was said."""

    async def send_text(self, chat: str, text: str, how: How) -> Placed:
        """A written message."""
        ...

    async def send_media(self, chat: str, file: Upload, how: How) -> Placed:
        """A file with its caption."""
        ...

    async def send_contact(self, chat: str, card: ContactCard, how: How) -> Placed:
        """A contact card."""
        ...

    async def send_location(self, chat: str, latitude: float, longitude: float, how: How) -> Placed:
        """A place, in degrees."""
        ...

    async def send_poll(self, chat: str, poll: Poll, how: How) -> Placed:
        """A question to be voted on."""
        ...

    async def send_reaction(self, target: Target, emoji: str, message_id: str) -> Placed:
        """An emoji on *target*; an empty one takes it back."""
        ...

    async def edit(self, target: Target, text: str, message_id: str) -> Placed:
        """New words for *target*, which is the account's own."""
        ...

    async def revoke(self, target: Target, message_id: str) -> Placed:
        """*target* deleted for everyone."""
        ...

    async def mark_read(self, target: Target) -> None:
        """The account has read *target*, and its author is told so."""
        ...

    async def delete_for_me(self, target: Target) -> None:
        """*target* deleted on the account's own devices alone."""
        ...

    async def star(self, target: Target, *, starred: bool) -> None:
        """*target* marked with a star, or the star taken back."""
        ...

    async def presence(self, *, available: bool) -> None:
        """The account shows as online, or not."""
        ...

    async def chat_presence(self, chat: str, *, composing: bool) -> None:
        """*chat* sees that the account is typing, or has stopped."""
        ...


class Engine(LookUps, Sends, Protocol):
    """One device's engine. `link`, `about` and `takes_ids` answer at once, from what was told last."""

    def link(self) -> Link:
        """How the device stands with WhatsApp now."""
        ...

    def about(self) -> About:
        """Name and version of the engine."""
        ...

    def takes_ids(self) -> bool:
        """True if a message goes out under the id the gateway chose, so that sending it again is the same message."""
        ...

    async def qr(self) -> Qr:
        """The text to be scanned now; asks WhatsApp for one where none is shown. Raises EngineRefused if it is linked."""
        ...

    async def pair_code(self, phone: str) -> str:
        """The code that links this device when it is typed on the phone *phone* (digits). Raises EngineRefused if linked."""
        ...

    async def logout(self) -> None:
        """Unlink the device. It needs to be linked anew before anything else is asked of it."""
        ...

    async def reconnect(self) -> None:
        """Drop the connection and make it again."""
        ...

    async def open(self) -> None:
        """Begin; asked once, before anything else but what answers at once."""
        ...

    async def close(self) -> None:
        """Let go of all it has; nothing is asked of it any more."""
        ...
