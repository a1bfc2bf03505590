"""Where the two sides are to call this bridge."""

from unlost.settings.shapes import Listen
from unlost.settings.values import Channel, Server, Settings

UNKNOWN_HOST = "BRIDGE"
"""Stands for this machine where the door listens on every address and no public one is set: only a person knows its name."""


def webhook_url(settings: Settings, channel: Channel, side: str) -> str:
    """What to enter at that side (gateway or helpdesk); seen from this machine where no public address is set."""
    return door_url(settings.server, channel.name, side)


def door_url(server: Server, channel: str, side: str) -> str:
    """The same, for a channel that is only a name yet."""
    return f"{server.public_url.rstrip('/') or _listening(server.listen)}/webhooks/{side}/{channel}"


def is_known(url: str) -> bool:
    """False where the host of a `webhook_url` is for a person to fill in."""
    return not url.startswith(f"http://{UNKNOWN_HOST}:")


def _listening(listen: Listen) -> str:
    if listen.host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return f"http://{UNKNOWN_HOST}:{listen.port}"
    return f"http://{listen}"
