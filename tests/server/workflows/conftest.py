"""A whole hub in one process, on SQLite, or on both databases where a test asks for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.builders.reading_house import House, reading_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """Give a hub with the demo county at 08:00 of 2026-11-23."""
    async with reading_house(tmp_path) as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def either_house(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """Give the same hub on SQLite and on PostgreSQL."""
    url = request.getfixturevalue("empty_postgres_url") if request.param == "postgres" else ""
    async with reading_house(tmp_path, url) as running:
        yield running
