"""What the journal must say of itself at rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.simulation.clock import EPOCH_S
from tests.simulation.entries import EntryRow
from tests.simulation.population import BAD, REFERRING, Sort, Told
from tests.simulation.remains import Remains, shown
from tests.simulation.script import Scene

TARGET_WAIT_S = 60.0


def nothing_waits(remains: Remains) -> Iterator[str]:
    """Every entry has ended, within the longest wait of the program."""
    if remains.played.rested_s is None:
        yield f"open for ever: {remains.played.still_open[:8]}"
    for entry in remains.played.journal.execute("SELECT id, lease_holder FROM lane WHERE lease_holder IS NOT NULL"):
        yield f"lane {entry[0]} is leased by {entry[1]}"


def acknowledged_is_kept(remains: Remains) -> Iterator[str]:
    """What was answered with 2xx stands in the journal, whatever died since."""
    for told in remains.played.population.told:
        if told.acked_at and not remains.entries_by_id.get(told.event.id) and not remains.is_gone(told):
            yield f"{shown(told)} was acknowledged and is not there"
    if remains.played.director.wider.restored_at is not None:
        return  # of bodies that nobody can read nobody knows when they came
    kept = Counter(entry.raw for entry in remains.entries)
    for raw in remains.played.population.garbage:
        if not kept[raw]:
            yield "an unreadable body was acknowledged and is not there"


def unreadable_is_a_letter(remains: Remains) -> Iterator[str]:
    """What nobody can read ends as a dead letter and in no other way: a person has to see that there was something."""
    for entry in remains.entries:
        is_letter = entry.state == "dead" and entry.kind == "unreadable"
        if entry.raw in remains.played.population.garbage and not is_letter:
            yield f"entry {entry.id} ({entry.kind}), which nobody can read, ended {entry.verdict}: {entry.reason}"


def skips_are_just(remains: Remains) -> Iterator[str]:
    """A reason of the closed list, and the true one."""
    for entry in remains.entries:
        if entry.verdict == "skipped" and not _is_just(remains, entry):
            told = remains.told_by_id.get(entry.whatsapp_id or "")
            yield f"entry {entry.id} ({shown(told) if told else entry.kind}) skipped as {entry.reason}"


def _is_just(remains: Remains, entry: EntryRow) -> bool:
    if entry.source == "helpdesk":
        return _is_just_for_helpdesk(remains, entry)
    told = remains.told_by_id.get(entry.whatsapp_id or "")
    match entry.reason:
        case "empty_twin":
            return told is not None and entry.is_empty and told.has_twin
        case "own_noise":
            return told is not None and told.sort is Sort.NOISE
        case "duplicate":
            return told is not None and (bool(remains.standing(told)) or remains.is_removed(told))
        case "target_missing":
            return entry.source == "chore" or (told is not None and _target_is_missing(remains, told, entry))
        case _:
            return False


def _target_is_missing(remains: Remains, told: Told, entry: EntryRow) -> bool:
    """It never came, or only after its waiting reference had given up."""
    if told.sort not in REFERRING or told.target is None:
        return False
    target = told.target
    if {told.number, target.number} & remains.played.director.wider.contradicted.keys():
        return True  # told of another person
    if remains.is_unknown_again(target) or remains.is_forgotten(target):
        return True
    if was_dead_until(remains, target) > (entry.settled_at or 0.0):
        return True
    has_waited = (entry.settled_at or 0.0) - entry.arrived_at >= TARGET_WAIT_S - 1.0
    if not has_waited and not remains.is_dead(target) and not remains.clock_stepped:
        return bool(remains.entries_by_id.get(target.event.id)) and not remains.standing(target)
    if remains.is_dead(target) or remains.is_removed(target) or not remains.standing(target):
        return True
    settled = [one.settled_at or 0.0 for one in remains.entries_by_id.get(target.event.id, []) if not one.is_empty]
    return entry.settled_at is not None and bool(settled) and min(settled) >= entry.settled_at


def was_dead_until(remains: Remains, told: Told) -> float:
    """When an operator retried it last, by the wall clock of a schedule in which no clock steps; 0.0: never."""
    retried = [one.at_s for one in remains.played.director.wider.retried if one.whatsapp_id == told.event.id]
    return EPOCH_S + max(retried) if retried else 0.0


def _is_just_for_helpdesk(remains: Remains, entry: EntryRow) -> bool:
    if entry.kind != "message_created":
        return entry.reason in ("ignored", "own_echo", "outbound_off", "deleted_by_agent", "private")
    is_agents = entry.whatsapp_id is not None and int(entry.whatsapp_id) in remains.played.director.agents_texts
    return (entry.reason in ("outbound_off", "deleted_by_agent")) == is_agents


def deaths_are_just(remains: Remains) -> Iterator[str]:
    """Only garbage, poison and killers die, and what met more faults than there are attempts."""
    for entry in remains.entries:
        if entry.state == "dead" and not _may_die(remains, entry):
            yield f"entry {entry.id} ({entry.kind}) died: {entry.reason}"


def _may_die(remains: Remains, entry: EntryRow) -> bool:
    told = remains.told_by_id.get(entry.whatsapp_id or "")
    if told is not None and told.sort in BAD:
        return True
    if entry.kind == "unreadable":
        return b"garbage" in entry.raw
    if entry.crashes >= 3:
        is_innocent_of_all = remains.played.script.scene in (Scene.KILLER, Scene.READER)
        return remains.deaths >= 3 and not is_innocent_of_all
    if entry.direction == "look":
        return True  # a question that was asked in vain: nothing of a customer's
    if "absent" in (entry.reason or "") or "never found" in (entry.reason or ""):
        return remains.hard_faults() >= 5
    return bool(remains.played.director.removed or remains.played.director.merged) and "not there" in (
        entry.reason or ""
    )


def enters_once(remains: Remains) -> Iterator[str]:
    """The door knows what it has."""
    bodies = Counter(entry.raw for entry in remains.entries if entry.is_gateways and entry.whatsapp_id)
    for raw, times in bodies.items():
        if times > 1:
            entry = next(entry for entry in remains.entries if entry.raw == raw)
            told = remains.told_by_id.get(entry.whatsapp_id or "")
            if told is not None and told.chat.lid in remains.learned:
                continue  # under two keys, before and after its LID was known; delivery tells them for one
            yield f"{shown(told) if told else entry.kind} entered {times} times"


def the_living_are_left(remains: Remains) -> Iterator[str]:
    """Nobody is presumed dead who lives and never stood still."""
    for holder, who in remains.played.witness.burials_of_the_living:
        yield f"{who} buried {holder}, who lives"


def ends_once(remains: Remains) -> Iterator[str]:
    """No entry is settled twice by whoever; a dead letter once more for each time that an operator retried it."""
    retries: Counter[int] = Counter(retried.entry for retried in remains.played.director.wider.retried)
    ends = Counter(ending.entry for ending in remains.played.witness.endings)
    for entry, times in ends.items():
        if times > 1 + retries[entry]:
            who = [f"{one.who} {one.verdict}" for one in remains.played.witness.endings if one.entry == entry]
            yield f"entry {entry} ended {times} times: {who}"


def patient(remains: Remains) -> Iterator[str]:
    """No entry has more attempts than things went wrong that cost one."""
    allowed = remains.hard_faults() + remains.waits_cut_short
    for entry in remains.entries:
        told = remains.told_by_id.get(entry.whatsapp_id or "")
        is_bad = told is not None and told.sort in BAD
        asks_gateway = (
            entry.direction == "look"
            or entry.kind == "file"
            or entry.is_empty
            or (told is not None and told.sort is Sort.POLL)
        )
        if entry.attempts > allowed and not is_bad and not asks_gateway:
            yield f"entry {entry.id} ({entry.kind}) has {entry.attempts} attempts; only {allowed} things could cost one"


def killers_are_stopped(remains: Remains) -> Iterator[str]:
    """What ends whoever works it does so three times at most."""
    for name, times in remains.played.director.killed_by.items():
        entries = len(remains.entries_by_id.get(name.removeprefix("WAID:"), ()))  # a webhook and a row, under two forms
        if times > 3 * max(1, entries):
            yield f"{name} killed {times} times"


def gaps_close(remains: Remains) -> Iterator[str]:
    """A restart is a gap; reconcile has looked behind every one."""
    gaps = list(remains.played.journal.execute("SELECT id, cause, closed_at, reconciled_at FROM gap"))
    for gap, cause, closed_at, reconciled_at in gaps:
        if closed_at is None or reconciled_at is None:
            yield f"gap {gap} ({cause}) is still open"
    restarts = sum(bridge.returns for bridge in remains.played.director.bridges)
    recorded = sum(cause == "door_closed" for _, cause, _, _ in gaps)
    if recorded * len(remains.played.director.bridges) < restarts:  # who return together share one
        yield f"{restarts} returns of a bridge, {recorded} gaps recorded"


def quiet(remains: Remains) -> Iterator[str]:
    """No customer's words, names or whole numbers."""
    log = remains.played.world.log.getvalue()
    if "sesame" in log:
        yield "a customer's words stand in the log"
    for chat in remains.played.population.chats:
        for form in chat.forms:
            if not chat.is_group and form.partition("@")[0] in log:
                yield f"the whole number of {chat.name} stands in the log"
