"""One request for a page: who asks, in which language, with which form; and the token that says a form is ours.

The cookie holds a random word and nothing else: who may come in was decided at the gate. It is of no use to another site,
which cannot read the page and so not the token, and which a browser does not let send it along.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.requests import Request

from unlost.gateway.pages.words import CATALOGUES, Words, language_of
from unlost.vocabulary.policy import Language

COOKIE = "unlost_gateway"
LANGUAGE_COOKIE = "unlost_language"  # the console's too, so that a person chooses once for both
NONCE_MAX_CHARS = 64
FORM_MAX_BYTES = 8 * 1024
FIELDS_MAX = 20

Form = Mapping[str, list[str]]


class FormTooLarge(Exception):
    """More than FORM_MAX_BYTES or FIELDS_MAX."""


class Tokens:
    """Lives as long as the process: a page that outlives it is told so and loads itself again."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)

    def of(self, nonce: str) -> str:
        """What every changing request of this cookie must carry."""
        return hmac.new(self._key, nonce.encode(), hashlib.sha256).hexdigest()

    def matches(self, nonce: str, told: str) -> bool:
        """Compared in constant time."""
        return told.isascii() and hmac.compare_digest(told, self.of(nonce))


@dataclass(slots=True)
class Visit:
    """*nonce*: its cookie, made now where *is_new*. *chosen*: the language a person picked just now."""

    request: Request
    nonce: str
    is_new: bool
    language: Language
    chosen: Language | None = None
    form: Form = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """The page's catalogue."""
        return CATALOGUES[self.language]

    @property
    def by_script(self) -> bool:
        """Asked by a page that refreshes itself, not by a person."""
        return "hx-request" in self.request.headers

    def asked(self, name: str) -> str:
        """A word of the query; empty where it is missing."""
        return self.request.query_params.get(name, "")

    def told(self, name: str) -> str:
        """A word of the form; empty where it is missing."""
        return self.form.get(name, [""])[0]


def visit_of(request: Request) -> Visit:
    """Any word of its own a browser brings is as good as one of ours: only with our key does it make a token."""
    kept = request.cookies.get(COOKIE, "")
    is_known = kept.isascii() and 0 < len(kept) <= NONCE_MAX_CHARS
    picked = request.query_params.get("lang", "")
    chosen = language_of(picked, "") if picked in CATALOGUES else None
    remembered = request.cookies.get(LANGUAGE_COOKIE, "")
    language = chosen or language_of(remembered, request.headers.get("accept-language", ""))
    return Visit(request, kept if is_known else secrets.token_urlsafe(24), not is_known, language, chosen)


async def read_form(request: Request) -> Form:
    """The fields of a form as browsers send it. Raises FormTooLarge, and starlette's ClientDisconnect where nobody waits any more."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_MAX_BYTES:
            raise FormTooLarge
    try:
        return parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=FIELDS_MAX)
    except ValueError:
        raise FormTooLarge from None
