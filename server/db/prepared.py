"""Statements compiled once: on SQLite's own cursor inside a direct transaction, through SQLAlchemy everywhere else.

SQLAlchemy takes some 100 microseconds for each execution of a statement it knows; taking an object in needs ten.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.db.direct import DirectConnection
from server.db.tables.schema import Instant

KEYS = 500  # values of one IN list; SQLite takes 32766, older ones 999
_DIALECT = sqlite.dialect()
_INSTANT = Instant()
Processor = Callable[[Any], Any] | None
AnyConnection = AsyncConnection | DirectConnection


class Prepared:
    """A statement that changes rows, with named parameters.

    Parameters
    ----------
    statement
        An insert or update; its parameters are its columns' names or its `bindparam`s'.
    """

    def __init__(self, statement: sa.Executable) -> None:
        self._statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    async def run(self, connection: AnyConnection, rows: Sequence[Mapping[str, Any]]) -> int:
        """Execute it once for each row, all with the same keys; return how many rows of the table it changed."""
        if not rows:
            return 0
        if isinstance(connection, DirectConnection):
            compiled = self._for(tuple(rows[0]))
            return connection.run_many(compiled.sql, [compiled.values(row) for row in rows])
        return (await connection.execute(self._statement, rows[0] if len(rows) == 1 else list(rows))).rowcount

    def _for(self, keys: tuple[str, ...]) -> "_Compiled":
        found = self._compiled.get(keys)
        if found is None:
            found = self._compiled[keys] = _Compiled(self._statement, keys)
        return found


class Lookup:
    """A query for the rows whose `column` has one of some values."""

    def __init__(self, query: sa.Select[Any], column: sa.Column[Any]) -> None:
        self._query, self._column = query, column
        self._one = cache(lambda: _Query(query.where(column == sa.bindparam("key"))))

    async def rows(self, connection: AnyConnection, values: Iterable[str]) -> list[Any]:
        """Return the rows, in the order of the sorted values where the database locks them."""
        wanted = sorted(set(values))
        if isinstance(connection, DirectConnection):
            one = self._one()
            return [row for key in wanted for row in one.rows(connection, key)]
        found: list[Any] = []
        for start in range(0, len(wanted), KEYS):
            part = self._query.where(self._column.in_(wanted[start : start + KEYS]))
            found += (await connection.execute(part)).all()
        return found


class _Query:
    """A select with one parameter, as text and with what makes its columns Python values."""

    def __init__(self, query: sa.Select[Any]) -> None:
        self._compiled = _Compiled(query, ("key",))
        columns = query.selected_columns
        self._row: Any = namedtuple("_row", [c.key for c in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024
        self._from = [(i, p) for i, c in enumerate(columns) if (p := _result(c.type)) is not None]

    def rows(self, connection: DirectConnection, key: str) -> list[Any]:
        return [self._made(row) for row in connection.fetch(self._compiled.sql, self._compiled.values({"key": key}))]

    def _made(self, raw: sqlite3.Row) -> Any:
        values = list(raw)
        for index, process in self._from:
            values[index] = process(values[index])
        return self._row._make(values)


class _Compiled:
    """A statement's text for SQLite, and what makes its parameters what the driver takes."""

    def __init__(self, statement: sa.Executable, keys: Sequence[str]) -> None:
        compiled: Any = statement.compile(dialect=_DIALECT, column_keys=list(keys))  # type: ignore[attr-defined]
        if getattr(compiled, "insert_prefetch", ()) or getattr(compiled, "update_prefetch", ()):
            msg = "a prepared statement is given every column: defaults are the rows' own"
            raise ValueError(msg)
        self.sql = str(compiled)
        self._order: list[tuple[str, Any, Processor]] = [
            (name, compiled.params.get(name), _bind(compiled.binds[name].type)) for name in compiled.positiontup or ()
        ]

    def values(self, row: Mapping[str, Any]) -> list[Any]:
        """Return a row's parameters in the statement's order."""
        out = []
        for name, constant, process in self._order:
            value = row.get(name, constant)
            out.append(value if process is None else process(value))
        return out


def _bind(kind: Any) -> Processor:
    if isinstance(kind, Instant):
        return _instant
    processor: Processor = kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    return processor


@lru_cache(maxsize=256)
def _instant(value: datetime | None) -> str | None:
    """Return an instant as SQLAlchemy keeps it in SQLite; a transaction writes the same one many times."""
    stored = _INSTANT.process_bind_param(value, _DIALECT)
    return stored.isoformat(" ", "microseconds") if stored else None


def _result(kind: Any) -> Processor:
    if isinstance(kind, Instant):
        return _read_instant
    processor: Processor = kind.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
    return processor


def _read_instant(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC) if stored else None
