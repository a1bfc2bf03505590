"""`unlost gateway` whose engine knows only the fake: `python -m tests.demo_real_engine.gateway ENDPOINT_FILE SETTINGS`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from unlost.cli.gateway import run
from unlost.gateway.engines import neonize
from unlost.gateway.engines.neonize_devices import Workers
from unlost.gateway.engines.worker_process import WorkerCommand

FILE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.argument("endpoint_file", type=FILE)
@click.argument("settings", type=FILE)
def command(endpoint_file: Path, settings: Path) -> None:
    """In the pace of production; only how a worker is begun differs."""

    def patched(folder: Path) -> WorkerCommand:
        usual = neonize.worker_command(folder)
        begun = (sys.executable, "-m", "tests.fake_whatsapp.patched", str(endpoint_file), *usual.argv[2:])
        return WorkerCommand(begun, usual.env)

    run(settings, faults=False, workers=Workers(patched))


if __name__ == "__main__":
    command()
