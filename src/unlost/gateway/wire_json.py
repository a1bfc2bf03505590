"""JSON as Go's encoding/json writes it, which is what signatures are made over (GOWA page, 1.6)."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

# Go escapes these so that JSON may stand inside HTML; no other character is escaped beyond what JSON itself asks.
ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
TABLE = str.maketrans(ESCAPES)
TORN = re.compile("[\ud800-\udfff]")


def encode(value: Mapping[str, Any]) -> bytes:
    """Compact UTF-8 JSON in the mapping's own order, with Go's escapes; a lone surrogate becomes U+FFFD, as in Go.

    Sorting is the caller's, because Go sorts maps and keeps the order of structs; see `sorted_map`.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(TABLE)
    return TORN.sub("\ufffd", text).encode()


def sorted_map(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A Go map: keys sorted by bytes."""
    return dict(sorted(fields.items(), key=lambda item: item[0].encode()))


def rfc3339(at: datetime) -> str:
    """Whole seconds, `Z` for UTC; smaller parts are cut off, not rounded."""
    return at.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def signature(secret: str, body: bytes) -> str:
    """The value of `X-Hub-Signature-256` over the raw *body* (GOWA page, 2.1)."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def stamped_signature(secret: str, stamp: str, body: bytes, *, feed: str = "", number: str = "") -> str:
    """The value of `X-Unlost-Signature`: over *stamp* (whole epoch seconds), *feed*, *number* and the raw *body*, dots between."""
    return signature(secret, f"{stamp}.{feed}.{number}.".encode() + body)
