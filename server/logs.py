"""Structured logs, one JSON line per event; ids, never people."""

import logging
import os
import sys

import structlog
from structlog.typing import Processor


def processors(*, watched: bool) -> list[Processor]:
    """Return what makes a line of an event: JSON, or readable when a person watches.

    A traceback is plain in both: one that shows local variables would show people, and the tokens of their links.
    """
    renderer: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    tail: list[Processor] = [structlog.processors.format_exc_info, renderer]
    if watched:
        tail = [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        *tail,
    ]


def configure_logs(level: str, role: str) -> None:
    """Send every log line to standard error: JSON, or readable when a person watches."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=processors(watched=sys.stderr.isatty()),
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(role=role, pid=os.getpid())
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
