"""What all pages share: the guard before them, their frame, their headers and cookies."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from http.cookies import SimpleCookie

import apsw
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

import unlost
from unlost.errors import NotCommitted
from unlost.gateway.devices import LiveDevice
from unlost.gateway.pages.formats import Formats
from unlost.gateway.pages.pulse import Pulse
from unlost.gateway.pages.rendering import link, render
from unlost.gateway.pages.snapshot import key_of
from unlost.gateway.pages.visits import COOKIE, LANGUAGE_COOKIE, FormTooLarge, Tokens, Visit, read_form, visit_of
from unlost.gateway.pages.words import CATALOGUES
from unlost.gateway.rest.counter import Counter

COOKIE_LASTS_S = 7 * 86_400
LANGUAGE_LASTS_S = 365 * 86_400
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not "no-referrer": then browsers tell no Origin with our own forms, and the gate takes them for a stranger's.
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
}
log = structlog.get_logger("unlost.gateway")

Answers = Callable[[Visit], Awaitable[Response]]


class NotFound(Exception):
    """There is no such thing (any more)."""


class NotMeant(Exception):
    """The request cannot be meant. Its words, where it has some, are for people."""


class Site:
    """One per gateway."""

    def __init__(self, counter: Counter, pulse: Pulse) -> None:
        self.counter = counter
        self.pulse = pulse
        self._tokens = Tokens()

    def formats(self, visit: Visit) -> Formats:
        """For a page of this visit."""
        return Formats(visit.words, self.pulse.now())

    def token(self, visit: Visit) -> str:
        """For its forms."""
        return self._tokens.of(visit.nonce)

    def device(self, visit: Visit) -> LiveDevice:
        """The device a path names. Raises NotFound."""
        key = str(visit.request.path_params["key"])
        found = next((live for live in self.counter.devices if key_of(live) == key), None)
        if found is None:
            raise NotFound
        return found

    def reads(self, path: str, answers: Answers) -> Route:
        """A page."""
        return Route(path, self._guarded(answers, changes=False), methods=["GET"])

    def changes(self, path: str, answers: Answers) -> Route:
        """A form's target: only with the page's token."""
        return Route(path, self._guarded(answers, changes=True), methods=["POST"])

    def page(self, visit: Visit, name: str, facts: Mapping[str, object], *, status: int = 200) -> Response:
        """The page `<name>.html` in its frame."""
        frame: dict[str, object] = {
            "w": visit.words,
            "language": visit.language,
            "catalogues": CATALOGUES,
            "f": self.formats(visit),
            "token": self.token(visit),
            "path": visit.request.url.path if visit.request.method == "GET" else "/",
            "version": unlost.__version__,
            "flash": "",
        }
        html = render(name, {**frame, **facts})
        return Response(html.encode(errors="replace"), status, media_type="text/html; charset=utf-8")

    def sorry(self, visit: Visit, status: int, sentence: str) -> Response:
        """A page that says why not."""
        return self.page(visit, "sorry", {"sentence": sentence}, status=status)

    def to(self, path: str, **query: object) -> Response:
        """On to another page of ours, by GET."""
        return RedirectResponse(link(path, **query), 303)

    def _guarded(self, answers: Answers, *, changes: bool) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            visit = visit_of(request)
            try:
                response = await self._answered(visit, answers, changes=changes)
            except ClientDisconnect:
                return Response(status_code=400)
            return _dressed(visit, response)

        return endpoint

    async def _answered(self, visit: Visit, answers: Answers, *, changes: bool) -> Response:
        try:
            if changes:
                visit.form = await read_form(visit.request)
                if not self._tokens.matches(visit.nonce, visit.told("token")):
                    return self._stale(visit)
            return await answers(visit)
        except NotFound:
            return self.sorry(visit, 404, visit.words.not_found)
        except NotMeant as error:
            return self.sorry(visit, 400, str(error) or visit.words.not_meant)
        except FormTooLarge:
            return self.sorry(visit, 400, visit.words.not_meant)
        except (NotCommitted, apsw.Error):
            return _bare(503, visit.words.not_writable)
        except ClientDisconnect:
            raise
        except Exception:
            log.exception("page.failed")
            return _bare(500, visit.words.went_wrong)

    def _stale(self, visit: Visit) -> Response:
        """Of a gateway that ended meanwhile, mostly: an open page loads itself again then, if it keeps cookies at all."""
        response = self.sorry(visit, 403, visit.words.stale_page)
        if visit.by_script and not visit.is_new:
            response.headers["HX-Refresh"] = "true"
        return response


def _bare(status: int, sentence: str) -> Response:
    """Without a frame: what fills that may be what failed."""
    return Response(f"{sentence}\n", status, media_type="text/plain; charset=utf-8")


def _dressed(visit: Visit, response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if visit.is_new:
        response.headers.append("set-cookie", _cookie(visit, COOKIE, visit.nonce, COOKIE_LASTS_S))
    if visit.chosen is not None:
        response.headers.append("set-cookie", _cookie(visit, LANGUAGE_COOKIE, visit.chosen, LANGUAGE_LASTS_S))
    return response


def _cookie(visit: Visit, name: str, value: str, lasts_s: int) -> str:
    made: SimpleCookie = SimpleCookie({name: value})
    cookie = made[name]
    cookie["path"] = "/"
    cookie["max-age"] = lasts_s
    cookie["samesite"] = "Strict"  # no link in a notice leads to a form here, and Strict costs a reader nothing
    cookie["httponly"] = True
    cookie["secure"] = visit.request.url.scheme == "https"
    return cookie.OutputString()
