"""What all pages share: the guard before them, their frame, their headers and cookies."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

import unlost
from unlost.console.bodies import Bodies
from unlost.console.formats import Formats
from unlost.console.operator import Operator
from unlost.console.pulse import Pulse
from unlost.console.rendering import Templates
from unlost.console.sessions import COOKIE, LASTS_S, Sessions
from unlost.console.tries import Tries
from unlost.console.visits import LANGUAGE_COOKIE, FormTooLarge, Visit, read_form, visit_of
from unlost.console.words import CATALOGUES
from unlost.errors import NotCommitted
from unlost.telemetry.happenings import BugMet
from unlost.telemetry.log import Telemetry, trace_of

LANGUAGE_LASTS_S = 365 * 86_400
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": then browsers tell no Origin with our own forms, and the door takes them for a stranger's.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
}

Answers = Callable[[Visit], Awaitable[Response]]


class NotMeant(Exception):
    """The request cannot be meant."""


class NotFound(Exception):
    """There is no such thing (any more)."""


@dataclass(slots=True, kw_only=True)
class Site:
    """One per program."""

    operator: Operator
    bodies: Bodies
    pulse: Pulse
    sessions: Sessions
    telemetry: Telemetry
    is_writable: Callable[[], bool]
    public_url: str
    zone: tzinfo
    zone_name: str
    tries: Tries = field(default_factory=Tries)
    templates: Templates = field(init=False)
    prefix: str = field(init=False)

    def __post_init__(self) -> None:
        self.prefix = urlsplit(self.public_url).path.rstrip("/")
        self.templates = Templates(self.prefix)

    @property
    def now(self) -> float:
        """Epoch seconds."""
        return self.operator.clock.now()

    def formats(self, visit: Visit) -> Formats:
        """For a page of this visit."""
        return Formats(self.zone, visit.words, self.now)

    def reads(self, path: str, answers: Answers, *, for_all: bool = False) -> Route:
        """A page. *for_all*: also for who is not logged in."""
        return Route(path, self._guarded(answers, for_all=for_all, changes=False), methods=["GET"])

    def changes(self, path: str, answers: Answers, *, for_all: bool = False) -> Route:
        """A form's target: only with the session's token."""
        return Route(path, self._guarded(answers, for_all=for_all, changes=True), methods=["POST"])

    async def page(self, visit: Visit, name: str, facts: Mapping[str, object], *, status: int = 200) -> Response:
        """The page `<name>.html` in its frame."""
        seen = await self.pulse.status() if visit.session.is_in else None
        frame: dict[str, object] = {
            "w": visit.words,
            "language": visit.language,
            "catalogues": CATALOGUES,
            "f": self.formats(visit),
            "token": self.sessions.token(visit.session),
            "session": visit.session,
            "has_password": bool(self.sessions.password),
            "here": name,
            "path": visit.request.url.path,
            "zone": self.zone_name,
            "version": unlost.__version__,
            "dead_total": sum(channel.dead for channel in seen.channels) if seen else 0,
            "asked": "",
            "flash": "",
        }
        html = self.templates.render(name, {**frame, **facts})
        return Response(html.encode(errors="replace"), status, media_type="text/html; charset=utf-8")

    async def sorry(self, visit: Visit, status: int, sentence: str) -> Response:
        """A page that says why not."""
        return await self.page(visit, "sorry", {"sentence": sentence}, status=status)

    def to(self, path: str, **query: object) -> Response:
        """On to another page of ours, by GET."""
        return RedirectResponse(self.templates.link(path, **query), 303)

    def _guarded(self, answers: Answers, *, for_all: bool, changes: bool) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            await self.sessions.ready()
            visit = visit_of(request, self.sessions, self.now)
            try:
                response = await self._answered(visit, answers, for_all=for_all, changes=changes)
            except ClientDisconnect:
                return Response(status_code=400)
            return self._dressed(visit, response)

        return endpoint

    async def _answered(self, visit: Visit, answers: Answers, *, for_all: bool, changes: bool) -> Response:
        try:
            if not (visit.session.is_in or for_all):
                return self._to_login(visit)
            if changes:
                visit.form = await read_form(visit.request)
                if not self.sessions.has_token(visit.session, visit.told("token")):
                    return await self.sorry(visit, 403, visit.words.stale_page)
            return await answers(visit)
        except NotFound:
            return await self.sorry(visit, 404, visit.words.not_found)
        except (NotMeant, FormTooLarge):
            return await self.sorry(visit, 400, visit.words.not_meant)
        except NotCommitted:
            return await self._bare(visit, 503, visit.words.not_writable)
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 - the top of a request
            self.telemetry.tell(BugMet("console", type(error).__name__, trace_of(error)))
            return await self._bare(visit, 500, visit.words.went_wrong)

    async def _bare(self, visit: Visit, status: int, sentence: str) -> Response:
        """Without the numbers in the frame: they may be what failed."""
        return Response(f"{sentence}\n", status, media_type="text/plain; charset=utf-8")

    def _to_login(self, visit: Visit) -> Response:
        if visit.by_script:
            return Response(status_code=401, headers={"HX-Redirect": self.templates.link("/login")})
        asked = visit.request.url
        then = f"{asked.path}?{asked.query}" if asked.query else asked.path
        return self.to("/login", then=then if visit.request.method == "GET" and then != "/" else "")

    def _dressed(self, visit: Visit, response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if visit.cookie is not None and not visit.by_script:
            response.headers.append("set-cookie", self._cookie(COOKIE, visit.cookie, LASTS_S, http_only=True))
        if visit.chosen is not None:
            chosen = self._cookie(LANGUAGE_COOKIE, visit.chosen, LANGUAGE_LASTS_S, http_only=True)
            response.headers.append("set-cookie", chosen)
        return response

    def _cookie(self, name: str, value: str, lasts_s: int, *, http_only: bool) -> str:
        made: SimpleCookie = SimpleCookie({name: value})
        cookie = made[name]
        cookie["path"] = f"{self.prefix}/"
        cookie["max-age"] = lasts_s
        cookie["samesite"] = "Lax"  # Strict would ask for the password behind every link in a notice
        cookie["httponly"] = http_only
        cookie["secure"] = urlsplit(self.public_url).scheme == "https"
        return cookie.OutputString()
