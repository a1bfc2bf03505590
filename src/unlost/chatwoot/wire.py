"""One call to Chatwoot's application API: its address, its token, its pace, and what its answer or failure means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

import msgspec

from unlost.chatwoot import errors
from unlost.chatwoot.text import encoded
from unlost.errors import TryLater, UnlostError
from unlost.transport import Answer, Call, Http, TransportFailed, Upload

T = TypeVar("T")
Translate = Callable[[str, Answer], UnlostError]
Observe = Callable[[str, str], None]
"""Told of every call: its name and its outcome (`ok` or a cause)."""

TOKEN_HEADER = "api-access-token"  # noqa: S105  # a header's name; Rack reads it as api_access_token, and no proxy drops it
NO_FIELDS: Mapping[str, str] = MappingProxyType({})
ANSWER_BYTES_MAX = 16 * 1024 * 1024
LIST_BYTES_MAX = 64 * 1024 * 1024
"""A page of 100 messages of 150 000 characters is no accident in a group of bots; more than this is not worth the memory."""


class Turns(Protocol):
    """One channel's place at the helpdesk's host. See `turns`."""

    async def wait_turn(self) -> None:
        """Return when one request may be sent. Raises TryLater where that takes long."""
        ...

    async def wait_room(self, conversation: int) -> None:
        """Return when one post may be sent to *conversation*. Raises TryLater (flood) where that takes long."""
        ...

    def check_open(self, conversation: int) -> None:
        """Raises TryLater (flood) where the helpdesk takes nothing for *conversation* now."""
        ...

    def told_too_many(self) -> None:
        """The host answered 429."""
        ...

    def told_flooded(self, conversation: int) -> None:
        """The helpdesk answered "too many messages" for *conversation*."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """Which helpdesk, and who we are there. *url* without a trailing slash; *call_timeout_s* is the whole time of one call, *upload_timeout_s* of a post with files."""

    url: str
    account_id: int
    inbox_id: int
    token: str
    call_timeout_s: float
    upload_timeout_s: float


@dataclass(frozen=True, slots=True)
class Wire:
    """Sends calls and names their failures. A call that is safe to repeat waits for its turn here; a once-only call does not.

    For a once-only call the lanes await `turns.wait_turn()`, for a post `wait_room()` too, before they write the step down as begun:
    a wait between the two would eat the lease.
    """

    http: Http
    account: Account
    turns: Turns
    observe: Observe

    def path(self, rest: str) -> str:
        """The account's part of the API."""
        return f"/api/v1/accounts/{self.account.account_id}/{rest}"

    async def ask(
        self,
        name: str,
        method: str,
        path: str,
        decode: Callable[[bytes], T],
        body: Mapping[str, Any] | None = None,
        *,
        uploads: tuple[Upload, ...] = (),
        answer_max_bytes: int = ANSWER_BYTES_MAX,
    ) -> T:
        """A call that is safe to repeat. Raises TryLater or Refused."""
        await self.turns.wait_turn()
        call = self._call(method, path, body, uploads, answer_max_bytes)
        try:
            answer = await self._send(name, call, errors.refused)
        except TransportFailed as failed:
            raise self._counted(name, errors.unanswered(name, failed)) from failed
        try:
            return self._read(name, answer, decode)
        except NotChatwoot as error:
            raise self._counted(name, errors.unreadable(name, error)) from error

    async def do(
        self,
        name: str,
        method: str,
        path: str,
        decode: Callable[[bytes], T],
        body: Mapping[str, Any] | None = None,
        *,
        uploads: tuple[Upload, ...] = (),
        fields: Mapping[str, str] = NO_FIELDS,
        translate: Translate = errors.refused_once,
    ) -> T:
        """A once-only call, with the account's whole time-out. Raises TryLater (nothing was done), Refused or Unsure."""
        call = self._call(method, path, body, uploads, ANSWER_BYTES_MAX, fields)
        try:
            answer = await self._send(name, call, translate)
        except TransportFailed as failed:
            raise self._counted(name, errors.unanswered_once(name, failed)) from failed
        try:
            return self._read(name, answer, decode)
        except NotChatwoot as error:
            raise self._counted(name, errors.unreadable_once(name, error)) from error

    def _call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        uploads: tuple[Upload, ...],
        answer_max_bytes: int,
        fields: Mapping[str, str] = NO_FIELDS,
    ) -> Call:
        return Call(
            method,
            self.account.url.rstrip("/") + path,
            self.account.upload_timeout_s if fields else self.account.call_timeout_s,
            headers={TOKEN_HEADER: self.account.token, "accept": "application/json"},
            json=None if body is None else encoded(body),
            uploads=uploads,
            fields=fields,
            answer_max_bytes=answer_max_bytes,
        )

    async def _send(self, name: str, call: Call, translate: Translate) -> Answer:
        answer = await self.http.send(call)
        if 200 <= answer.status < 300:
            return answer
        error = translate(name, answer)
        if isinstance(error, TryLater) and error.cause == "rate_limited":
            self.turns.told_too_many()
        raise self._counted(name, error)

    def _read(self, name: str, answer: Answer, decode: Callable[[bytes], T]) -> T:
        try:
            value = decode(answer.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise NotChatwoot(type(error).__name__) from None
        self.observe(name, "ok")
        return value

    def _counted(self, name: str, error: UnlostError) -> UnlostError:
        self.observe(name, error.cause)
        return error


class NotChatwoot(Exception):
    """A 2xx whose body is not what Chatwoot answers there. Its text is a class name: never the body's words."""
