"""`unlost gateway`: run our own gateway."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from unlost.cli.given import Unusable, settings_given
from unlost.cli.lines import write_lines_like_the_bridge

if TYPE_CHECKING:
    from unlost.gateway.engines.neonize_devices import Workers


@click.command()
@click.option("--faults", is_flag=True, hidden=True, help="For tests: opens /_gateway/….")
@click.pass_obj
def command(config: Path | None, faults: bool) -> None:
    """Run the gateway of the [gateway] section for the first channel's device."""
    run(config, faults=faults)


def run(config: Path | None, *, faults: bool, workers: Workers | None = None) -> None:
    """Serve until told to stop. *workers* says how the real engine's are begun; left out, as in production.

    Raises Unusable, ClickException.
    """
    from unlost.assemble.programs import gateway_settings
    from unlost.gateway import server
    from unlost.gateway.engines import neonize
    from unlost.gateway.engines.neonize_devices import Workers
    from unlost.gateway.gateway import FolderHeld

    settings = settings_given(config)
    wanted = gateway_settings(settings, enable_faults=faults)
    if wanted is None:
        raise Unusable(f"{settings.file}: there is no [gateway] section, or no channel with a device to run it for")
    if settings.gateway is not None and settings.gateway.engine == "neonize" and (why := neonize.why_missing()):
        raise Unusable(f"{settings.file}: gateway.engine: {why}")
    write_lines_like_the_bridge()
    try:
        asyncio.run(server.serve(wanted, workers=workers or Workers()))
    except FolderHeld as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"cannot listen at {settings.gateway.listen if settings.gateway else ''}: {error.strerror}; "
            "end what listens there, or name another [gateway] listen"
        ) from None
