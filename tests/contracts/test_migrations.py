"""The revisions build exactly the schema that the code declares, on SQLite and on PostgreSQL, again and again."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.ext.asyncio import AsyncConnection

from server.db.engine import Database
from server.db.migrations.run import at_newest, config, migrate
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


async def guards(connection: AsyncConnection) -> list[str]:
    """Return what keeps two ranges of one bed, or of one slot's expert or room, apart, as the database tells it."""
    if connection.dialect.name == "sqlite":
        told = await connection.scalars(sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"))
    else:
        told = await connection.scalars(
            sa.text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x' ORDER BY conname")
        )
    return list(told)


async def test_the_revisions_keep_beds_and_slots_apart_as_the_code_declares_it(url: str) -> None:
    """Alembic compares neither triggers nor exclusions: here both schemas say themselves what they have."""
    await asyncio.to_thread(migrate, url)
    database = Database(url)
    async with database.engine.begin() as connection:
        migrated = await guards(connection)
        await connection.run_sync(everything.metadata.drop_all)
        assert await guards(connection) == []
        await connection.run_sync(everything.metadata.create_all)
        declared = await guards(connection)
    await database.close()
    assert migrated == declared
    assert len(migrated) == (4 if url.startswith("sqlite") else 2)


async def test_a_database_with_rows_of_the_first_release_goes_on(url: str) -> None:
    await asyncio.to_thread(command.upgrade, config(url), "0001")
    database = Database(url)
    when = datetime(2026, 1, 1, tzinfo=UTC)
    places = everything.people.organizations
    row = {"id": "T01", "name": "石门镇卫生院", "kind": "township", "division": "990101", "created_at": when}
    async with database.engine.begin() as connection:
        await connection.execute(places.insert().values(**row))
    await asyncio.to_thread(migrate, url)
    async with database.engine.connect() as connection:
        assert list(await connection.scalars(sa.select(places.c.name))) == ["石门镇卫生院"]
        assert await connection.run_sync(differences) == []
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
