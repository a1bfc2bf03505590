"""Request bodies as fields: JSON, a form, or multipart with files, as GOWA takes all three; each of them bounded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from unlost.gateway.rest.answers import Refusal, invalid
from unlost.gateway.rest.breaking import ConnectionBroken
from unlost.gateway.rest.query import FALSE, TRUE, checked_address

JSON_MAX_BYTES = 1024 * 1024  # WhatsApp's longest text has 65,536 characters
UPLOAD_MAX_BYTES = 110 * 1000 * 1000  # GOWA's longest video, 100 MB, and its form around it
TEXT_MAX = 65_536  # WhatsApp refuses a longer one
PARTS_MAX = 64
LIST_MAX = 1_100  # a group has at most 1,024 members
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Fields:
    """What a body says, field by field. Each raises Refusal for what is missing or of another type."""

    def __init__(self, values: Mapping[str, Any], files: Mapping[str, UploadFile]) -> None:
        self._values = values
        self.files = files

    def text(self, name: str, *, required: bool = False, most: int = TEXT_MAX) -> str:
        """Words; empty where they are left out and not required. A number is taken as it is written."""
        value = self._values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            value = str(value)
        if value is not None and not isinstance(value, str):
            raise invalid(f"{name}: must be text.")
        if required and not (value or "").strip():
            raise invalid(f"{name}: cannot be blank.")
        if len(value or "") > most:
            raise invalid(f"{name}: the length must be no more than {most}.")
        if value and ("\0" in value or _has_lone_surrogates(value)):
            raise invalid(f"{name}: holds what is not text.")
        return value or ""

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Yes or no."""
        value = self._values.get(name)
        if isinstance(value, bool):
            return value
        if value is None or value == "":
            return default
        if isinstance(value, str) and value.lower() in TRUE | FALSE:
            return value.lower() in TRUE
        raise invalid(f"{name}: must be true or false.")

    def number(self, name: str, *, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._values.get(name)
        if value is None or value == "":
            return default
        if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise invalid(f"{name}: must be a whole number between {least} and {most}.")
        return value

    def degrees(self, name: str, most: float) -> float:
        """A latitude or longitude, as text or number."""
        try:
            value = float(self.text(name, required=True, most=40))
        except ValueError as error:
            raise invalid(f"{name}: must be a number of degrees.") from error
        if not -most <= value <= most:
            raise invalid(f"{name}: must be between -{most:g} and {most:g}.")
        return value

    def texts(self, name: str, *, most: int = LIST_MAX) -> tuple[str, ...]:
        """A list of words; a form gives it as one field, split at commas."""
        value = self._values.get(name)
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        value = [] if value is None else value
        if not isinstance(value, list) or len(value) > most or not all(isinstance(one, str) for one in value):
            raise invalid(f"{name}: must be a list of at most {most} texts.")
        return tuple(Fields({name: one}, {}).text(name) for one in value)

    def address(self, name: str) -> str:
        """The whole address of whom the caller named."""
        return checked_address(self.text(name, required=True), name)

    def addresses(self, name: str) -> tuple[str, ...]:
        """Several of them."""
        return tuple(checked_address(one, name) for one in self.texts(name))

    async def digest(self, *words: str) -> bytes:
        """The same for the same *words*, fields and files, however they were written."""
        hashed = hashlib.sha256(json.dumps([words, dict(self._values)], sort_keys=True).encode())
        for name, file in sorted(self.files.items()):
            hashed.update(json.dumps([name, file.filename, file.content_type]).encode())
            await file.seek(0)
            while piece := await file.read(1024 * 1024):
                hashed.update(piece)
            await file.seek(0)
        return hashed.digest()


async def fields_of(request: Request) -> Fields:
    """The body of *request*, whose files last until `let_go`.

    Raises Refusal: 400 for one that cannot be read, 413 for one that is too long.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in FORMS:
        return await _form(request)
    try:
        told = json.loads(await _whole(request) or b"{}")
    except (ValueError, RecursionError) as error:
        raise invalid("the body is neither JSON nor a form") from error
    if not isinstance(told, dict):
        raise invalid("the body is not an object")
    return Fields(told, {})


async def let_go(request: Request) -> None:
    """Close the files of the body of *request*, which were spooled to the disk and are gone then."""
    form: FormData | None = getattr(request.state, "form", None)
    if form is not None:
        await form.close()


async def _form(request: Request) -> Fields:
    bounded = Request(request.scope, _Bounded(request, UPLOAD_MAX_BYTES).receive)
    try:
        form = await bounded.form(max_files=4, max_fields=PARTS_MAX, max_part_size=JSON_MAX_BYTES)
    except (HTTPException, MultiPartException, ValueError, KeyError) as error:
        raise invalid("the form cannot be read") from error
    except ClientDisconnect as error:
        raise ConnectionBroken from error
    request.state.form = form
    return Fields(_texts_of(form), {name: file for name, file in form.items() if isinstance(file, UploadFile)})


def _texts_of(form: FormData) -> dict[str, Any]:
    """A field that comes more than once, or whose name ends in `[]`, is a list."""
    values: dict[str, Any] = {}
    for name in form:
        found = [one for one in form.getlist(name) if isinstance(one, str)]
        if found:
            values[name.removesuffix("[]")] = found if len(found) > 1 or name.endswith("[]") else found[0]
    return values


async def _whole(request: Request) -> bytes:
    bounded = Request(request.scope, _Bounded(request, JSON_MAX_BYTES).receive)
    try:
        return await bounded.body()
    except ClientDisconnect as error:
        raise ConnectionBroken from error


class _Bounded:
    """A request's stream that ends in 413 once it is longer than it may be."""

    def __init__(self, request: Request, most: int) -> None:
        self._receive = request.receive
        self._left = most

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise Refusal(413, "REQUEST_TOO_LARGE", "the request is too large")
        return message


def _has_lone_surrogates(text: str) -> bool:
    """JSON can spell halves of a character; no message can be made of them."""
    return not text.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in text)
