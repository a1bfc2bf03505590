"""The keys that both dialects and storage rows carry, as far as they are read (GOWA page, 1.3, 1.4 and 4).

Unknown keys are passed over; attachments stay raw, since each kind has a reader of its own.
"""

import msgspec

from unlost.gowa.readers.decoding import Shape

NOTHING = msgspec.Raw()


class Attached(msgspec.Struct, gc=False):
    """The keys that hang something on a message; the same in both dialects."""

    image: msgspec.Raw = NOTHING
    video: msgspec.Raw = NOTHING
    video_note: msgspec.Raw = NOTHING
    audio: msgspec.Raw = NOTHING
    document: msgspec.Raw = NOTHING
    sticker: msgspec.Raw = NOTHING
    contact: msgspec.Raw = NOTHING
    contacts: msgspec.Raw = msgspec.field(name="contacts_array", default=NOTHING)
    location: msgspec.Raw = NOTHING
    live_location: msgspec.Raw = NOTHING
    list: msgspec.Raw = NOTHING
    order: msgspec.Raw = NOTHING
    interactive: msgspec.Raw = NOTHING


class MediaBody(msgspec.Struct, gc=False):
    """A file as an object; the *_720* names are v7.2.0's, whose tags were lost."""

    caption: str = ""
    path: str = ""
    media_path: str = ""
    url: str = ""
    mime_type: str = ""
    filename: str = ""
    caption_720: str = msgspec.field(name="Caption", default="")
    path_720: str = msgspec.field(name="MediaPath", default="")
    mime_type_720: str = msgspec.field(name="MimeType", default="")


class OuterBody(msgspec.Struct, gc=False):
    """What tells the dialects apart, and the envelope's own keys."""

    event: str = ""
    device_id: str = ""
    payload: msgspec.Raw = NOTHING
    timestamp: str = ""


class FlatBody(Attached, gc=False):
    """The top level of a flat message or delete."""

    source: str = msgspec.field(name="from", default="")
    from_lid: str = ""
    chat_id: str = ""
    sender_id: str = ""
    device_id: str = ""
    timestamp: str = ""
    pushname: str = ""
    message: msgspec.Raw = NOTHING
    reaction: msgspec.Raw = NOTHING
    view_once: bool = False
    forwarded: bool = False
    action: str = ""
    revoked_message_id: str = ""
    edited_text: str | msgspec.UnsetType = msgspec.UNSET
    original_message_id: str = ""
    deleted_message_id: str = ""
    original_sender: str = ""
    was_from_me: bool = False


class FlatText(msgspec.Struct, gc=False):
    """`message` of a flat body; the `_720` names are v7.2.0's."""

    text: str = ""
    id: str = ""
    replied_id: str = ""
    quoted_message: str = ""
    text_720: str = msgspec.field(name="Text", default="")
    id_720: str = msgspec.field(name="ID", default="")
    replied_id_720: str = msgspec.field(name="RepliedId", default="")
    quoted_message_720: str = msgspec.field(name="QuotedMessage", default="")


class FlatReaction(msgspec.Struct, gc=False):
    """`reaction` of a flat body: *id* is the target's."""

    message: str = ""
    id: str = ""
    message_720: str = msgspec.field(name="Message", default="")
    id_720: str = msgspec.field(name="ID", default="")


class Payload(Attached, gc=False):
    """`payload` of every envelope, and of the flat dialect's two small ones."""

    id: str = ""
    chat_id: str = ""
    chat_lid: str = ""
    seen_at: str = ""
    sender: str = msgspec.field(name="from", default="")
    from_lid: str = ""
    sender_id: str = ""
    timestamp: str = ""
    is_from_me: bool | msgspec.UnsetType = msgspec.UNSET
    from_name: str = ""
    body: str | msgspec.UnsetType = msgspec.UNSET
    replied_to_id: str = ""
    quoted_body: str = ""
    view_once: bool = False
    forwarded: bool = False
    reaction: str = ""
    reacted_message_id: str = ""
    revoked_message_id: str = ""
    original_message_id: str = ""
    ids: tuple[str, ...] = ()
    receipt_type: str = ""
    deleted_message_id: str = ""
    original_sender: str = ""
    was_from_me: bool = False
    state: str = ""
    type: str = ""
    jids: tuple[str, ...] = ()
    newsletter_id: str = ""
    labeled: bool = False
    call_id: str = ""
    group_jid: str = ""
    auto_rejected: bool = False
    referral: msgspec.Raw = NOTHING


class StorageRow(msgspec.Struct, gc=False):
    """One row of `/chat/{jid}/messages`. Reactions inside it have no id of their own and are not read."""

    id: str = ""
    chat_jid: str = ""
    sender_jid: str = ""
    content: str = ""
    timestamp: str = ""
    is_from_me: bool = False
    media_type: str = ""
    call_metadata: str = ""
    filename: str = ""
    created_at: str = ""
    updated_at: str = ""


class RowStamps(msgspec.Struct, gc=False):
    """When a row was written, and written to last; told of any row, readable or not."""

    created_at: str = ""
    updated_at: str = ""


class CallMetadata(msgspec.Struct, gc=False):
    """JSON inside a call's row, as a string (gowa-openapi.yaml, `call_metadata`)."""

    auto_rejected: bool = False


MEDIA = Shape(MediaBody)
OUTER = Shape(OuterBody, essential=frozenset({"event", "device_id"}))
FLAT = Shape(FlatBody, essential=frozenset({"from", "from_lid", "action"}))
FLAT_TEXT = Shape(FlatText, essential=frozenset({"id"}))
FLAT_REACTION = Shape(FlatReaction)
PAYLOAD = Shape(Payload, essential=frozenset({"id", "chat_id", "from", "is_from_me", "ids"}))
CALL = Shape(CallMetadata)
ROW_STAMPS = Shape(RowStamps)
ROW = Shape(StorageRow, essential=frozenset({"id", "chat_jid", "sender_jid", "is_from_me"}))
