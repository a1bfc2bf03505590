"""One request for a page: who asks, in which language, with which form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.requests import Request

from unlost.console.sessions import COOKIE, Session, Sessions
from unlost.console.words import CATALOGUES, Words, language_of
from unlost.vocabulary.policy import Language

LANGUAGE_COOKIE = "unlost_language"
FORM_MAX_BYTES = 64 * 1024  # some thousand ids
FIELDS_MAX = 1_100
HERE = "console"
"""Who did it, where nobody was asked for a name: without a password only this very machine reaches the pages."""


class FormTooLarge(Exception):
    """More than FORM_MAX_BYTES or FIELDS_MAX."""


Form = Mapping[str, list[str]]


@dataclass(slots=True)
class Visit:
    """*cookie* is set with the answer where it is new; *chosen* the language a person picked just now."""

    request: Request
    session: Session
    language: Language
    cookie: str | None = None
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

    @property
    def peer(self) -> str:
        """Whose address it is; a proxy's where there is one."""
        return self.request.client.host if self.request.client else ""

    def asked(self, name: str) -> str:
        """A word of the query; empty where it is missing."""
        return self.request.query_params.get(name, "")

    def told(self, name: str) -> str:
        """A word of the form; empty where it is missing."""
        return self.form.get(name, [""])[0]


def visit_of(request: Request, sessions: Sessions, now: float) -> Visit:
    """Without a password everybody who gets here is in."""
    session = sessions.read(request.cookies.get(COOKIE, ""), now)
    cookie = None
    if session is None:
        session = sessions.begin(HERE if not sessions.password else "", now, is_in=not sessions.password)
        cookie = sessions.cookie(session)
    picked = request.query_params.get("lang", "")
    chosen = language_of(picked, "") if picked in CATALOGUES else None
    kept = request.cookies.get(LANGUAGE_COOKIE, "")
    language = chosen or language_of(kept, request.headers.get("accept-language", ""))
    return Visit(request, session, language, cookie, chosen)


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
