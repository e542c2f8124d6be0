"""What a database that is away, busy for too long, without room or outrun says, as refusals that the edge knows."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from dicom.errors import DatabaseAway, DicomRefusal, RowTaken, StorageFull

_SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})
_SQLITE_AWAY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN})
_PRIMARY = 0xFF  # an extended result code's low byte is the primary one (sqlite.org/rescode.html)
_POSTGRES_FULL = ("53100",)  # disk_full
_POSTGRES_AWAY = ("08", "53", "57")  # connection exceptions, insufficient resources, operator intervention
_POSTGRES_OUTRUN = ("23505", "40001", "40P01")  # unique_violation, serialization_failure, deadlock_detected


@contextmanager
def away_is_a_refusal() -> Iterator[None]:
    """Turn such an error of the block into its refusal; every other error stays what it is.

    Raises
    ------
    DatabaseAway, RowTaken, StorageFull
    """
    try:
        yield
    except (sa.exc.DBAPIError, sa.exc.TimeoutError, sqlite3.Error) as error:
        refusal = _refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


def _refusal_of(error: Exception) -> DicomRefusal | None:
    if isinstance(error, sa.exc.TimeoutError) or getattr(error, "connection_invalidated", False):
        return DatabaseAway("the database does not answer")
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(getattr(cause, "sqlite_errorcode", 0) & _PRIMARY)
    return _of_postgres(str(getattr(cause, "sqlstate", None) or ""))


def _of_sqlite(code: int) -> DicomRefusal | None:
    if code in _SQLITE_FULL:
        return StorageFull("the database has no room")
    return DatabaseAway("the database is busy") if code in _SQLITE_AWAY else None


def _of_postgres(state: str) -> DicomRefusal | None:
    if state in _POSTGRES_FULL:
        return StorageFull("the database has no room")
    if state in _POSTGRES_OUTRUN:
        return RowTaken("another process wrote the same row")
    return DatabaseAway("the database does not answer") if state.startswith(_POSTGRES_AWAY) else None
