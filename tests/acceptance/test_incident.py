"""The incident of October 2025 and what was asked for after it (design section 1, S3 to S5 and S8), in GOWA 9's dialect."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office, envelope
from tests.acceptance.waiting import eventually
from unlost.gateway.population import Avatar, Group, Sent

ANA, BRUNO, CARLA, DUDA, EVA, FLAVIO = (f"55419990000{n}@s.whatsapp.net" for n in range(21, 27))


@pytest.fixture(scope="module")
def office(open_office: Opened) -> Office:
    return open_office()


def phone(jid: str) -> str:
    return jid.partition("@")[0]


def look_ups_that_failed_then_worked(office: Office, failures: int, answers: int) -> bool:
    """Two broken connections in a row would end all asking for an hour, so each story sees its own to an end."""
    return len(office.log("contact_info.failed")) >= failures and office.calls("contact_info", "ok") >= answers


def test_a_message_stands_although_contact_info_fails_under_exactly_the_push_name(office: Office) -> None:
    office.gateway_fault(break_lookups=1)
    ana = office.customer(phone(ANA), "Ana 🌻 do Balcão", avatar=Avatar.NONE)
    sent = office.people.send_text(ana.key, "Bom dia!")
    message = office.helpdesk.standing(sent.id)
    assert office.calls("contact_info", "ok") == 0
    eventually(lambda: look_ups_that_failed_then_worked(office, 1, 1), "a failed look-up, then a good one")
    assert message["content"] == "Bom dia!"
    assert office.helpdesk.contact_of(message["conversation_id"])["name"] == "Ana 🌻 do Balcão"


def test_contact_info_failed_has_exactly_the_incident_s_fields(office: Office) -> None:
    (line,) = office.log("contact_info.failed")
    fields = {"context", "phone_number", "error", "message", "message_id", "fallback_used"}
    assert set(line) == fields | {"event", "level", "timestamp"}


def test_without_a_push_name_it_stands_under_the_word_unknown(office: Office) -> None:
    office.gateway_fault(break_lookups=1)
    office.customer(phone(BRUNO), avatar=Avatar.NONE)
    assert office.knock(envelope(BRUNO, "Tem alguém aí?", id="3EB0BRUNO")) == 200
    message = office.helpdesk.standing("3EB0BRUNO")
    eventually(lambda: look_ups_that_failed_then_worked(office, 2, 2), "a failed look-up, then a good one")
    assert office.helpdesk.contact_of(message["conversation_id"])["name"] == "Unknown"


def test_gateway_stopped_then_message_then_contact_without_avatar_then_gateway_back_then_avatar(office: Office) -> None:
    """The webhook is posted as the incident's gateway did just before it died."""
    office.customer(phone(CARLA), "Carla")
    office.gateway.stop()
    assert office.knock(envelope(CARLA, "Meu pedido chegou?", name="Carla", id="3EB0CARLA")) == 200
    message = office.helpdesk.standing("3EB0CARLA")
    contact = office.helpdesk.contact_of(message["conversation_id"])
    assert (contact["name"], contact["thumbnail"]) == ("Carla", "")
    office.start_gateway("gowa")
    eventually(
        lambda: office.helpdesk.contact_of(message["conversation_id"])["thumbnail"], "Carla's avatar", within_s=30
    )


def test_a_contact_with_privacy_settings_simply_has_no_avatar(office: Office) -> None:
    duda = office.customer(phone(DUDA), "Duda", avatar=Avatar.PRIVATE)
    shown = office.customer(phone(EVA), "Eva")
    hidden_sent, shown_sent = (office.people.send_text(one.key, "Oi") for one in (duda, shown))
    hidden, seen = (office.helpdesk.standing(one.id)["conversation_id"] for one in (hidden_sent, shown_sent))
    # Look-ups go one at a time in order, so Eva's picture says that Duda's turn is over.
    eventually(lambda: office.helpdesk.contact_of(seen)["thumbnail"], "Eva's avatar", within_s=30)
    assert office.helpdesk.contact_of(hidden)["thumbnail"] == ""
    assert office.json("dead", "list") == []


def test_groups_and_reactions_while_the_gateway_restarts_stand_once_and_in_order(office: Office) -> None:
    members = [office.customer(f"55419991111{n}", f"Membro {n}") for n in range(3)]
    group = office.people.people.add_group(Group("120363400000000042@g.us", "Obra", tuple(one.key for one in members)))
    began_at = datetime.now(UTC) - timedelta(seconds=20)

    def say(words: str, number: int) -> Sent:
        at = began_at + timedelta(seconds=number)  # GOWA tells whole seconds, and sends in any order
        return office.people.send_text(group.jid, f"{words} {number}", sender=members[number % 3].key, at=at)

    sent = [say("antes", number) for number in range(4)]
    office.helpdesk.standing(sent[-1].id)
    office.gateway.kill()
    sent += [say("durante", number) for number in range(4, 8)]
    reactions = [office.people.react(one, "👍", sender=members[0].key) for one in (sent[0], sent[5])]
    office.start_gateway("gowa")
    sent += [say("depois", number) for number in range(8, 12)]
    number = office.helpdesk.standing(sent[-1].id, within_s=30)["conversation_id"]
    for reaction in reactions:
        target = office.helpdesk.standing(reaction.target)
        assert office.helpdesk.standing(reaction.id)["content_attributes"]["in_reply_to"] == target["id"]
    stand = [one["source_id"] for one in office.helpdesk.messages(number)]
    assert [one for one in stand if one not in {f"WAID:{r.id}" for r in reactions}] == [
        f"WAID:{one.id}" for one in sent
    ]


def test_no_message_text_and_no_whole_phone_number_is_in_any_log(office: Office) -> None:
    """Last of its module: by now the log has told of everything above."""
    log = (office.folder / "bridge.log").read_text()
    words = ["Bom dia", "Tem alguém", "Meu pedido", "durante", "Balcão", phone(ANA), phone(CARLA), office.password]
    assert [word for word in words if word in log or json.dumps(word)[1:-1] in log] == []


def test_the_gateway_s_restarts_are_counted_for_the_alert(office: Office) -> None:
    eventually(lambda: office.metric("unlost_gateway_restarts_total") >= 2, "two restarts in the metrics")
