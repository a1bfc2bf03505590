"""What a key may hold: each shape reads a TOML value or a text, and says in words what fits."""

import re
import tomllib
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Protocol
from urllib.parse import urlsplit

from unlost.settings.errors import WrongValue
from unlost.settings.secret import Secret
from unlost.vocabulary.addresses import (
    GROUP_SERVER,
    LID_SERVER,
    NEWSLETTER_SERVER,
    PHONE_SERVER,
    Address,
)

PHONE_DIGITS = re.compile(r"[1-9][0-9]{6,14}")  # E.164: at most 15 digits
SERVERS = (PHONE_SERVER, LID_SERVER, GROUP_SERVER, NEWSLETTER_SERVER)
ITEMS_MAX = 10_000  # of one list: more than any operator types, less than hurts


class Shape(Protocol):
    """One kind of value. *unit* is empty where there is none."""

    @property
    def unit(self) -> str:
        """What a number counts."""
        ...

    def said(self) -> str:
        """What fits, in words: `a number from 0 to 60 (seconds)`."""
        ...

    def read(self, value: object) -> object:
        """The value as the program uses it. Raises WrongValue."""
        ...

    def from_text(self, text: str) -> object:
        """The same, from an environment variable or a file. Raises WrongValue."""
        ...


@dataclass(frozen=True, slots=True)
class Number:
    """A number from *low* to *high*, both included; *whole* ones only where said."""

    unit: str
    low: float
    high: float
    whole: bool = False

    def said(self) -> str:
        """As `Shape.said`."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:.15g} to {self.high:.15g}" + (f" ({self.unit})" if self.unit else "")

    def read(self, value: object) -> int | float:
        """As `Shape.read`. Not-a-number lies in no range."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise WrongValue(f"must be {self.said()}")
        if not self.low <= value <= self.high or (self.whole and value != int(value)):
            raise WrongValue(f"{value} does not fit: must be {self.said()}")
        return int(value) if self.whole else float(value)

    def from_text(self, text: str) -> int | float:
        """As `Shape.from_text`."""
        try:
            return self.read(float(text))
        except ValueError:
            raise WrongValue(f"must be {self.said()}") from None


@dataclass(frozen=True, slots=True)
class YesNo:
    """true or false."""

    unit: str = ""

    def said(self) -> str:
        """As `Shape.said`."""
        return "true or false"

    def read(self, value: object) -> bool:
        """As `Shape.read`."""
        if not isinstance(value, bool):
            raise WrongValue("must be true or false, without quotes")
        return value

    def from_text(self, text: str) -> bool:
        """As `Shape.from_text`."""
        if text.lower() not in ("true", "false"):
            raise WrongValue("must be true or false")
        return text.lower() == "true"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One word of a closed list; *yes* and *no* name the words that true and false stand for, where they do."""

    words: tuple[str, ...]
    yes: str = ""
    no: str = ""
    unit: str = ""

    def said(self) -> str:
        """As `Shape.said`."""
        return " or ".join(
            f'"{word}"' if word not in (self.yes, self.no) else self._spoken(word) for word in self.words
        )

    def _spoken(self, word: str) -> str:
        return "true" if word == self.yes else "false"

    def read(self, value: object) -> str:
        """As `Shape.read`."""
        if isinstance(value, bool) and self.yes:
            return self.yes if value else self.no
        if not isinstance(value, str) or value not in self.words or value in (self.yes, self.no):
            raise WrongValue(f"must be {self.said()}")
        return value

    def from_text(self, text: str) -> str:
        """As `Shape.from_text`."""
        return self.read({"true": True, "false": False}.get(text.lower(), text) if self.yes else text)


@dataclass(frozen=True, slots=True)
class Text:
    """Words; *pattern* must match as a whole where given, and *meaning* then says what it asks for."""

    meaning: str = "text in quotes"
    pattern: str = ""
    may_be_empty: bool = True
    unit: str = ""

    def said(self) -> str:
        """As `Shape.said`."""
        return self.meaning

    def read(self, value: object) -> str:
        """As `Shape.read`."""
        if not isinstance(value, str) or (not value and not self.may_be_empty):
            raise WrongValue(f"must be {self.said()}")
        if self.pattern and not (value == "" and self.may_be_empty) and not re.fullmatch(self.pattern, value):
            raise WrongValue(f"must be {self.said()}")
        return value

    def from_text(self, text: str) -> str:
        """As `Shape.from_text`."""
        return self.read(text)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A secret. With *may_be_off* the word "off" stands for None, and nothing else does."""

    may_be_off: bool = False
    may_be_empty: bool = False
    unit: str = ""

    def said(self) -> str:
        """As `Shape.said`."""
        return 'a secret, best as "env:NAME" or "file:/path"' + (', or "off"' if self.may_be_off else "")

    def read(self, value: object) -> Secret | None:
        """As `Shape.read`; no error repeats the value."""
        if not isinstance(value, str) or (not value and not self.may_be_empty):
            raise WrongValue(f"must be {self.said()}")
        return None if self.may_be_off and value == "off" else Secret(value)

    def from_text(self, text: str) -> Secret | None:
        """As `Shape.from_text`."""
        return self.read(text)


