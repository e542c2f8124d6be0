"""The guide of tiered care (分级诊疗指南): which level treats a disease in which phase; rows that a county edits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from referral.guide_seed import SEED
from referral.model import Diagnosis, Words

GUIDE = "tiered-guide"

DEFAULTS: Mapping[str, Any] = MappingProxyType({"rows": SEED})

RANK: Mapping[str, int] = MappingProxyType({"village": 0, "township": 1, "county": 2, "higher": 3})


class Advice(StrEnum):
    """What the guide says to a level of care."""

    KEEP = "keep"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class GuideRow:
    """One row: for diagnoses of a prefix in a phase, this level keeps, sends up or sends down.

    Parameters
    ----------
    prefix
        Beginning of an ICD-10 code, `J06.9`, `I21`.
    phase
        `acute`, `complicated`, `stable`, `rehabilitation`, `palliative`; "" is any.
    level
        `village`, `township`, `county` or `higher`. What it keeps, higher levels can keep too; what it sends up, lower
        ones send up; what it sends down, higher ones do.
    """

    prefix: str
    phase: str
    advice: Advice
    level: str
    words: Words
    specialty: str = ""

    def speaks_to(self, kind: str) -> bool:
        """Tell whether the row speaks to a level of care."""
        here, there = RANK.get(kind), RANK[self.level]
        if here is None:
            return False
        return here <= there if self.advice is Advice.UP else here >= there


@dataclass(frozen=True, slots=True)
class Guide:
    """The rows in force, with their version."""

    version: int
    rows: tuple[GuideRow, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guide says of one patient to one sender."""

    advice: Advice
    level: str
    words: Words
    rule_version: int

    @property
    def keeps(self) -> bool:
        """Tell whether the sender's own level treats this: to go on needs a written reason (`WITHIN_BASE_SCOPE`)."""
        return self.advice is Advice.KEEP


def guide_of(version: int, row: Mapping[str, Any]) -> Guide:
    """Return the guide of a row: its `rows` in the place of the seed, where it has any."""
    rows: Sequence[Mapping[str, str]] = row.get("rows", DEFAULTS["rows"])
    return Guide(
        version,
        tuple(
            GuideRow(
                prefix=each["prefix"].strip().upper(),
                phase=each.get("phase", ""),
                advice=Advice(each["advice"]),
                level=each["level"],
                words=Words(each["zh"], each["en"]),
                specialty=each.get("specialty", ""),
            )
            for each in rows
        ),
    )


def judge(diagnosis: Diagnosis, phase: str, kind_of_sender: str, guide: Guide) -> Verdict | None:
    """Return what the guide says, None where it says nothing to this level about this disease in this phase.

    The longest prefix wins, then the row that names the phase. A row for a phase is silent where nobody named it.
    """
    code = diagnosis.code.strip().upper()
    matching = [
        row
        for row in guide.rows
        if row.prefix and code.startswith(row.prefix) and row.phase in {"", phase} and row.speaks_to(kind_of_sender)
    ]
    if not matching:
        return None
    best = max(matching, key=lambda row: (len(row.prefix), bool(row.phase)))
    return Verdict(best.advice, best.level, best.words, guide.version)
