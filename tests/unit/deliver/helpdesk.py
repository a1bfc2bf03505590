"""A delivery over a scripted helpdesk, and what it was heard to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from tests.unit.chatwoot.scripted import OpenTurns, ScriptedHttp, client
from tests.unit.spool.pictures import jpeg
from unlost.deliver.helpdesk_conversations import ConversationPolicy
from unlost.deliver.helpdesk_messages import Hearing
from unlost.deliver.to_helpdesk import ToHelpdesk
from unlost.errors import TryLater
from unlost.spool import Spool
from unlost.transport import Answer, TransportFailed
from unlost.vocabulary.facts import Begun, Facts
from unlost.vocabulary.ids import ChannelName, HelpdeskMessageId

PICTURE, BOMB = jpeg(8, 8), jpeg(50_000, 50_000)


@dataclass
class Scripted:
    """*heard* keeps what was said past the facts."""

    http: ScriptedHttp
    heard: list[str] = field(default_factory=list)
    turns: OpenTurns = field(default_factory=OpenTurns)
    reopen: bool = True
    new_status: Literal["open", "pending"] = "open"
    folder: Path = Path("/nowhere")

    @property
    def to_helpdesk(self) -> ToHelpdesk:
        """What is tested."""
        return ToHelpdesk(
            client(self.http, self.turns),
            ConversationPolicy(self.new_status, self.reopen),
            self._fetch,
            Hearing(lambda: self.heard.append("second_forwarder"), lambda: self.heard.append("text_changed")),
            Spool(self.folder, 1_000_000).of(ChannelName("support")),
        )

    async def _fetch(self, url: str) -> tuple[str, bytes]:
        if url == "gone":
            raise TryLater("picture", cause="timeout", away=False)
        return "image/jpeg", BOMB if url == "bomb" else PICTURE


def scripted(
    *script: Answer | TransportFailed, reopen: bool = True, new_status: Literal["open", "pending"] = "open"
) -> Scripted:
    """A helpdesk that answers this."""
    return Scripted(ScriptedHttp(*script), reopen=reopen, new_status=new_status)


def begun(step: str, high_water: int = 100) -> Facts:
    """Facts of an entry whose *step* is begun, or in doubt."""
    return Facts(begun=Begun(step, at=1.0, high_water=HelpdeskMessageId(high_water)))
