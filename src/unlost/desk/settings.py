"""What the demo helpdesk is started with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class DeskSettings:
    """Everything one helpdesk needs; a frozen value.

    *token* is the administrator's API token, which a bridge uses; *agent_token* is that of the agent who writes on the page,
    derived from *token* where none is given.
    *password* guards the page (user name: desk); without one the page answers on loopback only.
    *webhook_url* and *webhook_secret*, where given, are written into the inbox at every start.
    *in_memory* keeps rows only while the process lives; files stand in *data_folder* all the same.
    """

    data_folder: Path
    token: str
    listen_host: str = "127.0.0.1"
    listen_port: int = 8090
    agent_token: str = ""
    password: str = ""
    public_url: str = ""  # empty: http://listen_host:listen_port
    account_id: int = 1
    inbox_id: int = 1
    inbox_name: str = "WhatsApp"
    inbox_identifier: str = ""  # empty: drawn at the first start
    webhook_url: str = ""
    webhook_secret: str = ""
    webhook_timeout_s: float = 5.0  # Chatwoot's default
    request_limit_s: float = 15.0  # rack-timeout in production; demo and tests take 1
    body_max_bytes: int = 64 * 1024 * 1024  # Chatwoot has no limit of its own; its nginx and dashboard stay below
    throttle: bool = True
    throttle_loopback: bool = False
    enable_faults: bool = False
    in_memory: bool = False

    def outside_url(self) -> str:
        """The address that stands in links, without a slash at its end."""
        return (self.public_url or f"http://{self.listen_host}:{self.listen_port}").rstrip("/")
