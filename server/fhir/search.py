"""What a search asks for (R4 3.1.1): tokens, references, instants and pages, from the query as it came."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone

from server.fhir.capability import SEARCHES, STAMPED
from server.fhir.words import key_of

PAGE, LARGEST = 50, 200
CURSOR = "_cursor"
CHINA = timezone(timedelta(hours=8))
_PREFIX = re.compile(
    r"(eq|ge|gt|le|lt|sa|eb)?([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_REFERENCES = frozenset(
    {
        "patient",
        "requester",
        "performer",
        "owner",
        "organization",
        "service-provider",
        "partof",
        "location",
        "_id",
        "actor",
        "based-on",
        "custodian",
    }
)


class IllFormedSearch(ValueError):
    """A parameter cannot be what it says; `name` names it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True, slots=True)
class Search:
    """A search of one kind of resource.

    Parameters
    ----------
    wanted
        Parameter -> values, any of which fits; keys of ours where it refers to a resource.
    since, until
        Bounds of the last change: `since <= changed < until`.
    begins, ends
        Bounds of the resource's own date: `begins <= date < ends`.
    after
        The key behind which this page begins, "" for the first.
    used
        What of the query was heeded, as the self link repeats it.
    """

    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    count: int = PAGE
    after: str = ""
    used: Sequence[tuple[str, str]] = ()

    def fits(self, name: str, value: str) -> bool:
        """Tell whether a resource's value fits what was asked; what was not asked always fits."""
        return name not in self.wanted or value in self.wanted[name]


def parse_search(kind: str, asked: Sequence[tuple[str, str]], *, strict: bool = False) -> Search:
    """Return what is asked of a kind of resource.

    Parameters
    ----------
    strict
        Refuse unknown parameters instead of leaving them aside (`Prefer: handling=strict`).

    Raises
    ------
    IllFormedSearch
    """
    known = {"_id", "_count", CURSOR, *SEARCHES[kind], *(("_lastUpdated",) if kind in STAMPED else ())}
    unknown = next((name for name, _ in asked if name not in known), None)
    if strict and unknown is not None:
        raise IllFormedSearch(unknown)
    used = [(name, value) for name, value in asked if name in known]
    since, until = _bounds("_lastUpdated", used)
    begins, ends = _bounds("date", used)
    words = {name: value for name, value in used if name not in {"_count", CURSOR, "_lastUpdated", "date"}}
    return Search(
        {name: tuple(map(_reader(name), value.split(","))) for name, value in words.items()},
        since,
        until,
        begins,
        ends,
        _count(dict(used).get("_count", str(PAGE))),
        dict(used).get(CURSOR, ""),
        [(name, value) for name, value in used if name != CURSOR],
    )


def _reader(name: str) -> Callable[[str], str]:
    return _referred if name in _REFERENCES else _code if name != "name" else str


def _referred(value: str) -> str:
    """Return our key of `Patient/x`, `https://hub/fhir/Patient/x` or `x`."""
    return key_of(value.rstrip("/").rpartition("/")[2])


def _code(value: str) -> str:
    """Return a token's code, whatever its system."""
    return value.rpartition("|")[2]


def _count(value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise IllFormedSearch("_count")
    return min(LARGEST, max(1, int(value)))


def _bounds(name: str, used: Sequence[tuple[str, str]]) -> tuple[datetime | None, datetime | None]:
    """Return the instants between which all of the conditions hold; a value means all of its day or second."""
    lower: list[datetime] = []
    upper: list[datetime] = []
    for value in (value for key, value in used if key == name):
        prefix, begins, ends = _interval(name, value)
        if prefix in {"eq", "ge"}:
            lower.append(begins)
        if prefix in {"gt", "sa"}:
            lower.append(ends)
        if prefix in {"eq", "le"}:
            upper.append(ends)
        if prefix in {"lt", "eb"}:
            upper.append(begins)
    return max(lower, default=None), min(upper, default=None)


def _interval(name: str, value: str) -> tuple[str, datetime, datetime]:
    found = _PREFIX.fullmatch(value)
    if found is None:
        raise IllFormedSearch(name)
    prefix, day, clock, zone = found.groups()
    length = timedelta(days=1) if clock is None else timedelta(minutes=1) if len(clock) == 5 else timedelta(seconds=1)
    try:
        at = datetime.fromisoformat(f"{day}T{clock or '00:00'}{zone or ''}")
        begins = (at if at.tzinfo else at.replace(tzinfo=CHINA)).astimezone(UTC)
        return prefix or "eq", begins, begins + length
    except (ValueError, OverflowError) as error:
        raise IllFormedSearch(name) from error
