"""Alembic's entry: runs the revisions on the project's async engine."""

import asyncio

import sqlalchemy as sa
from alembic import context

from server.db.engine import Database
from server.db.tables import everything


def _run(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=everything.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _online() -> None:
    database = Database(context.config.attributes["url"])
    async with database.engine.connect() as connection:
        await connection.run_sync(_run)
        await connection.commit()
    await database.close()


asyncio.run(_online())
