"""Where a patient could go: hospitals as their boards, roads and agreements show them now, put in order by the rule."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referral.beds import BED_PRIORITY, BedRules, Claim, House, bed_rules, candidates
from referral.guide import GUIDE, Verdict, guide_of, judge
from referral.model import BedKind, Diagnosis, Level, Needs
from referral.ports import PatientFacts
from referral.targets import TARGETS, Place, Target, Wish, target_rules, targets
from referral.wards import BedNow, Ward
from server.accounts.places import Organization, OrganizationKind
from server.clock import local_date

RECEIVING = (OrganizationKind.TOWNSHIP, OrganizationKind.COUNTY, OrganizationKind.HIGHER)
EMERGENCY = "急诊"


@dataclass(frozen=True, slots=True)
class Question:
    """What a sender asks before a ticket is written."""

    from_organization_id: str
    level: Level
    needs: Needs
    diagnosis: Diagnosis
    patient_id: str | None = None
    phase: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Where the patient could go, what the guide says, and which departments each place has."""

    targets: Sequence[Target]
    verdict: Verdict | None
    places: Sequence[Place]

    def place(self, organization_id: str) -> Place:
        """Return a place by its organization."""
        return next(place for place in self.places if place.organization_id == organization_id)


async def suggest(uow: Any, asked: Question, *, now: datetime) -> Offer:
    """Return the places in the rule's order, and whether the guide says that the sender's own level treats this."""
    region = await uow.neighbours.region_of(asked.from_organization_id)
    places = await _places(uow, asked, await _bed_rules(uow, region, now), now)
    version, row = await uow.ledger.rule(TARGETS, region, now) or (0, {})
    wish = Wish(
        asked.from_organization_id, asked.needs.department, asked.level, icu=asked.needs.icu,
        isolation=asked.needs.isolation, devices=asked.needs.devices,
    )  # fmt: skip
    found = targets(wish, places, target_rules(version, row), now=now)
    return Offer(found, await _verdict(uow, asked, region, now), places)


async def _verdict(uow: Any, asked: Question, region: str, now: datetime) -> Verdict | None:
    version, row = await uow.ledger.rule(GUIDE, region, now) or (0, {})
    kind = await uow.neighbours.kind_of(asked.from_organization_id)
    return judge(asked.diagnosis, asked.phase, kind, guide_of(version, row))


async def _bed_rules(uow: Any, region: str, now: datetime) -> BedRules:
    version, row = await uow.ledger.rule(BED_PRIORITY, region, now) or (0, {})
    return bed_rules(version, row)


async def _places(uow: Any, asked: Question, rules: BedRules, now: datetime) -> list[Place]:
    claim = await _claim(uow, asked, now)
    organizations = [o for o in await uow.organizations.all() if o.kind in RECEIVING and o.closed_at is None]
    beds, wards = await uow.board.beds(now), await uow.board.wards()
    listed = await uow.capabilities.departments()
    found = []
    for organization in organizations:
        here = _Known(
            [ward for ward in wards if ward.organization_id == organization.id],
            [bed for bed in beds if bed.bed.organization_id == organization.id],
            [row for row in listed if row.organization_id == organization.id],
        )
        road = await uow.neighbours.travel_minutes(asked.from_organization_id, organization.id)
        agreed = await uow.neighbours.agreed(asked.from_organization_id, organization.id, local_date(now))
        found.append(here.place(organization, claim, rules, now, minutes=road, agreed=agreed))
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What the hub knows of one organization."""

    wards: Sequence[Ward]
    beds: Sequence[BedNow]
    listed: Sequence[Any]

    def place(
        self, organization: Organization, claim: Claim, rules: BedRules, now: datetime, *, minutes: int | None,
        agreed: bool,
    ) -> Place:  # fmt: skip
        """Return the place as the rule looks at it."""
        department = claim.needs.department
        house = House(organization.kind.value, {ward.id: ward.confirmed_at for ward in self.wards})
        names = self._departments()
        bays = any(bed.bed.kind is BedKind.BAY for bed in self.beds)
        return Place(
            organization.id,
            organization.name,
            organization.kind.value,
            departments=names,
            devices=self._devices(),
            icu=any(bed.bed.monitored for bed in self.beds),
            isolation=any(bed.bed.isolation for bed in self.beds),
            free=len(candidates(claim, self.beds, rules, now=now, house=house)) if self.beds else None,
            bay=bays or EMERGENCY in names,
            minutes=minutes,
            confirmed_at=self._confirmed(department),
            on_duty=tuple(name for row in self.listed if row.name == department for name in row.on_duty),
            phone=self._phone(department) or organization.phone,
            agreed=agreed,
        )

    def _departments(self) -> tuple[str, ...]:
        return _sorted({ward.department for ward in self.wards} | {row.name for row in self.listed})

    def _devices(self) -> tuple[str, ...]:
        found = {device for bed in self.beds for device in bed.bed.devices}
        found |= {"monitor"} if any(bed.bed.monitored for bed in self.beds) else set()
        found |= {able for ward in self.wards for able in ward.capabilities}
        return _sorted(found | {able for row in self.listed for able in (*row.devices, *row.services)})

    def _confirmed(self, department: str) -> datetime | None:
        """Return when the oldest knowledge of the department's wards is from, None where one was never confirmed."""
        times = [ward.confirmed_at for ward in self.wards if department in {"", ward.department}]
        known = [at for at in times if at is not None]
        return min(known) if known and len(known) == len(times) else None

    def _phone(self, department: str) -> str:
        return next((row.phone for row in self.listed if row.name == department and row.phone), "")


async def _claim(uow: Any, asked: Question, now: datetime) -> Claim:
    """Return what the rule of the beds would look at; a patient whom nobody named claims nothing by poverty."""
    day = local_date(now)
    patient: PatientFacts | None = await uow.neighbours.patient(asked.patient_id, day) if asked.patient_id else None
    born = patient.birth_date if patient else None
    return Claim(
        ticket_id="",
        level=asked.level,
        bed_priority=patient is not None and patient.bed_priority,
        provisional=patient is not None and patient.provisional,
        waiting_since=now,
        travel_minutes=0,
        needs=asked.needs,
        sex=patient.sex if patient else "unknown",
        age=day.year - born.year - ((day.month, day.day) < (born.month, born.day)) if born else None,
    )


def _sorted(words: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(words))
