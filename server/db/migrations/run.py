"""Bring a database to the schema of this release (Alembic), from the first table on."""

import asyncio
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from server.db.engine import Database

HERE = Path(__file__).resolve().parent


def config(url: str) -> Config:
    """Return Alembic's configuration for a database."""
    settings = Config()
    settings.set_main_option("script_location", str(HERE).replace("%", "%%"))
    settings.attributes["url"] = url
    return settings


def migrate(url: str) -> None:
    """Upgrade to the newest revision; run again after being killed, it goes on."""
    command.upgrade(config(url), "head")


def revision_of(connection: sa.Connection) -> str | None:
    """Return the revision a database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the newest revision of this release."""
    return ScriptDirectory.from_config(config("")).get_current_head()


async def at_newest(database: Database) -> bool:
    """Tell whether a database has this release's schema."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(revision_of) == await asyncio.to_thread(newest)
