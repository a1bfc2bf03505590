"""What the gateway asks of an engine, and how an engine says no."""

from __future__ import annotations

from typing import Protocol

from unlost.gateway.population import Customer, Group


class EngineAway(Exception):
    """The engine has no connection to WhatsApp now."""


class EngineCrashed(Exception):
    """The engine panicked in this call; the gateway contained it and may ask again later."""


class PictureHidden(Exception):
    """The person's privacy settings hide the picture from this account."""


class PictureMissing(Exception):
    """The person has no picture."""


class Engine(Protocol):
    """Look-ups in WhatsApp. Each may raise EngineAway or EngineCrashed."""

    def is_connected(self) -> bool:
        """True while the link to WhatsApp is up."""
        ...

    def user(self, jid: str) -> Customer | None:
        """The person of this address; None if it is not on WhatsApp."""
        ...

    def picture(self, jid: str) -> Customer:
        """The person, whose picture is shown. Raises PictureHidden or PictureMissing."""
        ...

    def group(self, jid: str) -> Group | None:
        """The group; None if the account is not in it."""
        ...
