"""Door keys: keyed hashes, so that what a person asked to forget can neither be read from them nor come in again."""

from hashlib import blake2b

from unlost.vocabulary.addresses import Address
from unlost.vocabulary.envelopes import Envelope, Source

KEY_BYTES = 16  # 128 bits: no accidental collision among any number of messages one journal can hold


def keyed(secret: bytes, *parts: bytes) -> bytes:
    """A hash of *parts* under the journal's secret; parts are length-prefixed, so that no two lists look alike."""
    hashed = blake2b(key=secret, digest_size=KEY_BYTES)
    for part in parts:
        hashed.update(len(part).to_bytes(4, "big"))
        hashed.update(part)
    return hashed.digest()


def door_key(
    secret: bytes,
    channel: str,
    channel_device: Address | None,
    envelope: Envelope,
    raw: bytes,
    *,
    chat: Address | None,
    sender: Address | None,
) -> bytes:
    """The name under which a happening enters once (design section 4).

    *chat* and *sender* are resolved through the pairings. Kinds without an id, and events without content, are known by their body
    alone, so that content with the same id always enters. The channel's own device counts as no device: not every dialect tells
    it; another device's events stay apart. Raises UnicodeEncodeError for what UTF-8 cannot hold.
    """
    if envelope.id is None or envelope.is_empty:
        return keyed(secret, b"body", channel.encode(), envelope.source.value.encode(), raw)
    if envelope.source is Source.HELPDESK:
        return keyed(secret, b"helpdesk", channel.encode(), envelope.kind.value.encode(), envelope.id.encode())
    device = "" if envelope.device in (None, channel_device) else str(envelope.device)
    names = (channel, device, chat or "", sender or "", envelope.kind.value, envelope.id)
    return keyed(secret, b"gateway", *(name.encode() for name in names))


def follow_up_key(secret: bytes, channel: str, key: str) -> bytes:
    """The name of background work that an ending brings: the same key twice is one entry."""
    return keyed(secret, b"follow_up", channel.encode(), key.encode("utf-8", "surrogatepass"))
