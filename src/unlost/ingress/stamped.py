"""What our own gateway says beside a webhook's body: when it was signed, and under which number its feed has the event."""

import hmac
from dataclasses import dataclass

from unlost.ingress.body import Headers

AGE_MAX_S = 300.0
"""A stamp may be this far from now, either way: older is a replay, newer a clock that is wrong."""
STAMP, SIGNATURE = b"x-unlost-timestamp", b"x-unlost-signature"
FEED, EVENT = b"x-unlost-feed", b"x-unlost-event"
FEED_MAX_CHARS, DIGITS_MAX = 64, 15


@dataclass(frozen=True, slots=True)
class Numbered:
    """*number* in the feed of this name. Not signed: a hint where to look, no proof."""

    feed: str
    number: int


def is_stamped(body: bytes, headers: Headers, *, keyed: hmac.HMAC, now: float) -> bool:
    """True where `X-Unlost-Signature` is the HMAC of `X-Unlost-Timestamp`, a dot and the raw *body*, and the stamp is fresh.

    *keyed* holds the key and nothing else; *now* in epoch seconds. Takes the same time whatever of the signature is wrong.
    """
    stamp = headers.get(STAMP, b"")
    mac = keyed.copy()
    mac.update(stamp + b"." + body)
    is_ours = hmac.compare_digest(headers.get(SIGNATURE, b""), b"sha256=" + mac.hexdigest().encode())
    return is_ours and _is_fresh(stamp, now)


def numbered(headers: Headers) -> Numbered | None:
    """None where it is not told, or not as a number."""
    feed, told = headers.get(FEED, b""), headers.get(EVENT, b"")
    if not (told.isdigit() and len(told) <= DIGITS_MAX and feed.isalnum() and len(feed) <= FEED_MAX_CHARS):
        return None
    return Numbered(feed.decode("ascii"), int(told))


def _is_fresh(stamp: bytes, now: float) -> bool:
    return stamp.isdigit() and len(stamp) <= 12 and abs(now - int(stamp)) <= AGE_MAX_S
