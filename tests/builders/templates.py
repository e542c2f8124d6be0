"""Databases that every test gets anew, made once for each process and copied: a file, or a PostgreSQL template."""

import asyncio
import atexit
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path

import asyncpg
import sqlalchemy as sa

Fill = Callable[[Path, str], Awaitable[None]]
_made: dict[tuple[str, str], Path] = {}  # kind, server -> the folder that belongs to the template


async def lay(kind: str, folder: Path, url: str, fill: Fill) -> None:
    """Lay what `fill` made into a folder, and into the empty PostgreSQL database at `url` when one is named.

    Parameters
    ----------
    kind
        What `fill` makes; the first call with a kind makes it, for a PostgreSQL server beside the database asked for.
    fill
        Called with a folder and a URL, '' for files in the folder alone; whatever it opens it closes.
    """
    address = sa.make_url(url) if url else None
    key = (kind, f"{address.host}:{address.port}" if address else "")
    template = f"template_{kind}"
    if key not in _made:
        made = Path(tempfile.mkdtemp(dir=_root()))
        if address is not None:
            await _administer(address, f"CREATE DATABASE {template}")
            await fill(made, address.set(database=template).render_as_string(hide_password=False))
        else:
            await fill(made, "")
        _made[key] = made
    await asyncio.to_thread(shutil.copytree, _made[key], folder, dirs_exist_ok=True)
    if address is not None:
        await _administer(
            address, f"DROP DATABASE {address.database}", f"CREATE DATABASE {address.database} TEMPLATE {template}"
        )


async def _administer(address: sa.URL, *statements: str) -> None:
    connection = await asyncpg.connect(host=address.host, port=address.port, user=address.username, database="postgres")
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@cache
def _root() -> Path:
    root = Path(tempfile.mkdtemp(prefix="lutong-templates-"))
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    return root
