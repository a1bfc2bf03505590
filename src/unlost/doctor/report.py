"""A bundle for a bug report: versions, settings without secrets, findings, counts. No text, no number, no name, no address."""

import platform
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import unlost
from unlost.doctor.examination import Section
from unlost.doctor.findings import Finding
from unlost.settings.keys import Key, keys_of
from unlost.settings.secret import Secret
from unlost.settings.shapes import Listen, Number, OneOf, YesNo
from unlost.settings.values import Channel, Settings
from unlost.vocabulary.addresses import user_of

LIBRARIES = ("aiohttp", "apsw", "msgspec", "starlette", "uvicorn", "uvloop")
HIDDEN = "…"
WORD_MIN_CHARS = 3
"""Shorter secrets and names would be found inside every word; a secret that short is a finding itself."""
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,15}://[^\s,;)]+", re.IGNORECASE)
_JID = re.compile(r"[\w.+-]+@[\w.-]+")
_DIGITS = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){6,}")


def report(settings: Settings, sections: Iterable[Section], made_at: str) -> dict[str, Any]:
    """The whole bundle, as JSON holds it. *made_at*: the time, ISO 8601."""
    sections = list(sections)
    names = {str(channel.name): f"channel {number}" for number, channel in enumerate(settings.channels, 1)}
    scrub = Scrubber.of(settings)
    return {
        "report": 1,
        "made_at": made_at,
        "versions": _versions(),
        "settings": _settings(settings),
        "findings": [_finding(one, names, scrub) for section in sections for one in section.findings],
        "channels": {
            names.get(section.state.name, HIDDEN): {
                "waiting": section.state.waiting,
                "dead": section.state.dead,
                "gaps": section.state.gaps,
                "oldest_waiting_s": round(section.state.oldest_waiting_s),
            }
            for section in sections
            if section.state is not None
        },
    }


@dataclass(frozen=True, slots=True)
class Scrubber:
    """Takes out of a finding's text what belongs to this set-up; *words* longest first, each with what stands for it."""

    words: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, settings: Settings) -> "Scrubber":
        """For these settings."""
        pairs = {word: shown for word, shown in _words(settings) if len(word) >= WORD_MIN_CHARS}
        return cls(tuple(sorted(pairs.items(), key=lambda pair: -len(pair[0]))))

    def __call__(self, text: str) -> str:
        """*text* without addresses, numbers, names and secrets."""
        text = _JID.sub(HIDDEN, _ADDRESS.sub(lambda found: shown_address(found[0]), text))
        for word, shown in self.words:
            text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", shown, text)
        return _DIGITS.sub(HIDDEN, text)


def _words(settings: Settings) -> Iterator[tuple[str, str]]:
    for place in (settings.file, settings.journal_path):
        yield str(place.absolute()), HIDDEN
        yield str(place.absolute().parent), HIDDEN
        yield str(place), HIDDEN
    yield urlsplit(settings.server.public_url).hostname or "", HIDDEN
    yield settings.console.password.reveal(), HIDDEN
    yield from ((secret.reveal(), HIDDEN) for secret in settings.notify.urls)
    for number, channel in enumerate(settings.channels, 1):
        yield from _words_of(channel, f"channel {number}")


def _words_of(channel: Channel, shown: str) -> Iterator[tuple[str, str]]:
    yield channel.name, shown
    gateway, helpdesk = channel.gateway, channel.helpdesk
    for secret in (gateway.password, gateway.webhook_secret, helpdesk.token, helpdesk.webhook_secret):
        yield (secret.reveal() if secret else ""), HIDDEN
    yield gateway.username, HIDDEN
    for url in (gateway.url, helpdesk.url):
        yield urlsplit(url).hostname or "", HIDDEN
    for address in (gateway.device, *channel.ignore):
        if address:
            yield user_of(address), HIDDEN


def shown_address(url: str) -> str:
    """`https://public/…`: how it is spoken and what kind of place it leads to."""
    try:
        parts = urlsplit(url)
        place = _place(parts.hostname or "")
    except ValueError:
        return HIDDEN
    return f"{parts.scheme}://{place}" + ("/…" if parts.path.strip("/") else "")


def _place(host: str) -> str:
    if host == "localhost":
        return "loopback"
    try:
        address = ip_address(host)
    except ValueError:
        return "name" if "." in host else "short-name"
    return "loopback" if address.is_loopback else "private" if address.is_private else "public"


def _versions() -> dict[str, str]:
    found = {"unlost": unlost.__version__, "python": platform.python_version(), "system": platform.platform()}
    for library in LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = ""
    return found


def _settings(settings: Settings) -> dict[str, Any]:
    sections = ("server", "console", "journal", "limits", "notify", "retry", "desk", "gateway")
    shown = {name: _section(getattr(settings, name)) for name in sections if getattr(settings, name) is not None}
    channels = [
        _section(channel) | {"gateway": _section(channel.gateway), "helpdesk": _section(channel.helpdesk)}
        for channel in settings.channels
    ]
    return shown | {"channel": channels}


def _section(section: object) -> dict[str, Any]:
    return {name: _value(key, getattr(section, name)) for name, key in keys_of(type(section)).items()}


def _value(key: Key, value: object) -> object:
    """Numbers and words of a closed list as they are; of everything else only its kind."""
    if isinstance(key.shape, Number | YesNo | OneOf):
        return value
    match value:
        case None:
            return "off"
        case tuple():
            return len(value)
        case Listen():
            return f"{_place(value.host)}:{value.port}"
        case Secret():
            return "set" if value else ""
        case str() if "://" in value:
            return shown_address(value)
        case _:
            return "set" if value else ""


def _finding(finding: Finding, names: dict[str, str], scrub: Scrubber) -> dict[str, str]:
    return {
        "grade": finding.grade.value,
        "code": finding.code,
        "channel": names.get(finding.channel, HIDDEN) if finding.channel else "",
        "text": scrub(finding.text),
        "cure": scrub(finding.cure),
    }
