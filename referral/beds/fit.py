"""Whether a bed takes a patient at all, and which rule says no; who comes first is the order's matter."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from referral.beds.claims import Claim
from referral.beds.reasons import clock_words
from referral.beds.rules import BedRules
from referral.model import BedKind, BedState, Pool, SexRule, Words
from referral.wards import Bed, BedNow

# Which pools a level may use and in which order (domain.md 4 a-c); the reserved pool is 扶贫床.
GREEN_ORDER = (Pool.EMERGENCY, Pool.GENERAL, Pool.RESERVED)
GREEN_FAVOURED_ORDER = (Pool.EMERGENCY, Pool.RESERVED, Pool.GENERAL)
FAVOURED_ORDER = (Pool.RESERVED, Pool.GENERAL)
OTHERS_ORDER = (Pool.GENERAL,)

DEVICE_ZH: Mapping[str, str] = MappingProxyType({"monitor": "监护仪", "ventilator": "呼吸机", "oxygen": "氧气"})
POOL_WORDS: Mapping[Pool, Words] = MappingProxyType(
    {
        Pool.GENERAL: Words("普通床", "general bed"),
        Pool.RESERVED: Words("优先床", "reserved bed"),
        Pool.EMERGENCY: Words("急诊床", "emergency bed"),
    }
)


class Misfit(NamedTuple):
    """Why not; `rule`: withdrawn, state, bay, department, sex, isolation, monitor, devices, age, obstetric or pool."""

    rule: str
    words: Words


def unfit(claim: Claim, bed_now: BedNow, rules: BedRules, *, now: datetime) -> Misfit | None:
    """Return the first rule that keeps a patient out of a bed, None when the bed may be held for her.

    What stands in the way is asked before what does not suit, and the pool last: a refusal by pool alone means that
    the bed would do, and is kept for others (`NOT_ELIGIBLE`).
    """
    return (
        not_free(bed_now, now) or unsuitable(claim, bed_now.bed, rules) or not_entitled(claim, bed_now.bed, rules, now)
    )


def not_free(bed_now: BedNow, now: datetime) -> Misfit | None:
    """Return what keeps a bed from being promised: a block, a patient, a live hold, cleaning, or its withdrawal."""
    bed = bed_now.bed
    if bed.withdrawn_at is not None and bed.withdrawn_at <= now:
        return Misfit("withdrawn", Words(f"{bed.label} 已撤出", f"{bed.label} is withdrawn"))
    words = _state_words(bed_now, now)
    return None if words is None else Misfit("state", Words(f"{bed.label} {words.zh}", f"{bed.label} {words.en}"))


def _state_words(bed_now: BedNow, now: datetime) -> Words | None:
    state = bed_now.state(now)
    if state is BedState.BLOCKED:
        why = bed_now.bed.blocked_reason
        return Words("停用" + (f"（{why}）" if why else ""), "is blocked" + (f" ({why})" if why else ""))
    if state is BedState.OCCUPIED:
        return Words("已有病人", "is occupied")
    if bed_now.hold is not None and bed_now.hold.keeps(now):
        until = "" if bed_now.hold.ends_at is None else clock_words(bed_now.hold.ends_at, now)
        return Words(f"已留给别人，到 {until}", f"is held until {until}")
    return None if state is BedState.AVAILABLE else Words("待清洁", "is to be cleaned")


def unsuitable(claim: Claim, bed: Bed, rules: BedRules) -> Misfit | None:
    """Return the first of the bed's own rules that a patient does not meet; a bay takes every Ⅰ and Ⅱ."""
    if bed.kind is BedKind.BAY:
        words = Words("抢救位只收 Ⅰ、Ⅱ 级", "a bay is for levels Ⅰ and Ⅱ")
        return None if claim.level.is_green else Misfit("bay", words)
    for name, meets, words_of in _RULES:
        if not meets(claim, bed, rules):
            return Misfit(name, words_of(claim, bed))
    return None


