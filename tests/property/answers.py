"""What the other sides may answer to a step, written down as the walk and the deliveries write it."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from msgspec.structs import replace

from unlost.vocabulary.attachments import FileTrouble, SpooledFile
from unlost.vocabulary.events import Event, SweepDue
from unlost.vocabulary.facts import Begun, Facts, Refusal
from unlost.vocabulary.ids import ContactId, ConversationId, HelpdeskMessageId
from unlost.vocabulary.steps import (
    AddAttributes,
    AskAvatar,
    AskDownload,
    AskFileName,
    AskGroupInfo,
    AskStorage,
    AskUserInfo,
    CallWebhook,
    CloseTwin,
    CreateContact,
    CreateConversation,
    DeleteMessage,
    FetchFile,
    FindContact,
    FindConversation,
    FindEmptyTwins,
    FindMessage,
    FindPerson,
    JoinInbox,
    LookForDeleted,
    MarkSeen,
    PostMessage,
    ReadStatuses,
    RenameContact,
    SetAvatar,
    SetStatus,
    ShowTyping,
    Step,
    TellSecondForwarder,
)

NEW_MESSAGE = HelpdeskMessageId(900)
NEW_CONTACT = ContactId(901)
NEW_CONVERSATION = ConversationId(902)
HEALED = (PostMessage, FindConversation, CreateConversation)

Draw = Callable[[st.SearchStrategy[Any]], Any]


def answered(step: Step, event: Event, facts: Facts, draw: Draw) -> Facts:
    """*step* was done: a search finds something or nothing, a question has an answer or none."""
    facts = replace(facts, begun=None) if step.once_only else facts
    match step:
        case FindContact() | FindPerson() | FindConversation() | FindMessage() | FindEmptyTwins():
            return _found(step, event, facts) if draw(st.booleans()) else looked_for_in_vain(step, facts)
        case CreateContact():
            return replace(facts, contact=NEW_CONTACT, contact_is_new=True)
        case CreateConversation():
            return replace(facts, conversation=NEW_CONVERSATION)
        case PostMessage():
            return replace(facts, posted=NEW_MESSAGE, file_stands=bool(step.files) or step.settles_file)
        case JoinInbox():
            return replace(facts, inbox_joined=True)
        case RenameContact():
            return replace(facts, renamed=True)
        case SetAvatar():
            return replace(facts, avatar_set=True)
        case CloseTwin():
            return replace(facts, closed_twins=(*facts.closed_twins, step.conversation))
        case AddAttributes():
            return replace(facts, attributes_added=True)
        case ShowTyping():
            return replace(facts, typing_shown=True)
        case MarkSeen():
            return replace(facts, marked_seen=True)
        case LookForDeleted():
            gone = replace(facts, begun=None, deleted=(*facts.deleted, step.message))
            return gone if draw(st.booleans()) else looked_for_in_vain(step, facts)
        case DeleteMessage():
            return replace(facts, deleted=(*facts.deleted, step.message))
        case ReadStatuses():
            shown = st.sampled_from(["sent", "failed", "read"])
            return replace(facts, statuses=tuple((message, draw(shown)) for message in step.messages))
        case SetStatus():
            return replace(facts, patched=(*facts.patched, step.message))
        case TellSecondForwarder():
            return replace(facts, forwarder_told=True)
        case CallWebhook():
            raise AssertionError("a gateway's own: no event of a bridge asks for it")
        case AskUserInfo():
            return replace(facts, user_asked=True, user_name=draw(st.text(max_size=20)), picture_id=draw(_maybe("p")))
        case AskAvatar():
            return replace(facts, picture_asked=True, picture_url=draw(_maybe("http://gateway/p")))
        case AskGroupInfo():
            return replace(facts, group_asked=True, group_name=draw(st.text(max_size=20)))
        case AskStorage():
            return replace(facts, storage_asked=True)
        case AskFileName():
            return replace(facts, file_name_asked=True, file_name=draw(_maybe("report.pdf")))
        case AskDownload():
            return replace(facts, file_path="statics/media/again.jpg", downloads=facts.downloads + 1)
        case FetchFile():
            if draw(st.booleans()):
                return replace(facts, file_trouble=draw(st.sampled_from(FileTrouble)))
            file = SpooledFile(step.spooled, "image.jpg", "image/jpeg", 1)
            return replace(facts, file=file, fetches=facts.fetches + 1)


def _maybe(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(["", text])


def _found(step: Step, event: Event, facts: Facts) -> Facts:
    facts = replace(facts, begun=None)
    match step:
        case FindContact():
            return replace(facts, contact=ContactId(7), contact_by_source_searched=True, inbox_joined=True)
        case FindPerson():
            return replace(facts, contact=ContactId(7), person_searched=True)
        case FindConversation():
            return replace(facts, conversation=ConversationId(17), conversations_searched=True)
        case FindEmptyTwins():
            return replace(facts, empty_twins=(ConversationId(18), ConversationId(19)))
        case _ if isinstance(event, SweepDue):
            return replace(facts, copies=(HelpdeskMessageId(101), HelpdeskMessageId(105)))
        case _:
            return replace(facts, posted=NEW_MESSAGE)


def looked_for_in_vain(step: Step, facts: Facts) -> Facts:
    """*step* found nothing; where it was to settle a doubt, the doubt is settled and that costs an attempt."""
    if facts.begun is not None:
        above = facts.begun.high_water if facts.begun.step == "PostMessage" else facts.reposted_above
        facts = replace(facts, begun=None, absences=facts.absences + 1, reposted_above=above)
    match step:
        case FindContact():
            return replace(facts, contact_by_source_searched=True)
        case FindPerson():
            return replace(facts, person_searched=True)
        case FindConversation():
            return replace(facts, conversations_searched=True)
        case FindEmptyTwins():
            return replace(facts, empty_twins=())
        case FindMessage():
            return replace(facts, copies=())
        case _:
            return facts


def in_doubt(step: Step, facts: Facts) -> Facts:
    """*step* was begun, and nobody knows what became of it."""
    where = step.conversation if isinstance(step, PostMessage | DeleteMessage) else None
    message = step.message if isinstance(step, DeleteMessage) else None
    begun = Begun(
        type(step).__name__,
        at=0.0,
        high_water=HelpdeskMessageId(40),
        conversation=where,
        message=message,
        doubted=True,
    )
    return replace(facts, begun=begun)


def turned_down(step: Step, facts: Facts, status: int) -> Facts:
    """The other side said no; a remembered id that answers 404 is forgotten, once (`unlost.lanes.walk`)."""
    if status == 404 and isinstance(step, HEALED) and not facts.healed:
        return replace(
            facts,
            begun=None,
            healed=True,
            conversation=None,
            conversations_searched=False,
            contact=None,
            contact_is_new=False,
            contact_by_source_searched=False,
            person_searched=False,
            inbox_joined=False,
        )
    refusal = Refusal(type(step).__name__, status)
    return replace(facts, begun=None, refusals=(*facts.refusals, refusal))
