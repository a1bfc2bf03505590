"""What is odd about settings that can be read: said before anything starts."""

import errno
import os
import re
import socket
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from unlost.settings.container import journal_goes_with_container
from unlost.settings.secret import Secret
from unlost.settings.shapes import Listen
from unlost.settings.values import Channel, Settings

GOWA_DEFAULT_SECRET = "secret"  # noqa: S105 - GOWA's own default (config/settings.go), known to all: no secret at all
SHORT_CHARS = 12  # a word below this can be tried out


class Weight(StrEnum):
    """WRONG: it will not work; ODD: it works, and somebody should know."""

    WRONG = "wrong"
    ODD = "odd"


@dataclass(frozen=True, slots=True)
class Finding:
    """*key* is dotted; *text* says what is the matter and what to do."""

    weight: Weight
    key: str
    text: str


def judge(settings: Settings) -> list[Finding]:
    """All findings, wrong ones first. Looks at the disk and at our own ports; calls nobody."""
    found = [*_server(settings), *_journal(settings), *_channels(settings), *_notices(settings)]
    return sorted(found, key=lambda finding: finding.weight is not Weight.WRONG)


def _wrong(key: str, text: str) -> Finding:
    return Finding(Weight.WRONG, key, text)


def _odd(key: str, text: str) -> Finding:
    return Finding(Weight.ODD, key, text)


def _server(settings: Settings) -> Iterator[Finding]:
    server, password = settings.server, settings.console.password
    if not server.public_url and any(not _is_near(channel) for channel in settings.channels):
        yield _odd(
            "server.public_url",
            "missing, though a side is not on this machine: `unlost` cannot say which webhook URL to enter there",
        )
    if not password and not server.listen.is_loopback:
        yield _odd(
            "console.password",
            "missing, though the door is open to the network: pages, API and metrics answer 403 to all but this machine",
        )
    elif not password and server.public_url and not _is_local_url(server.public_url):
        yield _odd("console.password", "missing, though there is a public address: pages, API and metrics answer 403")
    elif password and len(password.reveal()) < SHORT_CHARS:
        yield _odd("console.password", f"shorter than {SHORT_CHARS} characters")
    if _crosses_a_network(server.public_url):
        yield _odd("server.public_url", "http without TLS: messages can be read on their way")
    for name, listen in _listens(settings):
        yield from _listening(name, listen)
    doubles = [
        str(listen)
        for listen, count in Counter(listen for _, listen in _listens(settings) if listen.port).items()
        if count > 1
    ]
    for listen_text in doubles:
        yield _wrong("server.listen", f"{listen_text} is used twice in this file")


def _listens(settings: Settings) -> Iterator[tuple[str, Listen]]:
    yield "server.listen", settings.server.listen
    if settings.desk:
        yield "desk.listen", settings.desk.listen
    if settings.gateway:
        yield "gateway.listen", settings.gateway.listen


