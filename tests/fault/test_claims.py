"""Two web processes on one SQLite file give an order to one reader; test_postgres.py holds PostgreSQL to the same."""

from pathlib import Path

from tests.fault.claims import race_for_orders
from tests.servers.hub import RunningHub


async def test_of_two_readers_at_two_web_processes_exactly_one_gets_an_order(hub: RunningHub, tmp_path: Path) -> None:
    await race_for_orders(hub, tmp_path)
