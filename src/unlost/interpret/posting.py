"""One message into one conversation: its full form, its lesser forms, and the search where its outcome is unknown."""

import msgspec
from msgspec.structs import replace

from unlost.interpret.standing import Standing, source_id_of, unlost_key
from unlost.interpret.text import CONTENT_MAX_CHARS, QUOTE_MAX_CHARS, SPEAKER_MAX_CHARS, cleaned, cut, one_line
from unlost.vocabulary.addresses import Address
from unlost.vocabulary.attachments import SPOOL_MISSING, File
from unlost.vocabulary.ids import ConversationId, WhatsAppId
from unlost.vocabulary.links import MessageLink, Part
from unlost.vocabulary.steps import FindMessage, PostMessage

LEAST_FORM_MAX_CHARS = 1_000
"""What is left of a text that the helpdesk refused as it was: enough to know what it was about."""
NO_LESSER_FORM_HELPS = frozenset({401, 402, 403})
"""The refusal is about who asks, not about what is said."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is to stand in the helpdesk, before it is known where.

    *heading*: our own short lines above the *body*; *heading_if_late*: what may have been put above them. *speaker*: the group member's name. *answers*: the helpdesk message this is a reply to; where that stands in
    another conversation, or nowhere, *quoted* is shown inline. *body_without_files* stands instead where the helpdesk
    does not take the *files*; *settles_file*: the body says why there is none. *is_without_content*: it stands in for
    a content that did not come.
    """

    id: WhatsAppId
    body: str
    part: Part = Part.TEXT
    heading: tuple[str, ...] = ()
    heading_if_late: tuple[str, ...] = ()
    speaker: str = ""
    answers: MessageLink | None = None
    quoted: str = ""
    direction: str = "incoming"
    private: bool = False
    sender: Address | None = None
    forwarded: bool = False
    view_once: bool = False
    files: tuple[File, ...] = ()
    body_without_files: str = ""
    settles_file: bool = False
    is_without_content: bool = False


def post_or_find(draft: Draft, conversation: ConversationId, standing: Standing) -> PostMessage | FindMessage | str:
    """Post *draft*, or, while a post is in doubt, look for it; as text, why neither is possible.

    *conversation* is, in doubt, the one that the begun post names. A search reaches back to the first time that the post was begun: a copy that came late is taken, not made again.
    """
    refusals = tuple(r for r in standing.refusals_of(PostMessage) if SPOOL_MISSING not in r.fields)
    forms = _forms(draft, conversation, standing)
    begun = standing.facts.begun
    if begun is not None and standing.in_doubt(PostMessage):
        form = min(len(refusals), len(forms) - 1)
        post = forms[form]
        first = standing.facts.reposted_above
        above = begun.high_water if first is None else min(first, begun.high_water)
        return FindMessage(
            conversation,
            post.source_id,
            post.key,
            above,
            post.text,
            post.direction,
            any_key=begun.by_gone_journal,  # a key is of resolved addresses, and that one may have known other pairings
            any_words=begun.by_gone_journal and draft.is_without_content,
            late_text=_forms(_as_late(draft), conversation, standing)[form].text,
        )
    if standing.refusals_of(FindMessage):
        return "the helpdesk refused the search for the message"  # never posted again unlooked
    if any(r.status in NO_LESSER_FORM_HELPS for r in refusals) or len(refusals) >= len(forms):
        return f"the helpdesk refused the message ({refusals[-1].status or 'no status'})"
    return forms[len(refusals)]


def _as_late(draft: Draft) -> Draft:
    return replace(draft, heading=(*draft.heading_if_late, *draft.heading))


def _forms(draft: Draft, conversation: ConversationId, standing: Standing) -> tuple[PostMessage, ...]:
    """From the fullest to the least; one is left when the helpdesk refuses it."""
    full = _post(draft, conversation, standing)
    plain = replace(draft, answers=None, quoted="")
    unquoted = () if draft.answers is None and not draft.quoted else (_post(plain, conversation, standing),)
    if not draft.files:
        return (full, *unquoted, _least((full, *unquoted)[-1]))
    alone = _post(replace(plain, files=(), body=draft.body_without_files), conversation, standing)
    return (full, *unquoted, alone, _least(alone))


def _post(draft: Draft, conversation: ConversationId, standing: Standing) -> PostMessage:
    target = draft.answers if draft.answers and draft.answers.conversation == conversation else None
    return PostMessage(
        conversation,
        _composed(draft, quote_inline=target is None),
        draft.part,
        source_id_of(draft.id, draft.part),
        unlost_key(standing.key, draft.part),
        direction=draft.direction,
        private=draft.private,
        reply_to=target.message if target else None,
        sender=draft.sender,
        forwarded=draft.forwarded,
        view_once=draft.view_once,
        late=standing.known.out_of_place,
        files=draft.files,
        settles_file=draft.settles_file,
    )


def _least(post: PostMessage) -> PostMessage:
    """Only a text: no attributes that an older or stricter helpdesk could take offence at."""
    return replace(post, text=cut(post.text, LEAST_FORM_MAX_CHARS), sender=None, forwarded=False, view_once=False)


def _composed(draft: Draft, *, quote_inline: bool) -> str:
    quoted = one_line(draft.quoted, QUOTE_MAX_CHARS) if quote_inline else ""
    lines = (*draft.heading, *((f"> {quoted}\n",) if quoted else ()), cleaned(draft.body[: 2 * CONTENT_MAX_CHARS]))
    # Asterisks would end the bold type that sets the name apart from the words.
    speaker = one_line(draft.speaker.replace("*", ""), SPEAKER_MAX_CHARS)
    text = "\n".join(lines)
    if not text.strip():  # a file without a word
        return f"**{speaker}**" if speaker else ""
    return cut((f"**{speaker}**: " if speaker else "") + text, CONTENT_MAX_CHARS)
