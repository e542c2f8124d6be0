"""Wards, beds and roads come into being: what an administrator or medical affairs writes down once."""

from dataclasses import dataclass, replace

from referral.errors import BedTaken, IllegalTransition, ReasonRequired, UnknownSubject
from referral.events import Event
from referral.model import BedKind, BedState, Pool, SexRule
from referral.service.ground import Act
from referral.service.wards import the_bed
from referral.wards import Bed, Ward, bed_id


@dataclass(frozen=True, slots=True)
class NewBed:
    """A bed as somebody describes it."""

    label: str
    pool: Pool = Pool.GENERAL
    kind: BedKind = BedKind.BED
    sex: SexRule = SexRule.BOTH
    isolation: bool = False
    monitored: bool = False
    devices: tuple[str, ...] = ()


async def add_ward(act: Act, ward: Ward) -> Ward:
    """Add a ward to an organization; its board counts as never confirmed.

    Raises
    ------
    IllegalTransition
        When there is a ward of that name.
    """
    if any(known.id == ward.id for known in await act.uow.board.wards(ward.organization_id)):
        raise IllegalTransition("exists", "add", ())
    await act.uow.board.add_ward(ward)
    _tell(act, ward.id, "ward-added", ward.organization_id)
    return ward


async def add_bed(act: Act, ward: Ward, wanted: NewBed) -> Bed:
    """Add a bed to a ward.

    Raises
    ------
    IllegalTransition
        When there is a bed of that label, or was one: a label is not used twice.
    """
    key = bed_id(ward.organization_id, wanted.label)
    if await act.uow.board.bed(key, act.now) is not None:
        raise IllegalTransition("exists", "add", ())
    bed = Bed(
        id=key,
        organization_id=ward.organization_id,
        ward_id=ward.id,
        label=wanted.label,
        department=ward.department,
        pool=wanted.pool,
        kind=wanted.kind,
        sex=wanted.sex,
        isolation=wanted.isolation,
        monitored=wanted.monitored,
        devices=wanted.devices,
    )
    await act.uow.board.add_bed(bed)
    _tell(act, key, "added", bed.organization_id)
    return bed


async def withdraw(act: Act, key: str, reason: str) -> Bed:
    """Take a bed off the board for good: it leaves the quota's base; nobody may be in it, nothing promised.

    Raises
    ------
    BedTaken, ReasonRequired
    """
    now = await the_bed(act, key)
    if not reason.strip():
        raise ReasonRequired
    if now.state(act.now) in {BedState.OCCUPIED, BedState.HELD}:
        raise BedTaken(key)
    gone = replace(now.bed, withdrawn_at=act.now, blocked_reason=reason, version=now.bed.version + 1)
    await act.uow.board.save_bed(gone)
    _tell(act, key, "withdrawn", gone.organization_id)
    return gone


async def the_ward(act: Act, ward_id: str) -> Ward:
    """Return a ward.

    Raises
    ------
    UnknownSubject
        When there is none.
    """
    for ward in await act.uow.board.wards():
        if ward.id == ward_id:
            return ward
    raise UnknownSubject("wards", ward_id)


def _tell(act: Act, key: str, name: str, organization_id: str) -> None:
    act.uow.publish(Event("beds", name, key, 1, name, (organization_id,), organization_id))
