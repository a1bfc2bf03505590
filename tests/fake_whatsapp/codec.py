"""Stanzas to WhatsApp's binary XML and back; the token tables are those of the library `pyaileys`."""

from pyaileys.wabinary.decode import decode_binary_node
from pyaileys.wabinary.encode import encode_binary_node
from pyaileys.wabinary.types import BinaryNode

from tests.fake_whatsapp.stanza import Stanza


def encode(stanza: Stanza) -> bytes:
    """The bytes of one frame's content, not compressed, before encryption."""
    return encode_binary_node(_node(stanza))


def decode(frame: bytes) -> Stanza:
    """The stanza in a decrypted frame, compressed or not. Raises the library's DecodeError for anything else."""
    return _stanza(decode_binary_node(frame))


def _node(stanza: Stanza) -> BinaryNode:
    content = stanza.content
    inside = content if content is None or isinstance(content, bytes | str) else [_node(child) for child in content]
    return BinaryNode(stanza.tag, dict(stanza.attrs), inside)


def _stanza(node: BinaryNode) -> Stanza:
    inside = tuple(map(_stanza, node.content)) if isinstance(node.content, list) else node.content
    return Stanza(node.tag, node.attrs, inside)
