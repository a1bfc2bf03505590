"""One marked message through the whole way: our own door, journal, lane, helpdesk, and the helpdesk's webhook back to us.

Its contact is made by ourselves, so that the bridge has no reason to ask WhatsApp who that is: nobody. The gateway's leg cannot be gone by us: only somebody who writes to the number makes GOWA tell. What is posted at the door is the
body that GOWA would post, twice, as it may; so this proves that a copy does not stand twice, too.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from unlost.chatwoot.client import ChatwootClient
from unlost.clock import Clock
from unlost.doctor.findings import Finding, note, ok, warning, wrong
from unlost.doctor.look_at_bridge import OwnBridge
from unlost.errors import UnlostError
from unlost.settings.values import Channel
from unlost.transport import TransportFailed
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.ids import ConversationId, HelpdeskMessageId

CHAT = Address("12025550123@s.whatsapp.net")
"""+1 202 555 0100 to 0199 are kept for fiction: nobody's number."""
NAME = "unlost doctor (test)"
DELIVERED_WITHIN_S = 60.0
"""Three times what a start holds back, and a doubt or two."""
TOLD_BACK_WITHIN_S = 20.0
"""Chatwoot's queue may lag; its webhook itself ends after 5 s."""
LOOK_EVERY_S = 0.5
LEFT = (
    f"left behind: the contact “{NAME}” (+1 202 555 0123, nobody's number) and its one conversation, resolved; the next round trip goes on "
    "in it. Delete the contact in the helpdesk to be rid of both. In the journal the entry stays as long as any other"
)


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """*mark* is new for each: WhatsApp's id of the message."""

    channel: Channel
    bridge: OwnBridge
    helpdesk: ChatwootClient
    clock: Clock
    mark: str

    async def go(self) -> AsyncGenerator[Finding, None]:
        """A finding for each leg, as it is gone; ends at the first that fails."""
        if trouble := await self._contact_there():
            yield trouble
            return
        began = self.clock.monotonic()
        at_door = await self._knock()
        yield at_door
        if at_door.cure:
            return
        where = await self._delivered(began)
        if isinstance(where, Finding):
            yield where
            return
        conversation, message = where
        took_s = self.clock.monotonic() - began
        yield ok("roundtrip.delivered", f"it stood in conversation {conversation} after {took_s:.1f} s")
        yield await self._once(conversation)
        yield await self._told_back(conversation, message)
        yield await self._resolved(conversation)

    async def _contact_there(self) -> Finding | None:
        """Make its contact first: about somebody the helpdesk knows the bridge asks WhatsApp nothing."""
        contacts = self.helpdesk.contacts
        try:
            if await contacts.by_source(CHAT) is None:
                await contacts.create(source_id=CHAT, identifier=CHAT, name=NAME, phone="")
        except UnlostError as error:
            cure = "look above, at what the helpdesk's section says"
            return wrong(
                "roundtrip.contact", f"the helpdesk does not let us make the test's contact ({error.cause})", cure
            )
        return None

    async def _knock(self) -> Finding:
        code, path = "roundtrip.door", f"/webhooks/gateway/{self.channel.name}"
        body = body_of(self.mark, self.channel.gateway.device, self.clock.now())
        headers = {"content-type": "application/json", **self._signed(body)}
        try:
            statuses = [await self.bridge.knock(path, body, headers) for _ in range(2)]
        except TransportFailed:
            return wrong(code, f"no bridge answers at {self.bridge.url}", "`unlost serve`, then ask again")
        refused = next((status for status in statuses if not 200 <= status < 300), None)
        if refused is None:
            return ok(code, "the door took a signed message, and a copy of it")
        cures = {
            401: "the bridge runs with another webhook_secret than the settings have: restart it",
            404: "the bridge runs without this channel: restart it",
            503: "it cannot write its journal: the disk first",
        }
        return wrong(code, f"the door answered {refused}", cures.get(refused, "look at the bridge's log"))

    def _signed(self, body: bytes) -> dict[str, str]:
        secret = self.channel.gateway.webhook_secret
        if secret is None:
            return {}
        return {"x-hub-signature-256": "sha256=" + hmac.new(secret.reveal().encode(), body, hashlib.sha256).hexdigest()}

    async def _delivered(self, began: float) -> tuple[ConversationId, HelpdeskMessageId] | Finding:
        code, cure = "roundtrip.delivered", f"`unlost trace {self.mark}` and `unlost status` tell more"
        last = "nothing is known of it"
        while self.clock.monotonic() - began < DELIVERED_WITHIN_S:
            try:
                traced = await self.bridge.trace(f"WAID:{self.mark}")
            except TransportFailed:
                return wrong(code, "the bridge went away on the way", "look at its log")
            if traced is None:
                return wrong(
                    code,
                    "the bridge does not let us ask what became of it",
                    "is [console] password the one it runs with?",
                )
            for entry in traced["entries"]:
                if stood := standing_of(entry):
                    return stood
                last = said_of(entry)
                if entry["state"] == "dead":
                    return wrong(code, last, cure)
            await asyncio.sleep(LOOK_EVERY_S)
        return wrong(code, f"not in the helpdesk after {DELIVERED_WITHIN_S:.0f} s: {last}", cure)

    async def _once(self, conversation: ConversationId) -> Finding:
        code = "roundtrip.once"
        try:
            found = await self.helpdesk.messages.newest(conversation)
        except UnlostError as error:
            return wrong(code, f"the helpdesk does not show the conversation ({error.cause})", "look at the helpdesk")
        count = sum(message.source_id == f"WAID:{self.mark}" for message in found)
        if count == 1:
            return ok(code, "it stands there once, though it was told twice")
        return wrong(code, f"it stands there {count} times", "tell us: this must not be")

    async def _told_back(self, conversation: ConversationId, message: HelpdeskMessageId) -> Finding:
        """Chatwoot tells us of our own message, and marks it failed where that does not arrive (contract page 3.4)."""
        code, ends_at = "roundtrip.told_back", self.clock.monotonic() + TOLD_BACK_WITHIN_S
        cure = "the inbox's webhook URL and secret, and SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true from Chatwoot 4.14.1 on"
        try:
            while self.clock.monotonic() < ends_at:
                traced = await self.bridge.trace(f"WAID:{message}")  # under its own id the helpdesk's webhook is kept
                if traced is not None and told_by_helpdesk(traced):
                    return ok(code, "the helpdesk's webhook came back to us")
                (stands,) = await self.helpdesk.messages.read_back(conversation, [message]) or (None,)
                if stands is not None and stands.status == "failed":
                    return wrong(
                        code, "the helpdesk's webhook did not reach us, and the message is marked failed", cure
                    )
                await asyncio.sleep(LOOK_EVERY_S)
        except (UnlostError, TransportFailed) as error:
            return wrong(code, f"could not be seen ({error.cause})", "look at the helpdesk and at the bridge")
        return warning(code, f"no webhook of the helpdesk came back within {TOLD_BACK_WITHIN_S:.0f} s", cure)

    async def _resolved(self, conversation: ConversationId) -> Finding:
        try:
            await self.helpdesk.conversations.set_status(conversation, "resolved")
        except UnlostError as error:
            return warning("roundtrip.left", f"{LEFT}. It could not be resolved ({error.cause})", "resolve it by hand")
        return note("roundtrip.left", LEFT)


