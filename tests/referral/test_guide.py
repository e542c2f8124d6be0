"""The guide of tiered care speaks to a level about a disease in a phase, and is silent where it has no row."""

import re

import pytest

from referral.guide import DEFAULTS, Advice, guide_of, judge
from referral.model import Diagnosis

SEED = guide_of(0, {})


def said(code: str, kind: str = "township", phase: str = "") -> Advice | None:
    verdict = judge(Diagnosis(code, "ICD-10", ""), phase, kind, SEED)
    return verdict.advice if verdict else None


@pytest.mark.parametrize("code", ["J00.x00", "J06.900", "j06.9", "I10.x00x002", "E11.900"])
def test_a_township_keeps_what_is_within_its_scope(code: str) -> None:
    assert said(code) is Advice.KEEP


def test_an_uncomplicated_cold_is_kept_and_the_words_say_so_in_both_languages() -> None:
    verdict = judge(Diagnosis("J06.900", "ICD-10", "急性上呼吸道感染"), "", "township", guide_of(5, {}))
    assert verdict is not None
    assert (verdict.keeps, verdict.rule_version) == (True, 5)
    assert "上呼吸道" in verdict.words.zh
    assert "respiratory" in verdict.words.en


@pytest.mark.parametrize(
    ("code", "kind", "phase", "advice"),
    [
        ("I21.900", "township", "", Advice.UP),
        ("I21.900", "village", "acute", Advice.UP),
        ("I21.900", "county", "rehabilitation", Advice.DOWN),
        ("I21.900", "county", "", None),  # the county treats it: nothing is said against M01
        ("I21.900", "township", "rehabilitation", Advice.UP),  # a row for the county's phase says nothing to it
        ("I10.x00", "township", "acute", Advice.UP),
        ("I10.x00", "county", "", Advice.KEEP),
        ("I71.000", "county", "", Advice.UP),
        ("J06.900", "township", "complicated", Advice.UP),
        ("C34.900", "county", "palliative", Advice.DOWN),
        ("Z99.900", "township", "", None),
        ("", "township", "", None),
        ("J06.900", "bureau", "", None),
    ],
)
def test_phase_and_level_decide(code: str, kind: str, phase: str, advice: Advice | None) -> None:
    assert said(code, kind, phase) is advice


def test_the_longest_prefix_wins_then_the_row_that_names_the_phase() -> None:
    rows = [
        {"prefix": "J", "advice": "up", "level": "township", "zh": "a", "en": "a"},
        {"prefix": "J", "phase": "stable", "advice": "down", "level": "township", "zh": "d", "en": "d"},
        {"prefix": "J06.9", "advice": "keep", "level": "township", "zh": "b", "en": "b"},
        {"prefix": "J06.9", "phase": "acute", "advice": "up", "level": "township", "zh": "c", "en": "c"},
    ]
    guide = guide_of(2, {"rows": rows})
    cold = Diagnosis("J06.900", "ICD-10", "")
    told = {phase: judge(cold, phase, "township", guide) for phase in ("", "stable", "acute")}
    assert {phase: verdict and verdict.words.zh for phase, verdict in told.items()} == {
        "": "b",
        "stable": "b",
        "acute": "c",
    }
    assert judge(Diagnosis("K29.500", "ICD-10", ""), "", "township", guide) is None, "a row replaces the seed"


def test_the_seed_is_useful() -> None:
    rows = DEFAULTS["rows"]
    assert len(rows) >= 40
    assert len({row["specialty"] for row in rows}) == 12
    assert len({(row["prefix"], row["phase"]) for row in rows}) == len(rows), "no two rows contradict each other"
    assert all(re.fullmatch(r"[A-Z](\d{2}(\.\d)?)?", row["prefix"]) for row in rows)
    assert all(re.search(r"[\u4e00-\u9fff]", row["zh"]) and row["en"] for row in rows)
    assert {row["advice"] for row in rows} == {"keep", "up", "down"}
