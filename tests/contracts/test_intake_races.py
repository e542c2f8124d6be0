"""Two processes that take the same study in at one instant: PostgreSQL lets one insert win, and no sender suffers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from dicom.service.intake import Entry, Outcome, Taken, receive_instances
from server.db.tables import imaging as t
from server.workflows.intake import read_part10
from tests.builders.dicom_objects import ct_study
from tests.builders.small_hub import FROM_T01, SmallHub, small_hub

pytestmark = pytest.mark.postgres
ACTIVITY = sa.table("pg_stat_activity", sa.column("wait_event_type"), sa.column("datname"))
WAITING = sa.select(sa.func.count()).where(
    ACTIVITY.c.wait_event_type == "Lock", ACTIVITY.c.datname == sa.func.current_database()
)


@pytest.fixture
async def hub(empty_postgres_url: str, tmp_path: Path) -> AsyncIterator[SmallHub]:
    async with small_hub(tmp_path, empty_postgres_url) as running:
        yield running


async def beside_an_open_transaction(hub: SmallHub, first: bytes, second: Callable[[], Awaitable[Taken]]) -> Taken:
    """Let another process have written `first` and not yet committed when `second` wants to write."""
    key = hub.stage(first)
    received, header = await hub.store.inspect(key, partial(read_part10, key, FROM_T01), sync=True)
    async with hub.unit() as uow:
        await receive_instances(uow, [Entry(received, header)], now=uow.now, quiet=timedelta(seconds=30))
        racing = asyncio.ensure_future(second())
        async with asyncio.timeout(20):
            while not (await hub.rows(WAITING))[0][0]:
                await asyncio.sleep(0.02)
    return await racing


@pytest.mark.parametrize("study_is_known", [False, True])
@pytest.mark.parametrize(("slice_number", "outcome"), [(1, Outcome.DUPLICATE), (2, Outcome.STORED)])
async def test_whoever_loses_the_race_for_a_row_is_answered_as_if_it_had_come_later(
    hub: SmallHub, slice_number: int, outcome: Outcome, *, study_is_known: bool
) -> None:
    slices = ct_study(slices=3)
    if study_is_known:
        await hub.intake.receive_part10(hub.stage(slices[0]), FROM_T01)
    again = partial(hub.intake.receive_part10, hub.stage(slices[slice_number]), FROM_T01)
    taken = await beside_an_open_transaction(hub, slices[1], again)
    assert taken.outcome is outcome
    counted = await hub.rows(sa.select(t.studies.c.instance_count))
    rows = await hub.rows(sa.select(sa.func.count()).select_from(t.instances))
    assert counted == rows == [(slice_number + study_is_known,)]
