"""Searching by attributes (PS3.4 C.2.2.2, PS3.18 §10.6): keys, matching types, limits; pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from dicom.errors import MalformedQuery

MAX_VALUE: Final = 128
MAX_WILDCARDS: Final = 6
MAX_KEYS: Final = 20
MAX_INCLUDES: Final = 100
MAX_PAGE: Final = 1000
MAX_OFFSET: Final = 1_000_000
MAX_LIST: Final = 100


class Level(StrEnum):
    """What is searched for."""

    STUDY = "study"
    SERIES = "series"
    INSTANCE = "instance"


class Matching(StrEnum):
    """How a key's value is compared (PS3.4 C.2.2.2)."""

    SINGLE = "single"
    LIST = "list"
    WILDCARD = "wildcard"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Key:
    """An attribute that can be searched."""

    keyword: str
    tag: str
    vr: str
    level: Level


@dataclass(frozen=True, slots=True)
class Criterion:
    """One key with its value; for a range `values` are the lower and the upper bound, empty when open."""

    key: Key
    matching: Matching
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """A search as asked for; `ignored` names attributes that the index does not hold."""

    level: Level
    criteria: tuple[Criterion, ...] = ()
    limit: int = 100
    offset: int = 0
    fuzzy: bool = False
    ignored: tuple[str, ...] = ()


_KEYS = (
    Key("StudyInstanceUID", "0020000D", "UI", Level.STUDY),
    Key("StudyDate", "00080020", "DA", Level.STUDY),
    Key("StudyTime", "00080030", "TM", Level.STUDY),
    Key("AccessionNumber", "00080050", "SH", Level.STUDY),
    Key("ModalitiesInStudy", "00080061", "CS", Level.STUDY),
    Key("ReferringPhysicianName", "00080090", "PN", Level.STUDY),
    Key("StudyDescription", "00081030", "LO", Level.STUDY),
    Key("PatientName", "00100010", "PN", Level.STUDY),
    Key("PatientID", "00100020", "LO", Level.STUDY),
    Key("IssuerOfPatientID", "00100021", "LO", Level.STUDY),
    Key("PatientBirthDate", "00100030", "DA", Level.STUDY),
    Key("PatientSex", "00100040", "CS", Level.STUDY),
    Key("StudyID", "00200010", "SH", Level.STUDY),
    Key("SeriesInstanceUID", "0020000E", "UI", Level.SERIES),
    Key("Modality", "00080060", "CS", Level.SERIES),
    Key("SeriesDescription", "0008103E", "LO", Level.SERIES),
    Key("SeriesNumber", "00200011", "IS", Level.SERIES),
    Key("BodyPartExamined", "00180015", "CS", Level.SERIES),
    Key("SOPInstanceUID", "00080018", "UI", Level.INSTANCE),
    Key("SOPClassUID", "00080016", "UI", Level.INSTANCE),
    Key("InstanceNumber", "00200013", "IS", Level.INSTANCE),
)
KEYS: Mapping[str, Key] = MappingProxyType({k.keyword: k for k in _KEYS} | {k.tag: k for k in _KEYS})
_ORDER = (Level.STUDY, Level.SERIES, Level.INSTANCE)
_TAG = re.compile(r"[0-9A-Fa-f]{8}")
_KEYWORD = re.compile(r"[A-Z][A-Za-z0-9]{2,63}")
_DATE = re.compile(r"[0-9]{8}")
_TIME = re.compile(r"[0-9]{2,6}(?:\.[0-9]{1,6})?")


def parse_search(level: Level, parameters: Sequence[tuple[str, str]]) -> Search:
    """Read the parameters of a QIDO-RS request (PS3.18 §8.3.4).

    Raises
    ------
    MalformedQuery
        For a value that makes no sense, or more of anything than its limit.
    """
    options = {"limit": "100", "offset": "0", "fuzzymatching": "false"}
    criteria: list[Criterion] = []
    ignored: list[str] = []
    includes = 0
    for name, value in parameters:
        if name in options:
            options[name] = value
        elif name == "includefield":
            includes += value.count(",") + 1
        elif (key := KEYS.get(name) or KEYS.get(name.upper())) and _ORDER.index(key.level) <= _ORDER.index(level):
            if value:
                criteria.append(criterion(key, value))
        elif key is not None or _TAG.fullmatch(name) or _KEYWORD.fullmatch(name):
            ignored.append(name)
        else:
            raise MalformedQuery(f"{name[:40]!r} is no attribute")
    if len(criteria) > MAX_KEYS or includes > MAX_INCLUDES or len(ignored) > MAX_INCLUDES:
        raise MalformedQuery("too many keys")
    return Search(
        level,
        tuple(criteria),
        min(_whole("limit", options["limit"]), MAX_PAGE),
        _whole("offset", options["offset"], MAX_OFFSET),
        _truth(options["fuzzymatching"]),
        tuple(ignored),
    )


def criterion(key: Key, value: str) -> Criterion:
    """Return how one key is matched, by its VR and by what its value looks like."""
    if len(value) > MAX_VALUE and key.vr != "UI":
        raise MalformedQuery(f"the value of {key.keyword} is too long")
    if any(c < " " for c in value):
        raise MalformedQuery(f"control characters in {key.keyword}")
    if key.vr == "UI":
        return _uids(key, value)
    if key.vr in {"DA", "TM"}:
        return _range(key, value)
    if key.vr == "IS":
        return Criterion(key, Matching.SINGLE, (str(_whole(key.keyword, value.strip(), 2**31 - 1)),))
    if "*" in value or "?" in value:
        pattern = re.sub(r"\*[*?]*\*|\*{2,}", "*", value)
        if sum(c in "*?" for c in pattern) > MAX_WILDCARDS:
            raise MalformedQuery(f"too many wildcards in {key.keyword}")
        return Criterion(key, Matching.WILDCARD, (pattern,))
    return Criterion(key, Matching.SINGLE, (value,))


def _uids(key: Key, value: str) -> Criterion:
    uids = tuple(filter(None, re.split(r"[,\\]", value)))
    if len(uids) > MAX_LIST or not all(re.fullmatch(r"[0-9.]{1,64}", uid) for uid in uids):
        raise MalformedQuery(f"{key.keyword} is a list of at most {MAX_LIST} UIDs")
    return Criterion(key, Matching.LIST, uids)


def _range(key: Key, value: str) -> Criterion:
    form = _DATE if key.vr == "DA" else _TIME
    low, dash, high = value.replace(" ", "").partition("-")
    if not (low or high) or any(part and not form.fullmatch(part) for part in (low, high)):
        raise MalformedQuery(f"{key.keyword} is a value or a range a-b")
    if not dash:
        return Criterion(key, Matching.SINGLE, (low,))
    return Criterion(key, Matching.RANGE, (low, high))


def _whole(name: str, value: str, top: int = 2**63) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", value) or int(value) > top:
        raise MalformedQuery(f"{name} is a whole number, at most {top}")
    return int(value)


def _truth(value: str) -> bool:
    if value not in {"true", "false"}:
        raise MalformedQuery("fuzzymatching is true or false")
    return value == "true"


def folded_name(value: str) -> str:
    """Return a PN pattern as the index spells names: components separated by spaces, lower case."""
    return re.sub(r"[\s^=]+", " ", value).strip().casefold()