@dataclass(frozen=True, slots=True)
class Listen:
    """Where a door stands. *host* is an IP address or `localhost`; *port* 0 takes a free one."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """True where only this machine can reach it."""
        return self.host == "localhost" or ip_address(self.host).is_loopback


@dataclass(frozen=True, slots=True)
class HostAndPort:
    """`address:port`, IPv6 in brackets."""

    unit: str = ""

    def said(self) -> str:
        """As `Shape.said`."""
        return '"address:port", such as "127.0.0.1:8080", "0.0.0.0:8080" or "[::1]:8080"'

    def read(self, value: object) -> Listen:
        """As `Shape.read`."""
        host, colon, port = value.rpartition(":") if isinstance(value, str) else ("", "", "")
        host = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        if not colon or not re.fullmatch(r"[0-9]{1,5}", port) or int(port) > 65535 or not _is_host(host):
            raise WrongValue(f"must be {self.said()}")
        return Listen(host, int(port))

    def from_text(self, text: str) -> Listen:
        """As `Shape.from_text`."""
        return self.read(text)


def _is_host(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class WebAddress:
    """http:// or https://, with a path if need be; read without its last slash. *may_ask*: with a query, too."""

    may_be_empty: bool = False
    may_ask: bool = False
    unit: str = ""

    def said(self) -> str:
        """As `Shape.said`."""
        return 'a web address that begins with "http://" or "https://"' + (", or empty" if self.may_be_empty else "")

    def read(self, value: object) -> str:
        """As `Shape.read`. A password inside it is refused: addresses stand in logs."""
        if value == "" and self.may_be_empty:
            return ""
        if not isinstance(value, str) or not _is_web_address(value, may_ask=self.may_ask):
            without = "user and fragment" if self.may_ask else "user, query and fragment"
            raise WrongValue(f"must be {self.said()}, without {without}")
        return value if self.may_ask else value.rstrip("/")

    def from_text(self, text: str) -> str:
        """As `Shape.from_text`."""
        return self.read(text)


def _is_web_address(value: str, *, may_ask: bool) -> bool:
    if not value.isprintable() or " " in value:
        return False
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - raises ValueError where it is no number
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and not (parts.username or (parts.query and not may_ask) or parts.fragment)
    )


@dataclass(frozen=True, slots=True)
class Jid:
    """A WhatsApp address, or a phone number in any spelling; empty stands for None where allowed."""

    phones_only: bool = False
    unit: str = ""

    def said(self) -> str:
        """As `Shape.said`."""
        return 'a phone number with its country code, such as "+62 812 3456 789"' + (
            " or 628123456789@s.whatsapp.net" if self.phones_only else ", or a JID (…@s.whatsapp.net, …@g.us, …@lid)"
        )

    def read(self, value: object) -> Address | None:
        """As `Shape.read`. Drops a device part (`:3`)."""
        if value == "" and self.phones_only:
            return None
        if not isinstance(value, str):
            raise WrongValue(f"must be {self.said()}")
        user, _, server = value.partition("@")
        user = user.partition(":")[0] if server else re.sub(r"[ ().+-]", "", user)
        server = server or PHONE_SERVER
        fits = PHONE_DIGITS.fullmatch(user) if server == PHONE_SERVER else re.fullmatch(r"[0-9-]{1,64}", user)
        if not fits or server not in ((PHONE_SERVER,) if self.phones_only else SERVERS):
            raise WrongValue(f"must be {self.said()}")
        return Address(f"{user}@{server}")

    def from_text(self, text: str) -> Address | None:
        """As `Shape.from_text`."""
        return self.read(text)


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one shape; as text, parted by commas or written as TOML."""

    each: Shape
    unit: str = ""

    def said(self) -> str:
        """As `Shape.said`."""
        return f"a list in brackets; each item {self.each.said()}"

    def read(self, value: object) -> tuple[object, ...]:
        """As `Shape.read`."""
        if not isinstance(value, list | tuple) or len(value) > ITEMS_MAX:
            raise WrongValue(f"must be {self.said()}")
        return tuple(self.each.read(item) for item in value)

    def from_text(self, text: str) -> tuple[object, ...]:
        """As `Shape.from_text`."""
        if not text.lstrip().startswith("["):
            return self.read([item.strip() for item in text.split(",") if item.strip()])
        try:
            return self.read(tomllib.loads(f"items = {text}")["items"])
        except tomllib.TOMLDecodeError:
            raise WrongValue(f"must be {self.said()}") from None
