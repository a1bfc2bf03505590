"""`unlost dead`: dead letters, listed, shown, retried, discarded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from unlost.cli.bridge import Bridge, who_asks
from unlost.cli.entries import show_entry
from unlost.cli.given import settings_given
from unlost.cli.showing import Span, Times, show_json, show_table, since_epoch

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def command() -> None:
    """Dead letters: entries that ended without effect. Each is kept until a person retries or discards it."""


def filters(function: F) -> F:
    """The options that choose."""
    for option in (
        click.option("--channel", help="Of this channel."),
        click.option("--reason", help="With this reason, word for word."),
        click.option("--since", type=Span(), help="That died in this time (24h, 2d)."),
    ):
        function = option(function)
    return function


@command.command("list")
@filters
@click.option("--limit", type=click.IntRange(1, 1000), default=100, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
@click.pass_obj
def list_(
    config: Path | None, channel: str | None, reason: str | None, since: float | None, limit: int, as_json: bool
) -> None:
    """Newest first."""
    query = {"channel": channel, "reason": reason, "since": since_epoch(since), "limit": limit}
    settings = settings_given(config)
    entries, times = Bridge.of(settings).get("dead", query)["entries"], Times.of(settings)
    if as_json:
        show_json(entries)
        return
    show_table(
        ("id", "died", "channel", "chat", "kind", "reason", "attempts"),
        [
            (
                row["id"],
                times(row["settled_at"]),
                row["channel"],
                row["chat"],
                row["kind"],
                row["reason"],
                row["attempts"],
            )
            for row in entries
        ],
        none="no dead letters",
    )


@command.command()
@click.argument("entry", type=int)
@click.option("--json", "as_json", is_flag=True, help="For other programs; more of it.")
@click.pass_obj
def show(config: Path | None, entry: int, as_json: bool) -> None:
    """One of them, with its failed attempts."""
    settings = settings_given(config)
    found = Bridge.of(settings).get(f"dead/{entry}")["entries"][0]
    if as_json:
        show_json(found)
    else:
        show_entry(found, Times.of(settings))


@command.command()
@click.argument("ids", nargs=-1, type=int)
@filters
@click.option("--all", "everything", is_flag=True, help="Every dead letter.")
@click.option("--preview", is_flag=True, help="Only say how many.")
@click.pass_obj
def retry(config: Path | None, /, ids: tuple[int, ...], **chosen: Any) -> None:
    """To the end of their lanes, marked late."""
    _change(config, "retry", "retried", ids, chosen)


@command.command()
@click.argument("ids", nargs=-1, type=int)
@filters
@click.option("--all", "everything", is_flag=True, help="Every dead letter.")
@click.option("--preview", is_flag=True, help="Only say how many.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def discard(config: Path | None, /, ids: tuple[int, ...], *, yes: bool, **chosen: Any) -> None:
    """End them for good. What they said will not reach the helpdesk."""
    if not (yes or chosen["preview"]):
        _change(config, "discard", "discarded", ids, {**chosen, "preview": True})
        click.confirm("Discard them for good?", abort=True)
    _change(config, "discard", "discarded", ids, chosen)


def _change(config: Path | None, verb: str, done: str, ids: tuple[int, ...], chosen: dict[str, Any]) -> None:
    by_filter = any(chosen[name] for name in ("channel", "reason", "since", "everything"))
    if not (ids or by_filter):
        raise click.UsageError("name ids, a filter, or --all")
    if ids and by_filter:
        raise click.UsageError("name ids, or a filter, or --all: not both")
    body = {**chosen, "ids": list(ids), "since": since_epoch(chosen["since"]), "who": who_asks()}
    answer = Bridge.of(settings_given(config)).post(f"dead/{verb}", body, wait_s=600.0)
    click.echo(f"{answer['count']} would be {done}" if answer["preview"] else f"{answer['count']} {done}")
    if ids and answer["count"] < len(set(ids)):
        raise click.ClickException(f"{len(set(ids)) - answer['count']} of these are no dead letters (any more)")
