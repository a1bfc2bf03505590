"""Who is logged in: a signed cookie, so that a restart of the bridge, or a second bridge, asks nobody again."""

import asyncio
import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from dataclasses import dataclass, field

import msgspec

COOKIE = "unlost_session"
COOKIE_MAX_CHARS = 1024
LASTS_S = 7 * 86_400  # a phone in a pocket: asked again once a week
WHO_MAX_CHARS = 60
ENDED_MAX = 10_000  # sessions that were logged out, remembered until they would have ended by themselves
SALT = b"unlost console session 1"
SCRYPT = {
    "n": 2**14,
    "r": 8,
    "p": 1,
    "dklen": 32,
}  # 16 MiB and some 50 ms a guess for whoever steals a cookie (OWASP, 2024)


class Session(msgspec.Struct, frozen=True, array_like=True):
    """*is_in*: the password was told. *nonce* makes its token; *ends_at* in epoch seconds."""

    who: str
    nonce: str
    ends_at: int
    is_in: bool


@dataclass(slots=True)
class Sessions:
    """Writes and reads cookies. With an empty *password* the key lives as long as the process.

    The key is drawn from the password: another password ends every session.
    """

    password: str
    _key: bytes | None = None
    _ended: OrderedDict[str, int] = field(default_factory=OrderedDict)

    async def ready(self) -> None:
        """Must have returned once before anything else is asked; costs its time off the loop."""
        if self._key is None:
            self._key = await asyncio.to_thread(_key_of, self.password)

    def begin(self, who: str, now: float, *, is_in: bool) -> Session:
        """A new one. *who* is bounded here."""
        return Session(who[:WHO_MAX_CHARS], secrets.token_urlsafe(16), int(now) + LASTS_S, is_in)

    def cookie(self, session: Session) -> str:
        """Its cookie's value."""
        payload = urlsafe_b64encode(msgspec.json.encode(session)).decode().rstrip("=")
        return f"{payload}.{self._signed('session', payload)}"

    def read(self, cookie: str, now: float) -> Session | None:
        """The session of a cookie that we wrote and that has not ended."""
        payload, _, signature = cookie.partition(".")
        if len(cookie) > COOKIE_MAX_CHARS or not cookie.isascii():
            return None
        if not hmac.compare_digest(signature, self._signed("session", payload)):
            return None
        session = msgspec.json.decode(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)), type=Session)
        return None if session.ends_at <= now or session.nonce in self._ended else session

    def end(self, session: Session, now: float) -> None:
        """Logged out: its cookie is no longer read by this process."""
        self._ended[session.nonce] = session.ends_at
        for nonce in [nonce for nonce, ends_at in self._ended.items() if ends_at <= now]:
            del self._ended[nonce]
        while len(self._ended) > ENDED_MAX:
            self._ended.popitem(last=False)

    def token(self, session: Session) -> str:
        """What every changing request must carry beside the cookie."""
        return self._signed("token", session.nonce)

    def has_token(self, session: Session, told: str) -> bool:
        """Compared in constant time."""
        return told.isascii() and hmac.compare_digest(told, self.token(session))

    def is_password(self, told: str) -> bool:
        """Compared in constant time; an empty password is nobody's."""
        return bool(self.password) and hmac.compare_digest(told.encode(errors="replace"), self.password.encode())

    def _signed(self, purpose: str, text: str) -> str:
        assert self._key is not None
        return hmac.new(self._key, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def _key_of(password: str) -> bytes:
    if not password:
        return secrets.token_bytes(32)
    return hashlib.scrypt(password.encode(), salt=SALT, **SCRYPT)
