"""What each version of the two sides cannot do, as far as a bridge that receives feels it (contract pages, change logs)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from unlost.doctor.findings import Finding, Grade, note, ok, warning, wrong

Version = tuple[int, int, int]
ANY: Version = (0, 0, 0)

GATEWAY_OLDEST: Version = (7, 2, 1)
GATEWAY_ENVELOPE: Version = (8, 0, 0)
GATEWAY_INCIDENT: Version = (7, 7, 0)
GATEWAY_NEWEST = (9, 2)
HELPDESK_OLDEST: Version = (4, 2, 0)
HELPDESK_SIGNS: Version = (4, 13, 0)
HELPDESK_BLOCKS_PRIVATE: Version = (4, 14, 0)
HELPDESK_ALLOWS_PRIVATE: Version = (4, 14, 1)
HELPDESK_NEWEST = (4, 16)

_VERSION = re.compile(r"v?([0-9]{1,4})\.([0-9]{1,4})(?:\.([0-9]{1,4}))?")


@dataclass(frozen=True, slots=True)
class Lack:
    """Versions from *since* up to, not including, *until* have it."""

    code: str
    grade: Grade
    since: Version
    until: Version
    text: str


GATEWAY_LACKS: tuple[Lack, ...] = (
    Lack("500_is_delivered", Grade.WARNING, ANY, (7, 4, 0),
         "counts an answer of 500 as delivered: what the bridge could not keep is fetched from storage only"),
    Lack("edits_without_target", Grade.NOTE, ANY, (7, 9, 0), "does not say which message an edit belongs to"),
    Lack("crash_loop", Grade.WARNING, ANY, (7, 10, 0), "may crash five minutes after its start, again and again"),
    Lack("own_messages_untold", Grade.WARNING, (8, 0, 0), (8, 3, 0),
         "does not tell what is typed on the firm's own phone"),
    Lack("captions_lost", Grade.WARNING, (8, 2, 0), (8, 3, 1), "loses the captions of pictures and files"),
    Lack("events_list_broken", Grade.NOTE, (8, 1, 0), (8, 1, 2),
         "does not know its own names in WHATSAPP_WEBHOOK_EVENTS"),
    Lack("lid_without_phone", Grade.NOTE, ANY, (8, 3, 0), "cannot say whose number a hidden address (LID) is"),
    Lack("storage_without_edits", Grade.NOTE, ANY, (8, 6, 0),
         "stores neither edits nor reactions: what is fetched from storage stands as it was first written"),
    Lack("media_drops_event", Grade.WARNING, ANY, (8, 8, 0),
         "drops a whole message, caption too, when its file cannot be downloaded; it is fetched from storage"),
)  # fmt: skip

HELPDESK_LACKS: tuple[Lack, ...] = (
    Lack("no_native_app", Grade.NOTE, ANY, (4, 11, 0), "shows what is typed on the phone under the token's user"),
    Lack("no_ticks", Grade.NOTE, ANY, (4, 12, 0), "does not show the true ticks of an API inbox"),
)


def read_version(text: str) -> Version | None:
    """`4.16.2`, with or without a v before and words behind; None for anything else."""
    match = _VERSION.match(text)
    return None if match is None else (int(match[1]), int(match[2]), int(match[3] or 0))


def judge_gateway_version(version: Version | None) -> Iterator[Finding]:
    """What the gateway's version means; None: it does not tell."""
    code = "gateway.version"
    if version is None:
        yield note(
            code,
            "the gateway does not tell its version; it is taken for one older than 8.1.0, and asked for no pictures",
            "GOWA 7.2.1 to 9.2 is meant; GOWA 7.7.0 panics when it fetches a picture",
        )
        return
    if version < GATEWAY_OLDEST:
        yield wrong(
            code, f"GOWA {_printed(version)} is too old: its webhooks are not read", "update it to 8.10 or later"
        )
        return
    if version[:2] > GATEWAY_NEWEST:
        yield note(code, f"GOWA {_printed(version)} is newer than what this version of unlost was made for (9.2)")
    else:
        yield ok(code, f"GOWA {_printed(version)}")
    if version == GATEWAY_INCIDENT:
        yield warning(
            "gateway.incident",
            "GOWA 7.7.0 panics when it fetches a profile picture, and takes every account down",
            'update it to 8.1.0 or later; until then leave avatars as they are (not "always"), and open no contact\'s picture in its own pages',
        )
    yield from lacks("gateway", "GOWA", version, GATEWAY_LACKS, "update GOWA")


def judge_helpdesk_version(version: Version | None) -> Iterator[Finding]:
    """What the helpdesk's version means; None: it does not tell."""
    code = "helpdesk.version"
    if version is None:
        yield note(code, "the helpdesk does not tell its version; Chatwoot 4.2 to 4.16 is meant")
        return
    if version < HELPDESK_OLDEST:
        yield wrong(
            code,
            f"Chatwoot {_printed(version)} is too old: it cannot be told the status of a message",
            "update it to 4.13 or later",
        )
        return
    if version[:2] > HELPDESK_NEWEST:
        yield note(code, f"Chatwoot {_printed(version)} is newer than what this version of unlost was made for (4.16)")
    else:
        yield ok(code, f"Chatwoot {_printed(version)}")
    yield from lacks("helpdesk", "Chatwoot", version, HELPDESK_LACKS, "update Chatwoot")


def lacks(side: str, product: str, version: Version, table: tuple[Lack, ...], cure: str) -> Iterator[Finding]:
    """Those of *table* that *version* has."""
    for lack in table:
        if lack.since <= version < lack.until:
            text = f"{product} {_printed(version)} {lack.text}"
            yield Finding(lack.grade, f"{side}.{lack.code}", text, f"{cure} to {_printed(lack.until)} or later")


def _printed(version: Version) -> str:
    return ".".join(map(str, version))
