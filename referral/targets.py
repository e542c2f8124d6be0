"""Where to: hospitals that could take a patient, best first, each with its reason and how old that knowledge is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from referral.model import Level, Words

TARGETS = "targets"

DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "stale_minutes": 120,  # screens/README.md, bed board
        "green_stale_minutes": 180,  # [P]: at Ⅰ and Ⅱ an older board counts as no free bed
        "most": 5,  # [P]: nobody reads more in an emergency
    }
)

RANK: Mapping[str, int] = MappingProxyType({"village": 0, "township": 1, "county": 2, "higher": 3})


@dataclass(frozen=True, slots=True)
class TargetRules:
    """The numbers of a row of the rule kind `targets`."""

    version: int
    stale: timedelta
    green_stale: timedelta
    most: int


@dataclass(frozen=True, slots=True)
class Wish:
    """What a patient needs of the place that receives him."""

    from_organization_id: str
    department: str
    level: Level
    icu: bool = False
    isolation: bool = False
    devices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A hospital as it is known.

    Parameters
    ----------
    kind
        `township`, `county` or `higher`.
    departments, devices
        What it has.
    free
        Beds of the wished department that fit and are free, reserved ones left out; None where nobody keeps a board.
    bay
        An emergency bay receives at level Ⅰ and Ⅱ.
    minutes
        By road from the sender, None where nobody wrote it down.
    confirmed_at
        When a shift last said that its board is true.
    on_duty
        Names of the department's doctors on duty.
    agreed
        A cooperation agreement covers referral.
    """

    organization_id: str
    name: str
    kind: str
    departments: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    icu: bool = False
    isolation: bool = False
    free: int | None = None
    bay: bool = False
    minutes: int | None = None
    confirmed_at: datetime | None = None
    on_duty: tuple[str, ...] = ()
    phone: str = ""
    agreed: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """A place offered.

    Parameters
    ----------
    lacking
        What it does not have of what is needed: department, devices, monitored or isolated beds.
    age
        How old the knowledge of its beds is, None where nobody ever confirmed it.
    stale
        So old that somebody should telephone first.
    """

    organization_id: str
    name: str
    reason: Words
    free: int | None
    minutes: int | None
    age: timedelta | None
    stale: bool
    lacking: tuple[str, ...]
    agreed: bool
    phone: str


def target_rules(version: int, row: Mapping[str, Any]) -> TargetRules:
    """Return the rules of a row; what it does not name is the default's."""
    data = {**DEFAULTS, **row}
    stale, green = (timedelta(minutes=data[name]) for name in ("stale_minutes", "green_stale_minutes"))
    return TargetRules(version, stale, green, int(data["most"]))


def targets(wish: Wish, places: Sequence[Place], rules: TargetRules, *, now: datetime) -> list[Target]:
    """Return where the patient could go, best first (就近、分级: near, and no higher than needed).

    Who has everything that is needed comes first, then who has an agreement, then who has room, then the nearer, then
    the lower level of care. At Ⅰ and Ⅱ an emergency bay is room, and a board that nobody confirmed lately is none; a
    place that lacks something is still named, last, because it is for a person to decide.
    """
    known = [(place, _target(wish, place, rules, now)) for place in places]
    others = [each for each in known if each[0].organization_id != wish.from_organization_id]
    ordered = sorted(others, key=lambda each: _key(wish, each[0], each[1], rules))
    return [target for _place, target in ordered][: rules.most]


def _key(wish: Wish, place: Place, target: Target, rules: TargetRules) -> tuple[object, ...]:
    return (
        bool(target.lacking),
        not place.agreed,
        not _has_room(wish, place, target, rules),
        place.minutes is None,
        place.minutes or 0,
        RANK.get(place.kind, len(RANK)),
        -(place.free or 0),
        place.organization_id,
    )


def _has_room(wish: Wish, place: Place, target: Target, rules: TargetRules) -> bool:
    free = bool(place.free)
    if not wish.level.is_green:
        return free
    return place.bay or (free and target.age is not None and target.age <= rules.green_stale)


def _target(wish: Wish, place: Place, rules: TargetRules, now: datetime) -> Target:
    age = now - place.confirmed_at if place.confirmed_at is not None else None
    stale = age is None or age > rules.stale
    lacking = _lacking(wish, place)
    return Target(
        organization_id=place.organization_id,
        name=place.name,
        reason=_reason(wish, place, lacking, _how_old(age) if stale else None),
        free=place.free,
        minutes=place.minutes,
        age=age,
        stale=stale,
        lacking=lacking,
        agreed=place.agreed,
        phone=place.phone,
    )


def _lacking(wish: Wish, place: Place) -> tuple[str, ...]:
    return (
        *([wish.department] if wish.department and wish.department not in place.departments else []),
        *(device for device in wish.devices if device not in place.devices),
        *(["ICU"] if wish.icu and not place.icu else []),
        *(["isolation"] if wish.isolation and not place.isolation else []),
    )


def _reason(wish: Wish, place: Place, lacking: Sequence[str], old: Words | None) -> Words:
    parts = [
        _capability(wish, lacking),
        _room(wish, place, old),
        Words(f"{place.minutes} 分钟", f"{place.minutes} min") if place.minutes is not None else None,
        Words(f"值班：{'、'.join(place.on_duty)}", f"on duty: {', '.join(place.on_duty)}") if place.on_duty else None,
        None if place.agreed else Words("无合作协议", "no agreement"),
    ]
    told = [part for part in parts if part is not None]
    return Words("，".join(part.zh for part in told), ", ".join(part.en for part in told))


def _capability(wish: Wish, lacking: Sequence[str]) -> Words | None:
    if lacking:
        return Words(f"缺 {'、'.join(lacking)}", f"lacks {', '.join(lacking)}")
    return Words(f"有{wish.department}", f"has {wish.department}") if wish.department else None


def _how_old(age: timedelta | None) -> Words:
    if age is None:
        return Words("从未确认", "never confirmed")
    hours = int(age.total_seconds() // 3600)
    return Words(f"{hours} 小时前", f"{hours} h ago")


def _room(wish: Wish, place: Place, old: Words | None) -> Words:
    if place.free is None:
        beds = Words("床位不详", "beds not known")
    else:
        beds = Words(f"空床 {place.free}", f"{place.free} free")
        if old is not None:
            beds = Words(f"{beds.zh}（{old.zh}）", f"{beds.en} ({old.en})")
    if wish.level.is_green and place.bay and not place.free:
        return Words(f"{beds.zh}，急诊抢救间接收", f"{beds.en}, the emergency bay receives")
    return beds
