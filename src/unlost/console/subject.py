"""What a person types to find a message: an id, a phone number in any spelling, a conversation's number or URL. Pure."""

import re
from dataclasses import dataclass

import phonenumbers

from unlost.vocabulary.addresses import GROUP_SERVER, LID_SERVER, PHONE_SERVER, Address
from unlost.vocabulary.ids import WhatsAppId

CONVERSATION_URL = re.compile(r"https?://\S+/conversations/(\d{1,12})\b")
CONVERSATION_NUMBER = re.compile(r"#?(\d{1,6})")
BRAZIL, NINE_DIGITS, EIGHT_DIGITS = "55", 13, 12
TEXT_MAX = 200


@dataclass(frozen=True, slots=True)
class Subject:
    """At most one of the three is set: *chats* (every form a number may have), *conversation*, or *message*."""

    chats: tuple[Address, ...] = ()
    conversation: int | None = None
    message: WhatsAppId | None = None


def read_subject(text: str, *, region: str | None = None) -> Subject:
    """What *text* names. *region* (ISO 3166, as BR) reads numbers typed without a country.

    Up to six digits, with or without #, are a conversation's number. Raises ValueError where nothing can be meant: nobody has a
    number without its area code, so "nothing was received" would be said of somebody else.
    """
    text = text.strip()
    if not text or len(text) > TEXT_MAX:
        raise ValueError("name a message id, a phone number, or a conversation's number or URL")
    if match := CONVERSATION_URL.match(text):
        return Subject(conversation=int(match[1]))
    if match := CONVERSATION_NUMBER.fullmatch(text):
        return Subject(conversation=int(match[1]))
    if "@" in text:
        return Subject(chats=_forms_of_jid(text))
    digits = _digits_of_phone(text, region)
    if digits:
        return Subject(chats=tuple(Address(f"{form}@{PHONE_SERVER}") for form in phone_forms(digits)))
    return Subject(message=WhatsAppId(text.removeprefix("WAID:")))


def phone_forms(digits: str) -> tuple[str, ...]:
    """The digits themselves, and for a Brazilian mobile number also the form with, or without, the ninth digit."""
    if not digits.startswith(BRAZIL):
        return (digits,)
    if len(digits) == NINE_DIGITS and digits[4] == "9":
        return (digits, digits[:4] + digits[5:])
    if len(digits) == EIGHT_DIGITS and digits[4] in "6789":
        return (digits, digits[:4] + "9" + digits[4:])
    return (digits,)


def _forms_of_jid(text: str) -> tuple[Address, ...]:
    user, _, server = text.partition("@")
    user = user.partition(":")[0]
    if server == PHONE_SERVER:
        return tuple(Address(f"{form}@{server}") for form in phone_forms(user))
    if server in (LID_SERVER, GROUP_SERVER):
        return (Address(f"{user}@{server}"),)
    raise ValueError(f"addresses end in @{PHONE_SERVER}, @{LID_SERVER} or @{GROUP_SERVER}")


def _digits_of_phone(text: str, region: str | None) -> str:
    """Digits with country, or empty where *text* is no phone number. Hex ids hold letters and are never taken for one."""
    if re.search(r"[A-Za-z_]", text):
        return ""
    international = text if text.startswith("+") else f"+{text}"
    for spelling, country in ((text, region), (international, None)):
        try:
            number = phonenumbers.parse(spelling, country)
        except phonenumbers.NumberParseException:
            continue
        if country is not None and _lacks_area_code(number):
            raise ValueError("name the phone number with its area code")
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    return ""


def _lacks_area_code(number: phonenumbers.PhoneNumber) -> bool:
    """As it is dialled inside its own town. A person's kind is asked about: Brazil's service numbers are as short."""
    kind = phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE
    whether = phonenumbers.is_possible_number_for_type_with_reason(number, kind)
    return bool(whether == phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY)
