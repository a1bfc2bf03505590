"""From happenings to lines: JSON in production, readable on a terminal."""

import json
import logging
import sys
import traceback
from dataclasses import fields
from functools import cache
from typing import Any, TextIO, cast

import msgspec
import structlog
from structlog.typing import EventDict, FilteringBoundLogger, WrappedLogger

from unlost.telemetry.happenings import Happening, Level
from unlost.telemetry.metrics import Metrics
from unlost.telemetry.shortening import short, without_numbers

ADDRESSES = frozenset({"phone_number", "jid", "chat", "sender", "device"})
PROSE = frozenset({"message", "why", "text", "says", "error"})
TRACE_FRAMES_MAX = 20
_encode = msgspec.json.Encoder().encode


class Telemetry:
    """Where happenings are told. One per program, handed to every room that has something to tell."""

    def __init__(self, metrics: Metrics, logger: FilteringBoundLogger, *, verbose: bool) -> None:
        self.metrics = metrics
        self._logger = logger
        self._unheard = frozenset({Level.QUIET} if verbose else {Level.QUIET, Level.DEBUG})

    def tell(self, happening: Happening) -> None:
        """Count it, and write its line. Never raises: a full disk under the log must not stop a message."""
        happening.count(self.metrics)
        if happening.level in self._unheard:
            return
        said = {name: getattr(happening, name) for name in _names_of(type(happening))}
        getattr(self._logger, happening.level.value)(happening.name, **said)


def telemetry_on(stream: TextIO, *, as_json: bool | None = None, verbose: bool = False) -> Telemetry:
    """Telemetry that writes to *stream*; readable where that is a terminal, unless *as_json* says otherwise."""
    as_json = not stream.isatty() if as_json is None else as_json
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(serializer=_as_json)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback)
    )
    logger = structlog.wrap_logger(
        _Lines(stream),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _without_people,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
    ).bind()  # bound once: a proxy would be bound anew for each of thousands of lines
    return Telemetry(Metrics(), cast(FilteringBoundLogger, logger), verbose=verbose)


def silent_telemetry() -> Telemetry:
    """Counts and writes nothing: for tests and for commands that print a result."""

    class Nowhere:
        def write(self, line: str) -> int:
            return len(line)

        def flush(self) -> None: ...

        def isatty(self) -> bool:
            return False

    return telemetry_on(cast(TextIO, Nowhere()), as_json=True)


def trace_of(error: BaseException) -> str:
    """Where an exception came from: classes, files and lines, outermost first. No values: they may be a customer's words."""
    frames = traceback.extract_tb(error.__traceback__)[-TRACE_FRAMES_MAX:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    cause = error.__cause__
    return " > ".join([*places, type(error).__name__]) + (f" from {type(cause).__name__}" if cause else "")


def hear_libraries(telemetry: Telemetry) -> None:
    """Let what libraries warn of (asyncio, uvicorn) become lines too: the logger's name and the exception's place, no text."""
    root = logging.getLogger()
    root.handlers[:] = [_Ear(telemetry)]
    root.setLevel(logging.WARNING)


@cache
def _names_of(happening: type) -> tuple[str, ...]:
    """Its fields, in order."""
    return tuple(each.name for each in fields(happening))


def _as_json(said: dict[str, Any], **_: Any) -> str:
    """A line of thousands a second: msgspec; what it does not take (a lone surrogate, a kind of its own), the slower way."""
    try:
        return _encode(said).decode()
    except (TypeError, UnicodeEncodeError):
        return json.dumps(said, ensure_ascii=False, default=repr)


class _Ear(logging.Handler):
    def __init__(self, telemetry: Telemetry) -> None:
        super().__init__(logging.WARNING)
        self._telemetry = telemetry

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._telemetry._logger.warning(
            "library.warned",
            library=record.name,
            place=f"{record.filename}:{record.lineno}",
            trace=trace_of(error) if error else "",
        )


class _Lines:
    """Writes lines and survives a stream that is closed or full."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        try:
            self._stream.write(line.encode("utf-8", "backslashreplace").decode() + "\n")
            self._stream.flush()
        except (OSError, ValueError):
            pass  # nobody to tell it to; the counters still stand

    log = debug = info = warning = error = critical = msg


def _without_people(_logger: WrappedLogger, _method: str, said: EventDict) -> EventDict:
    for name, value in said.items():
        if name in ADDRESSES and isinstance(value, str):
            said[name] = short(value)
        elif name in PROSE and isinstance(value, str):
            said[name] = without_numbers(value)
    return said


def stderr_telemetry() -> Telemetry:
    """What the commands use: results go to standard output, lines to standard error."""
    return telemetry_on(sys.stderr)
