"""Time-critical pathways: their own clocks beside the ticket's deadlines, and who prepares in parallel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from referral.model import Pathway, Words
from referral.tickets import Ticket, TicketState

PATHWAYS = "pathways"

# Marks between which clocks run. `onset`, `contact`, `departure` and `arrival` are read from the ticket; the others are
# what the record or a person says happened.
ONSET, CONTACT, DEPARTURE, ARRIVAL = "onset", "contact", "departure", "arrival"


def _clock(code: str, span: tuple[str, str], minutes: int, zh: str, en: str) -> Mapping[str, Any]:
    return {"code": code, "begins": span[0], "ends": span[1], "minutes": minutes, "zh": zh, "en": en}


def _alert(department: str, roles: Sequence[str], zh: str, en: str) -> Mapping[str, Any]:
    return {"department": department, "roles": list(roles), "zh": zh, "en": en}


_ED = _alert("急诊", ("referral-desk", "ward-nurse"), "急诊备抢救间", "emergency department: clear a bay")

# [K] norms of chest-pain and stroke centres; [P] where a county has none. A county changes them by a row.
DEFAULTS: Mapping[str, Any] = MappingProxyType(
    {
        "chest-pain": {
            "clocks": [
                _clock("contact-to-ecg", (CONTACT, "ecg"), 10, "首次接触→心电图", "first contact to ECG"),  # [K]
                _clock("ecg-sent", ("ecg", "ecg-received"), 10, "心电图→传输", "ECG to transmission"),  # [K]
                _clock("door-in-door-out", (CONTACT, DEPARTURE), 30, "首诊→转出", "door in, door out"),  # [K]
                _clock("door-to-wire", (ARRIVAL, "catheter"), 90, "到院→导丝通过", "arrival to catheter"),  # [K]
                _clock("contact-to-wire", (CONTACT, "catheter"), 120, "首次接触→导丝通过", "first contact to catheter"),
            ],
            "alerts": [
                _alert("心内", ("consultant",), "心内科值班医师", "cardiologist on duty"),
                _alert("导管室", ("ward-nurse",), "启动导管室", "activate the catheter laboratory"),
                _alert("CCU", ("ward-nurse",), "CCU 备床", "CCU: prepare a bed"),
                _ED,
            ],
        },
        "stroke": {
            "clocks": [
                _clock("door-in-door-out", (CONTACT, DEPARTURE), 60, "首诊→转出", "door in, door out"),  # [P]
                _clock("door-to-ct", (ARRIVAL, "ct"), 25, "到院→CT", "arrival to CT"),  # [K]
                _clock("door-to-needle", (ARRIVAL, "thrombolysis"), 60, "到院→溶栓", "arrival to needle"),  # [K]
                _clock("onset-to-needle", (ONSET, "thrombolysis"), 270, "发病→溶栓", "onset to needle"),  # [K] 4.5 h
                _clock(
                    "door-to-groin", (ARRIVAL, "puncture"), 90, "到院→股动脉穿刺", "arrival to groin puncture"
                ),  # [K]
            ],
            "alerts": [
                _alert("神内", ("consultant",), "神经内科值班医师", "neurologist on duty"),
                _alert("CT室", ("technician",), "CT 室空台等候", "CT: keep the table free"),
                _alert(
                    "检验", ("reporting-physician",), "检验科急查凝血、血糖", "laboratory: clotting and glucose at once"
                ),
                _ED,
            ],
        },
        "trauma": {
            "clocks": [
                _clock("door-in-door-out", (CONTACT, DEPARTURE), 30, "首诊→转出", "door in, door out"),  # [P]
                _clock("team-at-door", (ARRIVAL, "team"), 5, "到院→创伤团队到位", "arrival to trauma team"),  # [P]
                _clock("door-to-ct", (ARRIVAL, "ct"), 30, "到院→CT/FAST", "arrival to CT or FAST"),  # [K]
                _clock("door-to-theatre", (ARRIVAL, "theatre"), 60, "到院→手术室", "arrival to theatre"),  # [K]
            ],
            "alerts": [
                _alert("外科", ("consultant",), "创伤外科值班医师", "trauma surgeon on duty"),
                _alert("手术室", ("ward-nurse",), "手术室备台", "theatre: prepare a table"),
                _alert("输血科", ("reporting-physician",), "输血科备血", "blood bank: prepare blood"),
                _ED,
            ],
        },
        "obstetric": {
            "clocks": [
                _clock("door-in-door-out", (CONTACT, DEPARTURE), 30, "首诊→转出", "door in, door out"),  # [P]
                _clock("team-at-door", (ARRIVAL, "team"), 5, "到院→产科团队到位", "arrival to obstetric team"),  # [P]
                _clock(
                    "door-to-delivery", (ARRIVAL, "delivery"), 30, "到院→终止妊娠", "arrival to delivery"
                ),  # [K] DDI 30
                _clock("door-to-blood", (ARRIVAL, "transfusion"), 30, "到院→输血", "arrival to transfusion"),  # [P]
            ],
            "alerts": [
                _alert("产科", ("consultant",), "产科值班医师", "obstetrician on duty"),
                _alert("手术室", ("ward-nurse",), "手术室备台", "theatre: prepare a table"),
                _alert("输血科", ("reporting-physician",), "输血科备血", "blood bank: prepare blood"),
                _alert("新生儿", ("consultant",), "新生儿科到场", "neonatologist: come to theatre"),
                _ED,
            ],
        },
    }
)


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A clock of a pathway: from one mark to another within a span."""

    code: str
    begins: str
    ends: str
    limit: timedelta
    words: Words


