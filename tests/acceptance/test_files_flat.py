"""The same in GOWA 7's dialect, and from our own gateway: what they tell of a file differs, what agents see does not."""

import pytest

from tests.acceptance.conftest import Opened
from tests.acceptance.office import Office
from unlost.gateway.events import Media, MediaKind
from unlost.gateway.population import Avatar


@pytest.fixture(scope="module", params=[("flat", "gowa"), ("envelope", "durable")], ids=lambda way: "-".join(way))
def office(request: pytest.FixtureRequest, open_office: Opened) -> Office:
    dialect, temper = request.param
    return open_office(dialect=dialect, temper=temper)


@pytest.mark.parametrize(
    ("media", "ending", "file_type"),
    [
        (Media(MediaKind.IMAGE, "image/png", path="statics/media/1-a.png", caption="olha"), ".png", "image"),
        (Media(MediaKind.AUDIO, "audio/ogg; codecs=opus", path="statics/media/1-b.ogg; codecs=opus"), ".ogg", "audio"),
        (
            Media(MediaKind.DOCUMENT, "application/pdf", path="statics/media/1-c.pdf", filename="Nota.pdf"),
            "/Nota.pdf",
            "file",
        ),
        (Media(MediaKind.VIDEO, "video/mp4", url="https://mmg.whatsapp.net/x", caption="off"), ".mp4", "video"),
    ],
    ids=["image", "voice", "document", "automatic download off"],
)
def test_a_file_stands(office: Office, media: Media, ending: str, file_type: str) -> None:
    ana = office.customer("5541999990001", "Ana", avatar=Avatar.NONE)
    message = office.helpdesk.standing(office.people.send(ana.key, media).id)
    (attachment,) = message["attachments"]
    assert attachment["data_url"].endswith(ending)
    assert (message["content"] or "", attachment["file_type"]) == (media.caption, file_type)
