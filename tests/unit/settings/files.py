"""Settings files for the tests: valid ones; a test changes only what matters to it."""

from pathlib import Path

CHANNEL = """
[[channel]]
name = "{name}"
{more}
[channel.gateway]
kind = "{kind}"
url = "http://127.0.0.1:3000"
webhook_secret = "s3cret-of-the-gateway"
{gateway}
[channel.helpdesk]
url = "http://127.0.0.1:8090"
account_id = 1
inbox_id = {inbox}
token = "t0ken"
webhook_secret = "off"
{helpdesk}
"""


def channel(
    name: str = "support", *, kind: str = "gowa", inbox: int = 1, more: str = "", gateway: str = "", helpdesk: str = ""
) -> str:
    """One channel, complete."""
    return CHANNEL.format(name=name, kind=kind, inbox=inbox, more=more, gateway=gateway, helpdesk=helpdesk)


def written(folder: Path, text: str) -> Path:
    """The file, written."""
    path = folder / "unlost.toml"
    path.write_text(text, encoding="utf-8")
    return path