def body_of(mark: str, device: Address | None, now: float) -> bytes:
    """A text as GOWA 9 tells it (GOWA page 1.4)."""
    payload = {
        "body": f"unlost doctor: a test message, {mark}. Nobody wrote it and nobody needs to answer; it is resolved by itself.",
        "chat_id": CHAT,
        "from": CHAT,
        "from_name": NAME,
        "id": mark,
        "is_from_me": False,
        "timestamp": datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    told: dict[str, Any] = {"event": "message", "payload": payload}
    return json.dumps(told if device is None else {"device_id": device} | told).encode()


def standing_of(entry: dict[str, Any]) -> tuple[ConversationId, HelpdeskMessageId] | None:
    """Where an entry of the operator API's stands in the helpdesk; None while it does not."""
    links = entry["helpdesk_messages"] if entry["verdict"] == "delivered" else []
    return next(((ConversationId(link["conversation"]), HelpdeskMessageId(link["message"])) for link in links), None)


def said_of(entry: dict[str, Any]) -> str:
    """How far it came, and the class of its last failure."""
    failures = entry["failures"]
    return f"it is {entry['state']}" + (f", last failure: {failures[-1]['cause']}" if failures else "")


def told_by_helpdesk(traced: dict[str, Any]) -> bool:
    """Whether a webhook of the helpdesk is among these entries."""
    return any(entry["source"] == "helpdesk" for entry in traced["entries"])
