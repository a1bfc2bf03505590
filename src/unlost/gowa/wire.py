"""One call to the gateway: its address, its credentials, its device, and what its answer or failure means."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote

import msgspec

from unlost.errors import Refused, UnlostError
from unlost.gowa import answers, errors
from unlost.transport import Answer, Call, Http, TransportFailed
from unlost.vocabulary.addresses import Address

T = TypeVar("T")
Decode = Callable[[msgspec.Raw], T]
Observe = Callable[[str, str], None]
"""Told of every call: its name and its outcome (`ok` or a cause)."""

DEVICE_HEADER = "x-device-id"
ANSWER_MAX_BYTES = 1024 * 1024
PAGE_MAX_BYTES = 32 * 1024 * 1024
"""A page of 100 messages of 65,536 characters each, escaped."""


def never(_answer: Answer) -> bool:
    """No failed answer is a fact."""
    return False


@dataclass(frozen=True, slots=True)
class Account:
    """Which gateway, and who we are there. *url* may carry a base path; *timeout_s* is the whole time of one call."""

    url: str
    username: str
    password: str
    device: Address | None
    timeout_s: float

    def at(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """The call's address. An `@` stays as it is: before v9.0.0 GOWA decodes none in a path."""
        pairs = "&".join(f"{name}={quote(value, safe='@:')}" for name, value in (query or {}).items())
        return self.url.rstrip("/") + path + (f"?{pairs}" if pairs else "")

    def credentials(self) -> dict[str, str]:
        """The header of basic auth, if there is any."""
        if not self.username:
            return {}
        packed = base64.b64encode(f"{self.username}:{self.password}".encode()).decode()
        return {"authorization": f"Basic {packed}"}


@dataclass(slots=True)
class Wire:
    """Asks, and names the failure.

    The device is named by its phone address, which v8.8.0 and later know and v5 to v7 do not look at; between, a gateway knows
    only the name it was given there, which is asked for once it objects.
    """

    http: Http
    account: Account
    observe: Observe
    _slot: str | None = field(default=None, init=False)

    async def ask(
        self,
        name: str,
        path: str,
        decode: Decode[T],
        query: Mapping[str, str] | None = None,
        *,
        answer_max_bytes: int = ANSWER_MAX_BYTES,
        timeout_s: float | None = None,
    ) -> T:
        """What the call answers, by default within the account's time-out. Raises TryLater, Refused or Blocked."""
        return self._read(name, await self._answer(name, path, query, answer_max_bytes, never, timeout_s), decode)

    async def ask_for_fact(
        self,
        name: str,
        path: str,
        decode: Decode[T],
        query: Mapping[str, str] | None = None,
        *,
        is_absent: Callable[[Answer], bool],
        answer_max_bytes: int = ANSWER_MAX_BYTES,
    ) -> T | None:
        """The same; None where the answer says that there is no such thing."""
        answer = await self._answer(name, path, query, answer_max_bytes, is_absent)
        if is_absent(answer):
            self.observe(name, "ok")
            return None
        return self._read(name, answer, decode)

    async def _answer(
        self,
        name: str,
        path: str,
        query: Mapping[str, str] | None,
        answer_max_bytes: int,
        is_absent: Callable[[Answer], bool],
        timeout_s: float | None = None,
    ) -> Answer:
        call_url = self.account.at(path, query)
        answer = await self._send(name, call_url, answer_max_bytes, self._device_header(), timeout_s)
        if errors.names_no_device(answer) and await self._found_slot(name):
            answer = await self._send(name, call_url, answer_max_bytes, self._device_header(), timeout_s)
        if 200 <= answer.status < 300 or (is_absent(answer) and not errors.names_no_device(answer)):
            return answer
        raise self._counted(name, errors.refused(name, answer))

    async def _send(
        self, name: str, url: str, answer_max_bytes: int, device: Mapping[str, str], timeout_s: float | None = None
    ) -> Answer:
        headers = {"accept": "application/json", **self.account.credentials(), **device}
        whole_s = self.account.timeout_s if timeout_s is None else timeout_s
        call = Call("GET", url, whole_s, headers=headers, answer_max_bytes=answer_max_bytes)
        try:
            return await self.http.send(call)
        except TransportFailed as failed:
            raise self._counted(name, errors.unanswered(name, failed)) from failed

    def _device_header(self) -> dict[str, str]:
        named = self._slot or self.account.device
        return {} if named is None else {DEVICE_HEADER: quote(named, safe="@:")}

    async def _found_slot(self, name: str) -> bool:
        """Whether the gateway keeps our device under a name that we have not tried."""
        device = self.account.device
        if device is None:
            return False
        answer = await self._send(name, self.account.at("/devices"), ANSWER_MAX_BYTES, {})
        if answer.status != 200:
            return False
        try:
            slot = answers.read_slot(answers.results_of(answer.body), device)
        except Refused:
            return False
        is_news = slot is not None and slot != (self._slot or device)
        self._slot = slot
        return is_news

    def _read(self, name: str, answer: Answer, decode: Decode[T]) -> T:
        try:
            value = decode(answers.results_of(answer.body))
        except Refused as error:
            raise self._counted(name, errors.unreadable(name, error)) from error
        self.observe(name, "ok")
        return value

    def _counted(self, name: str, error: UnlostError) -> UnlostError:
        self.observe(name, error.cause)
        return error
