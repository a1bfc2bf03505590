"""Profile pictures: when the engine is asked, and with what in hand."""

from pathlib import Path

import pytest

from unlost.gateway.clerk import Clerk
from unlost.gateway.engines.answers import Picture
from unlost.gateway.engines.port import EngineCrashed, LookUps, PictureHidden, PictureMissing, PictureSame
from unlost.gateway.look_ups import Avatars, Paces
from unlost.gateway.look_ups.kept import Asked, KeptPictures

HOUR_S, DAY_S = 3600.0, 86_400.0
ASKED = Asked("device", "5511987654321@s.whatsapp.net", preview=False)
NOW_S = 1_800_000_000.0


class Engine:
    """Tells what it is told to; keeps the ids it was asked with."""

    def __init__(self, *told: Picture | Exception) -> None:
        self.told = list(told)
        self.known: list[str] = []

    async def avatar(self, jid: str, *, preview: bool, known_id: str) -> Picture:
        self.known.append(known_id)
        told = self.told.pop(0)
        if isinstance(told, Exception):
            raise told
        return told


class Desk:
    """Avatars with an engine and a clock."""

    def __init__(self, folder: Path, *told: Picture | Exception) -> None:
        self.engine = Engine(*told)
        self.now_s = NOW_S
        kept = KeptPictures(folder / "pictures.db")
        self.avatars = Avatars(kept, Clerk(), Paces(0.0), lambda: self.now_s)

    async def ask(self) -> str:
        """The picture's id, or the name of the error."""
        engine: LookUps = self.engine  # type: ignore[assignment]  # nothing but the avatar is asked of it
        try:
            return (await self.avatars.picture(engine, ASKED)).id
        except Exception as error:  # noqa: BLE001  whichever it is
            return type(error).__name__


def linked(seconds: float) -> str:
    """A link of WhatsApp's that ends so many seconds from now."""
    return f"https://pps.whatsapp.net/v/t61.jpg?ccb=11-4&oh=01&oe={int(NOW_S + seconds):08X}"


@pytest.mark.parametrize("no", [PictureHidden, PictureMissing])
async def test_a_no_is_remembered_for_a_day(tmp_path: Path, no: type[Exception]) -> None:
    desk = Desk(tmp_path, no(), Picture("1", "a"))
    first = [await desk.ask(), await desk.ask()]
    desk.now_s += DAY_S - 1
    first.append(await desk.ask())
    desk.now_s += 2
    assert (set(first), await desk.ask()) == ({no.__name__}, "1")


async def test_a_picture_is_asked_for_anew_with_its_id_in_hand(tmp_path: Path) -> None:
    desk = Desk(tmp_path, Picture("1", linked(10 * DAY_S)), PictureSame(), Picture("2", "b"))
    found = [await desk.ask()]
    for _ in range(2):
        desk.now_s += HOUR_S
        found.append(await desk.ask())
    assert (found, desk.engine.known) == (["1", "1", "2"], ["", "1", "1"])


async def test_a_link_about_to_end_is_asked_for_anew_without_the_id(tmp_path: Path) -> None:
    """With the id WhatsApp would answer "the same", and give no link."""
    desk = Desk(tmp_path, Picture("1", linked(1200)), Picture("1", linked(DAY_S)))
    found = [await desk.ask()]
    desk.now_s += 700
    found.append(await desk.ask())
    assert (found, desk.engine.known) == (["1", "1"], ["", ""])


async def test_a_crash_is_not_remembered(tmp_path: Path) -> None:
    desk = Desk(tmp_path, EngineCrashed(), Picture("1", "a"))
    assert [await desk.ask(), await desk.ask()] == ["EngineCrashed", "1"]


@pytest.mark.parametrize(("seen", "asked"), [("1", 1), ("2", 2), ("", 2)])
async def test_another_id_in_user_info_ends_it(tmp_path: Path, seen: str, asked: int) -> None:
    desk = Desk(tmp_path, Picture("1", "a"), Picture("2", "b"))
    await desk.ask()
    await desk.avatars.seen(ASKED.device, ASKED.jid, seen)
    await desk.ask()
    assert len(desk.engine.known) == asked


async def test_a_clock_set_back_asks_again(tmp_path: Path) -> None:
    desk = Desk(tmp_path, PictureHidden(), Picture("1", "a"))
    await desk.ask()
    desk.now_s -= 10
    assert await desk.ask() == "1"
