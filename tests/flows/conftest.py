"""The flows share one hub per module: nobody has touched it before, and its clock is theirs."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.flows.county import County, county
from tests.servers.hub import RunningHub, running_hub


@pytest.fixture(scope="module")
def module_hub() -> Iterator[RunningHub]:
    """Give a hub with the demo county to the tests of one module."""
    with running_hub() as running:
        yield running


@pytest.fixture
async def yunling(module_hub: RunningHub) -> AsyncIterator[County]:
    """Give the county on the module's hub."""
    async with county(module_hub) as place:
        yield place


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a flow time for its hub's start on a busy machine."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(300))
