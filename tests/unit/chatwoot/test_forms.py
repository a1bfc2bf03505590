"""A post with files as a form: the same fields as its JSON, as text."""

import msgspec
import pytest

from unlost.chatwoot.messages import FILES, NewMessage, body_of, fields_of
from unlost.transport import Upload

VOICE = Upload(FILES, "audio-A1.ogg", "audio/ogg", b"OggS")
PHOTO = Upload(FILES, "image-A1.png", "image/png", b"png")


def message(*uploads: Upload, text: str = "olá") -> NewMessage:
    return NewMessage(text, "incoming", "WAID:A", "k", forwarded=True, uploads=uploads)


def test_a_form_says_what_the_json_says() -> None:
    fields = fields_of(message(PHOTO))
    attributes = msgspec.json.decode(fields.pop("content_attributes"))
    body = body_of(message(PHOTO))
    assert attributes == body.pop("content_attributes")
    assert fields == {name: value if isinstance(value, str) else str(value).lower() for name, value in body.items()}


def test_a_file_without_words_has_no_content() -> None:
    assert "content" not in fields_of(message(PHOTO, text=""))


@pytest.mark.parametrize(("uploads", "is_voice"), [((VOICE,), True), ((PHOTO,), False), ((VOICE, PHOTO), False)])
def test_a_voice_note_is_shown_as_one(uploads: tuple[Upload, ...], is_voice: bool) -> None:
    assert ("is_voice_message" in fields_of(message(*uploads))) is is_voice


def test_text_no_database_keeps_is_mended() -> None:
    assert fields_of(message(PHOTO, text="a\0b\ud800"))["content"] == "a\ufffdb\ufffd"
