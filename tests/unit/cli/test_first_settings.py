"""The settings that `init` writes for a channel it joined, and the files of its secrets."""

import os
import stat
from dataclasses import replace
from pathlib import Path

from unlost.cli.first_settings import FirstChannel, SecretFiles, put_settings, settings_text
from unlost.settings.keys import keys_of
from unlost.settings.reading import read_settings
from unlost.settings.template import SECTIONS, template

FIRST = FirstChannel(
    name="support",
    language="pt-BR",
    listen="0.0.0.0:8080",
    public_url="https://bridge.example.com",
    timezone="America/Sao_Paulo",
    console_password="file:secrets/console-password",
    gateway_url="http://gowa:3000",
    gateway_username="unlost",
    gateway_password="file:secrets/gateway-password",
    gateway_secret="file:secrets/gateway-secret",
    device="5511900000000@s.whatsapp.net",
    helpdesk_url="https://chatwoot.example.com",
    account_id=2,
    inbox_id=7,
    token="env:CHATWOOT_TOKEN",
    helpdesk_secret="off",
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_is_written_is_read_as_it_was_meant(tmp_path: Path) -> None:
    files = SecretFiles(tmp_path)
    for name in ("console-password", "gateway-password", "gateway-secret"):
        files.put(name, f"the {name}")
    put_settings(tmp_path / "unlost.toml", settings_text(FIRST))
    settings = read_settings(tmp_path / "unlost.toml", {"CHATWOOT_TOKEN": "t"})
    (channel,) = settings.channels
    assert (channel.name, channel.language, settings.server.public_url) == ("support", "pt-BR", FIRST.public_url)
    assert (channel.gateway.device, channel.gateway.password.reveal()) == (FIRST.device, "the gateway-password")
    assert (channel.helpdesk.inbox_id, channel.helpdesk.webhook_secret) == (7, None)
    assert channel.gateway.reorder_wait_s == 0.5


def test_what_is_empty_stays_at_its_default(tmp_path: Path) -> None:
    text = settings_text(replace(FIRST, console_password="", device="", public_url=""))
    assert '#password = ""' in text
    assert "\n#device = " in text


def test_every_key_stands_in_it_still() -> None:
    assert all(f"{name} = " in settings_text(FIRST) for _, section, _ in SECTIONS for name in keys_of(section))


def test_a_template_with_nothing_filled_in_is_the_template() -> None:
    assert template({}) == template()


def test_settings_and_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    os.umask(os.umask(0))
    SecretFiles(tmp_path).put("a", "word")
    put_settings(tmp_path / "unlost.toml", "x")
    assert [mode(tmp_path / path) for path in ("secrets", "secrets/a", "unlost.toml")] == [0o700, 0o600, 0o600]


def test_a_secret_that_was_made_once_is_used_again(tmp_path: Path) -> None:
    first = SecretFiles(tmp_path).made("a")
    assert (SecretFiles(tmp_path).made("a"), len(first) >= 32) == (first, True)


def test_a_secret_from_outside_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    files = SecretFiles(tmp_path)
    files.put("a", "old")
    files.put("a", "new")
    assert ((tmp_path / "secrets" / "a").read_text(), mode(tmp_path / "secrets" / "a")) == ("new\n", 0o600)


def test_each_file_that_is_replaced_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "unlost.toml"
    kept = [put_settings(path, text) for text in ("one", "two", "three")]
    assert [one and one.read_text() for one in kept] == [None, "one", "two"]
    assert path.read_text() == "three"
