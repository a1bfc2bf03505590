"""Where the programs that are not the bridge, desk and gateway, write what they have to tell."""

import sys

import structlog


def write_lines_like_the_bridge() -> None:
    """To standard error: readable on a terminal, else one JSON object a line. Of an exception no local values are written."""
    stream = sys.stderr
    shown: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if stream.isatty()
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *shown,
        ],
        logger_factory=structlog.PrintLoggerFactory(stream),
    )
