"""Who writes to the firm, and what: the other end of the ledger."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from itertools import count

from tests.fake_whatsapp import media, messages
from tests.fake_whatsapp.account import Account
from tests.fake_whatsapp.aside import Aside
from tests.fake_whatsapp.delivering import new_id
from tests.fake_whatsapp.peer import Peer
from tests.fake_whatsapp.people import Group
from tests.fake_whatsapp.protobufs import Protobuf
from unlost.cli.demo.ledger import Sent
from unlost.gateway.png import picture

WORDS = (
    "good morning",
    "is anybody there?",
    "my order has not come",
    "thank you!",
    "how much is it?",
    "still waiting 🙂",
    "can you send it to my sister?",
    "ok",
)
KINDS = {"text": 60, "reply": 12, "reaction": 8, "edit": 5, "picture": 10, "typed on the phone": 5}
"""Each with its weight."""
OF_A_MESSAGE = frozenset({"reply", "reaction", "edit"})


@dataclass(frozen=True, slots=True, eq=False)
class Writer:
    """One person in one chat. *mode* says how WhatsApp names who writes to us alone: by number, by LID, or without a LID."""

    peer: Peer
    group: Group | None = None
    mode: str = "pn"

    @property
    def chat(self) -> str:
        """Its address, as far as the ledger tells chats apart."""
        return self.group.jid if self.group else self.peer.jid


class Customers:
    """Writes to *account* through *whatsapp*. `sent` is all that was handed to WhatsApp, in its order."""

    def __init__(self, whatsapp: Aside, account: Account, seed: int) -> None:
        self.sent: list[Sent] = []
        self._whatsapp = whatsapp
        self._account = account
        self._chance = random.Random(seed)
        self._numbers = count(5541999991000)
        self._marks = count(1)
        self._newcomers = 0
        self._last: dict[Writer, tuple[str, str]] = {}
        ana, bruno, duda, eva = (self._person(name) for name in ("Ana", "Bruno", "Duda", "Eva"))
        carla = Peer("77001002003004@lid", name="Carla")
        family = Group("120363000000000001@g.us", "Família", [ana, bruno])
        site = Group("120363000000000002@g.us", "Obra", [eva, duda, carla], mode="lid")
        self._writers = [
            Writer(ana),
            Writer(bruno, mode="lid"),
            Writer(carla, mode="lid"),
            Writer(duda, mode="plain"),
            *(Writer(member, group) for group in (family, site) for member in group.members),
        ]

    def write(self) -> None:
        """Somebody writes something."""
        writer = self._chance.choice(self._writers)
        kind = self._chance.choices(list(KINDS), list(KINDS.values()))[0]
        if kind == "typed on the phone" and writer.group is None:
            self._push(writer, kind, messages.text(self._words()), own=True)
        elif kind == "picture":
            self.picture(writer)
        elif kind in OF_A_MESSAGE and writer in self._last:
            self._about(writer, kind, *self._last[writer])
        else:
            self.text(writer)

    def newcomer(self) -> Writer:
        """Somebody who has not written yet, and writes like everybody else from now on."""
        self._newcomers += 1
        writer = Writer(self._person(f"Newcomer {self._newcomers}"))
        self._writers.append(writer)
        return writer

    def text(self, writer: Writer) -> str:
        """A few words; their id."""
        words = self._words()
        named = self._push(writer, "text", messages.text(words))
        self._last[writer] = (named, words)
        return named

    def picture(self, writer: Writer) -> str:
        """A small picture, which lies at WhatsApp's media host."""
        held = self._whatsapp.server.media.put(media.seal(picture(new_id()), "image"))
        message = messages.image(held, caption=self._words(), mime="image/png")
        return self._push(writer, "image", message, stanza_kind="media")

    def _about(self, writer: Writer, kind: str, target: str, said: str) -> None:
        """Something about the last thing that *writer* wrote there."""
        if kind == "reply":
            answer = messages.reply(self._words(), to=target, author=writer.peer.jid, quoted=said)
            self._push(writer, "reply", answer)
        elif kind == "edit":
            self._push(writer, kind, messages.edit(self._words(), chat=writer.chat, of=target), target=target)
        else:
            told = messages.reaction(self._chance.choice("👍🙏🎉"), chat=writer.chat, to=target)
            self._push(writer, kind, told, target=target, stanza_kind="reaction")

    def _push(
        self,
        writer: Writer,
        kind: str,
        message: Protobuf,
        *,
        target: str = "",
        stanza_kind: str = "text",
        own: bool = False,
    ) -> str:
        """Written down first: what is handed over by half is still owed."""
        server, named = self._whatsapp.server, new_id()
        place = len(self.sent) + 1
        self.sent.append(Sent(place, named, writer.chat, kind, target, int(time.time()), unrecoverable=False))
        if own:
            pushing = server.push_own(self._account, writer.peer, message, id=named)
        elif writer.group is not None:
            pushing = server.push_group_message(
                writer.group, writer.peer, self._account, message, id=named, kind=stanza_kind
            )
        else:
            pushing = server.push_message(
                writer.peer, self._account, message, id=named, kind=stanza_kind, mode=writer.mode
            )
        self._whatsapp.do(pushing)
        return named

    def _words(self) -> str:
        return f"{self._chance.choice(WORDS)} #{next(self._marks)}"

    def _person(self, name: str) -> Peer:
        return Peer(f"{next(self._numbers)}@s.whatsapp.net", name=name)