@dataclass(frozen=True, slots=True)
class Alert:
    """Who is told at once, beside the desk, so that everything is ready at the door."""

    department: str
    roles: tuple[str, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class PathwayRule:
    """One pathway's clocks and alerts, with the version of the row."""

    version: int
    clocks: tuple[ClockRule, ...]
    alerts: tuple[Alert, ...]


@dataclass(frozen=True, slots=True)
class PathwayClock:
    """A clock as it stands: it runs from `begun_at`, is due at `due_at`, and stopped at `ended_at`."""

    code: str
    words: Words
    begun_at: datetime
    due_at: datetime
    ended_at: datetime | None

    def is_late(self, now: datetime) -> bool:
        """Tell whether it ended, or still runs, after it was due."""
        return (self.ended_at or now) > self.due_at


def pathway_rules(version: int, row: Mapping[str, Any]) -> Mapping[Pathway, PathwayRule]:
    """Return the pathways of a row; one that it does not name is the default's."""
    data = {**DEFAULTS, **row}
    return {pathway: _pathway(version, data[pathway.value]) for pathway in Pathway}


def _pathway(version: int, data: Mapping[str, Any]) -> PathwayRule:
    return PathwayRule(
        version,
        tuple(
            ClockRule(c["code"], c["begins"], c["ends"], timedelta(minutes=c["minutes"]), Words(c["zh"], c["en"]))
            for c in data["clocks"]
        ),
        tuple(Alert(a["department"], tuple(a["roles"]), Words(a["zh"], a["en"])) for a in data["alerts"]),
    )


def marks_of(ticket: Ticket) -> Mapping[str, datetime]:
    """Return the marks that a ticket itself knows; the first contact is when it was written, not when it came in."""
    known = {
        ONSET: ticket.package.onset_at,
        CONTACT: ticket.created_at,
        DEPARTURE: ticket.timeline.get(TicketState.EN_ROUTE.value),
        ARRIVAL: ticket.timeline.get(TicketState.ARRIVED.value),
    }
    return {mark: at for mark, at in known.items() if at is not None}


def clocks_of(
    ticket: Ticket, rules: Mapping[Pathway, PathwayRule], marks: Mapping[str, datetime] = MappingProxyType({})
) -> tuple[PathwayClock, ...]:
    """Return the clocks of a ticket's pathway that have begun, the next to be due first; none without a pathway.

    Parameters
    ----------
    marks
        What else is known: `ecg`, `ct`, `catheter` …; it goes before what the ticket knows.
    """
    if ticket.pathway is None:
        return ()
    known = {**marks_of(ticket), **marks}
    clocks = [
        PathwayClock(rule.code, rule.words, known[rule.begins], known[rule.begins] + rule.limit, known.get(rule.ends))
        for rule in rules[ticket.pathway].clocks
        if rule.begins in known
    ]
    return tuple(sorted(clocks, key=lambda clock: (clock.ended_at is not None, clock.due_at)))
