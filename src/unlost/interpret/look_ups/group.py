"""What a new group is called."""

from unlost.interpret.standing import Standing
from unlost.interpret.text import name_of
from unlost.vocabulary.events import LookUpDue
from unlost.vocabulary.steps import AskGroupInfo, RenameContact, Step
from unlost.vocabulary.verdicts import Dead, Delivered, Verdict


def group_look_up_step(event: LookUpDue, standing: Standing) -> Step | Verdict:
    """Ask, then give the contact the group's own name where its name is still ours."""
    facts, contact = standing.facts, standing.contact
    if contact is None:
        return Delivered()
    if standing.gateway_died:
        return Dead("gateway_died")
    name = name_of(facts.group_name)
    if not facts.group_asked and not name and not standing.was_refused(AskGroupInfo):
        return AskGroupInfo(event.chat)
    is_ours = standing.known.chat is not None and standing.known.chat.name_is_ours
    if name and is_ours and not facts.renamed and not standing.was_refused(RenameContact):
        return RenameContact(contact, name)
    return Delivered()
