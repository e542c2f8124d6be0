"""Which centre reads a study, until when, and the sentence that says why. Pure: rows in, a decision out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from dicom.model import Agreement, Centre, Kind, Priority, Reason

SHANGHAI = ZoneInfo("Asia/Shanghai")

# Objects that accompany a study and do not decide who reads it (PS3.3 C.7.3.1.1.1, defined terms of Modality).
COMPANIONS = frozenset({"SR", "KO", "PR", "SEG", "DOC", "REG", "RWV", "AU", "FID", "PLAN", "RTSTRUCT"})
ECG_MODALITIES = frozenset({"ECG", "HD", "EPS"})
RADIOLOGY_MODALITIES = frozenset({"DX", "CR", "CT", "MR", "MG", "RF", "XA", "PX", "IO", "DXR", "RG"})

PRIORITY_ZH: Mapping[Priority, str] = MappingProxyType(
    {Priority.EMERGENCY: "急诊", Priority.URGENT: "加急", Priority.ROUTINE: "常规"}
)
KIND_ZH: Mapping[Kind, str] = MappingProxyType(
    {Kind.ECG: "心电", Kind.RADIOLOGY: "放射", Kind.IMAGING: "影像", Kind.LAB: "检验"}
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many minutes a centre has; an empty modality stands for every one of the kind."""

    kind: Kind
    priority: Priority
    minutes: int
    modality: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The rule row in force, with its version.

    Parameters
    ----------
    wait_for_opening
        Whether a closed centre without a fallback keeps what may wait until it opens; else it is no route.
    """

    version: int
    limits: tuple[Limit, ...]
    wait_for_opening: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be routed."""

    organization_id: str
    priority: Priority
    modalities: tuple[str, ...]
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """A decision: the centre, the minutes it has, from when the clock runs, and why."""

    centre: Centre
    limit_minutes: int
    opens_at: datetime
    reason: Reason
    rule_version: int

    @property
    def due_at(self) -> datetime:
        """Return when the answer is due for what is complete when the clock begins."""
        return self.opens_at + timedelta(minutes=self.limit_minutes)


@dataclass(frozen=True, slots=True)
class NoRoute:
    """Nobody reads this now; a person has to decide. `code` is NO_CENTRE, AGREEMENT_REQUIRED or CLOSED."""

    code: str
    reason: Reason
    rule_version: int


def deciding_modality(modalities: Sequence[str]) -> str:
    """Return the modality that decides who reads; "" when there are only companions."""
    return next((m for m in modalities if m and m not in COMPANIONS), "")


def kind_of(modalities: Sequence[str], centres: Sequence[Centre]) -> Kind:
    """Return what kind of reading a study needs: by the centres' modality lists, else by the standard's words."""
    modality = deciding_modality(modalities)
    for centre in centres:
        if modality and modality in centre.modalities:
            return centre.kind
    if modality in ECG_MODALITIES:
        return Kind.ECG
    return Kind.RADIOLOGY if modality in RADIOLOGY_MODALITIES else Kind.IMAGING


def limit_minutes(rules: Rules, kind: Kind, modality: str, priority: Priority) -> int:
    """Return the minutes of the most exact rule row; a day when no row speaks of the kind."""
    exact = [r for r in rules.limits if r.kind is kind and r.priority is priority and r.modality == modality]
    general = [r for r in rules.limits if r.kind is kind and r.priority is priority and not r.modality]
    return next((r.minutes for r in (*exact, *general)), 24 * 60)


def is_open(centre: Centre, priority: Priority, at: datetime) -> bool:
    """Tell whether a centre reads at this moment; emergencies round the clock where it says so."""
    if priority is Priority.EMERGENCY and centre.emergency_round_the_clock:
        return True
    local = at.astimezone(SHANGHAI)
    if local.isoweekday() not in centre.weekdays:
        return False
    return _clock(centre.opens) <= _minute_of(local) < _clock(centre.closes)


def next_opening(centre: Centre, at: datetime) -> datetime | None:
    """Return when a closed centre opens next, None when it never does."""
    local = at.astimezone(SHANGHAI)
    for days in range(8):
        day = (local + timedelta(days=days)).date()
        opening = datetime.combine(day, time(*divmod(_clock(centre.opens), 60)), SHANGHAI)
        if day.isoweekday() in centre.weekdays and opening > local:
            return opening.astimezone(at.tzinfo)
    return None


def agreement_for(
    question: Question, centre: Centre, agreements: Sequence[Agreement], at: datetime
) -> Agreement | None:
    """Return the valid agreement that covers the centre's service for the sender (国卫医发〔2018〕25号), or None."""
    today = at.astimezone(SHANGHAI).date()
    for agreement in agreements:
        parties = (agreement.from_organization_id, agreement.to_organization_id)
        in_force = agreement.valid_from <= today and (agreement.valid_to is None or today <= agreement.valid_to)
        covered = centre.kind.value in agreement.services
        if parties == (question.organization_id, centre.organization_id) and in_force and covered:
            return agreement
    return None


