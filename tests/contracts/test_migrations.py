"""The revisions build exactly the schema that the code declares, on SQLite and on PostgreSQL, again and again."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from server.db.engine import Database
from server.db.migrations.run import at_newest, migrate
from server.db.tables import everything


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'schema.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


def differences(connection: sa.Connection) -> list[object]:
    """Return what the database has and the code has not, or the other way round."""
    return list(compare_metadata(MigrationContext.configure(connection), everything.metadata))


async def test_the_revisions_build_the_declared_schema(url: str) -> None:
    for _ in range(2):
        await asyncio.to_thread(migrate, url)
    database = Database(url)
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    assert await at_newest(database)
    await database.close()


async def test_an_empty_database_is_not_at_this_release(url: str) -> None:
    database = Database(url)
    assert not await at_newest(database)
    await database.close()


def test_the_revisions_create_tables_by_themselves_and_not_from_the_code_of_the_day() -> None:
    folder = Path(everything.__file__).parents[1] / "migrations" / "versions"
    texts = [file.read_text(encoding="utf-8") for file in folder.glob("*.py")]
    assert texts
    assert not any("create_all" in text for text in texts), "a revision must stay what it was when it was released"
