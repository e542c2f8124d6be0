"""Places, people, sign-ins and broken glasses are kept alike by SQLite and PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from server.accounts.crypto import Cipher, Keyring
from server.accounts.errors import VersionMismatch
from server.accounts.model import Membership, Role
from server.accounts.people import Grant, Session, User
from server.accounts.places import AeTitle, Agreement, Centre, CentreKind, Organization, OrganizationKind
from server.db.engine import Database
from server.db.unit_of_work import SqlUnitOfWork

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CIPHER = Cipher(Keyring("k1", {"k1": bytes(32)}, bytes(32)))
T01 = Organization(
    "T01", "石门镇卫生院", OrganizationKind.TOWNSHIP, "990101", NOON, record_area="990101100101", beds=40
)
C01 = Organization("C01", "云岭县人民医院", OrganizationKind.COUNTY, "990101", NOON)
ECG = Centre(
    "C01-ECG", "C01", CentreKind.ECG, "心电诊断中心", ("ECG", "HD"), "08:00", "18:00", (1, 2, 3), True
)  # fmt: skip
LILAN = User("u1", "lilan", "李兰", "执业助理", NOON, (Membership("T01", Role.TECHNICIAN),))


class Noon:
    def now(self) -> datetime:
        return NOON


def unit(database: Database) -> SqlUnitOfWork:
    return SqlUnitOfWork(database, Noon(), services={"cipher": CIPHER})


async def seeded(database: Database) -> Database:
    async with unit(database) as uow:
        await uow.organizations.add(T01)
        await uow.organizations.add(C01)
        await uow.users.add(LILAN, password_hash="hash")
    return database


async def test_an_organization_comes_back_as_it_was_stored(either_database: Database) -> None:
    async with unit(await seeded(either_database)) as uow:
        assert await uow.organizations.get("T01") == T01
        assert await uow.organizations.get("T99") is None
        assert [o.id for o in await uow.organizations.all()] == ["C01", "T01"]


async def test_of_two_changes_to_one_version_the_second_is_refused(either_database: Database) -> None:
    async with unit(await seeded(either_database)) as uow:
        await uow.organizations.save(replace(T01, phone="1"))
        with pytest.raises(VersionMismatch) as refusal:
            await uow.organizations.save(replace(T01, phone="2"))
        assert refusal.value.current == 2


async def test_centres_ae_titles_and_agreements_come_back_as_they_were_stored(either_database: Database) -> None:
    entity = AeTitle("T01", "T01", "DR", addresses=("loopback", "10.0.0.0/8"), host="10.0.0.9", port=104)
    agreement = Agreement("a", "T01", "C01", ("ecg", "radiology"), date(2020, 1, 1), date(2026, 11, 23))
    async with unit(await seeded(either_database)) as uow:
        await uow.organizations.add_centre(ECG)
        await uow.organizations.add_ae_title(entity)
        await uow.organizations.add_agreement(agreement)
        assert await uow.organizations.centre("C01-ECG") == ECG
        assert await uow.organizations.ae_title("T01") == entity
        assert await uow.organizations.agreements("T01") == [agreement]
        on_last_day = await uow.organizations.agreement_for("T01", "C01", "ecg", date(2026, 11, 23))
        assert on_last_day == agreement
        assert await uow.organizations.agreement_for("T01", "C01", "ecg", date(2026, 11, 24)) is None
        assert await uow.organizations.agreement_for("T01", "C01", "lab", date(2026, 11, 23)) is None
        await uow.organizations.saw_ae_title("T01", NOON)
        seen = await uow.organizations.ae_title("T01")
        assert seen is not None
        assert seen.last_seen_at == NOON


async def test_a_user_is_found_whatever_the_case_of_the_name(either_database: Database) -> None:
    async with unit(await seeded(either_database)) as uow:
        assert await uow.users.by_username("LiLan") == LILAN
        assert await uow.users.names(["u1", "u2"]) == {"u1": "李兰"}
        assert [u.id for u in await uow.users.all(["T01"])] == ["u1"]
        assert await uow.users.all(["C01"]) == []


async def test_a_step_of_the_second_factor_is_used_once(either_database: Database) -> None:
    async with unit(await seeded(either_database)) as uow:
        await uow.users.set_otp("u1", "SECRET")
        found = await uow.users.credentials("lilan")
        assert found is not None
        assert found.otp_secret == "SECRET"
        assert await uow.users.use_otp_step("u1", 7)
        assert not await uow.users.use_otp_step("u1", 7)
        assert not await uow.users.use_otp_step("u1", 6)
        assert await uow.users.use_otp_step("u1", 8)


async def test_a_session_is_found_by_its_digest_and_ends_once(either_database: Database) -> None:
    session = Session("s1", "u1", "csrf", NOON, NOON, NOON + timedelta(hours=12))
    async with unit(await seeded(either_database)) as uow:
        await uow.sessions.add(session, token_digest="d" * 64)
        assert await uow.sessions.by_token("d" * 64) == session
        await uow.sessions.seen("s1", NOON + timedelta(minutes=5))
        await uow.sessions.end_all("u1", NOON)
        await uow.sessions.end("s1", NOON + timedelta(hours=1))
        ended = await uow.sessions.get("s1")
        assert ended is not None
        assert (ended.ended_at, ended.seen_at) == (NOON, NOON + timedelta(minutes=5))
        assert not ended.is_live(NOON)


async def test_the_eleventh_attempt_is_locked_and_the_lock_runs_out(either_database: Database) -> None:
    async with unit(await seeded(either_database)) as uow:
        for _ in range(10):
            assert await uow.sessions.begin_attempt("nobody", NOON) is None
        assert await uow.sessions.begin_attempt("NOBODY", NOON) == NOON + timedelta(minutes=15)
        assert await uow.sessions.begin_attempt("lilan", NOON) is None
        assert await uow.sessions.begin_attempt("nobody", NOON + timedelta(minutes=15)) is None
        await uow.sessions.forget_attempts("nobody")


async def test_a_hundred_attempts_at_once_are_still_ten(either_database: Database) -> None:
    await seeded(either_database)

    async def attempt() -> bool:
        async with unit(either_database) as uow:
            return await uow.sessions.begin_attempt("lilan", NOON) is None

    assert sum(await asyncio.gather(*(attempt() for _ in range(40)))) == 10


async def test_a_grant_is_live_until_it_expires_and_for_its_person_only(either_database: Database) -> None:
    grant = Grant("g1", "u1", "T01", "p1", "胸痛", NOON, NOON + timedelta(hours=4))
    async with unit(await seeded(either_database)) as uow:
        await uow.grants.add(grant)
        assert await uow.grants.live("u1", "p1", now=NOON) == grant
        assert await uow.grants.live("u2", "p1", now=NOON) is None
        assert await uow.grants.live("u1", "p1", now=NOON + timedelta(hours=4)) is None
        assert await uow.grants.of_patient("p1") == [grant]
