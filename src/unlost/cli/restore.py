"""`unlost restore`: put a backup in the journal's place."""

import time
from pathlib import Path

import click

from unlost.cli.given import settings_given


@click.command()
@click.argument("backup", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(config: Path | None, backup: Path, yes: bool) -> None:
    """Put BACKUP in the journal's place. No bridge may run; the journal that stood there is kept beside it.

    What happened after the backup is not known to it. So neither direction reaches behind this moment, and whatever was not
    yet delivered is looked for in the helpdesk before it is posted: nothing comes twice.
    """
    from unlost.journal.copying import restore_journal
    from unlost.journal.unusable import JournalUnusable
    from unlost.lanes.locks import FileLocks, folder_of

    journal = settings_given(config).journal_path
    if FileLocks(folder_of(journal)).any_held():
        raise click.ClickException("a bridge is running on this journal; stop it first")
    if not yes:
        click.confirm(f"Replace {journal} by {backup}?", abort=True)
    try:
        restore_journal(backup, journal, now=time.time())
    except JournalUnusable as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{journal} now is {backup}; start the bridge, and it goes on from there")
