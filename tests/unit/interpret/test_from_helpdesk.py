"""This version only receives: agents are told so, echoes are left alone, wrong marks are put back."""

from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.interpret.given import A_KNOWN_CHAT, CONVERSATION, MESSAGE, agents_message, link, refused, step_of
from unlost.vocabulary.envelopes import Direction, Kind
from unlost.vocabulary.events import HelpdeskMessage
from unlost.vocabulary.facts import Facts
from unlost.vocabulary.links import Known, MessageLink
from unlost.vocabulary.policy import Policy
from unlost.vocabulary.steps import ReadStatuses, SetStatus, TellSecondForwarder
from unlost.vocabulary.verdicts import Skipped, SkipReason

OUTBOUND_OFF = Skipped(SkipReason.OUTBOUND_OFF)
OWN_ECHO = Skipped(SkipReason.OWN_ECHO)
READ = ReadStatuses(CONVERSATION, (MESSAGE,))


def linked(**more: Any) -> Known:
    return Known(helpdesk_links=(our_link(**more),))


def our_link(**more: Any) -> MessageLink:
    return link(**{"message": MESSAGE} | more)


@pytest.mark.parametrize("direction", ["outgoing", "template"])
def test_an_agents_message_is_marked_as_not_sent(direction: str) -> None:
    step = step_of(agents_message(direction=direction), direction=Direction.OUTBOUND)
    assert step == SetStatus(CONVERSATION, MESSAGE, "failed", "not sent: this version only receives")


def test_the_agent_reads_so_in_the_channels_language() -> None:
    step = step_of(agents_message(), policy=Policy(language="pt-BR"))
    assert isinstance(step, SetStatus)
    assert step.external_error == "não enviada: esta versão só recebe mensagens"


@pytest.mark.parametrize(
    "facts", [Facts(patched=(MESSAGE,)), refused(SetStatus), refused(SetStatus, 403)], ids=["marked", "422", "403"]
)
def test_marked_or_not_to_be_marked_it_is_skipped(facts: Facts) -> None:
    assert step_of(agents_message(), facts=facts) == OUTBOUND_OFF


@pytest.mark.parametrize(
    ("more", "known", "reason"),
    [
        ({}, Known(before_start=True), SkipReason.OUTBOUND_OFF),
        ({"private": True}, Known(), SkipReason.PRIVATE),
        ({"key": "5f", "source_id": "WAID:1"}, Known(), SkipReason.OWN_ECHO),
        ({"key": "5f", "source_id": "WAID:1", "private": True}, Known(), SkipReason.OWN_ECHO),
        ({}, linked(), SkipReason.OWN_ECHO),
        ({"direction": "incoming"}, Known(), SkipReason.OWN_ECHO),
        ({"deleted": True}, Known(), SkipReason.DELETED_BY_AGENT),
        ({"direction": "activity"}, Known(), SkipReason.IGNORED),
    ],
)
def test_what_nobody_waits_for_is_skipped_unmarked(more: dict[str, Any], known: Known, reason: SkipReason) -> None:
    assert step_of(agents_message(**more), known) == Skipped(reason)


