"""The demo county's wards and beds as config/demo/county.toml draws them: who lay there before the hub came stays.

Whoever is in a bed already was taken in by nobody here, so those stays are stored as they are and no event is told of
them. What people do from then on, blocking beds and confirming wards, is done by their commands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any, NamedTuple

from referral.model import BedKind, IntervalKind, IntervalState, Pool, SexRule
from referral.service import wards
from referral.service.ground import SHANGHAI, Act
from referral.wards import Bed, Interval, Ward, bed_id
from server.accounts.model import Caller
from server.workflows.imaging import new_id
from server.workflows.referrals import act_of, staff_of

Row = Mapping[str, Any]
CLEANING_MINUTES = 25  # how long a bed waits of which the file says only that it is to be cleaned
LONGEST_STAY = 9  # days since the other walk-ins came: 1 to 9
NOBODY_KNOWS = 5  # of so many walk-ins one has no day to leave, the others leave in 1 to 4 days


class Drawn(NamedTuple):
    """A bed as the file draws it, with its row."""

    bed: Bed
    row: Row


@dataclass(slots=True)
class Plan:
    """What there is to build, before anything is stored.

    Parameters
    ----------
    confirmed
        When each ward's shift said that its board is true, by the ward's id.
    """

    now: datetime
    wards: list[Ward] = field(default_factory=list)
    beds: list[Bed] = field(default_factory=list)
    stays: list[Interval] = field(default_factory=list)
    blocked: list[Drawn] = field(default_factory=list)
    confirmed: dict[str, datetime] = field(default_factory=dict)


async def seed_wards(uow: Any, county: Row, now: datetime) -> None:
    """Build the wards of the demo county; each organization's keeper blocks what is blocked and confirms."""
    plan = plan_of(county, now)
    await uow.board.furnish(plan.wards, plan.beds, plan.stays)
    for organization_id, username in county["board_keepers"].items():
        user = await uow.users.by_username(username)
        keeper = Caller(user.id, user.name, user.title, user.memberships)
        act = act_of(uow, staff_of(keeper, organization_id), now)
        await _keep_board(act, plan, organization_id)


def plan_of(county: Row, now: datetime) -> Plan:
    """Return the wards, beds and stays of the file at an instant."""
    plan = Plan(now)
    fillers = {sex: cycle(county["walk_ins"][sex]) for sex in ("male", "female")}
    for row in county["wards"]:
        ward = _ward(row)
        plan.wards.append(ward)
        plan.confirmed[ward.id] = now - timedelta(hours=row.get("confirmed_hours", 0))
        for number, label in enumerate(_labels(row)):
            drawn = _drawn(ward, row, label, now)
            plan.beds.append(drawn.bed)
            if "blocked" in drawn.row:
                plan.blocked.append(drawn)
            elif not drawn.row["free"] and drawn.bed.to_clean_since is None:
                plan.stays.append(_stay(drawn, number, fillers, now))
    return plan


async def _keep_board(act: Act, plan: Plan, organization_id: str) -> None:
    for bed, row in plan.blocked:
        if bed.organization_id == organization_id:
            await wards.block(act, bed.id, reason=row["blocked"], until=_moment(row["until"], act.now))
    for ward in plan.wards:
        if ward.organization_id == organization_id:
            confirmed = act_of(act.uow, act.by, plan.confirmed[ward.id])
            await wards.confirm_ward(confirmed, ward)


def _ward(row: Row) -> Ward:
    return Ward(
        id=bed_id(row["organization"], row["ward"]),
        organization_id=row["organization"],
        name=row["name"],
        department=row.get("department", row["ward"]),
        phone=row["phone"],
        capabilities=tuple(row.get("capabilities", ())),
    )


def _labels(row: Row) -> Sequence[str]:
    if "labels" in row:
        return tuple(row["labels"])
    prefix = row.get("prefix", row["ward"])
    return [f"{prefix}-{number:02d}" for number in range(1, row["beds"] + 1)]


def _drawn(ward: Ward, row: Row, label: str, now: datetime) -> Drawn:
    own: Row = row.get("bed", {}).get(label, {})
    said = {
        "pool": "reserved" if label in row.get("reserved", ()) else row.get("pool", "general"),
        "free": label in row.get("free", ()),
        **({"cleaning": CLEANING_MINUTES} if label in row.get("cleaning", ()) else {}),
        **{name: row[name] for name in ("kind", "takes", "isolation", "monitored", "devices") if name in row},
        **own,
    }
    waits = said.get("cleaning")
    bed = Bed(
        id=bed_id(ward.organization_id, label),
        organization_id=ward.organization_id,
        ward_id=ward.id,
        label=label,
        department=ward.department,
        pool=Pool(said["pool"]),
        kind=BedKind(said.get("kind", "bed")),
        sex=SexRule(said.get("takes", "both")),
        isolation=said.get("isolation", False),
        monitored=said.get("monitored", False),
        devices=tuple(said.get("devices", ())),
        to_clean_since=None if waits is None else now - timedelta(minutes=waits),
    )
    return Drawn(bed, said)


def _stay(drawn: Drawn, number: int, fillers: Mapping[str, Iterator[str]], now: datetime) -> Interval:
    bed, row = drawn
    alternating = ("male", "female")[number % 2]
    sex = row.get("sex", alternating if bed.sex is SexRule.BOTH else bed.sex.value)
    days = number % NOBODY_KNOWS
    leaves = row.get("leaves", "" if "who" in row or days == 0 else f"+{days} 12:00")
    came = timedelta(minutes=row["since"]) if "since" in row else timedelta(days=number % LONGEST_STAY + 1)
    return Interval(
        id=new_id(),
        bed_id=bed.id,
        kind=IntervalKind.OCCUPANCY,
        state=IntervalState.LIVE,
        begins_at=now - came,
        ends_at=None,
        label=row.get("who") or next(fillers[sex]),
        sex=sex,
        expected_end_at=_moment(leaves, now) if leaves else None,
        by="system",
    )


def _moment(text: str, now: datetime) -> datetime:
    """Return the instant that `+1 10:00` names: days from today, time of day in the county; over, the next such time.

    The county may be built at any hour, and nobody is expected to have left before it was.
    """
    days, clock = text.split()
    hours, minutes = map(int, clock.split(":"))
    there = now.astimezone(SHANGHAI).replace(hour=hours, minute=minutes, second=0, microsecond=0)
    moment = there + timedelta(days=int(days))
    return moment if moment > now else moment + timedelta(days=1)
