"""The helpdesk door's check: was this body signed with our secret, and lately? Chatwoot signs API inboxes since 4.13.0."""

import hashlib
import hmac
from collections.abc import Mapping

AGE_MAX_S = 300.0
"""A stamp may be this far from now, either way: older is a replay, newer a clock that is wrong."""


def is_signed(body: bytes, headers: Mapping[str, str], *, secret: str, now: float) -> bool:
    """True where `X-Chatwoot-Signature` is the HMAC of `X-Chatwoot-Timestamp`, a dot and the raw *body*, and the stamp is fresh.

    *headers* by lower-case name; *now* in epoch seconds. Takes the same time whatever of the signature is wrong.
    """
    stamp = headers.get("x-chatwoot-timestamp", "")
    told = headers.get("x-chatwoot-signature", "").encode(errors="replace")
    expected = signature_of(body, stamp, secret=secret).encode()
    return hmac.compare_digest(told, expected) and _is_fresh(stamp, now)


def signature_of(body: bytes, stamp: str, *, secret: str) -> str:
    """The header's value (lib/webhooks/trigger.rb)."""
    signed = stamp.encode(errors="replace") + b"." + body
    return "sha256=" + hmac.new(secret.encode(errors="replace"), signed, hashlib.sha256).hexdigest()


def _is_fresh(stamp: str, now: float) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        return False
    return abs(now - int(stamp)) <= AGE_MAX_S
