"""Look-ups in WhatsApp, asked with pace and remembered, so that asking too much closes no socket."""

from unlost.gateway.look_ups.avatars import Avatars
from unlost.gateway.look_ups.pace import Pace, Paces

__all__ = ["Avatars", "Pace", "Paces"]
