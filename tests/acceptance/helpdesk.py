"""The helpdesk as its agents and their programs see it: over its API."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from tests.acceptance.waiting import eventually


@dataclass(frozen=True, slots=True)
class Helpdesk:
    """One account of one helpdesk, with an administrator's token."""

    url: str
    token: str

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The answer, None where it has no body. *path* below the account; an absolute one stays."""
        where = self.url + (path if path.startswith("/") else f"/api/v1/accounts/1/{path}")
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(where, data=data, method=method)
        request.add_header("api_access_token", self.token)
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=10) as answer:
            told = answer.read()
            return json.loads(told) if told else None

    def befall(self, **fault: object) -> None:
        """The next requests are to meet this fault (`desk.faults`)."""
        self.ask("POST", "/_desk/faults", fault)

    def no_more_faults(self) -> None:
        """Those that wait are forgotten."""
        self.ask("DELETE", "/_desk/faults")

    def conversations(self) -> list[dict[str, Any]]:
        """All of them."""
        found: list[dict[str, Any]] = self.ask("GET", "conversations?status=all&updated_within=10000000")["data"][
            "payload"
        ]
        return found

    def messages(self, conversation: int) -> list[dict[str, Any]]:
        """Of one conversation, oldest first; deleted ones left out. Activity lines are not messages."""
        found: list[dict[str, Any]] = self.ask("GET", f"conversations/{conversation}/messages?after=0")["payload"]
        return [one for one in found if one["message_type"] != 2 and not one["content_attributes"].get("deleted")]

    def texts(self, conversation: int) -> list[str]:
        """What is to be read there."""
        return [one["content"] for one in self.messages(conversation)]

    def everything(self) -> list[dict[str, Any]]:
        """The messages of all conversations."""
        return [message for one in self.conversations() for message in self.messages(one["id"])]

    def standing(self, whatsapp_id: str, *, within_s: float = 15.0) -> dict[str, Any]:
        """The message that came from WhatsApp under this id, once it stands."""

        def look() -> list[dict[str, Any]]:
            return [one for one in self.everything() if one["source_id"] == f"WAID:{whatsapp_id}"]

        found = eventually(look, f"{whatsapp_id} in the helpdesk", within_s=within_s)
        assert len(found) == 1, found
        return found[0]

    def conversation(self, number: int) -> dict[str, Any]:
        """One of them."""
        found: dict[str, Any] = self.ask("GET", f"conversations/{number}")
        return found

    def contact_of(self, conversation: int) -> dict[str, Any]:
        """Whom it is with."""
        contact = self.conversation(conversation)["meta"]["sender"]["id"]
        found: dict[str, Any] = self.ask("GET", f"contacts/{contact}")["payload"]
        return found

    def write(self, conversation: int, text: str, **more: object) -> dict[str, Any]:
        """What an agent writes."""
        found: dict[str, Any] = self.ask("POST", f"conversations/{conversation}/messages", {"content": text, **more})
        return found

    def is_missing(self, path: str) -> bool:
        """Whether the helpdesk has no such thing."""
        try:
            self.ask("GET", path)
        except urllib.error.HTTPError as error:
            return error.code == 404
        return False
