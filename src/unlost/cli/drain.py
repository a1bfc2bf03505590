"""`unlost drain`: wait until nothing waits."""

from pathlib import Path

import click

from unlost.cli.bridge import Bridge
from unlost.cli.given import settings_given
from unlost.cli.showing import Span

LOOK_S = 2.0


@click.command()
@click.option("--timeout", "timeout_s", type=Span(), default="5m", show_default=True, help="Wait at most so long.")
@click.pass_obj
def command(config: Path | None, timeout_s: float) -> None:
    """Wait until no message is waiting, being worked or parked. Exit code 1 where something is left.

    Look-ups and sweeps go on by themselves, some for ten minutes; no message waits for them.
    """
    bridge = Bridge.of(settings_given(config))
    left, first = 0, None
    with click.progressbar(length=1000, label="draining", show_eta=False) as bar:
        waited_s = 0.0
        while waited_s <= timeout_s:
            left = bridge.post("drain", {"timeout_s": min(LOOK_S, timeout_s)})["count"]
            first = left if first is None else max(first, left)
            bar.update(max(0, int(1000 * (1 - left / first) if first else 1000) - bar.pos))
            if not left:
                break
            waited_s += LOOK_S
    if left:
        raise click.ClickException(f"{left} entries are left; `unlost status` says what they wait for")
    click.echo("nothing waits")
