"""`unlost desk`: run the demo helpdesk."""

import asyncio
import socket
from pathlib import Path

import click

from unlost.cli.given import Unusable, settings_given
from unlost.cli.lines import write_lines_like_the_bridge


@click.command()
@click.option(
    "--request-limit-s", type=click.FloatRange(0.1, 60), default=15.0, hidden=True, help="For demo and tests."
)
@click.option("--faults", is_flag=True, hidden=True, help="For tests: opens /_desk/….")
@click.pass_obj
def command(config: Path | None, request_limit_s: float, faults: bool) -> None:
    """Run the demo helpdesk of the [desk] section: one inbox, joined to the first channel. For one user, not for a team."""
    from unlost.assemble.programs import desk_settings
    from unlost.desk import server

    settings = settings_given(config)
    wanted = desk_settings(settings, request_limit_s=request_limit_s, enable_faults=faults)
    if wanted is None:
        raise Unusable(f"{settings.file}: there is no [desk] section, or no channel to join it to")
    write_lines_like_the_bridge()
    asyncio.run(server.serving(wanted, [_listening(wanted.listen_host, wanted.listen_port)]))


def _listening(host: str, port: int) -> socket.socket:
    """Bound here, because uvicorn says of a port that is taken what only its makers understand, and ends with 3."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise click.ClickException(
            f"cannot listen at {host}:{port}: {error.strerror}; end what listens there, or name another [desk] listen"
        ) from None
