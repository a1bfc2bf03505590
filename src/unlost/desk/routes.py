"""Which rule answers which path below /api/v1/accounts/{account}; `#` stands for a number."""

from __future__ import annotations

from collections.abc import Callable

from unlost.desk import contact_lookups, contacts, conversation_lists, conversations, inboxes, message_changes, messages
from unlost.desk.shapes import Shapes
from unlost.desk.turn import Turn
from unlost.desk.values import Reply

Rule = Callable[[Turn, Shapes], Reply]

RULES: dict[str, Rule] = {
    "GET inboxes": inboxes.index,
    "POST inboxes": inboxes.create,
    "GET inboxes/#": inboxes.show,
    "PATCH inboxes/#": inboxes.change,
    "POST inboxes/#/reset_secret": inboxes.reset_secret,
    "GET inboxes/#/agent_bot": inboxes.agent_bot,
    "POST inboxes/#/set_agent_bot": inboxes.set_agent_bot,
    "GET webhooks": inboxes.account_webhooks,
    "GET contacts": contact_lookups.index,
    "POST contacts": contacts.create,
    "GET contacts/search": contact_lookups.search,
    "POST contacts/filter": contact_lookups.filter_contacts,
    "GET contacts/#": contacts.show,
    "PUT contacts/#": contacts.update,
    "PATCH contacts/#": contacts.update,
    "DELETE contacts/#": contacts.destroy,
    "DELETE contacts/#/avatar": contacts.drop_avatar,
    "POST contacts/#/contact_inboxes": contacts.add_place,
    "GET contacts/#/conversations": contact_lookups.conversations,
    "POST contact_inboxes/filter": contacts.find_by_place,
    "POST actions/contact_merge": contacts.merge,
    "GET conversations": conversation_lists.index,
    "POST conversations": conversations.create,
    "GET conversations/#": conversations.show,
    "PATCH conversations/#": conversations.change,
    "DELETE conversations/#": conversations.destroy,
    "POST conversations/#/toggle_status": conversations.toggle_status,
    "POST conversations/#/toggle_typing_status": conversations.type_as_user,
    "POST conversations/#/custom_attributes": conversations.set_custom_attributes,
    "GET conversations/#/labels": conversations.show_labels,
    "POST conversations/#/labels": conversations.set_labels,
    "POST conversations/#/assignments": conversations.assign,
    "POST conversations/#/update_last_seen": conversations.look,
    "POST conversations/#/unread": conversations.unlook,
    "GET conversations/#/messages": message_changes.index,
    "POST conversations/#/messages": messages.create,
    "PATCH conversations/#/messages/#": message_changes.change_status,
    "PUT conversations/#/messages/#": message_changes.change_status,
    "DELETE conversations/#/messages/#": message_changes.destroy,
    "POST conversations/#/messages/#/retry": message_changes.retry,
}
