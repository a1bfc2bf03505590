"""How an entry's story reads on a terminal: for `trace` and `dead show`."""

from typing import Any

import click

from unlost.cli.showing import Times, harmless


def show_entry(entry: dict[str, Any], times: Times) -> None:
    """A line on what it is and how it stands, below it each failed attempt and where it stands in the helpdesk."""
    ending = " ".join(filter(None, (entry["verdict"] or entry["state"], entry["reason"])))
    late = ", late" if entry["late"] else ""
    what = " ".join(filter(None, (entry["kind"], entry["whatsapp_id"], f"in {entry['chat']}" if entry["chat"] else "")))
    _say(f"{times(entry['arrived_at'])}  #{entry['id']} {what}: {ending}{late}")
    for failure in entry["failures"]:
        _say(f"    {times(failure['at'])}  {failure['step']}: {failure['cause']}")
    for message in entry["helpdesk_messages"]:
        _say(f"    stands as message {message['message']} in conversation {message['conversation']}")
    if entry["due_at"] and entry["state"] in ("waiting", "parked"):
        _say(f"    next try {times(entry['due_at'])}; {entry['attempts']} attempts so far")


def _say(line: str) -> None:
    click.echo(harmless(line))
