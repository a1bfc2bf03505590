"""Asks the helpdesk; every question only reads."""

import asyncio
import socket

from unlost.chatwoot.answers import Message
from unlost.chatwoot.client import ChatwootClient
from unlost.doctor.addresses import host_of
from unlost.doctor.asking import tried
from unlost.doctor.sights import HelpdeskSight, Trouble
from unlost.doctor.timed_http import TimedHttp
from unlost.gowa.places import is_public, resolve_by_system

OUR_KIND = "WAID:"
"""Also what GOWA's own forwarder and other bridges write before WhatsApp's id."""
CONVERSATIONS_LOOKED_AT = 10


async def look_at_helpdesk(client: ChatwootClient, http: TimedHttp) -> HelpdeskSight:
    """At most 16 calls. Never raises for what the helpdesk answers or does not."""
    health = await tried(client.probe_host())
    if isinstance(health, Trouble):
        return HelpdeskSight(health=health, profile=health, inbox=health, clock_off_s=http.off_s)
    number = client.account.inbox_id
    profile = await tried(client.profile())
    inbox = await tried(client.inboxes.one(number))
    if isinstance(inbox, Trouble):
        return HelpdeskSight(health=health, profile=profile, inbox=inbox, clock_off_s=http.off_s)
    return HelpdeskSight(
        health=health,
        profile=profile,
        inbox=inbox,
        bot=await tried(client.inboxes.bot_of(number)),
        account_webhooks=await tried(client.inboxes.account_webhooks()),
        foreign=await tried(_foreign(client, number)),
        door_is_public=await _is_public(inbox.webhook_url),
        clock_off_s=http.off_s,
    )


async def _foreign(client: ChatwootClient, inbox: int) -> int:
    found = 0
    for conversation in (await client.inboxes.lately_active(inbox))[:CONVERSATIONS_LOOKED_AT]:
        found += foreign_among(await client.messages.newest(conversation))
    return found


def foreign_among(messages: tuple[Message, ...]) -> int:
    """How many carry our kind of source_id and not our key, after the first of ours: what stood before us is nobody's fault.

    A deleted message has lost its key; so has one whose Retry was pressed, which an agent cannot do for what came from WhatsApp.
    """
    ours = [message.id for message in messages if message.key]
    first = min(ours, default=None)
    return sum(
        first is not None
        and message.id > first
        and message.source_id.startswith(OUR_KIND)
        and not (message.key or message.deleted)
        for message in messages
    )


async def _is_public(url: str) -> bool | None:
    """Whether the host of *url* has a public address; a name without a dot is some network's own."""
    host = host_of(url)
    if not host:
        return None
    try:
        async with asyncio.timeout(5):
            addresses = await resolve_by_system(host, 443)
    except (OSError, socket.gaierror, TimeoutError, UnicodeError):
        return False if "." not in host else None
    return any(is_public(address) for address in addresses)
