"""What must be true of the photos that customers sent, when all is at rest."""

from __future__ import annotations

from collections.abc import Iterator

from tests.simulation.clock import EPOCH_S
from tests.simulation.population import Sort, Told
from tests.simulation.remains import Remains, is_stub, shown
from tests.simulation.script import Scene
from unlost.gateway.events import Media


def files_stand_once(remains: Remains) -> Iterator[str]:
    """With its message or as a reply to it, never both; and it is there, unless it was deleted or nobody could have it."""
    for told in remains.played.population.told:
        if not isinstance(told.event.content, Media) or told.is_before_start:
            continue
        count = _files_of(remains, told)
        if count > 1:
            yield f"the file of {shown(told)} stands {count} times"
        elif count == 0 and _is_owed(remains, told):
            yield f"the file of {shown(told)} is lost"


def late_files_follow(remains: Remains) -> Iterator[str]:
    """A file that comes by itself stands behind its message, and says to which it belongs."""
    for told in remains.played.population.told:
        texts = remains.standing(told)
        for row in remains.rows_by_source.get(f"{told.source_id}#file", []):
            if is_stub(row) or not texts:
                continue
            if row.id < min(text.id for text in texts):
                yield f"the file of {shown(told)} stands before it"
            if row.conversation_id == texts[0].conversation_id and not row.content_attributes.get("in_reply_to"):
                yield f"the file of {shown(told)} answers nothing"
            places = {text.conversation_id for text in texts}
            if row.conversation_id not in places and not any(f"> #{one}: " in (row.content or "") for one in places):
                yield f"the file of {shown(told)} does not say where its message stands"


def deleted_gets_none(remains: Remains) -> Iterator[str]:
    """Once its deletion stands, no file of a message comes any more.

    Design section 4 denies the late file to a revoked message; where the deletion was told in a form that names no message,
    the journal shows it as a message nobody can read, and so knows of no revoke. Such a deletion denies nothing.
    """
    for told in remains.played.population.told:
        if told.sort is not Sort.REVOKE or told.target is None:
            continue
        deletions = [row.id for row in remains.standing(told) if not is_stub(row)]
        late = [row for row in remains.rows_by_source.get(f"{told.target.source_id}#file", []) if not is_stub(row)]
        if _was_read_as_another(remains, told):
            continue
        if deletions and any(row.attachments and row.id > max(deletions) for row in late):
            yield f"the file of {shown(told.target)} came after its deletion"


def _was_read_as_another(remains: Remains, told: Told) -> bool:
    """Whether the journal has entries of this deletion, none of which is a revoke."""
    entries = remains.entries_by_id.get(told.event.id, [])
    return bool(entries) and all(entry.kind != "revoke" for entry in entries)


def _files_of(remains: Remains, told: Told) -> int:
    """How often it stands; of what was met anew, how often in that one of its two conversations that has it more often.

    There the message stands once under each form of its person (`Remains.was_met_anew`), and each copy has its file: one search
    for the message finds no copy under the other form, and its file is looked for where the message stands.
    """
    rows = (*remains.rows_by_source.get(told.source_id, []), *remains.rows_by_source.get(f"{told.source_id}#file", []))
    places = [row.conversation_id for row in rows if row.attachments and not is_stub(row)]
    return max(map(places.count, places), default=0) if remains.was_met_anew(told) else len(places)


def _is_owed(remains: Remains, told: Told) -> bool:
    """Its message stands, nobody deleted any part of it, and the journal that could have it is not gone."""
    assert isinstance(told.event.content, Media)
    director = remains.played.director
    is_touched = told.revoked or bool(director.deleted_by_agent or director.removed or director.merged)
    readable = [row for row in remains.standing(told) if not is_stub(row)]
    is_dead = any(entry.kind == "file" and entry.state == "dead" for entry in remains.entries)
    is_out_of_sight = remains.is_unknown_again(told) or (not told.event.content.path and _is_behind(remains, told))
    return bool(readable) and told.stored and not is_touched and not is_dead and not is_out_of_sight


def _is_behind(remains: Remains, told: Told) -> bool:
    """A file that only storage tells of, where storage is not asked: of what was pruned or forgotten, or told before a restore."""
    wider = remains.played.director.wider
    is_pruned = remains.played.script.scene is Scene.PRUNING
    is_forgotten = any(entry.id in wider.forgotten for entry in remains.entries_by_id.get(told.event.id, []))
    return is_pruned or is_forgotten or (wider.restored_at is not None and told.at < EPOCH_S + wider.restored_at)
