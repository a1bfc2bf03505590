"""`unlost forget`: erase a person from the journal."""

from pathlib import Path

import click

from unlost.cli.bridge import Bridge
from unlost.cli.given import settings_given


@click.command()
@click.argument("phone")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(config: Path | None, phone: str, yes: bool) -> None:
    """Erase text, names and numbers of PHONE (any spelling, with area code) from the journal.

    Keyed hashes stay, so that nothing comes back. The helpdesk's copy is not touched: delete the contact there too.
    """
    if not yes:
        click.confirm(f"Erase {phone} from the journal for good?", abort=True)
    answer = Bridge.of(settings_given(config)).post("forget", {"phone": phone}, wait_s=600.0)
    click.echo(f"{answer['count']} entries and links erased here; the helpdesk's copy is not touched")
    if answer["waits"]:
        click.echo("something of theirs still waits to be worked, and is forgotten only then: say this again later")
