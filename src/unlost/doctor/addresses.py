"""Addresses that the sides tell: taken apart without trust, since whoever typed them may have typed anything."""

from urllib.parse import SplitResult, urlsplit


def path_of(url: str) -> str:
    """Its path without the last slash; empty for what is no address."""
    return _parts(url).path.rstrip("/")


def host_of(url: str) -> str:
    """Its host in lower case; empty for what is no address."""
    return _parts(url).hostname or ""


def is_near(url: str) -> bool:
    """Whether it leads to this very machine."""
    host = host_of(url)
    return host == "localhost" or host.startswith("127.") or host == "::1"


def shown(url: str) -> str:
    """Without user, password and query: `http://user:pass@host/path` is allowed in an inbox (contract page 3.3)."""
    parts = _parts(url)
    return (
        parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl() or "what is no address"
    )


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")
