"""`/message/{id}/…`: what is done to a message that stands: reaction, edit, revoke, read, star, and its file."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from unlost.gateway.addresses import is_group, user_of
from unlost.gateway.devices import LiveDevice
from unlost.gateway.engines.outgoing import Target
from unlost.gateway.events import Edit, Reaction, Revoke
from unlost.gateway.media_files import ENDINGS
from unlost.gateway.population import storage_reading
from unlost.gateway.population.storage_reading import StoredMessage
from unlost.gateway.rest import query
from unlost.gateway.rest.answers import Refusal, answer, invalid, plain_error
from unlost.gateway.rest.asking import ask
from unlost.gateway.rest.bodies import Fields, fields_of
from unlost.gateway.rest.breaking import fail_if_told
from unlost.gateway.rest.counter import Counter
from unlost.gateway.rest.saying import Saying, say
from unlost.gateway.rest.statics import downloaded_name

EMOJI_MAX = 64  # a family of skin tones has some 40


class Messages:
    """The calls about one message."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def reaction(self, request: Request) -> Response:
        fields, message_id = await fields_of(request), query.message_id(request)

        async def prepare() -> Saying:
            emoji, live = fields.text("emoji", most=EMOJI_MAX), self._counter.device(request)
            target = await self._target(live, fields, message_id)
            words = f"Reaction sent to {target.chat}"
            return Saying(
                target.chat,
                words,
                Reaction(target.id, emoji),
                lambda own: live.engine.send_reaction(target, emoji, own),
            )

        return await say(self._counter, request, fields, prepare)

    async def update(self, request: Request) -> Response:
        fields, message_id = await fields_of(request), query.message_id(request)

        async def prepare() -> Saying:
            text, live = fields.text("message", required=True), self._counter.device(request)
            target = await self._target(live, fields, message_id, own=True)
            if not target.from_me:
                raise invalid("message_id: only a message of the account's own can be edited.")
            words = f"Update message to {target.chat}"
            return Saying(target.chat, words, Edit(target.id, text), lambda own: live.engine.edit(target, text, own))

        return await say(self._counter, request, fields, prepare)

    async def revoke(self, request: Request) -> Response:
        fields, message_id = await fields_of(request), query.message_id(request)

        async def prepare() -> Saying:
            live = self._counter.device(request)
            target = await self._target(live, fields, message_id, own=True)
            words = f"Revoke message to {target.chat}"
            return Saying(target.chat, words, Revoke(target.id), lambda own: live.engine.revoke(target, own))

        return await say(self._counter, request, fields, prepare)

    async def delete(self, request: Request) -> Response:
        live, target = await self._asked(request)
        await ask(live.engine.delete_for_me(target), self._counter.settings.call_wait_s)
        return _done(target, "Message deleted")

    async def read(self, request: Request) -> Response:
        """In groups the author is named, so that the receipt counts there too, unlike GOWA's (its page, 3.2)."""
        live, target = await self._asked(request)
        await ask(live.engine.mark_read(target), self._counter.settings.call_wait_s)
        return _done(target, "Message marked as read")

    async def star(self, request: Request) -> Response:
        return await self._starred(request, starred=True)

    async def unstar(self, request: Request) -> Response:
        return await self._starred(request, starred=False)

    async def download(self, request: Request) -> Response:
        """Fetch a message's file from WhatsApp again; it then lies under the path that is told."""
        message_id = query.message_id(request)
        await self._counter.faults.while_files_hang()
        fail_if_told(self._counter.faults)
        chat, (storage, device) = query.address(request, "phone"), self._counter.storage(request)
        stored = await self._counter.clerk.do(storage_reading.message, storage.connection, device.jid, message_id)
        if stored is None or stored.media_type not in ENDINGS:
            raise plain_error(f"message with ID {message_id} not found")
        base_url = f"{request.url.scheme}://{request.url.netloc}"
        return answer("Success download media", await self._downloaded(request, stored, chat, base_url))

    async def _downloaded(self, request: Request, stored: StoredMessage, chat: str, base_url: str) -> dict[str, object]:
        name = downloaded_name(stored)
        path = f"{user_of(chat)}/{stored.timestamp[:10]}/{name}"
        target = Target(stored.id, stored.chat_jid, stored.sender_jid, stored.is_from_me)
        into = self._counter.settings.media_folder / path
        live = self._counter.device(request)
        fetched = await ask(live.engine.download(target, into), self._counter.settings.send_wait_s)
        return {
            "message_id": stored.id,
            "status": "Media downloaded successfully",
            "media_type": stored.media_type,
            "filename": stored.filename or name,
            "file_path": f"statics/media/{path}",
            "file_url": f"{base_url}/statics/media/{path}",
            "file_size": fetched.size_bytes,
        }

    async def _starred(self, request: Request, *, starred: bool) -> Response:
        live, target = await self._asked(request)
        await ask(live.engine.star(target, starred=starred), self._counter.settings.call_wait_s)
        return answer("Message starred" if starred else "Message unstarred")

    async def _asked(self, request: Request) -> tuple[LiveDevice, Target]:
        fields, live = await fields_of(request), self._counter.device(request)
        return live, await self._target(live, fields, query.message_id(request))

    async def _target(self, live: LiveDevice, fields: Fields, message_id: str, *, own: bool = False) -> Target:
        """The message as storage has it. What storage keeps no row of (a poll) is the chat's own, or ours where *own*.

        Raises Refusal where a group's message is not there: who wrote it is part of its name.
        """
        chat = fields.address("phone")
        if live.storage is not None:
            stored = await self._counter.clerk.do(live.storage.target, message_id, chat)
            if stored is not None:
                return stored
        if is_group(chat) and not own:
            raise Refusal(404, "NOT_FOUND", f"message with ID {message_id} not found")
        return Target(message_id, chat, live.jid if own else chat, own)


def _done(target: Target, words: str) -> Response:
    return answer(words, {"message_id": target.id, "status": words})
