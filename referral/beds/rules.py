"""The numbers of the rule of the beds as a versioned row; the defaults are version 0 and hold where no row does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from referral.errors import OutOfRange
from referral.model import Level

BED_PRIORITY = "bed-priority"

# domain.md 4: the minutes and shares are [P], [S3:141] for the quota; a county changes them by a row.
DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "target_hours": {"2": 2, "3": 24, "4": 72},
        "ageing_points": 40,
        "priority_points": 15,
        "distance_points": 10,
        "distance_minutes": 12,
        "hold": {"travel_factor": 2, "extra_minutes": 60, "least_minutes": 120, "most_minutes": 480},
        "quota_percent": 5,
        "quota_township_least": 2,
        "lending": False,
        "lending_keeps": {"township": 1, "county": 2},
        "lending_hours": 24,
        "provisional_hours": 24,
        "stale_hours": 2,
        "green_stale_hours": 3,
        "child_departments": ["儿科", "新生儿科", "小儿外科"],
        "child_last_year": 14,
        "obstetric_departments": ["产科", "妇产科"],
    }
)


@dataclass(frozen=True, slots=True)
class HoldLength:
    """How long a hold lives: `clamp(travel_factor × travel + extra, least, most)`."""

    travel_factor: int
    extra: timedelta
    least: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True)
class BedRules:
    """The rule row in force, with its version.

    Parameters
    ----------
    targets
        How long a bed may be waited for at Ⅱ–Ⅳ; Ⅰ is served at once and has none.
    ageing_points, priority_points, distance_points
        The most that waiting, a category with bed priority, and the road may give; inside one level only.
    distance_minutes
        Minutes by road for one point.
    quota_percent, quota_township_least
        Share of reserved beds, in whole per cent, rounded up; a township has so many at least.
    lending, lending_keeps, lending_time
        Whether reserved beds may be lent, how many stay free by kind of organization, when a bed is back.
    provisional
        How long a category that nobody has proven counts.
    stale, green_stale
        After what time a board that nobody confirmed is shown as old, and is no first choice of the green channel.
    child_departments, child_last_year, obstetric_departments
        Pools apart: beds of these departments are for children up to this age, and for women.
    """

    version: int
    targets: Mapping[Level, timedelta]
    ageing_points: int
    priority_points: int
    distance_points: int
    distance_minutes: int
    hold: HoldLength
    quota_percent: int
    quota_township_least: int
    lending: bool
    lending_keeps: Mapping[str, int]
    lending_time: timedelta
    provisional: timedelta
    stale: timedelta
    green_stale: timedelta
    child_departments: frozenset[str]
    child_last_year: int
    obstetric_departments: frozenset[str]

    def keeps_free(self, organization_kind: str) -> int:
        """Return how many reserved beds lending leaves free: a township's number, else the county's."""
        return self.lending_keeps["township" if organization_kind == "township" else "county"]


def bed_rules(version: int, row: Mapping[str, Any]) -> BedRules:
    """Return the rules of a row; what it does not name is the default's, also inside `hold` and the other maps.

    Raises
    ------
    OutOfRange
        When a number could not serve: a target or a distance step of nothing, a share beyond the whole.
    """
    data = {name: _over(default, row.get(name, default)) for name, default in DEFAULTS.items()}
    _check(data)
    hold = data["hold"]
    return BedRules(
        version=version,
        targets=MappingProxyType({Level(int(k)): timedelta(hours=h) for k, h in data["target_hours"].items()}),
        ageing_points=int(data["ageing_points"]),
        priority_points=int(data["priority_points"]),
        distance_points=int(data["distance_points"]),
        distance_minutes=int(data["distance_minutes"]),
        hold=HoldLength(
            int(hold["travel_factor"]),
            *(timedelta(minutes=hold[name]) for name in ("extra_minutes", "least_minutes", "most_minutes")),
        ),
        quota_percent=int(data["quota_percent"]),
        quota_township_least=int(data["quota_township_least"]),
        lending=bool(data["lending"]),
        lending_keeps=MappingProxyType(dict(data["lending_keeps"])),
        lending_time=timedelta(hours=data["lending_hours"]),
        provisional=timedelta(hours=data["provisional_hours"]),
        stale=timedelta(hours=data["stale_hours"]),
        green_stale=timedelta(hours=data["green_stale_hours"]),
        child_departments=frozenset(data["child_departments"]),
        child_last_year=int(data["child_last_year"]),
        obstetric_departments=frozenset(data["obstetric_departments"]),
    )


def _over(default: Any, given: Any) -> Any:
    return {**default, **given} if isinstance(default, Mapping) else given


def _check(data: Mapping[str, Any]) -> None:
    if set(data["target_hours"]) != {"2", "3", "4"} or min(data["target_hours"].values()) <= 0:
        raise OutOfRange("target_hours", "Ⅱ, Ⅲ and Ⅳ have a target above nothing; Ⅰ has none")
    if data["distance_minutes"] <= 0:
        raise OutOfRange("distance_minutes", "a point is worth some minutes")
    points = [data[name] for name in ("ageing_points", "priority_points", "distance_points")]
    if min(points) < 0:
        raise OutOfRange("points", "points are never negative")
    if not 0 <= data["quota_percent"] <= 100:
        raise OutOfRange("quota_percent", "a share between 0 and 100")
    if data["hold"]["least_minutes"] > data["hold"]["most_minutes"]:
        raise OutOfRange("hold", "the least is not above the most")
