"""The engine and its transactions: SQLite (WAL, synchronous FULL, one writer) or PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from dicom.errors import DatabaseAway
from server.db.away import away_is_a_refusal
from server.db.direct import DirectThread
from server.db.prepared import AnyConnection, Prepared
from server.db.together import Together

READ_ONLY = "lutong_read_only"
CONNECT_WITHIN = 5  # seconds
LONGEST_STATEMENT = 30  # seconds of one statement on PostgreSQL; beyond it the server ends it (W28)


class Database:
    """One engine, bound to one event loop.

    A writing transaction on SQLite begins IMMEDIATE, and only one of them at a time within this process,
    so that writers of one process queue here and not in the busy handler.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        self.engine = _create(url)
        self._one_writer = asyncio.Lock()
        self._threads: dict[bool, DirectThread] = {}  # reading or not
        self._added: dict[Prepared, list[Mapping[str, Any]]] = {}
        self._adding = Together(self._add)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection inside a writing transaction; the block's end commits, an error rolls back."""
        alone = self._one_writer if self.is_sqlite else nullcontext()
        async with alone, self._connected() as connection, connection.begin():
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection inside a transaction that only reads (a consistent snapshot)."""
        async with self._connected() as raw:
            connection = await raw.execution_options(**{READ_ONLY: True})
            yield connection
            await connection.rollback()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        """Give a connection; a database that is away or full is a refusal, whatever the driver calls it."""
        try:
            connection = await self.engine.connect()
        except (OSError, TimeoutError, sa.exc.SQLAlchemyError) as error:
            raise DatabaseAway("the database cannot be reached") from error
        with away_is_a_refusal():
            try:
                yield connection
            finally:
                await asyncio.shield(asyncio.create_task(connection.close()))  # also when the caller went away

    async def ping(self, *, seconds: float = 3.0) -> str:
        """Return `ok`, or why the database does not answer."""
        try:
            async with asyncio.timeout(seconds), self.reading() as connection:
                await connection.execute(sa.select(1))
        except (DatabaseAway, TimeoutError, sa.exc.SQLAlchemyError) as error:
            return f"unreachable: {type(error.__cause__ or error).__name__}"
        return "ok"

    @asynccontextmanager
    async def direct(self, *, read: bool) -> AsyncIterator[DirectThread]:
        """Give a thread that runs a whole transaction in one go; SQLite only. Readers do not wait for the writer."""
        thread = self._threads.get(read)
        if thread is None:
            thread = self._threads[read] = DirectThread(_create_direct(self.url))
        async with nullcontext() if read else self._one_writer:
            with away_is_a_refusal():
                yield thread

    async def add(self, statement: Prepared, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement for rows that belong to no transaction, with all others that wait in one; it is committed.

        Many who are refused at once, each with a row that says so, then wait for one commit and not each for their own.
        """
        self._added.setdefault(statement, []).extend(rows)
        await self._adding.ask("")

    async def _add(self, _: str) -> None:
        added, self._added = self._added, {}

        async def work(connection: AnyConnection) -> None:
            for statement, rows in added.items():
                await statement.run(connection, rows)

        if self.is_sqlite:
            async with self.direct(read=False) as thread:
                await thread.run(work)
        else:
            async with self.transaction() as connection:
                await work(connection)

    async def close(self) -> None:
        """Give all connections back."""
        for thread in self._threads.values():
            await thread.close()
        await self.engine.dispose()


def _create(url: str) -> AsyncEngine:
    if not url.startswith("sqlite"):
        server = {"statement_timeout": f"{LONGEST_STATEMENT * 1000}"}
        connect = {"timeout": CONNECT_WITHIN, "server_settings": server}
        return create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, connect_args=connect)
    Path(sa.make_url(url).database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(url, pool_size=8, max_overflow=8)
    sa.event.listen(engine.sync_engine, "connect", _configure_sqlite)
    sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _create_direct(url: str) -> sa.Engine:
    engine = sa.create_engine(
        sa.make_url(url).set(drivername="sqlite"),
        poolclass=sa.NullPool,
        connect_args={"check_same_thread": False, "cached_statements": 256},  # one thread uses it, another may close it
    )
    sa.event.listen(engine, "connect", _configure_sqlite)
    return engine


def _configure_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN, not the driver
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=15000",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    reading = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