def route(
    question: Question,
    centres: Sequence[Centre],
    agreements: Sequence[Agreement],
    rules: Rules,
    *,
    organizations: Mapping[str, str],
    now: datetime,
) -> Route | NoRoute:
    """Decide who reads.

    Parameters
    ----------
    organizations
        Names of organizations by id, for the sentence.
    """
    modality = deciding_modality(question.modalities)
    kind = kind_of(question.modalities, centres) if modality else question.kind
    able = [c for c in centres if c.kind is kind and (not modality or modality in c.modalities)]
    subject = modality or (KIND_ZH[kind] if kind else "?")
    if not able:
        zh, en = f"没有中心读 {subject}，请人工指定", f"no centre reads {subject}; a person decides"
        return NoRoute("NO_CENTRE", Reason(zh, en), rules.version)
    allowed = [(c, a) for c in able if (a := _ground(question, c, agreements, now)) is not None]
    if not allowed:
        zh = f"{subject}：没有有效的合作协议包含这项服务，请人工指定"
        return NoRoute(
            "AGREEMENT_REQUIRED",
            Reason(zh, f"{subject}: no valid agreement covers this service; a person decides"),
            rules.version,
        )
    return _by_hours(question, subject, allowed, centres, rules, organizations, now)


def _ground(question: Question, centre: Centre, agreements: Sequence[Agreement], now: datetime) -> str | None:
    if centre.organization_id == question.organization_id:
        return ""
    agreement = agreement_for(question, centre, agreements, now)
    return agreement.id if agreement else None


def _by_hours(  # noqa: PLR0917 - one decision in two functions
    question: Question,
    subject: str,
    allowed: Sequence[tuple[Centre, str]],
    centres: Sequence[Centre],
    rules: Rules,
    organizations: Mapping[str, str],
    now: datetime,
) -> Route | NoRoute:
    modality, priority = deciding_modality(question.modalities), question.priority
    for first, ground in allowed:
        for centre in _with_fallbacks(first, centres):
            if is_open(centre, priority, now):
                hours = _hours_words(centre, priority, fallback=centre is not first)
                reason = _sentence(subject, centre, ground, hours, organizations)
                return Route(centre, limit_minutes(rules, centre.kind, modality, priority), now, reason, rules.version)
    centre, ground = allowed[0]
    opening = next_opening(centre, now)
    if rules.wait_for_opening and opening is not None:
        at = opening.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
        hours = Reason(f"现在不当班，{at} 开门后起算", f"closed now, the clock starts when it opens {at}")
        minutes = limit_minutes(rules, centre.kind, modality, priority)
        return Route(centre, minutes, opening, _sentence(subject, centre, ground, hours, organizations), rules.version)
    zh, en = f"{centre.name}现在不当班，也没有备班中心，请人工指定", f"{centre.name} is closed and has no fallback"
    return NoRoute("CLOSED", Reason(f"{subject}：{zh}", f"{subject}: {en}"), rules.version)


def _with_fallbacks(first: Centre, centres: Sequence[Centre]) -> list[Centre]:
    chain, by_id = [first], {c.id: c for c in centres}
    while (following := by_id.get(chain[-1].fallback_centre_id or "")) is not None and following not in chain:
        chain.append(following)
    return chain


def _hours_words(centre: Centre, priority: Priority, *, fallback: bool) -> Reason:
    by = Reason("备班", "the fallback ") if fallback else Reason("", "")
    if priority is Priority.EMERGENCY and centre.emergency_round_the_clock:
        return Reason(f"{by.zh}急诊全天值班", f"{by.en}emergencies are read round the clock")
    hours = f"{centre.opens}–{centre.closes}"
    return Reason(f"{by.zh}当班 {hours}", f"{by.en}on duty {hours}")


def _sentence(subject: str, centre: Centre, ground: str, hours: Reason, organizations: Mapping[str, str]) -> Reason:
    place = organizations.get(centre.organization_id, centre.organization_id)
    basis_zh = f"协议 {ground} 有效" if ground else "本院检查"
    basis_en = f"agreement {ground} is valid" if ground else "a study of this hospital"
    return Reason(
        f"{subject} → {centre.name}（{place}）；{basis_zh}；{hours.zh}",
        f"{subject} → {centre.name} ({place}); {basis_en}; {hours.en}",
    )


def _clock(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _minute_of(local: datetime) -> int:
    return local.hour * 60 + local.minute


def by_hand(centre: Centre, minutes: int, who: str, why: str, *, rule_version: int, now: datetime) -> Route:
    """Return the route that a person chose, with her name and reason in the sentence."""
    reason = Reason(f"{who}指定 → {centre.name}：{why}", f"chosen by {who} → {centre.name}: {why}")
    return Route(centre, minutes, now, reason, rule_version)


def limits_of(row: Mapping[str, Any]) -> tuple[Limit, ...]:
    """Return the limits of a `turnaround` rule row: `{limits: [{kind, modality?, emergency, urgent, routine}]}`."""
    return tuple(
        Limit(Kind(entry["kind"]), priority, int(entry[priority.value]), entry.get("modality", ""))
        for entry in row["limits"]
        for priority in Priority
        if priority.value in entry
    )
