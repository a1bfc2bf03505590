"""What a running bridge does about files beside its lanes: who may wait for one, how long one is tried, and when one may go."""

from collections.abc import Callable, Sequence
from pathlib import Path

from unlost.assemble.channels import ChannelParts
from unlost.journal.port import Journal
from unlost.journal.rows import Claim, Failure
from unlost.lanes.backoff import Schedule
from unlost.lanes.circuit import Circuit
from unlost.spool import NOBODY, Spool
from unlost.vocabulary.envelopes import Kind
from unlost.vocabulary.links import TargetState
from unlost.vocabulary.verdicts import Dead, Delivered, Parked, Skipped, Verdict

Settled = Callable[[Claim, Verdict, Failure | None], None]

SWEEP_EVERY_S = 600.0
WAKE_EVERY_S = 0.5
WAKE_MAX = 500
BASE_S, CEILING_S = 60.0, 4 * 3600.0
"""WhatsApp keeps a file for weeks: a gateway that cannot fetch it now may in an hour."""


def folder_of(journal_path: Path) -> Path:
    """Beside the journal, on the same file system, and in no backup of it: what is missing is fetched again."""
    return journal_path.with_name(f"{journal_path.name}-files")


def schedule(tries: int) -> Schedule:
    """Between tries at one file."""
    return Schedule(tries, "exponential", BASE_S, CEILING_S)


def settled(tell: Settled, spool: Spool) -> Settled:
    """*tell*, and a file that is of no more use to anybody goes, after what says so is durable."""

    def tell_and_drop(claim: Claim, verdict: Verdict, failure: Failure | None) -> None:
        tell(claim, verdict, failure)
        file = claim.facts.file
        if file is not None and claim.kind is Kind.FILE and _is_of_no_use(claim, verdict):
            spool.of(claim.channel).drop(file.spooled)

    return tell_and_drop


def _is_of_no_use(claim: Claim, verdict: Verdict) -> bool:
    """Its download has ended; or waits for a dead letter, of which there may be many, and long: a retry fetches it again."""
    if isinstance(verdict, Delivered | Skipped | Dead):
        return True
    return isinstance(verdict, Parked) and claim.known.target_state is TargetState.DEAD


async def wake(journal: Journal, channels: Sequence[ChannelParts], circuits: Sequence[Circuit]) -> None:
    """While a gateway is away no message waits for its file (design section 4, media)."""
    away = {circuit.host for circuit in circuits if circuit.is_open}
    for channel in channels:
        while channel.road.gateway_host in away:
            if await journal.wake_for_files(channel.name, limit=WAKE_MAX) < WAKE_MAX:
                break


async def sweep(journal: Journal, spool: Spool) -> None:
    """Files that no open download can want: left by a process that died between a fetch and its fact, or an end and its clearing.

    What a channel's download wants stays though the channel is not in the settings: it may come back, and the file be nowhere else.
    """
    kept = spool.kept()
    keys = {file.key for file in kept if file.channel != NOBODY}
    wanted = await journal.open_downloads(sorted(keys)) if keys else frozenset()
    for file in kept:
        if file.channel == NOBODY or file.key not in wanted:
            spool.drop(file)
