"""How wards, beds and holds look on the wire: names masked, and for another house only those of its own tickets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import ConfigDict, Field

from referral.beds import quota_now
from referral.errors import UnknownSubject
from referral.model import BedKind, BedState, IntervalState, Pool, SexRule
from referral.service.ground import bed_rules_for
from referral.tickets import Party
from referral.wards import BedNow, Interval, Ward
from server.api.endpoint import Call, View
from server.api.order_view import OfferView
from server.patients.names import masked_name
from server.workflows.referrals import act_of, staff_of


class KeptForView(View):
    """A hold on a bed: for which ticket, until when."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    id: str
    ticket_id: str | None
    number: str
    level: int | None
    patient_name: str
    since: datetime = Field(serialization_alias="from")
    expires_at: datetime | None
    en_route: bool
    override: bool


class StayView(View):
    """Who lies in a bed, masked."""

    id: str
    ticket_id: str | None
    label: str
    sex: str
    since: datetime
    expected_end_at: datetime | None


class BedView(View):
    """A bed as the board shows it."""

    id: str
    organization_id: str
    ward_id: str
    label: str
    department: str
    kind: BedKind
    pool: Pool
    sex: SexRule
    isolation: bool
    monitored: bool
    devices: Sequence[str]
    state: BedState
    version: int
    hold: KeptForView | None
    occupancy: StayView | None
    to_clean_since: datetime | None
    blocked_reason: str
    blocked_until: datetime | None
    commands: Sequence[OfferView]


class WardView(View):
    """A ward with how old its knowledge is, and how many of its beds stand how."""

    id: str
    organization_id: str
    name: str
    department: str
    phone: str
    confirmed_at: datetime | None
    stale: bool
    counts: dict[str, int]
    version: int


class QuotaView(View):
    """The reserved beds of an organization."""

    total: int
    wanted: int
    reserved: int
    free: int
    held: int
    occupied: int
    debt: int
    gap: int


class SoonView(View):
    """A bed that is expected to become free."""

    bed_id: str
    label: str
    at: datetime


class BedPage(View):
    """The board of one organization."""

    organization_id: str
    wards: Sequence[WardView]
    items: Sequence[BedView]
    counts: dict[str, int]
    quota: QuotaView
    soon: Sequence[SoonView]


class HoldView(View):
    """A hold after a command."""

    model_config = ConfigDict(frozen=True, serialize_by_alias=True)

    id: str
    bed_id: str
    ticket_id: str | None
    state: IntervalState
    since: datetime = Field(serialization_alias="from")
    expires_at: datetime | None
    version: int


COMMANDS: Mapping[str, frozenset[BedState]] = {
    "block": frozenset({BedState.AVAILABLE, BedState.TO_CLEAN, BedState.BLOCKED}),
    "unblock": frozenset({BedState.BLOCKED}),
    "clean": frozenset({BedState.TO_CLEAN}),
    "confirm": frozenset(BedState),
    "relabel": frozenset(BedState),
    "occupy": frozenset({BedState.AVAILABLE}),
    "expect": frozenset({BedState.OCCUPIED}),
    "vacate": frozenset({BedState.OCCUPIED}),
    "move": frozenset({BedState.OCCUPIED}),
}
PLAIN = (
    "id", "organization_id", "ward_id", "label", "department", "kind", "pool", "sex", "isolation", "monitored",
    "devices", "version", "to_clean_since", "blocked_reason", "blocked_until",
)  # fmt: skip


async def bed_page(call: Call, organization_id: str, asked: Any) -> BedPage:
    """Return the board of an organization."""
    act = act_of(call.uow, Party(call.caller.user_id), call.now)
    everything: Sequence[BedNow] = await call.uow.board.beds(call.now, organization_id=organization_id)
    shown = [bed for bed in everything if _asked(bed, asked, call.now)]
    rules = await bed_rules_for(act, organization_id)
    kind = await call.uow.neighbours.kind_of(organization_id)
    debt = await call.uow.board.quota_debt(organization_id)
    quota = quota_now(everything, kind, rules, now=call.now, debt=debt)
    wards = [ward for ward in await call.uow.board.wards(organization_id) if asked.ward in {"", ward.id}]
    return BedPage(
        organization_id=organization_id,
        wards=[_ward(ward, everything, call.now, rules.stale) for ward in wards],
        items=await _beds(call, shown),
        counts=_counts(everything, call.now),
        quota=QuotaView(**{name: getattr(quota, name) for name in QuotaView.model_fields}),
        soon=_soon(everything),
    )


def _asked(bed: BedNow, asked: Any, now: datetime) -> bool:
    return (
        asked.ward in {"", bed.bed.ward_id}
        and asked.department in {"", bed.bed.department}
        and asked.state in {"", bed.state(now).value}
    )


def _counts(beds: Sequence[BedNow], now: datetime) -> dict[str, int]:
    found = {state.value: 0 for state in BedState}
    for bed in beds:
        found[bed.state(now).value] += 1
    return found


def _ward(ward: Ward, beds: Sequence[BedNow], now: datetime, stale: timedelta) -> WardView:
    return WardView(
        id=ward.id,
        organization_id=ward.organization_id,
        name=ward.name,
        department=ward.department,
        phone=ward.phone,
        confirmed_at=ward.confirmed_at,
        stale=ward.confirmed_at is None or now - ward.confirmed_at > stale,
        counts=_counts([bed for bed in beds if bed.bed.ward_id == ward.id], now),
        version=ward.version,
    )