class TestUpdates:
    UPDATED = agents_message(kind=Kind.HELPDESK_MESSAGE_UPDATED)

    def test_our_own_mark_on_an_agents_message_leads_to_nothing(self) -> None:
        assert step_of(replace(self.UPDATED, has_error=True)) == OUTBOUND_OFF

    def test_an_agents_message_that_shows_as_sent_again_is_marked_as_not_sent(self) -> None:
        """Chatwoot's Retry sends nothing and takes mark and reason away (contract page 1.8)."""
        assert step_of(self.UPDATED) == READ
        step = step_of(self.UPDATED, facts=Facts(statuses=((MESSAGE, "sent"),)))
        assert step == SetStatus(CONVERSATION, MESSAGE, "failed", "not sent: this version only receives")

    @pytest.mark.parametrize(
        "facts",
        [
            Facts(statuses=((MESSAGE, "failed"),)),
            Facts(statuses=()),
            Facts(statuses=((MESSAGE, "sent"),), patched=(MESSAGE,)),
            replace(refused(SetStatus), statuses=((MESSAGE, "sent"),)),
            refused(ReadStatuses, 404),
        ],
        ids=["failed", "gone", "marked", "refused", "unreadable"],
    )
    def test_where_it_shows_so_or_cannot_be_told_nothing_is_marked(self, facts: Facts) -> None:
        assert step_of(self.UPDATED, facts=facts) == OUTBOUND_OFF

    @pytest.mark.parametrize(
        ("more", "known"),
        [({"private": True}, Known()), ({"direction": "incoming"}, Known()), ({}, Known(before_start=True))],
        ids=["a note", "a customer's", "from before the start mark"],
    )
    def test_a_change_of_what_nobody_waits_for_leads_to_nothing(self, more: dict[str, Any], known: Known) -> None:
        assert step_of(replace(self.UPDATED, **more), known) == OUTBOUND_OFF

    def test_our_own_delete_of_a_copy_leads_to_nothing(self) -> None:
        assert step_of(replace(self.UPDATED, deleted=True, source_id="WAID:1")) == OUTBOUND_OFF

    def test_an_agents_delete_of_our_message_is_left_alone(self) -> None:
        assert step_of(replace(self.UPDATED, deleted=True), linked()) == Skipped(SkipReason.DELETED_BY_AGENT)

    def test_a_hint_about_our_message_is_read_back(self) -> None:
        assert step_of(self.UPDATED, linked()) == READ

    def test_a_mark_on_a_post_whose_link_is_not_written_yet_is_put_right_by_its_key(self) -> None:
        """Its bridge may stand still between the answer and the link; nobody will tell of this mark again."""
        hint = replace(self.UPDATED, source_id="WAID:3EB0A1", key="5f")
        assert step_of(hint) == READ
        assert step_of(hint, facts=Facts(statuses=((MESSAGE, "failed"),))) == SetStatus(CONVERSATION, MESSAGE, "sent")

    @pytest.mark.parametrize(
        ("shown", "of_link", "put_back"),
        [
            ("failed", {}, "sent"),
            ("failed", {"confirmed_status": "read"}, "sent"),
            ("failed", {"is_outgoing": True, "confirmed_status": "read"}, "read"),
            ("sent", {"is_outgoing": True, "confirmed_status": "delivered"}, "delivered"),
        ],
    )
    def test_a_wrong_mark_is_put_back_to_what_was_confirmed(
        self, shown: str, of_link: dict[str, Any], put_back: str
    ) -> None:
        step = step_of(self.UPDATED, linked(**of_link), Facts(statuses=((MESSAGE, shown),)))
        assert step == SetStatus(CONVERSATION, MESSAGE, put_back)

    @pytest.mark.parametrize(
        ("known", "facts"),
        [
            (linked(), Facts(statuses=((MESSAGE, "sent"),))),
            (linked(), Facts(statuses=())),
            (linked(), Facts(statuses=((MESSAGE, "failed"),), patched=(MESSAGE,))),
            (linked(is_outgoing=True, confirmed_status="failed"), Facts(statuses=((MESSAGE, "failed"),))),
            (linked(), refused(ReadStatuses, 404)),
            (linked(), replace(refused(SetStatus), statuses=((MESSAGE, "failed"),))),
        ],
        ids=["right", "gone", "put back", "rightly failed", "unreadable", "refused"],
    )
    def test_nothing_wrong_or_nothing_to_be_done_is_our_own_echo(self, known: Known, facts: Facts) -> None:
        assert step_of(self.UPDATED, known, facts) == OWN_ECHO


def test_a_message_of_another_inbox_is_none_of_ours_to_mark() -> None:
    """An account's own webhook, pointed at the door by mistake, tells of every inbox."""
    ours, theirs = agents_message(inbox=7), agents_message(inbox=8)
    assert isinstance(step_of(ours, policy=Policy(inbox=7)), SetStatus)
    assert step_of(theirs, policy=Policy(inbox=7)) == Skipped(SkipReason.IGNORED)


WAID = "WAID:3EB0A1"
FROM_ANOTHER_FORWARDER = agents_message(direction="incoming", source_id=WAID)


def test_a_message_like_ours_that_no_bridge_wrote_is_told_of_and_then_left() -> None:
    assert step_of(FROM_ANOTHER_FORWARDER) == TellSecondForwarder()
    assert step_of(FROM_ANOTHER_FORWARDER, facts=Facts(forwarder_told=True)) == Skipped(SkipReason.OWN_ECHO)


@pytest.mark.parametrize(
    "event",
    [
        agents_message(direction="incoming", source_id=WAID, key="5f"),
        agents_message(direction="incoming", source_id=WAID, deleted=True),
        agents_message(direction="incoming", source_id="another integration's"),
    ],
    ids=["ours, not linked yet", "deleted: its key went with its text", "of another kind"],
)
def test_any_other_message_with_a_source_id_is_an_echo_at_once(event: HelpdeskMessage) -> None:
    assert step_of(event) == Skipped(SkipReason.OWN_ECHO)


def test_a_message_that_a_link_names_is_ours_even_if_its_key_is_gone() -> None:
    known = replace(A_KNOWN_CHAT, helpdesk_links=(link(message=MESSAGE),))
    assert step_of(FROM_ANOTHER_FORWARDER, known) == Skipped(SkipReason.OWN_ECHO)
