"""The demo county for tests of the HTTP edge."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.builders.county import County, county


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[County]:
    async with county(tmp_path) as place:
        yield place
