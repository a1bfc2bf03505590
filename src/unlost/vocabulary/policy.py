"""What a channel's settings say to the interpreter."""

from dataclasses import dataclass
from typing import Literal

from unlost.vocabulary.addresses import Address

Language = Literal["pt-BR", "en", "es", "id"]


@dataclass(frozen=True, slots=True)
class Policy:
    """One channel's rules of meaning. Seconds, unless a name says otherwise. Defaults are design section 8's."""

    language: Language = "en"
    utc_offset_s: int = 0  # of [server] timezone at the event's time: for the short line of a late message
    groups: bool = True
    ignored: frozenset[Address] = frozenset()
    newsletters: bool = False
    typing: bool = False
    late_after_s: float = 300.0
    reopens: bool = True  # False: a resolved conversation ends, and the next message begins another
    mirror_deletes: bool = False
    reactions: Literal["reply", "note", "off"] = "reply"
    twin_wait_s: float = 60.0
    target_wait_s: float = 60.0
    media_wait_s: float = 20.0  # 0 while the gateway's circuit is open
    media_max_bytes: int = 40 * 1024 * 1024
    sweep_waits_s: tuple[float, ...] = (60.0, 600.0)
    avatars: Literal["off", "on", "always"] = "on"
    attempts_max: int = 5
    device: Address | None = None
    inbox: int | None = None
