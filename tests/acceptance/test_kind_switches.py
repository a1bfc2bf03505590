"""The switches of a channel that change what becomes of a kind: mirrored deletions, newsletters, typing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office, envelope
from tests.acceptance.waiting import eventually
from unlost.gateway.events import Media, MediaKind, Notice

ANA, BIA, CAIO = (f"55419993000{n}@s.whatsapp.net" for n in range(41, 44))
NEWS = "120363400000001234@newsletter"
ON = ('language = "en"', 'language = "en"\nmirror_deletes = true\nnewsletters = true\ntyping = true')


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office(ON, ("target_wait_s = 60\n", "target_wait_s = 2\n"))


def phone(jid: str) -> str:
    return jid.partition("@")[0]


def test_what_a_customer_deletes_is_deleted_in_the_helpdesk_too_and_nothing_is_said(office: Office) -> None:
    office.customer(phone(ANA), "Ana")
    sent = office.people.send_text(ANA, "segredo")
    number = office.helpdesk.standing(sent.id)["conversation_id"]
    office.people.revoke(sent)
    eventually(lambda: office.helpdesk.texts(number) == [], "the message deleted")
    after = office.people.send_text(ANA, "depois")
    office.helpdesk.standing(after.id)
    assert office.helpdesk.texts(number) == ["depois"]


def test_a_picture_that_is_deleted_takes_its_file_with_it(office: Office) -> None:
    office.customer(phone(ANA), "Ana")
    picture = Media(MediaKind.IMAGE, "image/png", path="statics/media/1-secret.png", caption="só para você")
    sent = office.people.send(ANA, picture)
    message = office.helpdesk.standing(sent.id)
    assert len(message["attachments"]) == 1
    office.people.revoke(sent)
    eventually(lambda: "só para você" not in office.helpdesk.texts(message["conversation_id"]), "the picture deleted")
    after = office.people.send_text(ANA, "e agora")
    office.helpdesk.standing(after.id)
    assert all(not one.get("attachments") for one in office.helpdesk.messages(message["conversation_id"]))


def test_a_deletion_whose_answer_is_lost_is_looked_up_and_not_asked_twice(office: Office) -> None:
    office.customer(phone(ANA), "Ana")
    sent = office.people.send_text(ANA, "outro segredo")
    number = office.helpdesk.standing(sent.id)["conversation_id"]
    deleted = office.calls("delete_message", "ok")
    office.helpdesk.befall(kind="commit_break", path="/messages/", method="DELETE")
    revoked = office.people.revoke(sent)

    def ended() -> Any:
        return [one for one in office.json("trace", revoked.id)["entries"] if one["verdict"] == "delivered"]

    eventually(ended, "the deletion settled", within_s=30)
    assert "outro segredo" not in office.helpdesk.texts(number)
    assert office.calls("delete_message", "ok") == deleted  # here the answer was lost, and nothing was asked again


def test_what_was_deleted_before_it_came_is_never_shown(office: Office) -> None:
    office.customer(phone(BIA), "Bia")
    revoke = envelope(BIA, "", id="3EB0REVOKE", name="Bia", revoked_message_id="3EB0LATE", revoked_from_me=True)
    assert office.knock({**revoke, "event": "message.revoked"}) == 200

    def reason(id: str) -> list[str]:
        return [one["reason"] for one in office.json("trace", id)["entries"] if one["verdict"]]

    eventually(lambda: reason("3EB0REVOKE") == ["target_missing"], "the deletion waited in vain", within_s=30)
    assert office.knock(envelope(BIA, "tarde demais", id="3EB0LATE", name="Bia")) == 200
    eventually(lambda: reason("3EB0LATE") == ["deleted_by_sender"], "the message skipped")
    assert "tarde demais" not in [one["content"] for one in office.helpdesk.everything()]


def test_a_newsletters_post_stands_under_a_name_of_its_own(office: Office) -> None:
    assert office.knock(envelope(NEWS, "novidades", id="3EB0NEWS")) == 200
    message = office.helpdesk.standing("3EB0NEWS")
    assert message["content"] == "novidades"
    assert office.helpdesk.contact_of(message["conversation_id"])["name"] == "Channel …1234"


def test_a_customer_s_typing_is_shown_in_his_conversation(office: Office) -> None:
    caio = office.customer(phone(CAIO), "Caio")
    office.helpdesk.standing(office.people.send_text(CAIO, "oi").id)
    before = office.calls("show_typing", "ok")
    fields = {"from": caio.key, "chat_id": caio.key, "state": "composing", "media": "", "is_group": False}
    office.people.tell(Notice("chat_presence", fields, datetime.now(UTC)))
    eventually(lambda: office.calls("show_typing", "ok") == before + 1, "typing shown")


def test_nothing_of_all_this_became_a_dead_letter(office: Office) -> None:
    """Last of its module."""
    assert office.json("dead", "list") == []
