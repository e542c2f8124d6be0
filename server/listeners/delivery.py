"""Sends one document of ours to an AE by C-STORE, or asks whether it is there; says in words why not."""

import asyncio
import tempfile
from pathlib import Path

from server.listeners.scu import DeliveryFailed, Destination, echo, send
from server.workflows.delivery import Address


async def send_document(address: Address, data: bytes) -> str | None:
    """Send a Part 10 object; return None when the AE has it, else the reason."""
    with tempfile.TemporaryDirectory(prefix="lutong-") as folder:
        path = Path(folder) / "document.dcm"
        await asyncio.to_thread(path.write_bytes, data)
        destination = Destination(address.host, address.port, address.ae_title, address.calling_ae_title)
        try:
            outcomes = await send(destination, [path])
        except DeliveryFailed as failure:
            return failure.reason
    outcome = next(iter(outcomes), None)
    if outcome is None:
        return "nothing was tried"
    if outcome.stored:
        return None
    return f"status {outcome.status:#06x} {outcome.comment}" if outcome.status is not None else outcome.comment


async def echo_device(address: Address) -> str | None:
    """Verify that an AE answers (C-ECHO, PS3.4 Annex A); return None when it does, else the reason."""
    try:
        await echo(Destination(address.host, address.port, address.ae_title, address.calling_ae_title, patience=10))
    except DeliveryFailed as failure:
        return failure.reason
    return None
