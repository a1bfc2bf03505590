"""What is read before anything is decided."""

from tests.unit.road.roads import RECORDED, claim, road
from unlost.journal.rows import LaterEdit
from unlost.vocabulary.envelopes import Kind, Source
from unlost.vocabulary.events import MessageEdited
from unlost.vocabulary.steps import PostMessage
from unlost.vocabulary.verdicts import Dead, Skipped


def test_a_retried_dead_letter_is_posted_with_the_text_of_its_later_edit() -> None:
    edit = LaterEdit(Source.ENVELOPE, Kind.EDIT, (RECORDED / "v9-edited.json").read_bytes())
    edited = road().read(claim("v9-edited.json"))
    assert isinstance(edited, MessageEdited)
    letter = claim("v9-text.json", edited_by=edit)
    step = road().next_step(letter, road().read(letter))
    assert isinstance(step, PostMessage)
    assert step.text == edited.text


def test_an_edit_that_nobody_can_read_changes_nothing() -> None:
    plain, edited = claim("v9-text.json"), claim("v9-text.json", edited_by=LaterEdit(Source.ENVELOPE, Kind.EDIT, b"{"))
    assert road().next_step(edited, road().read(edited)) == road().next_step(plain, road().read(plain))


def test_what_could_not_be_read_and_now_can_comes_in_again_as_what_it_is() -> None:
    letter = claim("v9-text.json", kind=Kind.UNREADABLE)
    verdict = road().next_step(letter, road().read(letter))
    assert isinstance(verdict, Skipped)
    assert verdict.again is not None
    assert verdict.again.kind is Kind.MESSAGE


def test_a_row_of_storage_that_can_be_read_now_comes_in_as_its_message() -> None:
    raw = b'{"id":"3EB0A1","chat_jid":"628987654321@s.whatsapp.net","content":"hello"}'
    letter = claim("v9-text.json", kind=Kind.UNREADABLE, source=Source.STORAGE, raw=raw)
    verdict = road().next_step(letter, road().read(letter))
    assert isinstance(verdict, Skipped)
    assert verdict.again is not None
    assert (verdict.again.source, verdict.again.kind, verdict.again.id) == (Source.STORAGE, Kind.MESSAGE, "3EB0A1")


def test_a_row_that_still_cannot_be_read_stays_a_dead_letter() -> None:
    raw = b'{"id":"3EB0 A1","chat_jid":"628987654321@s.whatsapp.net","content":"hello"}'
    letter = claim("v9-text.json", kind=Kind.UNREADABLE, source=Source.STORAGE, raw=raw)
    assert road().next_step(letter, road().read(letter)) == Dead("unreadable")


def test_what_still_cannot_be_read_stays_a_dead_letter() -> None:
    letter = claim("v9-text.json", kind=Kind.UNREADABLE, raw=b"{")
    assert road().next_step(letter, road().read(letter)) == Dead("unreadable")
