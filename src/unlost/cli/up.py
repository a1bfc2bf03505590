"""`unlost up`: the bridge, and the desk and gateway that the settings name, side by side."""

import signal
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import click

from unlost.cli.given import settings_given
from unlost.cli.processes import Program
from unlost.settings.values import Settings

LOOK_S = 0.2
RESTART_WAITS_S = (0.5, 1.0, 2.0, 5.0, 10.0)
STARTED_S = 3.0
"""What ends so soon after its first start could not start (a port taken, a folder not to be written): it has said so, and a person
looks on. Later the same is waited out.
"""


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
    programs = [Program(name, ["--config", str(settings.file), name], is_bound=True) for name in names]
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


@dataclass(slots=True)
class _Life:
    """What is known of one program. Times are of the monotonic clock."""

    program: Program
    deaths: int = 0
    due_at: float = 0.0
    started_at: float | None = None
    has_stood: bool = False

    def look(self, now: float) -> None:
        """Start it where that is due. Raises ClickException where it cannot start."""
        if self.program.is_running:
            assert self.started_at is not None
            self.has_stood = self.has_stood or now - self.started_at > STARTED_S
            if now - self.started_at > RESTART_WAITS_S[-1]:
                self.deaths = 0
            return
        if self.started_at is not None:
            self._mourn(now, self.started_at)
        if now >= self.due_at:
            self.started_at = now
            self.program.start()

    def _mourn(self, now: float, started_at: float) -> None:
        name, code = self.program.name, self.program.exit_code
        if code == 2 or (code == 1 and not self.has_stood):
            raise click.ClickException(f"{name} cannot start; see its line above")
        if self.due_at <= started_at:
            wait_s = RESTART_WAITS_S[min(self.deaths, len(RESTART_WAITS_S) - 1)]
            self.deaths += 1
            self.due_at = now + wait_s
            click.echo(f"{name} ended with {code}; started again in {wait_s} s", err=True)


def _keep_running(programs: list[Program], stopping: _Stopping) -> None:
    lives = [_Life(program) for program in programs]
    while not stopping.asked:
        for life in lives:
            life.look(time.monotonic())
        time.sleep(LOOK_S)
