"""Who is who: two forms of one address, a number's spellings, and what a chat is called."""

import re

from unlost.interpret.text import name_of
from unlost.interpret.words import Words
from unlost.vocabulary.addresses import Address, is_group, is_lid, is_newsletter, is_phone, user_of
from unlost.vocabulary.links import Known

E164 = re.compile(r"[1-9][0-9]{1,14}", re.ASCII)
"""Chatwoot's rule for phone_number, without its plus (app/models/contact.rb, v4.16.2)."""
BRAZILIAN_MOBILE = re.compile(r"(55[1-9][0-9])(9?)([6-9][0-9]{7})", re.ASCII)
"""+55, area, and eight digits of a mobile number, with or without the ninth digit that was put before them until 2016."""
SHOWN_DIGITS = 4


def resolved(address: Address, known: Known) -> Address:
    """The number behind a LID where the journal knows the pairing; else *address* itself."""
    return next((phone for lid, phone in known.paired if lid == address), address)


def is_paired(address: Address, known: Known) -> bool:
    """True where the journal knows another form of *address*."""
    return any(address in pair for pair in known.paired)


def same_person(one: Address, other: Address, known: Known) -> bool:
    """True where both name one person, chat or group, as far as the journal knows."""
    return resolved(one, known) == resolved(other, known)


def may_be_same_person(one: Address, other: Address, known: Known) -> bool:
    """True also for a LID and a number of which neither is paired: nothing speaks against it."""
    if same_person(one, other, known):
        return True
    forms_differ = (is_lid(one) and is_phone(other)) or (is_phone(one) and is_lid(other))
    return forms_differ and not is_paired(one, known) and not is_paired(other, known)


def phones_of(address: Address) -> tuple[str, ...]:
    """E.164 spellings of a phone address, its own first; both forms of a Brazilian mobile number; none for LIDs and groups."""
    digits = user_of(address)
    if not is_phone(address) or not E164.fullmatch(digits):
        return ()
    mobile = BRAZILIAN_MOBILE.fullmatch(digits)
    if mobile is None:
        return (f"+{digits}",)
    area, ninth, number = mobile.groups()
    return (f"+{digits}", f"+{area}{'' if ninth else '9'}{number}")


def short_number(address: Address) -> str:
    """The last digits of an address: enough for people who know each other."""
    return f"…{user_of(address)[-SHOWN_DIGITS:]}"


def unnamed(chat: Address, words: Words) -> str:
    """The catalogue's name of a chat that nobody has named yet."""
    digits = user_of(chat)[-SHOWN_DIGITS:]
    if is_group(chat):
        return words.group.format(digits=digits)
    return words.newsletter.format(digits=digits) if is_newsletter(chat) else words.unknown


def chosen_name(chat: Address, push_name: str, *, from_me: bool) -> str:
    """The name its owner chose for a new contact; empty for groups and own messages: their push name is somebody else's."""
    return "" if from_me or is_group(chat) else name_of(push_name)
