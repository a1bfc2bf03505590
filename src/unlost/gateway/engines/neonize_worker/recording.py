"""The engine's callback and its log hook: everything that WhatsApp tells passes here, on the engine's own threads.

An exception that left a callback would be swallowed by ctypes, and the receipt would leave. So whatever goes wrong here
breaks the gate first.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable, Sequence

import apsw
import msgspec

from unlost.gateway.engines.neonize_worker import log_lines, translate
from unlost.gateway.engines.neonize_worker.gate import Gate, users
from unlost.gateway.engines.neonize_worker.library import Library
from unlost.gateway.engines.record import DeviceRecord, Noticed, Seen, Settles, Told

RETRANSLATE_AT_ONCE = 200


class Recording:
    """*recorded* is told the place of the last event; *other* gets the codes that are no events of this record."""

    def __init__(
        self,
        library: Library,
        record: DeviceRecord,
        gate: Gate,
        *,
        recorded: Callable[[int], None],
        other: Callable[[int, bytes], None],
    ) -> None:
        self._library = library
        self._record = record
        self._gate = gate
        self._recorded = recorded
        self._other = other
        self.untranslated = 0

    def callback(self, _uuid: object, binary: int, size: int, code: int) -> None:
        """What goneonize calls for each event, one at a time, on one thread."""
        self._gate.begin_turn()
        try:
            self._take(code, ctypes.string_at(binary, size))
        except Exception as error:  # noqa: BLE001 - the top of a turn; see the file's own words
            self._gate.break_off(f"{type(error).__name__}: {error}")
        finally:
            self._gate.end_turn()

    def hook(self, binary: int, size: int) -> None:
        """What goneonize calls for each log line, on the thread that is about to send, or has just received."""
        try:
            entry = self._library.protobufs.LogEntry.FromString(ctypes.string_at(binary, size))
            line = log_lines.read(entry.Name, entry.Message)
        except Exception as error:  # noqa: BLE001 - a line that cannot be read may be the receipt itself
            self._gate.break_off(f"{type(error).__name__}: {error}")
            line = None
        self._obey(line)

    def retranslate(self) -> None:
        """Make the events of what could not be translated when it was told; what still cannot be is left for another version."""
        waiting = self._record.untranslated(RETRANSLATE_AT_ONCE)
        self.untranslated = len(waiting)
        for told in waiting:
            events = self._translated(told)
            if events is not None:
                self.untranslated -= 1
                self._recorded(self._record.translated(told.place, events, told.at))

    def recover(self) -> None:
        """Tell of the notices and receipts that the worker before this one heard, acknowledged, and did not live to tell."""
        while waiting := self._record.noticed(RETRANSLATE_AT_ONCE):
            for one in waiting:
                told = Told(translate.A_LINE, one.line.encode(), one.at)
                self._recorded(self._record.write(told, self._translated, {}, settles=Settles(place=one.place)))

    def _obey(self, line: log_lines.Line | None) -> None:
        match line:
            case log_lines.Arrived():
                self._gate.arrived(
                    Seen(line.id, line.chat, line.sender, line.addresses, line.parts, at=round(time.time(), 3))
                )
            case log_lines.Came():
                self._gate.noticed(Noticed(**msgspec.structs.asdict(line), at=round(time.time(), 3)))
            case log_lines.Leaving():
                self._gate.leaving(line.ids)
            case log_lines.Sending():
                self._gate.sending(line.id, line.chat)
            case log_lines.Ignored():
                self._gate.ignored(line.id)
            case None:
                pass

    def _take(self, code: int, raw: bytes) -> None:
        if code not in translate.RECORDED:
            self._other(code, raw)
            return
        source = translate.source_of(self._library, code, raw)
        key = log_lines.key_of(source.id)
        told = Told(code, raw, round(time.time(), 3), key, source.chat, source.sender)
        found = self._gate.match(key, source.addresses) if key else []
        after = self._gate.progress(found, readable=code != translate.UNDECRYPTABLE)
        repeats = code == translate.MESSAGE and self._was_told(source, key)
        if repeats:
            self._gate.told_before()
        settles = translate.settles_of(self._library, code, raw)
        upto = self._record.write(told, _nothing_new if repeats else self._translated, after, source.pairings, settles)
        self._gate.written(found, after)
        self._recorded(upto)

    def _was_told(self, source: translate.Source, key: str) -> bool:
        """True if this message came before and became an event then.

        A worker that is killed after its write and before the receipt gets the message again. The engine drops it, unless
        the session it was encrypted in was forgotten for the sake of another one: then its sender encrypts it anew.
        """
        if not key or not self._gate.came_again(key):
            return False
        return any(
            users((sender,)) & users(source.addresses) and translate.says_something(body)
            for sender, body in self._record.events_under(key)
        )

    def _translated(self, told: Told) -> Sequence[bytes] | None:
        try:
            return translate.events_of(self._library, told)
        except apsw.Error:
            raise
        except Exception:  # noqa: BLE001 - outside bytes: kept raw, translated when the translator is mended
            self.untranslated += 1
            return None


def _nothing_new(_: Told) -> Sequence[bytes]:
    return ()
