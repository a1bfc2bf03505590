"""`unlost desk`: run the demo helpdesk."""

from pathlib import Path

import click

from unlost.cli.given import Unusable, settings_given


@click.command()
@click.option(
    "--request-limit-s", type=click.FloatRange(0.1, 60), default=15.0, hidden=True, help="For demo and tests."
)
@click.option("--faults", is_flag=True, hidden=True, help="For tests: opens /_desk/….")
@click.pass_obj
def command(config: Path | None, request_limit_s: float, faults: bool) -> None:
    """Run the demo helpdesk of the [desk] section: one inbox, joined to the first channel. For one user, not for a team."""
    from unlost.assemble import desk_settings
    from unlost.desk import server

    settings = settings_given(config)
    wanted = desk_settings(settings, request_limit_s=request_limit_s, enable_faults=faults)
    if wanted is None:
        raise Unusable(f"{settings.file}: there is no [desk] section, or no channel to join it to")
    server.serve(wanted)
