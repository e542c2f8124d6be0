"""Browser tests: Debian's Chromium on a hub of the module's own, with people of the demo county at the screens."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from tests.flows.conftest import module_hub, yunling
from tests.servers.processes import require_playwright

__all__ = ["module_hub", "yunling"]

CHROMIUM = Path("/usr/bin/chromium")
PATIENCE = 20_000  # ms for what a page shows; the machine may be busy with other tests
BUILT = Path(__file__).parent.parent.parent / "web" / "dist" / "index.html"


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Give a headless Chromium; skip where there is none, or nothing was built for it to show."""
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    require_playwright()
    if not BUILT.exists():
        pytest.skip("web/dist is not built")
    expect.set_options(timeout=PATIENCE)
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        await running.close()
