"""What an inbox does by itself, and what that does to bridged messages (contract page 1.1, 1.4 and 1.5)."""

from collections.abc import Iterator

from unlost.chatwoot.inboxes import InboxSettings
from unlost.doctor.findings import Finding, note, ok, warning, wrong
from unlost.doctor.sights import HelpdeskSight
from unlost.settings.values import Channel

UNSENT = "it is addressed to the customer, and this version sends nothing: it is marked failed in the conversation"


def judge_inbox_habits(sight: HelpdeskSight, inbox: InboxSettings, channel: Channel) -> Iterator[Finding]:
    """All findings; one line where there is nothing to say."""
    found = [*_templates(inbox), *_bot(sight), *_rules(inbox, channel)]
    yield from found
    if all(finding.code in QUIET for finding in found):
        yield ok("helpdesk.inbox_habits", "the inbox writes nothing by itself: no greeting, out-of-office, CSAT or bot")


QUIET = frozenset({"helpdesk.auto_assignment", "helpdesk.one_conversation", "helpdesk.reply_window"})
"""Habits that write nothing."""


def _templates(inbox: InboxSettings) -> Iterator[Finding]:
    if inbox.greets:
        text = f"the inbox greets each customer with a message of its own; {UNSENT}"
        yield warning("helpdesk.greeting", text, "switch the greeting off in the inbox's settings")
    if inbox.is_away_at_times:
        text = f"outside working hours the inbox answers once a day with its out-of-office message; {UNSENT}"
        yield warning(
            "helpdesk.out_of_office", text, "empty that message, or switch working hours off, in the inbox's settings"
        )
    if inbox.asks_for_rating:
        text = f"the inbox asks for a rating (CSAT) when a conversation is resolved; {UNSENT}"
        yield warning("helpdesk.csat", text, "switch CSAT off in the inbox's settings")


def _bot(sight: HelpdeskSight) -> Iterator[Finding]:
    if isinstance(sight.bot, str):
        yield warning(
            "helpdesk.agent_bot",
            "an agent bot works this inbox: new conversations begin as pending, out of the agents' sight, and what it answers is not "
            "sent by this version",
            "take it off in the inbox's settings (bot configuration)",
        )


def _rules(inbox: InboxSettings, channel: Channel) -> Iterator[Finding]:
    if inbox.assigns:
        yield note(
            "helpdesk.auto_assignment",
            "the inbox gives each new conversation to an agent who is online (auto-assignment, on in a new inbox)",
            "switch it off in the inbox's settings if conversations are to wait for whoever takes them",
        )
    if inbox.keeps_one_conversation and channel.conversation == "new":
        yield wrong(
            "helpdesk.one_conversation",
            "the inbox keeps to a single conversation, and the channel's setting asks for a new one after each that was resolved: "
            "Chatwoot hands the resolved one back instead",
            'switch "lock to single conversation" off, or conversation = "reopen"',
        )
    if inbox.reply_window_h:
        yield warning(
            "helpdesk.reply_window",
            f"agents may not answer {inbox.reply_window_h:g} hours after a customer's last message (agent_reply_time_window)",
            "take it out of the inbox's additional attributes: WhatsApp Web has no such rule",
        )
