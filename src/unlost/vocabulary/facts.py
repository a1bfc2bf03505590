"""What the steps of one entry have taught so far. Flat, so that it is kept in the journal as it stands."""

import msgspec

from unlost.vocabulary.attachments import FileTrouble, SpooledFile
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId


class Begun(msgspec.Struct, frozen=True):
    """A once-only step that was committed before its call and whose outcome is not written down.

    *step* is its class name; *part* and *message* tell repeats apart (of a contact *part* is the source_id it was begun under). *high_water* is the highest helpdesk message id known when it
    was begun. *conversation* is the one the intent names. *refused_status*: the answer was one (422) that proves nothing before a
    search. *at*: epoch seconds of the begin. *doubted*: the wait for its outcome has been set; once over, the other side is searched.
    *by_gone_journal*: if it was begun at all, then by a journal that a copy replaced at *at*; to be found absent is no failure.
    """

    step: str
    at: float
    high_water: HelpdeskMessageId = HelpdeskMessageId(0)
    conversation: ConversationId | None = None
    part: str = ""
    message: HelpdeskMessageId | None = None
    refused_status: int | None = None
    doubted: bool = False
    by_gone_journal: bool = False


class Refusal(msgspec.Struct, frozen=True):
    """A step that the other side understood and refused."""

    step: str
    status: int | None
    fields: tuple[str, ...] = ()


class Facts(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is known beyond the journal's links. Defaults mean: not learned yet."""

    begun: Begun | None = None
    refusals: tuple[Refusal, ...] = ()
    # contact
    contact: ContactId | None = None
    contact_is_new: bool = False  # this entry made it
    contact_was_found: bool = False  # … and learned of that by a search: it may have conversations by now
    contact_by_source_searched: bool = False
    person_searched: bool = False
    inbox_joined: bool = False
    # conversation
    conversation: ConversationId | None = None
    conversations_searched: bool = False
    conversation_reposted_above: HelpdeskMessageId | None = None
    # message
    posted: HelpdeskMessageId | None = None
    may_stand_in: tuple[ConversationId, ...] | None = None  # of a journal that is gone: all that may hold its post
    not_in: tuple[ConversationId, ...] = ()  # … where it was searched in vain
    content_stands: bool = False  # of an event without content: a journal that is gone posted what it was the twin of
    posted_in: ConversationId | None = None  # where it stands: the chat may have got another one meanwhile
    file_stands: bool = False  # what was posted carries its file, or says why there is none
    reposted_above: HelpdeskMessageId | None = None  # set where a second copy may come: the first intent's high-water
    absent_from: tuple[ConversationId, ...] = ()  # where a begun post was searched in vain: it may still come there
    gone_reposted: bool = (
        False  # … and then it would be that of a journal that is gone, which may have had another key for it
    )
    absences: int = 0  # searches after a begun step that found nothing
    healed: bool = False  # a remembered id answered 404 and was forgotten, once
    # waits that are over
    twin_wait_over: bool = False
    target_wait_over: bool = False
    # files
    file_told: bool = False  # of a message: a download of its own was born with it
    file: SpooledFile | None = None
    file_trouble: FileTrouble | None = None
    file_path: str = ""  # where the gateway says it lies now, once it was asked to fetch it again
    downloads: int = 0  # so often it was; an earlier program did not count
    file_name: str = ""
    file_name_asked: bool = False
    fetches: int = 0
    # look-ups, sweeps, rescues
    storage_asked: bool = False
    storage_row: str = ""  # the row's JSON text
    user_asked: bool = False
    user_name: str = ""
    picture_id: str = ""
    picture_asked: bool = False
    picture_url: str = ""
    group_asked: bool = False
    group_name: str = ""
    renamed: bool = False
    avatar_set: bool = False
    copies: tuple[HelpdeskMessageId, ...] | None = None
    deleted: tuple[HelpdeskMessageId, ...] = ()
    empty_twins: tuple[ConversationId, ...] | None = None
    closed_twins: tuple[ConversationId, ...] = ()
    statuses: tuple[tuple[HelpdeskMessageId, str], ...] | None = None
    patched: tuple[HelpdeskMessageId, ...] = ()
    marked_seen: bool = False
    attributes_added: bool = False
    typing_shown: bool = False
    forwarder_told: bool = False
    # webhooks of a gateway's own
    webhook_taken: bool = False
    webhook_refused: int = 0  # the attempt, from 1, in which the receiver last said no
    webhook_given_up: str = ""  # why it is tried no more
