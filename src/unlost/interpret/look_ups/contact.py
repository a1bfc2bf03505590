"""Who a new contact is, and what he looks like. An answer that does not come is a fact as well."""

from unlost.interpret.standing import Standing
from unlost.interpret.text import name_of
from unlost.vocabulary.events import LookUpDue
from unlost.vocabulary.ids import ContactId
from unlost.vocabulary.steps import AskAvatar, AskUserInfo, RenameContact, SetAvatar, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Verdict


def contact_look_up_step(event: LookUpDue, standing: Standing) -> Step | Verdict:
    """Ask, better a name that is ours, then fetch a picture that is new."""
    if standing.contact is None:
        return Delivered()
    if standing.gateway_died:
        return Dead("gateway_died")
    if not standing.facts.user_asked and not standing.was_refused(AskUserInfo):
        return AskUserInfo(event.chat)
    rename = _rename(standing.contact, standing)
    if rename is not None:
        return rename
    return _picture_step(standing.contact, event, standing)


def _rename(contact: ContactId, standing: Standing) -> RenameContact | None:
    name = name_of(standing.facts.user_name)
    is_ours = standing.known.chat is not None and standing.known.chat.name_is_ours
    if not name or not is_ours or standing.facts.renamed or standing.was_refused(RenameContact):
        return None
    return RenameContact(contact, name)


def _picture_step(contact: ContactId, event: LookUpDue, standing: Standing) -> Step | Verdict:
    facts = standing.facts
    shown_id = standing.known.chat.picture_id if standing.known.chat else ""
    is_new = facts.picture_id not in ("", shown_id)
    if standing.policy.avatars == "off" or not is_new or facts.avatar_set:
        return Delivered()
    if not facts.picture_asked and not standing.was_refused(AskAvatar):
        return AskAvatar(event.chat)
    if facts.picture_url and not standing.was_refused(SetAvatar):
        return SetAvatar(contact, facts.picture_url)
    return Delivered()