def _listening(name: str, listen: Listen) -> Iterator[Finding]:
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    try:
        with socket.socket(family) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((listen.host, listen.port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            yield _odd(name, f"{listen} is in use: fine if that is the running program, else choose another port")
        else:
            yield _wrong(name, f"cannot listen at {listen}: {error.strerror}")


def _journal(settings: Settings) -> Iterator[Finding]:
    path = settings.journal_path
    folder = _first_that_exists(path.parent)
    if path.is_dir():
        yield _wrong("journal.url", f"{path} is a folder; name a file in it")
    elif path.exists() and not os.access(path, os.R_OK | os.W_OK):
        yield _wrong("journal.url", f"{path} cannot be read and written by this user")
    goes_with_container = journal_goes_with_container(settings)
    if goes_with_container:
        yield _wrong("journal.url", goes_with_container)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass  # as a whole file system may be read-only, only trying tells
    except OSError as error:
        yield _wrong("journal.url", f"the folder {folder} cannot be written: {error.strerror}")


def _first_that_exists(folder: Path) -> Path:
    return next(each for each in (folder, *folder.parents) if each.exists())


def _channels(settings: Settings) -> Iterator[Finding]:
    if not settings.channels:
        yield _wrong("channel", "there is none: add a [[channel]] with its gateway and helpdesk")
    devices = Counter(channel.gateway.device for channel in settings.channels if channel.gateway.device)
    for channel in settings.channels:
        place = f"channel.{channel.name}"
        if channel.gateway.device and devices[channel.gateway.device] > 1:
            yield _wrong(
                f"{place}.gateway.device", "another channel has that number too: each message would be told twice"
            )
        yield from _gateway(channel, f"{place}.gateway")
        if settings.gateway and settings.gateway.password and channel.gateway.device and not channel.gateway.username:
            yield _odd(
                f"{place}.gateway.username",
                "missing, though [gateway] has a password: without a name the bridge tells none, and our gateway answers it 401",
            )
        yield from _helpdesk(channel, f"{place}.helpdesk")


def _gateway(channel: Channel, place: str) -> Iterator[Finding]:
    gateway = channel.gateway
    if gateway.webhook_secret is None:
        yield _odd(f"{place}.webhook_secret", "off: anyone who reaches the door can write messages in customers' names")
    elif gateway.webhook_secret.reveal() == GOWA_DEFAULT_SECRET:
        yield _odd(
            f"{place}.webhook_secret",
            "is the word `secret`, GOWA's default, which everybody knows: set WHATSAPP_WEBHOOK_SECRET there and the same word here",
        )
    else:
        yield from _short(gateway.webhook_secret, f"{place}.webhook_secret")
    if gateway.device is None:
        yield _odd(
            f"{place}.device",
            "missing: own messages of GOWA before 8 look like a customer's, and /webhooks/whatsapp/{phone} does not lead here",
        )
    if gateway.avatars == "always":
        yield _odd(
            f"{place}.avatars", "always: GOWA before 8.1.0 can die of the question, and takes every account down"
        )
    if gateway.kind == "gowa" and gateway.reorder_wait_s == 0:
        yield _odd(
            f"{place}.reorder_wait_s",
            "0, though GOWA sends webhooks in any order: a text may stand before the one it answers",
        )
    yield from _plain(gateway.url, f"{place}.url", bool(gateway.password))


def _helpdesk(channel: Channel, place: str) -> Iterator[Finding]:
    helpdesk = channel.helpdesk
    if helpdesk.webhook_secret is None:
        yield _odd(
            f"{place}.webhook_secret",
            "off, as it must be for Chatwoot before 4.13, which signs nothing: keep this door away from the network, or update Chatwoot",
        )
    else:
        yield from _short(helpdesk.webhook_secret, f"{place}.webhook_secret")
    if helpdesk.doubt_wait_s < helpdesk.call_timeout_s and not _is_local_url(helpdesk.url):
        yield _odd(
            f"{place}.doubt_wait_s", "below call_timeout_s: a request that still runs there may be missed by the search"
        )
    yield from _plain(helpdesk.url, f"{place}.url", True)


def _short(word: Secret, place: str) -> Iterator[Finding]:
    if len(word.reveal()) < SHORT_CHARS:
        yield _odd(place, f"shorter than {SHORT_CHARS} characters: it can be found by trying")


def _plain(url: str, place: str, carries_a_secret: bool) -> Iterator[Finding]:
    if carries_a_secret and _crosses_a_network(url):
        yield _odd(place, "http without TLS: the password goes over the network as it is")


def _crosses_a_network(url: str) -> bool:
    """Without TLS, and beyond this machine and the containers beside: those are named without a dot."""
    return url.startswith("http://") and "." in (urlsplit(url).hostname or "") and not _is_local_url(url)


def _is_near(channel: Channel) -> bool:
    return _is_local_url(channel.gateway.url) and _is_local_url(channel.helpdesk.url)


def _is_local_url(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == "localhost" or host.startswith("127.") or host == "::1"


def _notices(settings: Settings) -> Iterator[Finding]:
    for number, url in enumerate(settings.notify.urls, 1):
        if not re.match(r"[A-Za-z0-9+]+://", url.reveal()):
            yield _wrong(f"notify.urls[{number}]", "is no Apprise address: it begins with a service's name and ://")