def _soon(beds: Sequence[BedNow]) -> list[SoonView]:
    found = [
        SoonView(bed_id=bed.bed.id, label=bed.bed.label, at=bed.occupancy.expected_end_at)
        for bed in beds
        if bed.occupancy is not None and bed.occupancy.expected_end_at is not None
    ]
    return sorted(found, key=lambda soon: (soon.at, soon.label))[:20]


async def bed_view(call: Call, bed_id: str) -> BedView:
    """Return one bed as the wire shows it.

    Raises
    ------
    UnknownSubject
        When there is none.
    """
    bed = await call.uow.board.bed(bed_id, call.now)
    if bed is None:
        raise UnknownSubject("beds", bed_id)
    return (await _beds(call, [bed]))[0]


async def _beds(call: Call, beds: Sequence[BedNow]) -> list[BedView]:
    kept = [interval for bed in beds for interval in (bed.hold, bed.occupancy) if interval is not None]
    shown = await _shown(call, beds, kept)
    numbers = await call.uow.referral_board.numbers([i.ticket_id for i in shown if i.ticket_id])
    patients = await call.uow.patients.many([i.patient_id for i in shown if i.patient_id])
    names = {key: masked_name(patient.name) for key, patient in patients.items()}
    sexes = {key: patient.sex.value for key, patient in patients.items()}
    hidden = frozenset(interval.id for interval in kept) - {interval.id for interval in shown}
    stays = [bed.occupancy.ticket_id for bed in beds if bed.occupancy is not None and bed.occupancy.ticket_id]
    known = Known(numbers, names, sexes, await call.uow.referral_board.admitted(stays))
    return [_bed(call, _veiled(bed, hidden), known) for bed in beds]


async def _shown(call: Call, beds: Sequence[BedNow], kept: Sequence[Interval]) -> Sequence[Interval]:
    """Return the intervals of which the caller may know whose they are: her house's, and those of tickets of hers."""
    if all(bed.bed.organization_id in call.caller.organizations for bed in beds):
        return kept
    tickets = [interval.ticket_id for interval in kept if interval.ticket_id]
    known = await call.uow.referral_board.known_to(call.caller, tickets, now=call.now)
    return [interval for interval in kept if interval.ticket_id in known]


def _veiled(bed: BedNow, hidden: frozenset[str]) -> BedNow:
    """Return a bed as a stranger sees it: held or occupied, and by whom is not hers to know."""
    return replace(bed, hold=_nameless(bed.hold, hidden), occupancy=_nameless(bed.occupancy, hidden))


def _nameless(interval: Interval | None, hidden: frozenset[str]) -> Interval | None:
    if interval is None or interval.id not in hidden:
        return interval
    return replace(interval, ticket_id=None, patient_id=None, label="", sex="")


@dataclass(frozen=True, slots=True)
class Known:
    """What is looked up once for all beds: tickets' numbers, patients' names and sexes, who is admitted on a ticket."""

    numbers: Mapping[str, str]
    names: Mapping[str, str]
    sexes: Mapping[str, str]
    admitted: frozenset[str]


def _bed(call: Call, now: BedNow, known: Known) -> BedView:
    state = now.state(call.now)
    hold = now.hold if now.hold is not None and now.hold.keeps(call.now) else None
    stay = now.occupancy if now.occupancy is not None and now.occupancy.keeps(call.now) else None
    return BedView(
        **{name: getattr(now.bed, name) for name in PLAIN},
        state=state,
        hold=_hold(hold, known) if hold else None,
        occupancy=_stay(stay, known) if stay else None,
        commands=_commands(call, now, state, known),
    )


def _hold(hold: Interval, known: Known) -> KeptForView:
    return KeptForView(
        id=hold.id,
        ticket_id=hold.ticket_id,
        number=known.numbers.get(hold.ticket_id or "", ""),
        level=int(hold.level) if hold.level is not None else None,
        patient_name=known.names.get(hold.patient_id or "", ""),
        since=hold.begins_at,
        expires_at=hold.ends_at,
        en_route=hold.en_route,
        override=hold.override,
    )


def _stay(stay: Interval, known: Known) -> StayView:
    return StayView(
        id=stay.id,
        ticket_id=stay.ticket_id,
        label=known.names.get(stay.patient_id or "", stay.label),
        sex=known.sexes.get(stay.patient_id or "", stay.sex),
        since=stay.begins_at,
        expected_end_at=stay.expected_end_at,
    )


def _commands(call: Call, bed: BedNow, state: BedState, known: Known) -> list[OfferView]:
    """Return what the caller may do with a bed: nothing in another house; else each command, or why not."""
    party = staff_of(call.caller, bed.bed.organization_id)
    if not (party.ward or party.desk or party.lead):
        return []
    possible = {name for name, states in COMMANDS.items() if state in states}
    if bed.occupancy is not None and bed.occupancy.ticket_id in known.admitted:
        possible -= {"vacate"}  # discharged on the ticket, or moved
    return [
        OfferView(name=name, allowed=name in possible, reason=None if name in possible else "STATE")
        for name in COMMANDS
    ]


async def hold_view(call: Call, hold_id: str) -> HoldView:
    """Return a hold as it stands after a command."""
    hold = await call.uow.board.interval(hold_id)
    if hold is None:
        raise UnknownSubject("bed-holds", hold_id)
    return HoldView(
        id=hold.id, bed_id=hold.bed_id, ticket_id=hold.ticket_id, state=hold.state, since=hold.begins_at,
        expires_at=hold.ends_at, version=hold.version,
    )  # fmt: skip
