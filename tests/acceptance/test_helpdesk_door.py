"""What agents do, while this version only receives; and a helpdesk that lets us in no more."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.helpdesk import Helpdesk
from tests.acceptance.office import Office, envelope
from tests.acceptance.waiting import eventually
from unlost.cli.processes import Program, free_port, wait_until_answers

ANA = "5541999900051"
OTHER_DEVICE = "5541988880000@s.whatsapp.net"
BRUNO = "5541999900052@s.whatsapp.net"

SECOND_CHANNEL = """
[[channel]]
name = "second"
language = "en"
[channel.gateway]
kind = "gowa"
url = "http://127.0.0.1:{gateway_port}"
device = "{device}"
webhook_secret = "{secret}"
avatars = false
gap_wait_s = 1
[channel.helpdesk]
url = "http://127.0.0.1:{desk_port}"
account_id = 1
inbox_id = 1
token = "{token}"
webhook_secret = "{secret}"
call_timeout_s = 3
doubt_wait_s = 2
"""


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office()


@pytest.fixture(scope="module")
def ana(office: Office) -> int:
    """The conversation of a customer who has written."""
    sent = office.people.send_text(office.customer(ANA, "Ana").key, "Bom dia")
    number: int = office.helpdesk.standing(sent.id)["conversation_id"]
    return number


def test_an_agent_s_message_is_marked_failed_and_says_why_and_nothing_is_sent(office: Office, ana: int) -> None:
    written = office.helpdesk.write(ana, "Bom dia, Ana!")

    def look() -> dict[str, Any] | None:
        (message,) = (one for one in office.helpdesk.messages(ana) if one["id"] == written["id"])
        return message if message["status"] == "failed" else None

    message = eventually(look, "the agent's message marked failed")
    assert message is not None
    assert message["content_attributes"]["external_error"] == "not sent: this version only receives"
    assert office.calls("send", "ok") == 0


def test_a_message_that_an_agent_retries_says_again_that_it_was_not_sent(office: Office, ana: int) -> None:
    """Chatwoot itself shows it as sent from then on (contract page 1.8)."""
    written = office.helpdesk.write(ana, "Already on its way?")

    def shown() -> dict[str, Any]:
        (message,) = (one for one in office.helpdesk.messages(ana) if one["id"] == written["id"])
        return message

    def is_marked() -> bool:
        return bool(shown()["content_attributes"].get("external_error") == "not sent: this version only receives")

    eventually(is_marked, "the agent's message marked failed")
    office.helpdesk.ask("POST", f"conversations/{ana}/messages/{written['id']}/retry")
    eventually(lambda: is_marked() and shown()["status"] == "failed", "it marked failed again")
    assert office.calls("send", "ok") == 0


def test_a_private_note_is_left_alone(office: Office, ana: int) -> None:
    """A later message's mark says that the note's webhook has been worked: they are one chat's."""
    note = office.helpdesk.write(ana, "she is in a hurry", private=True)
    after = office.helpdesk.write(ana, "One moment")

    def statuses() -> dict[int, str]:
        return {one["id"]: one["status"] for one in office.helpdesk.messages(ana)}

    eventually(lambda: statuses()[after["id"]] == "failed", "the later message marked failed")
    assert statuses()[note["id"]] == "sent"


def test_an_agent_s_message_is_listed_as_skipped_and_never_sent_later(office: Office, ana: int) -> None:
    office.helpdesk.write(ana, "Later")

    def skipped() -> list[dict[str, Any]]:
        entries = office.json("trace", str(ana))["entries"]
        return [one for one in entries if one["reason"] == "outbound_off"]

    eventually(skipped, "the agent's messages in the trace")


class Second:
    """A second channel with a helpdesk of its own, which can be given another token."""

    def __init__(self, office: Office, port: int) -> None:
        self._office = office
        self._settings = office.folder / "second-desk.toml"
        self.url = f"http://127.0.0.1:{port}"
        self._port = port
        self._program: Program | None = None

    def start(self, token: str) -> Helpdesk:
        """Its helpdesk, whose administrator's token is *token* from now on."""
        self.stop()
        self._settings.touch(mode=0o600)
        self._settings.write_text(
            self._office.settings["durable"]
            .read_text()
            .partition("[[channel]]")[0]
            .replace(f'listen = "127.0.0.1:{self._office.ports.desk}"', f'listen = "127.0.0.1:{self._port}"')
            .replace('data = "desk"', 'data = "second-desk"')
            + channel_text(self._office, self._port, token)
        )
        words = ["--config", str(self._settings), "desk", "--request-limit-s", "1"]
        self._program = Program("second desk", words, self._office.folder / "second-desk.log")
        self._program.start()
        wait_until_answers(self._program, f"{self.url}/health")
        return Helpdesk(self.url, token)

    def stop(self) -> None:
        """If it runs."""
        if self._program is not None:
            self._program.stop()


def channel_text(office: Office, desk_port: int, token: str) -> str:
    """The second channel, as settings."""
    return SECOND_CHANNEL.format(
        gateway_port=office.ports.gateway, device=OTHER_DEVICE, secret=office.password, desk_port=desk_port, token=token
    )


@pytest.fixture(scope="module")
def second(office: Office) -> Iterator[Second]:
    """The bridge has the token `good-token-of-the-second` for it."""
    port = free_port()
    for path in office.settings.values():
        path.write_text(path.read_text() + channel_text(office, port, "good-token-of-the-second"))
    office.bridge.stop()
    office.start_bridge()
    made = Second(office, port)
    yield made
    made.stop()


def test_a_wrong_token_pauses_only_that_channel_and_it_goes_on_once_the_token_is_right(
    office: Office, second: Second
) -> None:
    second.start("another-token-altogether")
    told = envelope(BRUNO, "Alguém?", name="Bruno", id="3EB0SECOND") | {"device_id": OTHER_DEVICE}
    assert office.knock(told, channel="second") == 200
    eventually(lambda: paused(office, "second"), "the pause of the second channel")
    eventually(lambda: office.metric("unlost_pool_blocked") > 0, "what its alert speaks of")
    sent = office.people.send_text(office.customer(ANA, "Ana").key, "Ainda aí?")
    assert office.helpdesk.standing(sent.id)["content"] == "Ainda aí?"
    assert not paused(office, "demo")
    helpdesk = second.start("good-token-of-the-second")
    assert helpdesk.standing("3EB0SECOND", within_s=20)["content"] == "Alguém?"
    eventually(lambda: not paused(office, "second"), "the end of the pause")
    eventually(lambda: office.metric("unlost_pool_blocked") == 0, "the end of its alert")
    assert office.json("dead", "list") == []


def paused(office: Office, channel: str) -> list[str]:
    """The directions of the channel that stand still."""
    (found,) = (one for one in office.json("status")["channels"] if one["name"] == channel)
    directions: list[str] = found["paused"]
    return directions
