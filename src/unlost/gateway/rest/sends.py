"""`/send/…`: messages of every kind, presence and typing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from unlost.gateway.addresses import PHONE_SERVER, server_of, user_of
from unlost.gateway.devices import LiveDevice
from unlost.gateway.engines.answers import Placed
from unlost.gateway.engines.outgoing import ContactCard, How, Poll, Target, Upload
from unlost.gateway.events import Content, Media, MediaKind, Text
from unlost.gateway.rest import uploads
from unlost.gateway.rest.answers import Refusal, answer, invalid, not_on_whatsapp
from unlost.gateway.rest.asking import ask
from unlost.gateway.rest.bodies import Fields, fields_of
from unlost.gateway.rest.counter import Counter
from unlost.gateway.rest.saying import Saying, say

Handler = Callable[[Request], Awaitable[Response]]
Said = tuple[Content, Callable[[How], Awaitable[Placed]]]
"""How chat storage keeps a message, and the call that sends it."""
Prepared = Callable[[LiveDevice, Fields, str], Awaitable[Said]]
NOT_STARTED = Refusal(503, "not_started", "the number could not be checked; nothing was sent, ask again")
DURATIONS = (0, 86_400, 604_800, 7_776_000)  # the vanishing times WhatsApp's own clients offer
OPTIONS_MOST = 12  # of a poll, in WhatsApp's clients
QUESTION_MAX, OPTION_MAX, NAME_MAX = 255, 100, 255


class Sending:
    """The calls that put a message into a chat."""

    def __init__(self, counter: Counter) -> None:
        self._counter = counter

    async def message(self, request: Request) -> Response:
        return await self._send(request, self._text)

    async def link(self, request: Request) -> Response:
        return await self._send(request, self._link)

    async def location(self, request: Request) -> Response:
        return await self._send(request, self._location)

    async def contact(self, request: Request) -> Response:
        return await self._send(request, self._contact)

    async def poll(self, request: Request) -> Response:
        return await self._send(request, self._poll)

    def media(self, kind: MediaKind) -> Handler:
        """The call that sends files of *kind*."""

        async def handler(request: Request) -> Response:
            return await self._send(request, lambda *told: self._media(kind, *told))

        return handler

    async def presence(self, request: Request) -> Response:
        fields, live = await fields_of(request), self._counter.device(request)
        told = fields.text("type", required=True)
        if told not in ("available", "unavailable"):
            raise invalid("type: must be available or unavailable.")
        await ask(live.engine.presence(available=told == "available"), self._counter.settings.call_wait_s)
        return answer("Send presence success", {"message_id": "presence", "status": f"Send presence success {told}"})

    async def chat_presence(self, request: Request) -> Response:
        fields, live = await fields_of(request), self._counter.device(request)
        chat, told = fields.address("phone"), fields.text("action", required=True)
        if told not in ("start", "stop"):
            raise invalid("action: must be start or stop.")
        composing = told == "start"
        await ask(live.engine.chat_presence(chat, composing=composing), self._counter.settings.call_wait_s)
        return answer("Send chat presence success", {"message_id": "chat-presence", "status": f"Chat presence: {told}"})

    async def _send(self, request: Request, prepared: Prepared) -> Response:
        fields, live = await fields_of(request), self._counter.device(request)

        async def prepare() -> Saying:
            chat = fields.address("phone")
            how = await self._how(live, fields, chat)
            content, perform = await prepared(live, fields, chat)
            await self._need_on_whatsapp(live, chat)
            words = f"Message sent to {chat}"
            return Saying(chat, words, content, lambda message_id: perform(_under(how, message_id)))

        return await say(self._counter, request, fields, prepare)

    async def _how(self, live: LiveDevice, fields: Fields, chat: str) -> How:
        expires_s = fields.number("duration", default=0, least=0, most=max(DURATIONS))
        if expires_s not in DURATIONS:
            raise invalid(f"duration: must be one of {', '.join(map(str, DURATIONS))}.")
        mentions = tuple(one for one in fields.texts("mentions") if one != "@everyone")
        named = tuple(Fields({"mentions": one}, {}).address("mentions") for one in mentions)
        quoted = await self._quoted(live, fields, chat)
        return How("", quoted, fields.flag("is_forwarded"), named, expires_s)

    async def _quoted(self, live: LiveDevice, fields: Fields, chat: str) -> Target | None:
        """The message answered; left out, with no word about it, where storage does not have it, as in GOWA (its page, 3.3)."""
        message_id = fields.text("reply_message_id", most=128)
        if not message_id or live.storage is None:
            return None
        return await self._counter.clerk.do(live.storage.target, message_id, chat)

    async def _need_on_whatsapp(self, live: LiveDevice, chat: str) -> None:
        """Groups, channels and LIDs are not asked for (GOWA page, 5). Whatever goes wrong here, nothing was sent yet."""
        if server_of(chat) != PHONE_SERVER:
            return
        try:
            known = await ask(live.engine.check(chat), self._counter.settings.call_wait_s)
        except Refusal as error:
            raise (NOT_STARTED if error.status in (503, 504) else error) from error
        if not known:
            raise not_on_whatsapp(chat)

    async def _text(self, live: LiveDevice, fields: Fields, chat: str) -> Said:
        text = fields.text("message", required=True)
        return Text(text), lambda final: live.engine.send_text(chat, text, final)

    async def _link(self, live: LiveDevice, fields: Fields, chat: str) -> Said:
        """The link and its caption as text: the page itself is not fetched, so one that is down does not stop the message."""
        link, caption = fields.text("link", required=True, most=4096), fields.text("caption")
        if not link.startswith(("http://", "https://")):
            raise invalid("link: must be a valid URL.")
        text = f"{caption}\n{link}" if caption else link
        return Text(f"🔗 {link}"), lambda final: live.engine.send_text(chat, text, final)

    async def _location(self, live: LiveDevice, fields: Fields, chat: str) -> Said:
        latitude, longitude = fields.degrees("latitude", 90), fields.degrees("longitude", 180)
        kept = Text(f"📍 {latitude}, {longitude}")
        return kept, lambda final: live.engine.send_location(chat, latitude, longitude, final)

    async def _contact(self, live: LiveDevice, fields: Fields, chat: str) -> Said:
        name, phone = fields.text("contact_name", required=True, most=NAME_MAX), fields.address("contact_phone")
        card = ContactCard(name, user_of(phone))
        return Text(f"👤 {name}"), lambda final: live.engine.send_contact(chat, card, final)

    async def _poll(self, live: LiveDevice, fields: Fields, chat: str) -> Said:
        question, options = fields.text("question", required=True, most=QUESTION_MAX), fields.texts("options")
        if not 2 <= len(options) <= OPTIONS_MOST or len(set(options)) != len(options):
            raise invalid(f"options: must be 2 to {OPTIONS_MOST}, each of them once.")
        if any(not option.strip() or len(option) > OPTION_MAX for option in options):
            raise invalid(f"options: each must have 1 to {OPTION_MAX} characters.")
        most = fields.number("max_answer", default=1, least=1, most=len(options))
        asked = Poll(question, options, most)
        return Text(f"📊 {question}"), lambda final: live.engine.send_poll(chat, asked, final)

    async def _media(self, kind: MediaKind, live: LiveDevice, fields: Fields, chat: str) -> Said:
        caption = fields.text("caption")
        taken = await uploads.take(fields, kind, self._counter.settings.media_folder)
        file = Upload(
            kind,
            str(taken.path),
            taken.mime_type,
            taken.size_bytes,
            filename=taken.filename if kind is MediaKind.DOCUMENT else "",
            caption=caption,
            view_once=fields.flag("view_once"),
            voice=fields.flag("ptt"),
            gif=fields.flag("gif_playback"),
        )
        return _kept(file), lambda final: live.engine.send_media(chat, file, final)


def _under(how: How, message_id: str) -> How:
    return How(message_id, how.quoted, how.forwarded, how.mentions, how.expires_s)


def _kept(file: Upload) -> Media:
    path = f"statics/media/{Path(file.path).name}"
    return Media(
        file.kind,
        file.mime_type,
        path=path,
        caption=file.caption,
        filename=file.filename,
        size_bytes=file.size_bytes,
    )
