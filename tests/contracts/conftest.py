"""The repositories' databases: an empty SQLite file and an empty PostgreSQL database, both migrated."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.db.engine import Database
from server.db.migrations.run import migrate
from tests.builders.templates import lay


async def _migrate(folder: Path, url: str) -> None:
    await asyncio.to_thread(migrate, url or _file(folder))


def _file(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'contract.db'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def either_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgres" else ""
    await lay("schema", tmp_path, url, _migrate)
    database = Database(url or _file(tmp_path))
    yield database
    await database.close()
