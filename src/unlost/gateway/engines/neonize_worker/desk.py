"""Takes calls from the gateway, works each on a thread of its kind, and answers."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import msgspec

from unlost.gateway.engines import verbs
from unlost.gateway.engines.calls import BEGUN_WITHIN, EngineFailure
from unlost.gateway.engines.frames import Call, Failure, FailureKind, Reply
from unlost.gateway.engines.neonize_worker.account import Account
from unlost.gateway.engines.neonize_worker.asking import Asking
from unlost.gateway.engines.neonize_worker.failures import failure_of, invalid, send_failure_of
from unlost.gateway.engines.neonize_worker.files import Files
from unlost.gateway.engines.neonize_worker.gate import Gate
from unlost.gateway.engines.neonize_worker.sending import Sending
from unlost.gateway.engines.neonize_worker.session import Session
from unlost.gateway.engines.verbs import SENDS, Verb

WITHOUT_LOGIN = frozenset({Verb.PAIR_CODE})
LOOK_UPS_MOST = 8
"""The engine waits 75 s for WhatsApp, the gateway 5 or 10: what nobody waits for any more must not stand before the next one."""
ALL = tuple(verb.value for verb in Verb)


class Desk:
    """*answer* sends a reply. Sends go one at a time; look-ups, whose pace is the gateway's, and downloads beside them."""

    def __init__(
        self,
        session: Session,
        gate: Gate,
        asking: Asking,
        sending: Sending,
        files: Files,
        account: Account,
        answer: Callable[[Reply], None],
    ) -> None:
        self._session = session
        self._gate = gate
        self._sending = sending
        self._answer = answer
        self._sends = ThreadPoolExecutor(1, "send")
        self._look_ups = ThreadPoolExecutor(LOOK_UPS_MOST, "ask")
        self._downloads = ThreadPoolExecutor(2, "file")
        self._doers: dict[Verb, tuple[Any, Callable[[Any], Any]]] = {
            Verb.USER_INFO: (verbs.Who, asking.user_info),
            Verb.AVATAR: (verbs.PictureAsked, asking.avatar),
            Verb.CHECK: (verbs.Numbers, asking.check),
            Verb.GROUP_INFO: (verbs.Who, asking.group_info),
            Verb.GROUPS: (verbs.Nothing, asking.groups),
            Verb.RESOLVE: (verbs.Who, asking.resolve),
            Verb.SEND_TEXT: (verbs.SendText, sending.send_text),
            Verb.SEND_MEDIA: (verbs.SendMedia, files.send_media),
            Verb.SEND_PLACE: (verbs.SendPlace, sending.send_place),
            Verb.SEND_CARDS: (verbs.SendCards, sending.send_cards),
            Verb.SEND_POLL: (verbs.SendPoll, sending.send_poll),
            Verb.SEND_REACTION: (verbs.React, sending.send_reaction),
            Verb.EDIT: (verbs.EditText, sending.edit),
            Verb.REVOKE: (verbs.Revoke, sending.revoke),
            Verb.MARK_READ: (verbs.MarkRead, sending.mark_read),
            Verb.PRESENCE: (verbs.SetPresence, sending.presence),
            Verb.CHAT_PRESENCE: (verbs.SetChatPresence, sending.chat_presence),
            Verb.DOWNLOAD: (verbs.Download, files.download),
            Verb.LOGOUT: (verbs.Nothing, account.logout),
            Verb.PAIR_CODE: (verbs.Phone, account.pair_code),
        }

    def take(self, call: Call) -> None:
        """Work *call* on its thread; returns at once."""
        try:
            verb = Verb(call.verb)
        except ValueError:
            self._answer(Reply(call.id, error=Failure(FailureKind.NOT_SUPPORTED, f"no such verb: {call.verb[:40]}")))
            return
        if verb in SENDS:
            self._queue(verb, call)
            return
        pool = self._downloads if verb is Verb.DOWNLOAD else self._look_ups
        pool.submit(self._work, verb, call)

    def _queue(self, verb: Verb, call: Call) -> None:
        """A send that stands too long behind others is given back while its caller can still hear that nothing was done."""
        if not call.until:
            self._sends.submit(self._work, verb, call)
            return
        begins_s = max(0.0, call.until - time.monotonic()) * BEGUN_WITHIN
        waiting = self._sends.submit(self._work, verb, call)
        giving_back = threading.Timer(begins_s, self._give_back_unless_begun, (waiting, call))
        giving_back.daemon = True
        waiting.add_done_callback(lambda _: giving_back.cancel())
        giving_back.start()

    def _give_back_unless_begun(self, waiting: Future[None], call: Call) -> None:
        if waiting.cancel():
            failure = Failure(FailureKind.NOT_STARTED, "other sends took too long before this one")
            self._answer(Reply(call.id, error=failure))

    def _work(self, verb: Verb, call: Call) -> None:
        try:
            reply = Reply(call.id, msgspec.Raw(msgspec.json.encode(self._done(verb, call))))
        except Exception as error:  # noqa: BLE001 - the top of a call: whatever it was, its caller is told
            failure = failure_of(error)
            reply = Reply(call.id, error=Failure(failure.kind, failure.text))
        self._answer(reply)

    def _done(self, verb: Verb, call: Call) -> object:
        shape, do = self._doers[verb]
        try:
            asked = msgspec.json.decode(call.args, type=shape)
        except msgspec.DecodeError as error:
            raise invalid(str(error)) from error
        if verb not in WITHOUT_LOGIN:
            self._session.need_login()
        if verb not in SENDS:
            return do(asked)
        if getattr(asked, "id", ""):
            raise EngineFailure(FailureKind.NOT_SUPPORTED, "neonize takes no id of our choosing")
        self._gate.sends_for(call.key)
        self._sending.until = call.until or math.inf
        try:
            return do(asked)
        except Exception as error:
            raise send_failure_of(error, left=self._gate.has_left()) from error
        finally:
            self._gate.sent()
