"""`unlost up`: the bridge, and the desk and gateway that the settings name, side by side."""

import signal
import time
from pathlib import Path
from types import FrameType

import click

from unlost.cli.given import settings_given
from unlost.cli.processes import Program
from unlost.settings.values import Settings

LOOK_S = 0.2
RESTART_WAITS_S = (0.5, 1.0, 2.0, 5.0, 10.0)


@click.command()
@click.pass_obj
def command(config: Path | None) -> None:
    """Run everything the settings name until SIGTERM or Ctrl-C. What dies is started again."""
    settings = settings_given(config)
    names = [
        *(["desk"] if settings.desk else []),
        *(["gateway"] if settings.gateway else []),
        "serve",
    ]
    programs = [Program(name, ["--config", str(settings.file), name]) for name in names]
    _say_where(settings)
    stopping = _Stopping()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stopping.hear)
    try:
        _keep_running(programs, stopping)
    finally:
        for program in programs:
            program.ask_to_stop()
        for program in programs:
            program.stop()


def _say_where(settings: Settings) -> None:
    """Where to look, and how it ends."""
    if settings.desk:
        click.echo(f"the demo helpdesk: http://{settings.desk.listen}", err=True)
    click.echo(f"the operator's console: http://{settings.server.listen}; Ctrl-C ends all of it", err=True)


class _Stopping:
    """Set by a signal."""

    asked = False

    def hear(self, _number: int, _frame: FrameType | None) -> None:
        """Remember it."""
        self.asked = True


def _keep_running(programs: list[Program], stopping: _Stopping) -> None:
    deaths = dict.fromkeys((program.name for program in programs), 0)
    due = dict.fromkeys(deaths, 0.0)
    started_at = dict.fromkeys(deaths, 0.0)
    while not stopping.asked:
        now = time.monotonic()
        for program in programs:
            if program.is_running:
                if now - started_at[program.name] > RESTART_WAITS_S[-1]:
                    deaths[program.name] = 0
                continue
            if program.exit_code == 2:
                raise click.ClickException(f"{program.name} cannot start; see its line above")
            if program.exit_code is not None and due[program.name] <= started_at[program.name]:
                wait_s = RESTART_WAITS_S[min(deaths[program.name], len(RESTART_WAITS_S) - 1)]
                deaths[program.name] += 1
                due[program.name] = now + wait_s
                click.echo(f"{program.name} ended with {program.exit_code}; started again in {wait_s} s", err=True)
            if now >= due[program.name]:
                started_at[program.name] = now
                program.start()
        time.sleep(LOOK_S)
