"""What acts when it is due: handlers' names -> functions (`subscriptions`), and deadline kind -> function."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from server.workflows import adt_outbox, consults, delivery, imaging, reading, referrals, suspicion, uploads, watch

Handler = Callable[[Any, Any, datetime], Awaitable[None]]
OnDeadline = Callable[[Any, str, datetime], Awaitable[None]]
OnLongWork = Callable[[Any, str], Awaitable[None]]

HANDLERS: Mapping[str, Handler] = {
    "imaging.study-started": imaging.on_study_started,
    "imaging.study-filled": imaging.on_study_filled,
    "imaging.study-extended": imaging.on_study_extended,
    "imaging.study-set-aside": imaging.on_study_set_aside,
    "imaging.upload-done": imaging.on_upload_done,
    "delivery.report-released": delivery.on_report_released,
    "referrals.critical-declared": referrals.on_critical_declared,
    **adt_outbox.HANDLERS,
}

DEADLINES: Mapping[str, OnDeadline] = {
    **imaging.DEADLINES,
    **reading.DEADLINES,
    **referrals.DEADLINES,
    **consults.DEADLINES,
    **watch.DEADLINES,
}
# Whoever moves a subject locks it first and its deadline after it; so does the worker, else each waits for the other.
LOCKS: Mapping[str, OnLongWork] = {**referrals.LOCKS, **consults.LOCKS}
LONG_WORK: Mapping[str, OnLongWork] = {
    **adt_outbox.LONG_WORK,
    **delivery.LONG_WORK,
    **suspicion.LONG_WORK,
    **uploads.LONG_WORK,
}


def handler(name: str) -> Handler:
    """Return the function behind a handler's name; KeyError for one that no longer exists."""
    return HANDLERS[name]


def deadline(kind: str) -> OnDeadline:
    """Return what acts on a kind of deadline; KeyError for one that no longer exists."""
    return DEADLINES[kind]
