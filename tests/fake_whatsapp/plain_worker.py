"""A bare engine for the fake's own tests: events as lines of JSON out, expressions to evaluate as lines in.

`python -m tests.fake_whatsapp.patched ENDPOINT_FILE tests.fake_whatsapp.plain_worker DATABASE`. Not for anything
else: it acknowledges before it writes, as the engine does by itself.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from typing import Any

WATCHED = (
    "ConnectedEv",
    "PairStatusEv",
    "DisconnectedEv",
    "LoggedOutEv",
    "StreamReplacedEv",
    "UndecryptableMessageEv",
    "ConnectFailureEv",
    "TemporaryBanEv",
    "ClientOutdatedEv",
    "StreamErrorEv",
    "HistorySyncEv",
    "GroupInfoEv",
    "ReceiptEv",
    "ChatPresenceEv",
)
_writing = threading.Lock()


def tell(event: str, **told: Any) -> None:
    line = json.dumps({"event": event, **told}).encode() + b"\n"
    with _writing:
        os.write(OUT, line)


def run(database: str) -> None:
    neonize: Any = importlib.import_module("neonize.client")
    events: Any = importlib.import_module("neonize.events")
    client = neonize.NewClient(database)
    client.qr(lambda _, codes: tell("qr", codes=codes.decode()))
    for name in WATCHED:
        client.event(getattr(events, name))(lambda _, value, name=name: tell(name, value=str(value)[:2000]))
    client.event(events.MessageEv)(lambda _, value: tell(_kind(value.Message), **_message(value)))
    threading.Thread(target=_obey, args=(client,), daemon=True).start()
    client.connect()


def _kind(message: Any) -> str:
    """A group's first message from somebody makes two events of one id: the sender key alone, then the words."""
    told = [field.name for field, _ in message.ListFields()]
    return "sender_key" if told == ["senderKeyDistributionMessage"] else "message"


def _message(value: Any) -> dict[str, Any]:
    info, source = value.Info, value.Info.MessageSource
    return {
        "id": info.ID,
        "text": value.Message.conversation or value.Message.imageMessage.caption,
        "chat": f"{source.Chat.User}@{source.Chat.Server}",
        "sender": f"{source.Sender.User}@{source.Sender.Server}",
        "from_me": source.IsFromMe,
        "raw": value.Message.SerializeToString().hex(),
    }


def _obey(client: Any) -> None:
    """Evaluate each line with *client* `jid(user, server)` and `message(hexadecimal)` at hand, and tell what came of it."""
    proto: Any = importlib.import_module("neonize.proto.waE2E.WAWebProtobufsE2E_pb2")
    names = {
        "message": lambda raw: proto.Message.FromString(bytes.fromhex(raw)),
        "client": client,
        "jid": importlib.import_module("neonize.utils.jid").build_jid,
        "neonize": importlib.import_module("neonize"),
    }
    for line in sys.stdin:
        try:
            tell("reply", value=str(eval(line, names)))
        except Exception as error:  # noqa: BLE001 - the top of the loop: whatever a test's line raises is its answer
            tell("reply", error=f"{type(error).__name__}: {error}")
    os._exit(0)


if __name__ == "__main__":
    OUT = os.dup(1)
    os.dup2(2, 1)
    run(sys.argv[1])
    os._exit(0)
