"""One channel's doors: whose signature counts, who reads, how long is waited."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from unlost.ingress.body import Headers
from unlost.ingress.stamped import Numbered, is_stamped, numbered
from unlost.telemetry.doors import Side
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Source
from unlost.vocabulary.ids import ChannelName, WhatsAppId

HUB_SIGNATURE = b"x-hub-signature-256"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayDoor:
    """*secret* None: unsigned bodies are taken. *read* raises Refused for what it does not understand.

    *name_of_unread*: the name of a message that *read* refused, where the gateway's storage has the same; None: its body is its name.
    *stamped_now*: epoch seconds, for a gateway of our own: only a signature with a fresh time counts there, and no other.
    """

    side: ClassVar[Side] = "gateway"
    channel: ChannelName
    device: Address | None
    secret: bytes | None = field(repr=False)
    read: Callable[[bytes], Envelope]
    reorder_wait_s: float
    gap_wait_s: float
    twin_wait_s: float
    stamped_now: Callable[[], float] | None = field(default=None, repr=False)
    name_of_unread: Callable[[bytes], WhatsAppId | None] = lambda body: None
    _keyed: hmac.HMAC = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_keyed", hmac.new(self.secret or b"", digestmod="sha256"))

    def is_signed(self, body: bytes, headers: Headers) -> bool:
        """`X-Hub-Signature-256` is `sha256=` and the hex HMAC of the raw body; compared in constant time.

        From a gateway of our own that header alone says nothing: see `stamped`.
        """
        if self.secret is None:
            return True
        if self.stamped_now is not None:
            return is_stamped(body, headers, keyed=self._keyed, now=self.stamped_now())
        told = headers.get(HUB_SIGNATURE, b"")
        mac = self._keyed.copy()  # the key is prepared once: a third of the time
        mac.update(body)
        return hmac.compare_digest(told, b"sha256=" + mac.hexdigest().encode())

    def envelope(self, body: bytes, _headers: Headers) -> Envelope:
        """Raises Refused."""
        return self.read(body)

    def numbered(self, headers: Headers) -> Numbered | None:
        """Under which number a gateway of our own has the event."""
        return None if self.stamped_now is None else numbered(headers)

    def name_of_unreadable(self, body: bytes) -> WhatsAppId | None:
        """Under which name else the same message may come."""
        return self.name_of_unread(body)

    def source_of_unreadable(self, body: bytes) -> Source:
        """Which reader to try again once it is mended: the outer keys of the envelope dialect are in its bytes."""
        return Source.ENVELOPE if b'"event"' in body and b'"payload"' in body else Source.FLAT


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpdeskDoor:
    """*verify* None: Chatwoot before 4.13, which signs nothing. Headers are handed on by lower-case name."""

    side: ClassVar[Side] = "helpdesk"
    device: ClassVar[None] = None
    twin_wait_s: ClassVar[float] = 0.0
    channel: ChannelName
    verify: Callable[[bytes, Mapping[str, str]], bool] | None
    read: Callable[[bytes, Mapping[str, str]], Envelope]
    reorder_wait_s: float = 1.0  # design section 6: a conversation's webhooks are held 1 s and worked by message id
    gap_wait_s: float = 1.0

    def is_signed(self, body: bytes, headers: Headers) -> bool:
        """As the helpdesk signs."""
        return self.verify is None or self.verify(body, _by_name(headers))

    def envelope(self, body: bytes, headers: Headers) -> Envelope:
        """Raises Refused."""
        return self.read(body, _by_name(headers))

    def numbered(self, _headers: Headers) -> None:
        """The helpdesk numbers nothing."""

    def name_of_unreadable(self, _body: bytes) -> None:
        """It comes as this body only."""

    def source_of_unreadable(self, _body: bytes) -> Source:
        """There is one."""
        return Source.HELPDESK


Door = GatewayDoor | HelpdeskDoor


def _by_name(headers: Headers) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers.items()}
