"""A migrated database with three organizations, patients and one ward, by the repositories themselves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from referral.model import IntervalKind, IntervalState, Level, Pool
from referral.wards import Bed, Interval, Ward
from server.accounts.crypto import Cipher, Keyring
from server.accounts.model import SYSTEM, Caller
from server.accounts.places import Organization, OrganizationKind
from server.db.engine import Database
from server.db.unit_of_work import SqlUnitOfWork
from server.patients.model import Patient, Sex
from tests.builders.referral_facts import TICKET

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
CIPHER = Cipher(Keyring("k1", {"k1": bytes(32)}, bytes(32)))
PLACES = {
    "T01": OrganizationKind.TOWNSHIP,
    "T02": OrganizationKind.TOWNSHIP,
    "C01": OrganizationKind.COUNTY,
}
NAMES = {"p1": "马建国", "p2": "白秀英", "p3": "田有福"}
CCU = Ward("C01/CCU", "C01", "冠心病监护病房", "CCU", "8888 0121", ("monitor",), NOON, "u1")
BED = Bed("C01/CCU-01", "C01", CCU.id, "CCU-01", "CCU", Pool.GENERAL, devices=("monitor", "oxygen"))
SECOND_BED = replace(BED, id="C01/CCU-02", label="CCU-02", pool=Pool.RESERVED)


class Noon:
    """A clock that stands at noon."""

    def now(self) -> datetime:
        """Return noon."""
        return NOON


def unit(database: Database, caller: Caller = SYSTEM, *, read: bool = False) -> SqlUnitOfWork:
    """Open a unit of work on a database."""
    return SqlUnitOfWork(database, Noon(), caller=caller, services={"cipher": CIPHER}, read=read)


def person(key: str, name: str, organization_id: str = "T01") -> Patient:
    """Return a patient of the register."""
    return Patient(key, organization_id, name, Sex.MALE, date(1968, 3, 5), NOON, "lilan")


async def furnish(database: Database, *, beds: Sequence[Bed] = (BED, SECOND_BED)) -> None:
    """Store the organizations, the patients, the ward with its beds, and a ticket for each patient: t1, t2, t3."""
    async with unit(database) as uow:
        for key, kind in PLACES.items():
            await uow.organizations.add(Organization(key, key, kind, "990101", NOON))
        for key, name in NAMES.items():
            await uow.patients.add(person(key, name))
        await uow.board.add_ward(CCU)
        for bed in beds:
            await uow.board.add_bed(bed)
        for serial, key in enumerate(NAMES, start=1):
            await uow.tickets.add(replace(TICKET, id=f"t{serial}", number=f"R-{serial}", patient_id=key))


def hold(key: str, ticket_id: str, begins: float = 0, ends: float | None = 3, *, bed: Bed = BED) -> Interval:
    """Return a live hold; hours from noon."""
    return Interval(
        key, bed.id, IntervalKind.HOLD, IntervalState.LIVE, NOON + begins * HOUR,
        None if ends is None else NOON + ends * HOUR, ticket_id=ticket_id, level=Level.III, by="u1",
    )  # fmt: skip


def stay(
    key: str, patient_id: str | None, begins: float = 0, ends: float | None = None, *, bed: Bed = BED, label: str = ""
) -> Interval:
    """Return a live occupancy; hours from noon."""
    return Interval(
        key, bed.id, IntervalKind.OCCUPANCY, IntervalState.LIVE, NOON + begins * HOUR,
        None if ends is None else NOON + ends * HOUR, patient_id=patient_id, label=label, sex="male", by="u1",
    )  # fmt: skip
