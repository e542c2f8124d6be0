"""The kinds of rules that a county edits: what each starts from, and what is checked before a version is stored."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from referral import beds, follow_up, guide, pathways, rules, targets
from referral.errors import OutOfRange
from referral.follow_up.rules import DEFAULTS as FOLLOW_UP_DEFAULTS
from video import rules as consults
from video.errors import OutOfRange as ConsultOutOfRange

READER_FAULTS = (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError)
DEEPEST = 8


class UnsoundRule(Exception):
    """A rule that its reader does not take, or by which nothing would work; `why` says it in words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class RuleKind:
    """One kind.

    Parameters
    ----------
    defaults
        What holds where no row says otherwise: version 0.
    check
        Reads a whole row as its module does, and raises for what could not serve.
    """

    defaults: Mapping[str, Any]
    check: Callable[[Mapping[str, Any]], None]


def _referral(row: Mapping[str, Any]) -> None:
    read = rules.referral_rules(0, row)
    if read.working.opens >= read.working.closes:
        raise OutOfRange("opens", "the day opens before it closes")


def _beds(row: Mapping[str, Any]) -> None:
    beds.bed_rules(0, row)


def _guide(row: Mapping[str, Any]) -> None:
    for each in guide.guide_of(0, row).rows:
        each.speaks_to("county")  # raises for a level that no house has
        if not each.prefix or not each.words.zh:
            raise OutOfRange("rows", "a row names a diagnosis and says something")


def _pathways(row: Mapping[str, Any]) -> None:
    pathways.pathway_rules(0, row)


def _targets(row: Mapping[str, Any]) -> None:
    if targets.target_rules(0, row).most < 1:
        raise OutOfRange("most", "one place at least is offered")


def _follow_up(row: Mapping[str, Any]) -> None:
    follow_up.follow_up_rules(0, row)


def _consult(row: Mapping[str, Any]) -> None:
    read = consults.consult_rules(0, row)
    if read.working.opens >= read.working.closes:
        raise OutOfRange("opens", "the day opens before it closes")


KINDS: Mapping[str, RuleKind] = MappingProxyType(
    {
        rules.REFERRAL: RuleKind(rules.DEFAULTS, _referral),
        beds.BED_PRIORITY: RuleKind(beds.DEFAULTS, _beds),
        guide.GUIDE: RuleKind(guide.DEFAULTS, _guide),
        pathways.PATHWAYS: RuleKind(pathways.DEFAULTS, _pathways),
        targets.TARGETS: RuleKind(targets.DEFAULTS, _targets),
        follow_up.FOLLOW_UP: RuleKind(FOLLOW_UP_DEFAULTS, _follow_up),
        consults.CONSULT: RuleKind(consults.DEFAULTS, _consult),
    }
)


def whole(kind: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with the defaults of what it does not name: what is in force, as somebody edits it.

    A name that a kind no longer has is left out: nobody reads it, and the editor could not write it again.
    """
    return {name: row.get(name, default) for name, default in KINDS[kind].defaults.items()}


def check(kind: str, row: Mapping[str, Any]) -> None:
    """Refuse what its module's reader does not take.

    Raises
    ------
    UnsoundRule
        For a name that the kind does not know, another type than the default's, a number below nothing, or whatever
        the reader refuses.
    """
    defaults = KINDS[kind].defaults
    unknown = sorted(set(row) - set(defaults))
    if unknown:
        raise UnsoundRule(f"unknown: {', '.join(unknown)}")
    for name, value in row.items():
        if _sort(value) != _sort(defaults[name]):
            raise UnsoundRule(f"{name}: {_sort(defaults[name])} expected")
        _sound_numbers(name, value, DEEPEST)
    try:
        KINDS[kind].check(whole(kind, row))
    except (*READER_FAULTS, OutOfRange, ConsultOutOfRange) as fault:
        raise UnsoundRule(f"{type(fault).__name__}: {fault}") from fault


def _sort(value: Any) -> str:
    """Return what sort of value a name has: rows of the database and defaults write lists and maps differently."""
    if isinstance(value, bool):
        return "yes or no"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, Mapping):
        return "a map"
    return "words" if isinstance(value, str) else "a list" if isinstance(value, list | tuple) else "nothing"


def _sound_numbers(name: str, value: Any, depth: int) -> None:
    """Refuse numbers below nothing or without end, wherever they stand in a value."""
    if isinstance(value, int | float) and not (math.isfinite(value) and value >= 0):
        raise UnsoundRule(f"{name}: {value} is no time, share or count")
    inside = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    for each in inside:
        if depth == 0:
            raise UnsoundRule(f"{name}: too deep")
        _sound_numbers(name, each, depth - 1)
