"""Somebody sets up a bridge between a helpdesk and a gateway that are there, and asks what is wrong."""

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office
from tests.acceptance.waiting import eventually
from unlost.doctor.asking import gateway_client
from unlost.doctor.look_at_arrivals import RIPE_S, look_at_arrivals
from unlost.doctor.look_at_bridge import OwnBridge
from unlost.doctor.sights import Arrivals
from unlost.settings.reading import read_settings
from unlost.transport.over_aiohttp import open_http

ANA = "5541999900071"


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    """Ana has written; the gateway of 9.2 is asked for pictures only as far as it is safe."""
    office = open_office(('avatars = "always"', "avatars = true"))
    office.helpdesk.standing(office.people.send_text(office.customer(ANA, "Ana").key, "Bom dia").id)
    return office


def examined(office: Office, *words: str) -> tuple[int, list[dict[str, str]]]:
    """Exit code and findings of `unlost doctor`."""
    ended = office.run("doctor", "--json", *words)
    assert ended.stderr == ""
    return ended.returncode, [one for section in json.loads(ended.stdout) for one in section["findings"]]


def doctor_of(settings: Path) -> tuple[int, list[dict[str, str]]]:
    """The same, with settings of its own."""
    ended = subprocess.run(
        [sys.executable, "-m", "unlost.cli.main", "--config", str(settings), "doctor", "--json"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    return ended.returncode, [one for section in json.loads(ended.stdout) for one in section["findings"]]


def amiss(found: list[dict[str, str]]) -> set[str]:
    """The codes of what is not well, but for what a moment after a start is so."""
    return {one["code"] for one in found if one["grade"] in ("warning", "wrong")} - {"bridge.gaps"}


def set_inbox(office: Office, **fields: Any) -> None:
    office.helpdesk.ask("PATCH", "inboxes/1", fields)


def test_of_a_sound_set_up_the_doctor_finds_nothing_amiss(office: Office) -> None:
    code, found = examined(office)
    assert (code, amiss(found)) == (0, set())
    assert {"helpdesk.webhook_url", "helpdesk.webhook_secret", "gateway.logged_in", "bridge.running"} <= {
        one["code"] for one in found if one["grade"] == "ok"
    }


def test_it_says_so_in_words_that_end_with_a_count(office: Office) -> None:
    said = office.says("doctor")
    assert "the inbox calls this bridge" in said
    # just after a start its own gap may still be open, which is one warning
    assert re.match(r"0 wrong, (0 warnings|1 warning), ", said.splitlines()[-1])


def test_what_the_inbox_does_by_itself_is_found_and_gone_once_it_is_switched_off(office: Office) -> None:
    switches = {"greeting_enabled": True, "csat_survey_enabled": True, "working_hours_enabled": True}
    set_inbox(office, **switches, greeting_message="Olá", out_of_office_message="Fechado")
    office.helpdesk.ask("POST", "inboxes/1/set_agent_bot", {"agent_bot": 1})
    found = amiss(examined(office)[1])
    set_inbox(office, **dict.fromkeys(switches, False))
    office.helpdesk.ask("POST", "inboxes/1/set_agent_bot", {"agent_bot": None})
    assert found == {"helpdesk.greeting", "helpdesk.csat", "helpdesk.out_of_office", "helpdesk.agent_bot"}
    assert amiss(examined(office)[1]) == set()


def test_an_inbox_that_calls_somebody_else_is_wrong(office: Office) -> None:
    own = office.helpdesk.ask("GET", "inboxes/1")["webhook_url"]
    set_inbox(office, channel={"webhook_url": "http://127.0.0.1:9/chatwoot/webhook"})
    code, found = examined(office)
    set_inbox(office, channel={"webhook_url": own})
    assert (code, amiss(found)) == (1, {"helpdesk.webhook_url"})


def test_a_secret_that_was_reset_in_the_helpdesk_is_wrong(office: Office) -> None:
    """Seen from settings that still have the old one."""
    path = office.folder / "other-secret.toml"
    text = office.settings["durable"].read_text()
    head, _, tail = text.rpartition(f'webhook_secret = "{office.password}"')
    path.write_text(f'{head}webhook_secret = "another-long-word"{tail}')
    code, found = doctor_of(path)
    assert (code, amiss(found)) == (1, {"helpdesk.webhook_secret"})


def test_how_the_newest_messages_came_is_compared_with_the_gateways_storage(office: Office) -> None:
    """Two minutes from now, when none of them can still be on its way; storage tells whole seconds, so not one of the first."""
    opened_at = float(office.json("trace", ANA)["door_open_since"])
    eventually(lambda: time.time() > opened_at + 2, "a second that began after the door opened")
    office.helpdesk.standing(office.people.send_text(office.customer(ANA, "Ana").key, "Boa tarde").id)
    settings = read_settings(office.settings["durable"], {})

    async def look() -> Arrivals | None:
        async with open_http(connections_per_host=2) as http:
            client = gateway_client(http, settings, settings.channels[0])
            return await look_at_arrivals(OwnBridge.of(http, settings), client, time.time() + RIPE_S + 10)

    arrivals = asyncio.run(look())
    assert arrivals is not None
    assert (arrivals.by_webhook >= 1, arrivals.by_storage, arrivals.unknown) == (True, 0, 0)


def test_only_what_is_not_well_is_shown_quietly(office: Office) -> None:
    said = office.says("doctor", "--quiet")
    assert " ok  " not in said
    assert said.splitlines()[-1].startswith("0 wrong")


def test_a_channel_that_is_not_there_ends_with_2(office: Office) -> None:
    ended = office.run("doctor", "--channel", "nobody")
    assert (ended.returncode, "there is no channel nobody" in ended.stderr) == (2, True)


def test_a_program_that_posts_the_same_messages_is_found(office: Office) -> None:
    """As GOWA's own forwarder would, in a conversation of ours."""
    conversation = office.helpdesk.conversations()[0]["id"]
    fields = {"message_type": "incoming", "source_id": "WAID:3EB0FORWARDED"}
    messages = [office.helpdesk.write(conversation, "Bom dia", **fields)["id"] for _ in range(2)]
    code, found = examined(office)
    for message in messages:
        office.helpdesk.ask("DELETE", f"conversations/{conversation}/messages/{message}")
    assert code == 1
    assert "helpdesk.second_forwarder" in amiss(found)


def test_a_side_that_is_away_is_told_from_one_that_refuses(office: Office) -> None:
    """With settings of its own: a port where nobody listens, and a wrong token."""
    path = office.folder / "elsewhere.toml"
    text = office.settings["durable"].read_text()
    text = text.replace(f'url = "http://127.0.0.1:{office.ports.gateway}"', 'url = "http://127.0.0.1:1"')
    path.write_text(text.replace(f'token = "{office.password}"', 'token = "wrong"'))
    code, found = doctor_of(path)
    assert code == 1
    assert {"gateway.connection_refused", "helpdesk.token"} <= amiss(found)


def test_a_round_trip_arrives_once_is_told_back_and_leaves_no_trouble(office: Office) -> None:
    for _ in range(2):  # the second finds what the first left behind
        code, found = examined(office, "--roundtrip")
        legs = {one["code"]: one["grade"] for one in found if one["code"].startswith("roundtrip.")}
        assert (code, legs) == (
            0,
            {
                "roundtrip.door": "ok",
                "roundtrip.delivered": "ok",
                "roundtrip.once": "ok",
                "roundtrip.told_back": "ok",
                "roundtrip.left": "note",
            },
        )
    assert office.json("dead", "list") == []
    tests = [one for one in office.helpdesk.conversations() if one["meta"]["sender"]["name"] == "unlost doctor (test)"]
    assert [one["status"] for one in tests] == ["resolved"]


def test_a_round_trip_sees_that_the_helpdesks_webhooks_do_not_come(office: Office) -> None:
    own = office.helpdesk.ask("GET", "inboxes/1")["webhook_url"]
    set_inbox(office, channel={"webhook_url": "http://127.0.0.1:9/nobody"})
    code, found = examined(office, "--roundtrip")
    set_inbox(office, channel={"webhook_url": own})
    assert code == 1
    assert "roundtrip.told_back" in amiss(found)


def test_the_report_holds_no_secret_and_no_number(office: Office) -> None:
    path = office.folder / "report.json"
    assert office.run("doctor", "--report", str(path)).returncode == 0
    told = path.read_text()
    assert json.loads(told)["findings"]
    assert not [word for word in (office.password, ANA, "5541999990000", "Ana", str(office.folder)) if word in told]


def test_a_report_is_never_written_over_another_file(office: Office) -> None:
    path = office.folder / "mine.json"
    path.write_text("mine")
    assert office.run("doctor", "--report", str(path)).returncode == 2
    assert path.read_text() == "mine"


def joining(office: Office, path: Path, *more: str, **environ: str) -> subprocess.CompletedProcess[str]:
    words = [
        "init", "--helpdesk-url", office.desk_url, "--token", "env:TOKEN", "--inbox-name", "Second",
        "--gateway-url", f"http://127.0.0.1:{office.ports.gateway}",
        "--gateway-username", "demo", "--gateway-password", office.password, "--listen", "127.0.0.1:8999", *more,
    ]  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "unlost.cli.main", "--config", str(path), *words],
        capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL,
        env=os.environ | {"TOKEN": office.password} | environ,
    )  # fmt: skip


