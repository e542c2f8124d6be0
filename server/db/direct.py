"""Whole transactions on SQLite in one thread: one hop for all of their statements, instead of one for each.

The work is the same `async` code that runs on PostgreSQL. On a `DirectConnection` nothing it awaits ever waits,
so the thread drives it to its end by itself.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa

T = TypeVar("T")
DRIVER = (sqlite3.Error, sa.exc.SQLAlchemyError)
Parameters = Sequence[Any]
Work = Callable[["DirectConnection"], Coroutine[Any, Any, T]]


class DirectConnection:
    """The thread's connection as repositories use it; every method returns without waiting."""

    def __init__(self, connection: sa.Connection) -> None:
        self._c = connection
        self._driver: Any = connection.connection.driver_connection

    @contextmanager
    def transaction(self, begin: str) -> Iterator[None]:
        """Begin on the driver's connection; SQLAlchemy, asked for an ordinary statement, finds itself inside."""
        self._driver.execute(begin)
        yield
        self._driver.commit()
        self._c.rollback()  # for SQLAlchemy: nothing is open any more

    def roll_back(self) -> None:
        """Undo what is open."""
        self._driver.rollback()
        self._c.rollback()

    def close(self) -> None:
        """Roll back what is open and give the connection back."""
        self._c.close()

    @property
    def dialect(self) -> sa.Dialect:
        """Return SQLAlchemy's dialect of SQLite."""
        return self._c.dialect

    async def execute(self, statement: sa.Executable, parameters: Any = None) -> sa.CursorResult[Any]:
        """Execute an ordinary statement."""
        return self._c.execute(statement, parameters)

    async def scalar(self, statement: sa.Executable, parameters: Any = None) -> Any:
        """Return the first column of the first row."""
        return self._c.scalar(statement, parameters)

    async def scalars(self, statement: sa.Executable, parameters: Any = None) -> Iterable[Any]:
        """Return the first column of each row."""
        return self._c.scalars(statement, parameters)

    def run_many(self, sql: str, rows: Sequence[Parameters]) -> int:
        """Execute a text once for each row of parameters; return how many rows of the table were changed."""
        run = self._driver.execute(sql, rows[0]) if len(rows) == 1 else self._driver.executemany(sql, rows)
        return int(run.rowcount)

    def fetch(self, sql: str, parameters: Parameters) -> list[Any]:
        """Return a query's rows as the driver gives them."""
        rows: list[Any] = self._driver.execute(sql, parameters).fetchall()
        return rows


class DirectThread:
    """A thread that runs whole transactions on SQLite, one after the other, with a connection of its own.

    Parameters
    ----------
    engine
        A synchronous engine whose driver begins no transaction by itself.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="direct")
        self._connection: DirectConnection | None = None

    async def run(
        self, work: Work[T], before: Callable[[], None] | None = None, *, begin: str = "BEGIN IMMEDIATE"
    ) -> T:
        """Run `before`, then `work` inside a transaction; its end commits, an error rolls back."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work, before, begin)

    def _transact(self, work: Work[T], before: Callable[[], None] | None, begin: str) -> T:
        if before is not None:
            before()
        try:
            if self._connection is None:
                self._connection = DirectConnection(self._engine.connect())
            with self._connection.transaction(begin):
                return _finish(work(self._connection))
        except BaseException as error:
            if not self._is_only_refused(error):
                self._let_go()  # whatever broke, the next transaction begins on a connection that it knows
            raise

    def _is_only_refused(self, error: BaseException) -> bool:
        """Undo what a refusal leaves; False when it is no refusal, or the connection cannot go back."""
        if self._connection is None or not isinstance(error, Exception) or isinstance(error, DRIVER):
            return False
        try:
            self._connection.roll_back()
        except DRIVER:
            return False
        return True

    def _let_go(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    async def close(self) -> None:
        """End the thread and give the connection back."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._let_go)
        self._thread.shutdown()
        self._engine.dispose()


def _finish(work: Coroutine[Any, Any, T]) -> T:
    """Drive a coroutine that never waits to its end."""
    try:
        work.send(None)
    except StopIteration as ending:
        result: T = ending.value
        return result
    work.close()
    msg = "a direct transaction waited for something that is not the database"
    raise RuntimeError(msg)
