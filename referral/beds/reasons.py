"""The sentences of the rule of the beds: what a patient's family could be shown, Chinese first (PIPL 24).

Nobody else's data is ever in them. Those of the order depend on few small numbers and are kept once made: a county's
queue has ten thousand tickets and some hundred sentences.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from referral.model import Level, Words

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Explanation(NamedTuple):
    """Why: one sentence in both languages, what it was computed from, and by which version of the rule.

    Parameters
    ----------
    inputs
        Plain values only, so that it can be stored and sent as it is.
    """

    zh: str
    en: str
    inputs: Mapping[str, Any]
    rule_version: int


@lru_cache(maxsize=8192)
def score_words(level: Level, ageing: int, priority: int, distance: int, note: str) -> Words:
    """Return the sum as it stands: `Ⅲ级，30 分：等待 10，优先床类别 15，路程 5`.

    Parameters
    ----------
    note
        `provisional` for a category that is still to be verified, `lapsed` where nobody did so in time, else "".
    """
    zh, en = [f"等待 {ageing}"], [f"waiting {ageing}"]
    if priority:
        zh.append(f"优先床类别 {priority}" + ("（待核实）" if note == "provisional" else ""))
        en.append(f"priority category {priority}" + (" (to be verified)" if note == "provisional" else ""))
    if distance:
        zh.append(f"路程 {distance}")
        en.append(f"road {distance}")
    lapsed = note == "lapsed"
    score = ageing + priority + distance
    return Words(
        f"{level.numeral}级，{score} 分：{'，'.join(zh)}" + ("；类别没有按时核实，不计分" if lapsed else ""),
        f"Level {level.numeral}, {score} points: {', '.join(en)}"
        + ("; category not verified in time" if lapsed else ""),
    )


@lru_cache(maxsize=8192)
def overdue_words(level: Level, waited_minutes: int, target: timedelta, *, first: bool) -> Words:
    """Return why an overdue ticket stands before the others of its level: `Ⅲ级里最先：已等 25 时，超过 24 时目标`."""
    waited, limit = duration_words(waited_minutes * MINUTE), duration_words(target)
    head = Words(f"{level.numeral}级里最先", f"First of level {level.numeral}")
    if not first:
        head = Words(f"{level.numeral}级里先于未超时的", f"Level {level.numeral}, before those in time")
    return Words(
        f"{head.zh}：已等 {waited.zh}，超过 {limit.zh}目标", f"{head.en}: waited {waited.en}, target {limit.en}"
    )


@lru_cache(maxsize=64)
def at_once_words(distance: int) -> Words:
    """Return why level Ⅰ stands first; the road decides among several."""
    return Words(
        "Ⅰ级濒危：立即，排在所有 Ⅱ–Ⅳ 级之前，救助类别不计分" + (f"；路程 {distance}" if distance else ""),
        "Level Ⅰ: at once, before every level Ⅱ–Ⅳ; no category counts" + (f"; road {distance}" if distance else ""),
    )


def shown_minutes(wait: timedelta, target: timedelta) -> int:
    """Return the minutes that an overdue sentence shows: whole hours, but every minute of the first hour beyond."""
    if wait < target + HOUR:
        return -(-wait // MINUTE)
    return wait // HOUR * 60


def duration_words(length: timedelta) -> Words:
    """Return a length of time in words: `2 时 24 分`."""
    hours, minutes = divmod(length // MINUTE, 60)
    if not hours:
        return Words(f"{minutes} 分钟", f"{minutes} min")
    return Words(
        f"{hours} 时" + (f" {minutes} 分" if minutes else ""), f"{hours} h" + (f" {minutes} min" if minutes else "")
    )


def clock_words(at: datetime, now: datetime) -> str:
    """Return an instant as the county reads it: `10:57` today, else `11-24 10:57`."""
    local, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    return local.strftime("%H:%M" if local.date() == today.date() else "%m-%d %H:%M")
