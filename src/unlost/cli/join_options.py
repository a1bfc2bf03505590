"""The options of `unlost init` with a token, read by the rules of the settings that they fill."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from unlost.cli.given import Unusable
from unlost.settings.doors import door_url, is_known
from unlost.settings.errors import WrongValue
from unlost.settings.shapes import HostAndPort, Jid, Text, WebAddress
from unlost.settings.values import CHANNEL_NAME, Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options, read. *token* and *gateway_password* are the words themselves; `…_given` is what was typed."""

    channel: str
    language: str
    server: Server
    helpdesk_url: str
    token: str
    token_given: str
    account: int
    inbox: int | None
    inbox_name: str
    gateway_url: str
    gateway_username: str
    gateway_password: str
    gateway_password_given: str
    device: str


def asked_of(path: Path, given: Mapping[str, Any]) -> Asked:
    """The options of `init`, each by the rule of the settings' key it fills. Raises Unusable."""
    server = Server(
        listen=_fits(HostAndPort(), given["listen"], "--listen"),
        public_url=_fits(WebAddress(may_be_empty=True), given["public_url"], "--public-url"),
    )
    channel = _fits(
        Text("a short name of a-z, 0-9, - and _", CHANNEL_NAME, may_be_empty=False), given["channel"], "--channel"
    )
    if not is_known(door_url(server, channel, "helpdesk")):
        raise Unusable("--public-url is missing: the door listens on every address, and both sides need one of them")
    return Asked(
        channel=channel,
        language=given["language"],
        server=server,
        helpdesk_url=_fits(WebAddress(), given["helpdesk_url"], "--helpdesk-url"),
        token=_word(path, given["token"], "--token"),
        token_given=given["token"],
        account=given["account"],
        inbox=given["inbox"],
        inbox_name=given["inbox_name"],
        gateway_url=_fits(WebAddress(), given["gateway_url"], "--gateway-url"),
        gateway_username=given["gateway_username"],
        gateway_password=_word(path, given["gateway_password"], "--gateway-password"),
        gateway_password_given=given["gateway_password"],
        device=str(_fits(Jid(phones_only=True), given["device"], "--device") or ""),
    )


def _fits(shape: Any, text: str, option: str) -> Any:
    try:
        return shape.from_text(text)
    except WrongValue as wrong:
        raise Unusable(f"{option}: {wrong}") from None


def _word(path: Path, given: str, option: str) -> str:
    """What `env:NAME` or `file:PATH` stands for; a path is seen from the settings' folder, as in the settings."""
    where, _, name = given.partition(":")
    if where == "env":
        if not os.environ.get(name):
            raise Unusable(f"{option}: the environment variable {name} is not set")
        return os.environ[name]
    if where == "file":
        try:
            return (path.parent / name).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise Unusable(f"{option}: {name} cannot be read") from None
    return given
