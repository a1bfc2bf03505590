"""Sends that happen once: the WhatsApp id is chosen and on disk with the caller's key before the engine is asked."""

from unlost.gateway.sends.keys import Keys
from unlost.gateway.sends.once import Once, Said

__all__ = ["Keys", "Once", "Said"]
