"""Where a patient could go: hospitals as their boards, roads and agreements show them now, put in order by the rule."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from referral.beds import BedRules, Claim, candidates
from referral.guide import Verdict
from referral.model import BedKind, Diagnosis, Level, Needs
from referral.ports import PatientFacts, Waiting
from referral.service.drafting import verdict
from referral.service.ground import Act, bed_rules_for, rule_at
from referral.service.queue import claim_of, house_of
from referral.targets import TARGETS, Place, Target, Wish, target_rules, targets
from referral.tickets import SYSTEM, TicketState
from referral.wards import BedNow, Ward
from server.accounts.places import Organization, OrganizationKind
from server.workflows.referrals import act_of

RECEIVING = (OrganizationKind.TOWNSHIP, OrganizationKind.COUNTY, OrganizationKind.HIGHER)
EMERGENCY = "急诊"
NOBODY = PatientFacts("", "unknown", None, bed_priority=False)


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
    act, sender = act_of(uow, SYSTEM, now), asked.from_organization_id
    places = await _places(act, asked, await bed_rules_for(act, sender))
    wish = Wish(
        sender, asked.needs.department, asked.level, icu=asked.needs.icu, isolation=asked.needs.isolation,
        devices=asked.needs.devices,
    )  # fmt: skip
    found = targets(wish, places, target_rules(*await rule_at(act, TARGETS, sender)), now=now)
    return Offer(found, await verdict(act, sender, asked.diagnosis, asked.phase), places)


async def _places(act: Act, asked: Question, rules: BedRules) -> list[Place]:
    uow: Any = act.uow
    claim = await _claim(act, asked)
    organizations = [o for o in await uow.organizations.all() if o.kind in RECEIVING and o.closed_at is None]
    beds, wards = await uow.board.beds(act.now), await uow.board.wards()
    listed = await uow.capabilities.departments()
    found = []
    for organization in organizations:
        here = _Known(
            [ward for ward in wards if ward.organization_id == organization.id],
            [bed for bed in beds if bed.bed.organization_id == organization.id],
            [row for row in listed if row.organization_id == organization.id],
        )
        road = await uow.neighbours.travel_minutes(asked.from_organization_id, organization.id)
        agreed = await uow.neighbours.agreed(asked.from_organization_id, organization.id, act.today)
        found.append(here.place(organization, claim, rules, act.now, minutes=road, agreed=agreed))
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
        house = house_of(organization.kind.value, self.wards)
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


async def _claim(act: Act, asked: Question) -> Claim:
    """Return what the rule of the beds would look at; a patient whom nobody named claims nothing by poverty."""
    patient = await act.uow.neighbours.patient(asked.patient_id, act.today) if asked.patient_id else None
    would_wait = Waiting(
        "", "", TicketState.DRAFT, asked.level, asked.needs.department, asked.needs, 0, act.now, patient or NOBODY
    )
    return claim_of(would_wait, patient, act)


def _sorted(words: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(words))
