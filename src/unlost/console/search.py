"""`/find`: one box for any id, phone, conversation or time."""

from starlette.responses import Response

from unlost.console import finding
from unlost.console.formats import plain
from unlost.console.site import Site
from unlost.console.story import ending
from unlost.console.visits import Visit
from unlost.vocabulary.verdicts import SkipReason

SHOWN_MAX = 200
ECHO = SkipReason.OWN_ECHO
"""Half of a busy day's entries: the helpdesk telling us of our own messages."""
GAPS_SHOWN = 20  # the newest; more would hide what stands above them
ASKED_MAX_CHARS = 300


async def show(site: Site, visit: Visit) -> Response:
    """A list; what was found alone is led to at once, unless somebody comes from there."""
    asked = visit.asked("q").strip()[:ASKED_MAX_CHARS]
    found, error = None, ""
    if asked:
        try:
            found = await finding.find(site.operator, asked, now=site.now, zone=site.zone)
        except ValueError:
            error = visit.words.what_to_type
    everything = [] if found is None else list(found.entries)
    entries = everything if visit.asked("echoes") else [entry for entry in everything if entry.reason != ECHO]
    if not entries:
        entries = everything
    if len(entries) == 1 and not visit.asked("list"):
        return site.to(f"/entries/{entries[0].id}")
    facts = {
        "asked": plain(asked),
        "error": error,
        "found": found,
        "entries": entries[:SHOWN_MAX],
        "is_cut": len(everything) >= SHOWN_MAX,
        "left_out": len(everything) - len(entries),
        "endings": {entry.id: ending(entry, visit.words) for entry in entries},
        "gaps": [] if found is None else list(found.gaps)[-GAPS_SHOWN:],
    }
    return await site.page(visit, "found", facts)
