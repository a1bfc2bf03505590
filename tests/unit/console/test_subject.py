"""What a person types to find a message."""

import pytest

from unlost.console.subject import Subject, phone_forms, read_subject


@pytest.mark.parametrize(
    "spelling",
    ["+55 41 99999-8206", "5541999998206", "+5541999998206", "55 (41) 99999 8206", "5541999998206@s.whatsapp.net"],
)
def test_a_phone_number_is_found_in_any_spelling_and_in_both_brazilian_forms(spelling: str) -> None:
    assert read_subject(spelling).chats == ("5541999998206@s.whatsapp.net", "554199998206@s.whatsapp.net")


def test_a_local_spelling_is_read_with_its_region() -> None:
    assert read_subject("(41) 99999-8206", region="BR").chats[0] == "5541999998206@s.whatsapp.net"


@pytest.mark.parametrize(
    ("text", "region"), [("99999-8206", "BR"), ("9999 8206", "BR"), ("999998206", "BR"), ("555-0123", "US")]
)
def test_a_number_without_its_area_code_is_asked_for_again_and_is_nobody_elses(text: str, region: str) -> None:
    with pytest.raises(ValueError, match="area code"):
        read_subject(text, region=region)


@pytest.mark.parametrize("text", ["17", "#17", "https://desk.example/app/accounts/1/conversations/17?x=1"])
def test_a_conversation_is_found_by_number_or_url(text: str) -> None:
    assert read_subject(text) == Subject(conversation=17)


@pytest.mark.parametrize("text", ["3EB0C127D7BACC83D6A1", "WAID:3EB0C127D7BACC83D6A1"])
def test_a_message_id_is_taken_as_it_stands(text: str) -> None:
    assert read_subject(text).message == "3EB0C127D7BACC83D6A1"


@pytest.mark.parametrize("text", ["", " ", "x" * 201, "someone@example.com"])
def test_what_names_nothing_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"name|end in"):
        read_subject(text)


@pytest.mark.parametrize(
    ("digits", "forms"),
    [
        ("554199998206", ("554199998206", "5541999998206")),
        ("5541999998206", ("5541999998206", "554199998206")),
        ("554133334444", ("554133334444",)),  # a landline never had the ninth digit
        ("628123456789", ("628123456789",)),
    ],
)
def test_only_brazilian_mobile_numbers_have_two_forms(digits: str, forms: tuple[str, ...]) -> None:
    assert phone_forms(digits) == forms
