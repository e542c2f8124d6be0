"""A statement that the database may refuse, inside a transaction that goes on."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

_UNIQUE, _EXCLUDED = "23505", "23P01"  # unique_violation, exclusion_violation
_SQLITE = frozenset(
    {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_TRIGGER, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
)


@asynccontextmanager
async def savepoint(connection: AsyncConnection) -> AsyncIterator[None]:
    """Undo the block's statement alone when it is refused.

    SQLite undoes a refused statement by itself (ABORT, sqlite.org/lang_conflict.html) and its transaction goes on;
    PostgreSQL's transaction is lost without a savepoint.
    """
    if connection.dialect.name == "sqlite":
        yield
        return
    async with connection.begin_nested():
        yield


def is_conflict(error: sa.exc.IntegrityError) -> bool:
    """Tell whether another row stands in the way: a unique index, an exclusion, a trigger of ours."""
    cause = error.orig
    if not isinstance(cause, sqlite3.Error):
        return str(getattr(cause, "sqlstate", "")) in {_UNIQUE, _EXCLUDED}
    # The driver's cursor hangs on the frames, in a cycle. The garbage collector would end it in whatever thread it
    # runs, and wait there for as long as the cursor's connection waits for another process to write.
    for each in (error, cause):
        each.__traceback__ = None
    return cause.sqlite_errorcode in _SQLITE
