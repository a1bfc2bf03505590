"""What a person does on the page, done through the same API as everybody else's doings, so that the same webhooks tell it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from unlost.desk.http_shell import HttpShell, TooLarge
from unlost.desk.page_guard import foreign, forged, page_token, refusal
from unlost.desk.settings import DeskSettings
from unlost.desk.turn import as_flag, as_int
from unlost.desk.values import Reply, Request, Unreadable, json_call

HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
STATUSES = ("open", "resolved")  # what the page offers of Chatwoot's four
CUT_SHORT = 499  # nginx's word for a client that went away; nobody reads it
Deed = Callable[["Asked"], tuple[str, str, object]]


class Impossible(Exception):
    """What the form asks cannot be done; the text is for the person who asked."""


class Asked(msgspec.Struct, frozen=True):
    """A form of the page, and what came with it."""

    fields: Mapping[str, Any]
    has_files: bool

    def text(self, name: str) -> str:
        """A field as text, with newlines as chats have them; a form sends CR LF."""
        given = self.fields.get(name)
        return given.replace("\r\n", "\n") if isinstance(given, str) else ""

    def number(self, name: str) -> int:
        """A field as a number; 0 without one."""
        return as_int(self.fields.get(name))


def write(asked: Asked) -> tuple[str, str, object]:
    """A message of the agent's, or a private note; perhaps in answer to another message."""
    text = asked.text("content").strip()
    if not text and not asked.has_files:
        raise Impossible("Write something first.")
    body: dict[str, Any] = {"content": text or None, "private": as_flag(asked.fields.get("private", False))}
    if asked.number("in_reply_to"):
        body["content_attributes"] = {"in_reply_to": asked.number("in_reply_to")}
    return "POST", "/messages", body


def set_status(asked: Asked) -> tuple[str, str, object]:
    """Resolve, or open again."""
    if asked.text("status") not in STATUSES:
        raise Impossible("A conversation can be resolved or opened here.")
    return "POST", "/toggle_status", {"status": asked.text("status")}


def see(asked: Asked) -> tuple[str, str, object]:
    """Nothing is unread any more."""
    return "POST", "/update_last_seen", None


def delete(asked: Asked) -> tuple[str, str, object]:
    """Take a message back."""
    return "DELETE", f"/messages/{asked.number('message')}", None


def retry(asked: Asked) -> tuple[str, str, object]:
    """Send a failed message again."""
    return "POST", f"/messages/{asked.number('message')}/retry", None


DEEDS: dict[str, Deed] = {"write": write, "status": set_status, "seen": see, "delete": delete, "retry": retry}


class PageWriting:
    """Answers the page's forms. *agent*: the API token of the one who writes there."""

    def __init__(self, settings: DeskSettings, shell: HttpShell, agent: str) -> None:
        self._settings = settings
        self._shell = shell
        self._agent = agent
        self._token = page_token(settings.token)

    def routes(self) -> list[Route]:
        """Where the forms lead."""
        return [Route("/desk/do/{deed}", self.act, methods=["POST"])]

    async def act(self, http: HttpRequest) -> Response:
        """One deed; back to the conversation, or, for the page's script, nothing when it is done."""
        refused = refusal(http, self._settings.password) or foreign(http, self._settings.outside_url())
        if refused is not None:
            return refused
        deed = DEEDS.get(http.path_params["deed"])
        if deed is None:
            return _told("There is no such form.", 404)
        try:
            form = await self._shell.read(http)
        except TooLarge:
            return _told("That is too large.", 413)
        except Unreadable:
            return _told("The form cannot be read.", 400)
        except ClientDisconnect:
            return Response(status_code=CUT_SHORT)
        return self._answer(http, form, deed)

    def _answer(self, http: HttpRequest, form: Request, deed: Deed) -> Response:
        refused = forged(form.body.get("token"), self._token)
        if refused is not None:
            self._shell.drop(form)
            return refused
        asked = Asked(form.body, bool(form.uploads))
        try:
            reply = self._shell.run(self._call(asked, form, deed))
        except Impossible as error:
            self._shell.drop(form)
            return _told(str(error), 422)
        if reply.status >= 400:
            return _told(_reason(reply), reply.status)
        if "application/json" in http.headers.get("accept", ""):
            return Response(status_code=204, headers=HEADERS)
        return RedirectResponse(f"/?c={asked.number('conversation')}", 303, HEADERS)

    def _call(self, asked: Asked, form: Request, deed: Deed) -> Request:
        method, path, body = deed(asked)
        target = f"/api/v1/accounts/{self._settings.account_id}/conversations/{asked.number('conversation')}{path}"
        call = json_call(method, target, self._agent, body, form.client_ip)
        if deed is not write:
            self._shell.drop(form)
            return call
        return msgspec.structs.replace(call, uploads=form.uploads)


def _told(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, HEADERS, "text/plain")


def _reason(reply: Reply) -> str:
    if reply.status == 404:
        return "That is not there any more."
    try:
        told = reply.json()
    except msgspec.DecodeError:
        return "The helpdesk refused that."
    error = told.get("error") or told.get("message") if isinstance(told, dict) else None
    return str(error)[:300] if error else "The helpdesk refused that."
