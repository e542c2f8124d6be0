"""The repositories' databases: an empty SQLite file and an empty PostgreSQL database, both migrated."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.db.engine import Database
from server.db.migrations.run import migrate


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def either_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path / 'contract.db'}"
    else:
        url = request.getfixturevalue("empty_postgres_url")
    await asyncio.to_thread(migrate, url)
    database = Database(url)
    yield database
    await database.close()
