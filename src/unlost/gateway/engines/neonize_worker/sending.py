"""Sends: one at a time, each under its intent's key. WhatsApp's id is the engine's choice; the gate writes it down."""

from __future__ import annotations

import math
import time
from typing import Any

from unlost.gateway.addresses import PHONE_SERVER, server_of, without_device
from unlost.gateway.engines import verbs
from unlost.gateway.engines.answers import Placed
from unlost.gateway.engines.calls import EngineFailure
from unlost.gateway.engines.frames import FailureKind
from unlost.gateway.engines.neonize_worker.failures import invalid
from unlost.gateway.engines.neonize_worker.jids import jid_of
from unlost.gateway.engines.neonize_worker.library import Library, Proto
from unlost.gateway.engines.neonize_worker.times import time_of

OPTIONS_MAX = 12  # WhatsApp's own limit for a poll


class Sending:
    """Calls of a client that is logged in. *until*: when the caller of the send in hand gives up, on the monotonic clock."""

    def __init__(self, library: Library, client: Any) -> None:
        self._library = library
        self._client = client
        self._messages = library.messages
        self.until = math.inf

    def send_text(self, asked: verbs.SendText) -> Placed:
        context = self.context(asked.quote, asked.mentions, asked.expires_s, asked.forwarded)
        if context is None:
            return self.send(asked.to, self._messages.Message(conversation=asked.text))
        text = self._messages.ExtendedTextMessage(text=asked.text, contextInfo=context)
        return self.send(asked.to, self._messages.Message(extendedTextMessage=text))

    def send_place(self, asked: verbs.SendPlace) -> Placed:
        place = self._messages.LocationMessage(
            degreesLatitude=asked.latitude,
            degreesLongitude=asked.longitude,
            name=asked.name or None,
            address=asked.address or None,
            contextInfo=self.context(asked.quote),
        )
        return self.send(asked.to, self._messages.Message(locationMessage=place))

    def send_cards(self, asked: verbs.SendCards) -> Placed:
        if not asked.cards:
            raise invalid("no card")
        cards = [self._messages.ContactMessage(displayName=one.name, vcard=one.vcard) for one in asked.cards]
        context = self.context(asked.quote)
        if len(cards) == 1:
            if context is not None:
                cards[0].contextInfo.MergeFrom(context)
            return self.send(asked.to, self._messages.Message(contactMessage=cards[0]))
        names = ", ".join(one.name for one in asked.cards)
        several = self._messages.ContactsArrayMessage(displayName=names, contacts=cards, contextInfo=context)
        return self.send(asked.to, self._messages.Message(contactsArrayMessage=several))

    def send_poll(self, asked: verbs.SendPoll) -> Placed:
        options = list(dict.fromkeys(asked.options))
        if not 2 <= len(options) <= OPTIONS_MAX or len(options) != len(asked.options):
            raise invalid(f"2 to {OPTIONS_MAX} different options")
        vote = self._library.words.VoteType.SINGLE if asked.selectable == 1 else self._library.words.VoteType.MULTIPLE
        return self.send(asked.to, self._client.build_poll_vote_creation(asked.question, options, vote))

    def send_reaction(self, asked: verbs.React) -> Placed:
        reaction = self._messages.ReactionMessage(
            key=self.key(asked.chat, asked.target, asked.sender, from_me=asked.from_me),
            text=asked.emoji,
            senderTimestampMS=int(time.time() * 1000),
        )
        return self.send(asked.chat, self._messages.Message(reactionMessage=reaction))

    def edit(self, asked: verbs.EditText) -> Placed:
        change = self._messages.ProtocolMessage(
            key=self.key(asked.chat, asked.target, "", from_me=True),
            type=self._messages.ProtocolMessage.MESSAGE_EDIT,
            editedMessage=self._messages.Message(conversation=asked.text),
            timestampMS=int(time.time() * 1000),
        )
        inner = self._messages.Message(protocolMessage=change)
        wrapped = self._messages.FutureProofMessage(message=inner)
        return self.send(asked.chat, self._messages.Message(editedMessage=wrapped))

    def revoke(self, asked: verbs.Revoke) -> Placed:
        change = self._messages.ProtocolMessage(
            key=self.key(asked.chat, asked.target, asked.sender, from_me=not asked.sender),
            type=self._messages.ProtocolMessage.REVOKE,
        )
        return self.send(asked.chat, self._messages.Message(protocolMessage=change))

    def mark_read(self, asked: verbs.MarkRead) -> verbs.Nothing:
        if not asked.ids or any(not one or " " in one for one in asked.ids):
            raise invalid("ids, without spaces")
        kinds = self._library.words.ReceiptType
        chat, sender = jid_of(self._library, asked.chat), jid_of(self._library, asked.sender or asked.chat)
        receipt = kinds.PLAYED if asked.played else kinds.READ
        self._client.mark_read(*asked.ids, chat=chat, sender=sender, receipt=receipt)
        return verbs.Nothing()

    def presence(self, asked: verbs.SetPresence) -> verbs.Nothing:
        kinds = self._library.words.Presence
        self._client.send_presence(kinds.AVAILABLE if asked.available else kinds.UNAVAILABLE)
        return verbs.Nothing()

    def chat_presence(self, asked: verbs.SetChatPresence) -> verbs.Nothing:
        states, media = self._library.words.ChatPresence, self._library.words.ChatPresenceMedia
        self._client.send_chat_presence(
            jid_of(self._library, asked.chat),
            states.CHAT_PRESENCE_COMPOSING if asked.composing else states.CHAT_PRESENCE_PAUSED,
            media.CHAT_PRESENCE_MEDIA_AUDIO if asked.audio else media.CHAT_PRESENCE_MEDIA_TEXT,
        )
        return verbs.Nothing()

    def send(self, to: str, message: Proto) -> Placed:
        """Hand *message* to WhatsApp and wait until it took it; not where nobody waits for it any more, after a long upload."""
        if time.monotonic() >= self.until:
            raise EngineFailure(FailureKind.NOT_STARTED, "nobody waits for this send any more")
        sent = self._client.send_message(jid_of(self._library, without_device(to)), message)
        return Placed(sent.ID, time_of(int(sent.Timestamp)))

    def context(
        self,
        quote: verbs.Quoted | None,
        mentions: tuple[str, ...] = (),
        expires_s: int = 0,
        forwarded: bool = False,
    ) -> Proto | None:
        """What a message says about others, or None if it says nothing."""
        if quote is None and not mentions and not expires_s and not forwarded:
            return None
        context = self._messages.ContextInfo(mentionedJID=list(mentions), expiration=expires_s or None)
        if forwarded:
            context.isForwarded, context.forwardingScore = True, 1
        if quote is not None:
            context.stanzaID, context.participant = quote.id, without_device(quote.sender)
            context.quotedMessage.MergeFrom(self._messages.Message(conversation=quote.text))
        return context

    def key(self, chat: str, target: str, sender: str, *, from_me: bool) -> Proto:
        """The name of an existing message."""
        key = self._library.keys.MessageKey(remoteJID=without_device(chat), fromMe=from_me, ID=target)
        if not from_me and server_of(chat) != PHONE_SERVER and sender:
            key.participant = without_device(sender)
        return key
