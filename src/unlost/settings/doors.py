"""Where the two sides are to call this bridge."""

from unlost.settings.values import Channel, Settings

UNKNOWN_HOST = "BRIDGE"
"""Stands for this machine where the door listens on every address and no public one is set: only a person knows its name."""


def webhook_url(settings: Settings, channel: Channel, side: str) -> str:
    """What to enter at that side (gateway or helpdesk); seen from this machine where no public address is set."""
    return f"{settings.server.public_url.rstrip('/') or _listening(settings)}/webhooks/{side}/{channel.name}"


def is_known(url: str) -> bool:
    """False where the host of a `webhook_url` is for a person to fill in."""
    return not url.startswith(f"http://{UNKNOWN_HOST}:")


def _listening(settings: Settings) -> str:
    listen = settings.server.listen
    if listen.host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return f"http://{UNKNOWN_HOST}:{listen.port}"
    return f"http://{listen}"