@pytest.fixture(scope="module")
def joined(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Settings that `init` wrote."""
    path = tmp_path_factory.mktemp("joined") / "unlost.toml"
    ended = joining(office, path)
    assert ended.returncode == 0, ended.stderr
    return path


def test_init_with_a_token_makes_an_inbox_that_calls_us(office: Office, joined: Path) -> None:
    (inbox,) = [one for one in office.helpdesk.ask("GET", "inboxes")["payload"] if one["name"] == "Second"]
    assert inbox["webhook_url"] == "http://127.0.0.1:8999/webhooks/helpdesk/support"
    assert (joined.parent / "secrets" / "support-helpdesk-webhook-secret").read_text().strip() == inbox["secret"]
    assert office.password not in joined.read_text()


def test_init_asks_the_gateway_for_the_firms_number(joined: Path) -> None:
    assert 'device = "5541999990000@s.whatsapp.net"' in joined.read_text()


def test_init_tells_times_where_that_number_is_at_home(joined: Path) -> None:
    """Else agents read of a late message that it was written three hours later than it was."""
    assert '\ntimezone = "America/Sao_Paulo"' in joined.read_text()


def test_init_run_again_adopts_the_inbox_and_leaves_the_settings_as_they_are(office: Office, joined: Path) -> None:
    before = joined.read_bytes()
    ended = joining(office, joined)
    assert ended.returncode == 0
    assert "adopted" in ended.stdout
    assert joined.read_bytes() == before
    assert len([one for one in office.helpdesk.ask("GET", "inboxes")["payload"] if one["name"] == "Second"]) == 1


def test_init_says_what_to_type_into_the_gateway(office: Office, joined: Path) -> None:
    said = joining(office, joined).stdout
    secret = (joined.parent / "secrets" / "support-gateway-webhook-secret").read_text().strip()
    for line in (
        "WHATSAPP_WEBHOOK=http://127.0.0.1:8999/webhooks/gateway/support",
        f"WHATSAPP_WEBHOOK_SECRET={secret}",
        f"APP_BASIC_AUTH=demo:{office.password}",
        "CHATWOOT_ENABLED=false",
    ):
        assert f"    {line}\n" in said


def test_init_says_what_to_type_next_as_it_can_be_typed(office: Office, joined: Path) -> None:
    assert joining(office, joined).stdout.endswith(
        "next:\n"
        + "".join(f"    unlost --config {joined} {word}\n" for word in ("check", "serve", "doctor --roundtrip"))
    )


def test_init_does_not_take_an_inbox_that_calls_another_program(office: Office, tmp_path: Path) -> None:
    ended = joining(office, tmp_path / "unlost.toml", "--inbox-name", "WhatsApp", "--channel", "other")
    assert ended.returncode == 1
    assert "--inbox 1 takes it over" in ended.stderr
    assert not (tmp_path / "unlost.toml").exists()


def test_init_leaves_a_file_that_has_another_channel_alone_and_calls_nobody(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "unlost.toml"
    path.write_text("mine")
    calls = len(office.helpdesk.ask("GET", "inboxes")["payload"])
    ended = joining(office, path, "--inbox-name", "Third")
    assert (ended.returncode, path.read_text()) == (2, "mine")
    assert len(office.helpdesk.ask("GET", "inboxes")["payload"]) == calls


def test_init_beside_settings_with_a_channel_of_that_name_leaves_their_secrets_alone(
    office: Office, joined: Path
) -> None:
    secrets = {path.name: path.read_text() for path in (joined.parent / "secrets").iterdir()}
    ended = joining(office, joined.with_name("other.toml"), "--inbox-name", "WhatsApp", "--inbox", "1")
    assert ended.returncode == 2
    assert ended.stderr.startswith("Error: unlost.toml, beside other.toml, keeps the secrets of its channel support")
    assert {path.name: path.read_text() for path in (joined.parent / "secrets").iterdir()} == secrets


def test_init_with_force_keeps_the_file_it_replaces(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "unlost.toml"
    path.write_text("mine")
    assert joining(office, path, "--force").returncode == 0
    assert (tmp_path / "unlost.toml.before-init").read_text() == "mine"


def test_init_with_a_wrong_token_writes_nothing(office: Office, tmp_path: Path) -> None:
    ended = joining(office, tmp_path / "unlost.toml", TOKEN="wrong")
    assert (ended.returncode, list(tmp_path.iterdir())) == (1, [])
    assert "administrator" in ended.stderr


def test_without_a_bridge_the_doctor_says_so_and_looks_at_the_rest(office: Office) -> None:
    """Last of its module: it stops the bridge."""
    office.bridge.stop()
    eventually(lambda: not office.bridge.is_running, "the bridge stopped")
    code, found = examined(office)
    assert (code, "bridge.running" in amiss(found)) == (0, True)
    assert any(one["code"] == "helpdesk.webhook_url" for one in found)
