"""The gateway is tried on both loops: uvloop serves in production, and offers buffers in its own way."""

import asyncio
from collections.abc import Callable, Mapping

import pytest
import uvloop


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Give the listener's own tests one run on each loop."""
    plain = {"asyncio": asyncio.SelectorEventLoop}
    return plain | {"uvloop": uvloop.new_event_loop} if item.path.name == "test_gateway.py" else plain
