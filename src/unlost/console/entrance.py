"""Login and logout."""

from math import ceil

from starlette.responses import Response

from unlost.console.formats import plain
from unlost.console.sessions import WHO_MAX_CHARS
from unlost.console.site import Site
from unlost.console.visits import Visit
from unlost.telemetry.operators import LoginRefused

THEN_MAX_CHARS = 2_000


async def show(site: Site, visit: Visit) -> Response:
    """The form; whoever is in already is led on."""
    if visit.session.is_in:
        return site.to(_own(visit.asked("then")))
    said = visit.words.logged_out if visit.asked("out") else ""
    return await site.page(visit, "login", {"error": "", "flash": said, "then": _own(visit.asked("then")), "who": ""})


async def log_in(site: Site, visit: Visit) -> Response:
    """A new session, so that one whose cookie was planted is of no use; wrong passwords are counted and told."""
    monotonic = site.operator.clock.monotonic()
    wait_s = site.tries.wait_s(visit.peer, monotonic)
    who = plain(" ".join(visit.told("who").split()), WHO_MAX_CHARS)
    if wait_s > 0.0:
        sentence = visit.words.too_many_tries.format(wait=site.formats(visit).age(wait_s))
        response = await _again(site, visit, 429, sentence, who)
        response.headers["Retry-After"] = str(ceil(wait_s))
        return response
    if not site.sessions.is_password(visit.told("password")):
        site.tries.wrong(visit.peer, monotonic)
        site.telemetry.tell(LoginRefused())
        return await _again(site, visit, 401, visit.words.wrong_key, who)
    visit.session = site.sessions.begin(who or "console", site.now, is_in=True)
    visit.cookie = site.sessions.cookie(visit.session)
    return site.to(_own(visit.told("then")))


async def log_out(site: Site, visit: Visit) -> Response:
    """Its cookie is of no more use."""
    site.sessions.end(visit.session, site.now)
    visit.session = site.sessions.begin("", site.now, is_in=False)
    visit.cookie = site.sessions.cookie(visit.session)
    return site.to("/login", out=1)


async def _again(site: Site, visit: Visit, status: int, error: str, who: str) -> Response:
    facts = {"error": error, "then": _own(visit.told("then")), "who": who}
    return await site.page(visit, "login", facts, status=status)


def _own(then: str) -> str:
    """Where to go on: a page of ours, whatever was asked for."""
    is_ours = then.startswith("/") and not then.startswith(("//", "/\\")) and len(then) <= THEN_MAX_CHARS
    return then if is_ours and then.isprintable() and "\\" not in then and not then.startswith("/login") else "/"
