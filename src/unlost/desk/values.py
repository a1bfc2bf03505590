"""What goes into the helpdesk's world and what comes out of it: frozen values, no HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec

JSON = "application/json; charset=utf-8"
NOTHING: Mapping[str, Any] = MappingProxyType({})
NESTING_MAX = 100  # Ruby's JSON parser refuses more


class Upload(msgspec.Struct, frozen=True):
    """One uploaded file whose bytes already stand in the blob store under *blob*."""

    field: str
    file_name: str
    content_type: str
    size_bytes: int
    blob: str


class Request(msgspec.Struct, frozen=True):
    """One call of the API. Header names are lower case; *path* is decoded; *body* holds JSON or form fields."""

    method: str
    path: str
    query: Mapping[str, str] = NOTHING
    headers: Mapping[str, str] = NOTHING
    body: Mapping[str, Any] = NOTHING
    uploads: tuple[Upload, ...] = ()
    client_ip: str = "127.0.0.1"


class WebhookDue(msgspec.Struct, frozen=True):
    """A webhook to be sent, once and in no order. Its payload is built when it is sent, as Chatwoot's job does.

    *subject* is a message id for `message_…` events and a conversation's display id for all others.
    *due_at* lies in the future only for what a slow commit made. *run* counts job runs from 1.
    """

    event: str
    subject: int
    inbox_id: int
    delivery: str
    due_at: float
    changed: tuple[tuple[str, Any, Any], ...] = ()
    actor: Mapping[str, Any] = NOTHING
    is_private: bool = False
    run: int = 1


class Reply(msgspec.Struct, frozen=True):
    """The answer to one call, the webhooks it makes due, and the blobs nobody refers to any more."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    webhooks: tuple[WebhookDue, ...] = ()
    freed: tuple[str, ...] = ()

    def json(self) -> Any:
        """The body, decoded. Raises `msgspec.DecodeError` when it is not JSON."""
        return msgspec.json.decode(self.body)


class Unreadable(Exception):
    """The body is not what its content type says; Rails answers 400."""


def request_of(
    method: str, target: str, headers: Mapping[str, str], raw: bytes = b"", client_ip: str = "127.0.0.1"
) -> Request:
    """Build a request from what stands on the wire: *target* is a path with its query.

    Reads JSON and url-encoded bodies; multipart is read by the HTTP shell. Raises `Unreadable`.
    """
    path, _, query = target.partition("?")
    if "%" in path:
        path = unquote(path)
    fields = dict(parse_qsl(query, keep_blank_values=True)) if query else NOTHING
    body = read_body(headers.get("content-type", ""), raw) if raw else NOTHING
    return Request(method, path, fields, headers, body, (), client_ip)


def json_call(method: str, target: str, token: str, body: object = None, client_ip: str = "127.0.0.1") -> Request:
    """A call as a bridge or an agent makes it, with *body* as JSON."""
    headers = {"api_access_token": token, "content-type": "application/json"}
    return request_of(method, target, headers, b"" if body is None else msgspec.json.encode(body), client_ip)


def read_body(content_type: str, raw: bytes) -> Mapping[str, Any]:
    """Fields of a JSON or url-encoded body; a JSON value that is no object gives none, as Rails' parameters do."""
    if content_type.startswith("application/x-www-form-urlencoded"):
        return nested(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
    if not content_type.startswith("application/json"):
        return NOTHING
    try:
        decoded = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("the body is not JSON") from error
    if raw.count(b"{") + raw.count(b"[") > NESTING_MAX and _depth(decoded) > NESTING_MAX:
        raise Unreadable("the body is nested too deep")
    return decoded if isinstance(decoded, dict) else NOTHING


def _depth(value: object) -> int:
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        inside = item.values() if isinstance(item, dict) else item if isinstance(item, list) else None
        if inside is not None:
            deepest = max(deepest, depth)
            waiting.extend((one, depth + 1) for one in inside)
    return deepest


def nested(fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Form fields as Rails reads them, one level deep: `a[b]` is b inside a, `a[]` one more of a list."""
    read: dict[str, Any] = {}
    for name, value in fields:
        outer, bracket, inner = name.partition("[")
        if not bracket or not inner.endswith("]"):
            read[name] = value
        elif inner == "]":
            read.setdefault(outer, []).append(value)
        else:
            read.setdefault(outer, {})[inner[:-1]] = value
    return read
