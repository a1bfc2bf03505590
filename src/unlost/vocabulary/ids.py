"""Ids are distinct types even where the string or number is the same."""

from typing import NewType

ChannelName = NewType("ChannelName", str)
"""One WhatsApp number joined to one helpdesk inbox, as named in the settings."""

EntryId = NewType("EntryId", int)
LaneId = NewType("LaneId", int)

WhatsAppId = NewType("WhatsAppId", str)
"""A WhatsApp message's id; chosen by its sender, so unique only together with chat and sender."""

ContactId = NewType("ContactId", int)
ConversationId = NewType("ConversationId", int)
"""The number in the helpdesk's URLs (Chatwoot's display_id), not its database id."""
HelpdeskMessageId = NewType("HelpdeskMessageId", int)
"""From one sequence for the whole helpdesk, so a later message has a higher id."""
