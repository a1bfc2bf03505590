"""A better name for a contact that has the catalogue's: told with a message, given behind it, so that it holds up none."""

from unlost.interpret.standing import Standing
from unlost.vocabulary.events import RenameDue
from unlost.vocabulary.steps import RenameContact, Step
from unlost.vocabulary.verdicts import Delivered, Verdict


def rename_step(event: RenameDue, standing: Standing) -> Step | Verdict:
    """Rename while the name is ours to change; a refusal leaves it as it is."""
    link, facts = standing.known.chat, standing.facts
    is_ours = link is not None and link.name_is_ours
    if standing.contact is None or not is_ours or facts.renamed or standing.was_refused(RenameContact):
        return Delivered()
    return RenameContact(standing.contact, event.name)