def pool_order(claim: Claim, rules: BedRules, now: datetime) -> tuple[Pool, ...]:
    """Return the pools that a claim may use, first choice first; lending is not in it."""
    favoured = claim.is_favoured(rules, now)
    if claim.level.is_green:
        return GREEN_FAVOURED_ORDER if favoured else GREEN_ORDER
    return FAVOURED_ORDER if favoured else OTHERS_ORDER


def not_entitled(claim: Claim, bed: Bed, rules: BedRules, now: datetime) -> Misfit | None:
    """Return the misfit when the bed's pool is not this claim's."""
    if bed.kind is BedKind.BAY or bed.pool in pool_order(claim, rules, now):
        return None
    if bed.pool is Pool.RESERVED:
        return Misfit("pool", Words("优先床只给优先床类别，空着也留", "reserved beds are for priority categories"))
    return Misfit("pool", Words("急诊床只给 Ⅰ、Ⅱ 级", "emergency beds are for levels Ⅰ and Ⅱ"))


def _meets_department(claim: Claim, bed: Bed, rules: BedRules) -> bool:
    wanted = claim.needs.department
    apart = bed.department in rules.child_departments or bed.department in rules.obstetric_departments
    return bed.department == wanted if wanted else not apart


def _meets_age(claim: Claim, bed: Bed, rules: BedRules) -> bool:
    return bed.department not in rules.child_departments or claim.age is None or claim.age <= rules.child_last_year


def _meets_obstetric(claim: Claim, bed: Bed, rules: BedRules) -> bool:
    return bed.department not in rules.obstetric_departments or claim.sex != "male"


def _meets_sex(claim: Claim, bed: Bed, _rules: BedRules) -> bool:
    return bed.sex is SexRule.BOTH or bed.sex.value == claim.sex


def _meets_isolation(claim: Claim, bed: Bed, _rules: BedRules) -> bool:
    return bed.isolation or not claim.needs.isolation


def _meets_monitor(claim: Claim, bed: Bed, _rules: BedRules) -> bool:
    return bed.monitored or not claim.needs.icu


def _lacking(claim: Claim, bed: Bed) -> tuple[str, ...]:
    there = {*bed.devices, *(("monitor",) if bed.monitored else ())}
    return tuple(device for device in claim.needs.devices if device not in there)


def _meets_devices(claim: Claim, bed: Bed, _rules: BedRules) -> bool:
    return not _lacking(claim, bed)


def _department_words(claim: Claim, bed: Bed) -> Words:
    zh = f"{bed.label} 是{bed.department}的床，要的是{claim.needs.department or '普通科室'}"
    return Words(zh, f"{bed.label} belongs to {bed.department}, wanted: {claim.needs.department or 'a common ward'}")


def _sex_words(_claim: Claim, bed: Bed) -> Words:
    zh, en = ("男", "men") if bed.sex is SexRule.MALE else ("女", "women")
    return Words(f"{bed.label} 限{zh}", f"{bed.label} is for {en}")


def _device_words(claim: Claim, bed: Bed) -> Words:
    lacking = _lacking(claim, bed)
    zh = "、".join(DEVICE_ZH.get(device, device) for device in lacking)
    return Words(f"{bed.label} 没有{zh}", f"{bed.label} lacks {', '.join(lacking)}")


_Meets = Callable[[Claim, Bed, BedRules], bool]
_WordsOf = Callable[[Claim, Bed], Words]
_RULES: tuple[tuple[str, _Meets, _WordsOf], ...] = (
    ("department", _meets_department, _department_words),
    ("age", _meets_age, lambda _, bed: Words(f"{bed.label} 是儿童床", f"{bed.label} is for children")),
    ("obstetric", _meets_obstetric, lambda _, bed: Words(f"{bed.label} 是产科床", f"{bed.label} is for women")),
    ("sex", _meets_sex, _sex_words),
    ("isolation", _meets_isolation, lambda _, bed: Words(f"{bed.label} 不能隔离", f"{bed.label} has no isolation")),
    ("monitor", _meets_monitor, lambda _, bed: Words(f"{bed.label} 没有监护", f"{bed.label} is not monitored")),
    ("devices", _meets_devices, _device_words),
)
