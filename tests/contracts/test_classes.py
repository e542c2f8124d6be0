"""Classes are found by whoever is named, and by nobody when they are over."""

import asyncio
from dataclasses import replace

import pytest

from server.accounts.model import Role
from server.db.engine import Database
from server.workflows import consult_room
from server.workflows.consult_room import Guest
from tests.builders.referral_register import HOUR, NOON, unit
from tests.contracts.test_consults import TOWNSHIP, ZHAONING, S, bring, fresh, register, somebody
from video.consults import Consent, Teaching
from video.errors import UnknownSubject

__all__ = ["register"]  # the fixture


async def test_a_class_is_listed_to_whoever_is_named_and_to_nobody_when_it_is_over(register: Database) -> None:
    at_home = somebody(Role.TOWNSHIP_DOCTOR, "T02", "helin")
    by_name = somebody(Role.FAMILY_DOCTOR, "V0101", "maxiaoyan")
    named = Teaching(Consent(written=True, by="马建国"), NOON, "lilan", ("T02",), ("maxiaoyan",))
    later, sooner = fresh("later", state=S.SCHEDULED, begins_at=NOON + HOUR), fresh("sooner", state=S.TRIAGED)
    await bring(register, later, sooner)
    async with unit(register) as uow:
        for consult, when in ((later, NOON + HOUR), (sooner, NOON)):
            await uow.consults.save(replace(consult, version=2, teaching=named, begins_at=when))
    async with unit(register) as uow:
        for caller in (at_home, by_name):
            assert [each.id for each in await uow.class_board.open_to(caller)] == ["sooner", "later"]
            assert await uow.class_board.is_invited(caller, "later")
        for caller in (TOWNSHIP, ZHAONING, somebody(Role.ADMINISTRATOR, "T02"), somebody(Role.BUREAU, "B01")):
            assert await uow.class_board.open_to(caller) == []
            assert not await uow.class_board.is_invited(caller, "later")
        over = await uow.consults.get("later")
        assert over is not None
        await uow.consults.save(replace(over, version=3, teaching=replace(named, closed_at=NOON)))
        running = await uow.consults.get("sooner")
        assert running is not None
        await uow.consults.save(replace(running, version=3, state=S.DOCUMENTING))
    async with unit(register) as uow:
        assert await uow.class_board.open_to(at_home) == []
        assert not await uow.class_board.is_invited(at_home, "later")
        assert await uow.class_board.unknown(["C01", "X99"], ["guoheng", "nobody"]) == ["X99", "nobody"]
        found = await uow.class_board.colleagues("郭%_", limit=5)
        assert [(each.id, each.organization_id) for each in found] == [("guoheng", "C01")]


async def test_whoever_knocks_while_the_class_is_being_closed_stays_outside(register: Database) -> None:
    helin = somebody(Role.TOWNSHIP_DOCTOR, "T02", "helin")
    named = Teaching(Consent(written=True, by="马建国"), NOON, "lilan", ("T02",))
    running = fresh("now", state=S.IN_CALL, begins_at=NOON)
    await bring(register, running)
    async with unit(register) as uow:
        await uow.consults.save(replace(running, version=2, teaching=named))

    async def knocks() -> None:
        async with unit(register) as uow:
            await consult_room.come_in(uow, Guest(caller=helin), "now", "socket")

    async with unit(register) as closing:
        consult = await closing.consults.get("now", lock=True)
        assert consult is not None
        knocking = asyncio.create_task(knocks())
        await asyncio.sleep(0.3)  # she stands behind the lock, or has not come to it: outside either way
        assert not knocking.done()
        await closing.consults.save(replace(consult, version=3, teaching=replace(named, closed_at=NOON)))
    with pytest.raises(UnknownSubject):
        await knocking
