"""Profile pictures: remembered by their id, hidden and none told apart, a no remembered for a day."""

from __future__ import annotations

import re
from collections.abc import Callable

from unlost.gateway.clerk import Clerk
from unlost.gateway.engines.answers import Picture
from unlost.gateway.engines.port import LookUps, PictureHidden, PictureMissing, PictureSame
from unlost.gateway.look_ups.kept import Asked, KeptPictures, Remembered, Verdict
from unlost.gateway.look_ups.pace import Paces

NO_LASTS_S = 86_400.0  # a picture that is hidden or absent seldom changes within a day, and each question counts
FRESH_S = 3_600.0  # a picture is asked for anew after this; its id in /user/info tells of a change at once
LINK_LEFT_S = 600.0  # a link that ends sooner may end before the caller has fetched it
EXPIRY = re.compile(r"[?&]oe=([0-9A-Fa-f]{8})\b")  # WhatsApp's links tell their end in seconds since 1970, in hex


class Avatars:
    """Pictures of every device. *now* tells the seconds since 1970."""

    def __init__(self, kept: KeptPictures, clerk: Clerk, paces: Paces, now: Callable[[], float]) -> None:
        self._kept = kept
        self._clerk = clerk
        self._paces = paces
        self._now = now

    async def picture(self, engine: LookUps, asked: Asked) -> Picture:
        """The picture. Raises PictureHidden, PictureMissing, or what the engine raises: that is never remembered."""
        known = self._standing(await self._clerk.do(self._kept.find, asked))
        if known is not None:
            return _told(known)
        async with self._paces.of(asked.device).turn():
            kept = await self._clerk.do(self._kept.find, asked)  # who waited here may have been answered meanwhile
            known = self._standing(kept) or await self._ask(engine, asked, kept)
        await self._clerk.do(self._kept.keep, asked, known)
        return _told(known)

    async def seen(self, device: str, jid: str, picture_id: str) -> None:
        """`/user/info` told this id, empty for none to be seen; what is remembered of another picture is forgotten."""
        await self._clerk.do(self._kept.seen, device, jid, picture_id)

    async def _ask(self, engine: LookUps, asked: Asked, kept: Remembered | None) -> Remembered:
        usable = kept if kept and kept.verdict is Verdict.SHOWN and not self._link_ends(kept.url) else None
        try:
            picture = await engine.avatar(
                asked.jid, preview=asked.preview, known_id=usable.picture_id if usable else ""
            )
        except PictureHidden:
            return Remembered(Verdict.HIDDEN, "", "", self._now())
        except PictureMissing:
            return Remembered(Verdict.NONE, "", "", self._now())
        except PictureSame:
            assert usable is not None, "only a picture whose id was given can be the same"
            return Remembered(Verdict.SHOWN, usable.picture_id, usable.url, self._now())
        return Remembered(Verdict.SHOWN, picture.id, picture.url, self._now())

    def _standing(self, kept: Remembered | None) -> Remembered | None:
        """*kept*, as long as nobody needs to be asked again."""
        if kept is None:
            return None
        lasts_s = FRESH_S if kept.verdict is Verdict.SHOWN else NO_LASTS_S
        stands = 0 <= self._now() - kept.at < lasts_s and not self._link_ends(kept.url)
        return kept if stands else None

    def _link_ends(self, url: str) -> bool:
        told = EXPIRY.search(url)
        return told is not None and int(told.group(1), 16) < self._now() + LINK_LEFT_S


def _told(known: Remembered) -> Picture:
    match known.verdict:
        case Verdict.HIDDEN:
            raise PictureHidden
        case Verdict.NONE:
            raise PictureMissing
        case Verdict.SHOWN:
            return Picture(known.picture_id, known.url)
