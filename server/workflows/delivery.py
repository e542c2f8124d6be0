"""What happens after a release: the PDF is made, documents go back to the township's devices."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from server.workflows.imaging import StoredEvent

DEADLINES: Mapping[str, Callable[[Any, str, datetime], Awaitable[None]]] = {}


async def on_report_released(uow: Any, stored: StoredEvent, now: datetime) -> None:
    """Owe the township its documents."""
    del uow, stored, now
