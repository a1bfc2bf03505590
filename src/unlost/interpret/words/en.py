"""English."""

from unlost.interpret.words.catalogue import Words
from unlost.vocabulary.events import Attachment

EN = Words(
    unknown="Unknown",
    group="Group …{digits}",
    time_pattern="%d/%m/%Y %H:%M",
    told_at="🕓 Sent on {time}",
    told_earlier="🕓 Sent earlier",
    forwarded="↪️ Forwarded",
    view_once="👁️ View once",
    unsupported="⚠️ A message that can't be shown here. You can see it on the phone.",
    attachments={
        Attachment.IMAGE: "📷 Photo (you can see it on the phone)",
        Attachment.VIDEO: "🎥 Video (you can see it on the phone)",
        Attachment.VIDEO_NOTE: "🎥 Video message (you can see it on the phone)",
        Attachment.AUDIO: "🎤 Audio (you can hear it on the phone)",
        Attachment.DOCUMENT: "📄 Document (you can open it on the phone)",
        Attachment.STICKER: "🖼️ Sticker (you can see it on the phone)",
        Attachment.CONTACT: "👤 Contact (you can see it on the phone)",
        Attachment.CONTACTS: "👥 Contacts (you can see them on the phone)",
        Attachment.LOCATION: "📍 Location (you can see it on the phone)",
        Attachment.LIVE_LOCATION: "📍 Live location (you can follow it on the phone)",
        Attachment.LIST: "📋 List (you can see it on the phone)",
        Attachment.ORDER: "🛒 Order (you can see it on the phone)",
        Attachment.INTERACTIVE: "🔘 Interactive message (you can see it on the phone)",
    },
    file_follows="⏳ Its file follows here as soon as it can be had",
    file_too_large="📦 Larger than {limit} MB: not taken over",
    picture_bomb="⚠️ A picture of an abnormal size: not taken over",
    file_not_taken="⚠️ The helpdesk did not take the file",
    file_late="📎 The file of this message",
    reacted="Reacted with {emoji}",
    took_back_reaction="Removed a reaction",
    edited="✏️ Edited: {text}",
    edited_caption="✏️ Edited the caption (you can see it on the phone)",
    revoked="🗑️ Deleted this message",
    joined="Joined the group: {people}",
    left="Left the group: {people}",
    promoted="Made group admin: {people}",
    demoted="No longer group admin: {people}",
    members_changed="Group members changed: {people}",
    more_people="and {count} more",
    incoming_call="📞 Incoming call on WhatsApp",
    note_of_dead_letter=(
        "⚠️ A WhatsApp message in this chat could not be shown here. It is kept and can be retried; until then, see the phone."
    ),
    not_sent="not sent: this version only receives",
)
