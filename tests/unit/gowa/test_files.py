"""Where a message's file lies, as each recorded webhook tells it."""

import msgspec
import pytest

from tests.unit.gowa.samples import OWN, body
from unlost.gowa.readers import read_envelope, read_event
from unlost.gowa.readers.files import PATH_MAX_CHARS, file_of, plain_type
from unlost.vocabulary.attachments import ToldFile
from unlost.vocabulary.envelopes import Source
from unlost.vocabulary.events import Attachment, MessageArrived

WHATSAPPS = "https://mmg.whatsapp.net/..."
JPE = "statics/media/1752404751-ad9e37ac-c658-4fe5-8d25-ba4a3f4d58fd.jpe"
PDF = "statics/media/1752404965-document.pdf"

TOLD = {
    "v5-flat-image": ToldFile(JPE, mime_type="image/jpeg"),
    "v7-flat-image": ToldFile(JPE, mime_type="image/jpeg"),
    "v7.2.0-flat-image-untagged": ToldFile(JPE, mime_type="image/jpeg"),
    "v7-flat-image-url": ToldFile(url=WHATSAPPS),
    "v7-flat-document-url": ToldFile(url=WHATSAPPS, name="report.pdf"),
    "v7-flat-audio-url": ToldFile(url=WHATSAPPS),
    "v7-flat-video-note": ToldFile("statics/media/1752404990-videonote.mp4", mime_type="video/mp4"),
    "v8.0-image-object": ToldFile(JPE, mime_type="image/jpeg"),
    "v9-image": ToldFile(f"{JPE}g"),
    "v9-image-caption": ToldFile(f"{JPE}g"),
    "v9-image-url": ToldFile(url=WHATSAPPS),
    "v9-document": ToldFile(PDF),
    "v9-document-no-caption": ToldFile(PDF),
    "v9-document-url": ToldFile(url=WHATSAPPS, name="report.pdf"),
    "v9-audio-url": ToldFile(url=WHATSAPPS),
    "v9-sticker": ToldFile("statics/media/1752404986-ff2464a6-c54c-4e6c-afde-c4c925ce3573.webp"),
    "v9-video-note-url": ToldFile(url=WHATSAPPS),
}


@pytest.mark.parametrize(("sample", "told"), TOLD.items())
def test_a_recorded_webhook_tells_where_its_file_lies(sample: str, told: ToldFile) -> None:
    assert read_envelope(body(sample), device=OWN).file == told


def test_a_failed_download_tells_of_no_file() -> None:
    assert read_envelope(body("v9-image-download-failed"), device=OWN).file is None


def test_a_contact_is_no_file() -> None:
    assert file_of(Attachment.CONTACT, msgspec.Raw(b'{"displayName":"Ana"}')) is None


def test_a_path_with_the_parameters_of_its_type_is_kept_as_it_came() -> None:
    told = file_of(Attachment.AUDIO, msgspec.Raw(b'"statics/media/1752404905-b9.ogg; codecs=opus"'))
    assert told == ToldFile("statics/media/1752404905-b9.ogg; codecs=opus")


def test_a_path_too_long_to_be_one_is_not_told() -> None:
    raw = msgspec.Raw(b'"' + b"a" * (PATH_MAX_CHARS + 1) + b'"')
    assert file_of(Attachment.AUDIO, raw) == ToldFile()


@pytest.mark.parametrize(
    ("told", "plain"),
    [("audio/ogg; codecs=opus", "audio/ogg"), ("IMAGE/JPEG", "image/jpeg"), ("nonsense", ""), ("a b/c", ""), ("", "")],
)
def test_a_type_is_told_without_its_parameters(told: str, plain: str) -> None:
    assert plain_type(told) == plain


def test_a_storage_row_with_a_file_tells_its_name_and_no_place() -> None:
    row = b'{"id":"3EB0A1","chat_jid":"49@s.whatsapp.net","media_type":"document","filename":"Rechnung.pdf"}'
    event = read_event(Source.STORAGE, row, OWN)
    assert isinstance(event, MessageArrived)
    assert event.file == ToldFile(name="Rechnung.pdf")
