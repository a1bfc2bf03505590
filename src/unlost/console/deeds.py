"""Pause, resume and compare: one press each."""

from starlette.responses import Response

from unlost.console.site import NotFound, NotMeant, Site
from unlost.console.verbs import DIRECTIONS
from unlost.console.visits import Visit
from unlost.telemetry.operators import OperatorDid
from unlost.vocabulary.envelopes import Direction
from unlost.vocabulary.ids import ChannelName


async def pause(site: Site, visit: Visit) -> Response:
    """Hand out nothing more of one direction."""
    channel, directions = _named(site, visit)
    await site.operator.pause(channel, directions, visit.session.who)
    return _done(site, visit, "paused", channel)


async def resume(site: Site, visit: Visit) -> Response:
    """Lift a pause or a block."""
    channel, directions = _named(site, visit)
    await site.operator.resume(channel, directions)
    return _done(site, visit, "resumed", channel)


async def reconcile(site: Site, visit: Visit) -> Response:
    """Compare one channel's gateway with the journal now."""
    channel = _channel(site, visit)
    (found,) = (await site.operator.reconcile(channel, None)).channels
    site.pulse.stir()
    site.telemetry.tell(OperatorDid("reconcile", visit.session.who, found.appended, channel))
    if found.error is not None:
        words = visit.words
        return await site.sorry(
            visit, 200, words.reconcile_failed.format(channel=channel, error=words.causes.get(found.error, found.error))
        )
    return site.to("/", done="reconciled", n=found.appended)


def _done(site: Site, visit: Visit, verb: str, channel: ChannelName) -> Response:
    site.pulse.stir()
    site.telemetry.tell(OperatorDid(verb, visit.session.who, 1, channel))
    return site.to("/", done=verb, n=1)


def _channel(site: Site, visit: Visit) -> ChannelName:
    name = visit.request.path_params["channel"]
    if name not in site.operator.channels:
        raise NotFound
    return ChannelName(name)


def _named(site: Site, visit: Visit) -> tuple[ChannelName, tuple[Direction, ...]]:
    direction = visit.told("direction")
    if direction not in DIRECTIONS:
        raise NotMeant
    return _channel(site, visit), DIRECTIONS[direction]
