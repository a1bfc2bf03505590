"""The `unlost` command: one file per verb, loaded when it is called, so that `--help` answers at once."""

import importlib
import sys
from pathlib import Path

import click

import unlost
from unlost.cli.parent import end_with_parent

COMMANDS = {
    "demo": "watch messages survive a gateway that dies; reads no settings",
    "init": "write a commented settings file",
    "check": "judge the settings without starting",
    "doctor": "look at both sides, and name what is wrong and its cure",
    "serve": "run the bridge",
    "up": "run the bridge, and the desk and gateway that the settings name",
    "desk": "run the demo helpdesk",
    "gateway": "run our own gateway",
    "status": "how each channel stands, or a ledger of the last hours",
    "trace": "what became of a message: by id, phone, conversation number or URL",
    "dead": "dead letters: list, show, retry, discard",
    "pause": "stop working a channel; its doors stay open",
    "resume": "go on after a pause or a block",
    "drain": "wait until nothing waits",
    "reconcile": "compare the gateway's storage with the journal now",
    "backup": "copy the journal while it runs",
    "restore": "put a backup in the journal's place; the bridge must not run",
    "forget": "erase a person's text, names and numbers from the journal",
    "notify-test": "send a trial to every notify address, and one heartbeat",
}


class Verbs(click.Group):
    """Commands by name; each in its own file, exposing `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order a newcomer needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the file of *cmd_name*."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"unlost.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table, without loading a single one."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(unlost.__version__, prog_name="unlost")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The settings file (else UNLOST_CONFIG, else ./unlost.toml).",
)
@click.pass_context
def main(ctx: click.Context, config: Path | None) -> None:
    """A WhatsApp bridge for Chatwoot that loses nothing.

    New here? `unlost demo` shows it on this machine; `unlost init` writes the settings to fill in.
    """
    end_with_parent()
    ctx.obj = config


if __name__ == "__main__":
    sys.exit(main())
