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
    """*number* in the feed of this name."""

    feed: str
    number: int


def is_stamped(body: bytes, headers: Headers, *, keyed: hmac.HMAC, now: float) -> bool:
    """True where `X-Unlost-Signature` is the HMAC of time, feed, number and the raw *body*, dots between, and the time is fresh.

    Time, feed and number are `X-Unlost-Timestamp`, `-Feed` and `-Event`; the last two are empty where they are not told. None of them
    may hold a dot, so that no two webhooks are signed alike. *keyed* holds the key and nothing else; *now* in epoch seconds. Takes the
    same time whatever of the signature is wrong.
    """
    stamp, feed, event = headers.get(STAMP, b""), headers.get(FEED, b""), headers.get(EVENT, b"")
    mac = keyed.copy()
    mac.update(b".".join((stamp, feed, event, body)))
    is_ours = hmac.compare_digest(headers.get(SIGNATURE, b""), b"sha256=" + mac.hexdigest().encode())
    return is_ours and b"." not in feed + event and _is_fresh(stamp, now)


def numbered(headers: Headers) -> Numbered | None:
    """None where it is not told, or not as a number."""
    feed, told = headers.get(FEED, b""), headers.get(EVENT, b"")
    if not (told.isdigit() and len(told) <= DIGITS_MAX and feed.isalnum() and len(feed) <= FEED_MAX_CHARS):
        return None
    return Numbered(feed.decode("ascii"), int(told))


def _is_fresh(stamp: bytes, now: float) -> bool:
    return stamp.isdigit() and len(stamp) <= 12 and abs(now - int(stamp)) <= AGE_MAX_S
