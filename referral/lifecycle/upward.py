"""How an upward or lateral ticket moves (lifecycles.md b): who may, what has to hold, which deadline begins."""

from referral.table import BACK, SAME, Row
from referral.tickets import TicketState

S = TicketState

SENDER, SENDER_LEAD, DESK, DOCTOR, WARD = "sender", "sender_lead", "desk", "doctor", "ward"
LEAD, FAMILY, SYSTEM = "lead", "family", "system"

SENDING = (SENDER, SENDER_LEAD)
RECEIVING = (DESK, DOCTOR, LEAD)

BEFORE_ARRIVAL = (S.SENT, S.RECEIVED, S.INFO_NEEDED, S.ACCEPTED, S.BED_HELD, S.EN_ROUTE)
PROMISED = (S.ACCEPTED, S.BED_HELD, S.EN_ROUTE)
LIVE = (
    S.DRAFT,
    *BEFORE_ARRIVAL,
    S.ARRIVED,
    S.ADMITTED,
    S.DISCHARGED,
    S.OUTCOME_SENT,
    S.CANCEL_REQUESTED,
)

UP_TABLE: tuple[Row[TicketState], ...] = (
    Row((S.DRAFT,), "send", S.SENT, SENDING, ("complete",), "open"),
    # A ticket that is raised to Ⅰ or Ⅱ while it is looked at is accepted as one that was sent so.
    Row((S.SENT, S.RECEIVED, S.INFO_NEEDED), "system-accept", S.ACCEPTED, (SYSTEM,), ("green", "place"), "acknowledge"),
    Row((S.SENT,), "open", S.RECEIVED, RECEIVING, (), "decide"),
    Row((S.RECEIVED,), "ask", S.INFO_NEEDED, RECEIVING, ("words", "rounds"), "info"),
    Row((S.INFO_NEEDED,), "answer", S.RECEIVED, SENDING, (), "decide"),
    Row((S.RECEIVED,), "advise", S.ADVISED, (DOCTOR, DESK), ("deferrable", "words")),
    Row((S.RECEIVED,), "accept", S.ACCEPTED, RECEIVING, (), "place"),
    Row((S.RECEIVED,), "decline", S.DECLINED, RECEIVING, ("deferrable", "reason")),
    Row((S.RECEIVED, S.ACCEPTED), "redirect", S.REDIRECTED, RECEIVING, ("deferrable", "reason", "successor")),
    Row((S.RECEIVED, S.ACCEPTED), "redirect", S.REDIRECTED, (LEAD,), ("green", "place-here", "reason", "successor")),
    Row((S.ACCEPTED,), "hold-bed", S.BED_HELD, (DESK, LEAD, SYSTEM), ("hold",), "depart"),
    # On the way to the emergency bay, or in it, a bed may still be found.
    Row((S.EN_ROUTE, S.ARRIVED), "hold-bed", SAME, (DESK, LEAD, SYSTEM), ("unheld", "hold")),
    Row((S.BED_HELD,), "hold-expired", S.ACCEPTED, (SYSTEM,), (), "place"),
    Row((S.EN_ROUTE, S.ARRIVED), "hold-expired", SAME, (SYSTEM,), ("held", "may-expire")),
    Row((S.CANCEL_REQUESTED,), "hold-expired", SAME, (SYSTEM,), ("held",)),
    Row((S.BED_HELD,), "release-hold", S.ACCEPTED, (DESK, LEAD, SYSTEM), (), "place"),
    Row(
        (S.EN_ROUTE, S.ARRIVED, S.CANCEL_REQUESTED),
        "release-hold",
        SAME,
        (DESK, LEAD, SYSTEM),
        ("held", "reason"),
    ),
    Row((S.BED_HELD,), "hold-pre-empted", S.ACCEPTED, (DESK, LEAD), ("yields",), "place"),
    Row((S.EN_ROUTE, S.CANCEL_REQUESTED), "hold-pre-empted", SAME, (DESK, LEAD), ("held", "yields")),
    Row((S.BED_HELD,), "depart", S.EN_ROUTE, SENDING, (), "arrival"),
    Row((S.ACCEPTED,), "depart", S.EN_ROUTE, SENDING, ("place",), "arrival"),
    Row((S.BED_HELD, S.EN_ROUTE), "arrive", S.ARRIVED, (DESK, WARD, DOCTOR), (), "admit"),
    # Whoever stands at the door is received, though nobody had the time to press "depart".
    Row((S.ACCEPTED,), "arrive", S.ARRIVED, (DESK, WARD, DOCTOR), ("place",), "admit"),
    Row((S.ARRIVED,), "admit", S.ADMITTED, (WARD, DOCTOR), ("bed",), "stay"),
    Row((S.ARRIVED,), "treat-and-release", S.DISCHARGED, (DOCTOR,), (), "outcome"),
    Row((S.ADMITTED,), "discharge", S.DISCHARGED, (WARD, DOCTOR, SYSTEM), (), "outcome"),  # a cloud ward took him over
    Row((S.DISCHARGED,), "send-outcome", S.OUTCOME_SENT, (DOCTOR, DESK), ("outcome",), "close"),
    Row((S.OUTCOME_SENT,), "close", S.CLOSED, SENDING),
    Row((S.DRAFT,), "cancel", S.CANCELLED, SENDING),
    Row(BEFORE_ARRIVAL, "cancel", S.CANCEL_REQUESTED, SENDING, ("reason",), "cancel"),
    Row((S.CANCEL_REQUESTED,), "confirm-cancel", S.CANCELLED, RECEIVING),
    Row((S.CANCEL_REQUESTED,), "refuse-cancel", BACK, RECEIVING),
    Row(LIVE, "die", S.DIED, (SENDER, DESK, DOCTOR, WARD)),
    Row((S.BED_HELD, S.EN_ROUTE), "not-arrived", S.NOT_ARRIVED, RECEIVING),
    Row(
        (S.DRAFT, *BEFORE_ARRIVAL, S.CANCEL_REQUESTED),
        "admitted-elsewhere",
        S.ADMITTED_ELSEWHERE,
        (SENDER, *RECEIVING, SYSTEM),
    ),
    Row(PROMISED, "acknowledge", SAME, RECEIVING, ("green", "unacknowledged")),
    Row(
        (*BEFORE_ARRIVAL, S.ARRIVED),
        "retriage",
        SAME,
        (SENDER, DESK, DOCTOR, WARD, LEAD, SYSTEM),
        ("level", "not-lower", "not-forced"),
    ),
    Row((*BEFORE_ARRIVAL, S.ARRIVED), "retriage", SAME, (SENDER, DOCTOR), ("level", "not-forced", "reason")),
    Row((S.SENT, S.RECEIVED, S.INFO_NEEDED, S.ACCEPTED, S.EN_ROUTE), "override", SAME, RECEIVING, ("reason",)),
    Row((S.DRAFT, *BEFORE_ARRIVAL, S.ARRIVED), "edit", SAME, SENDING),
    Row((S.ADMITTED, S.DISCHARGED, S.OUTCOME_SENT), "refer-down", SAME, (*RECEIVING, WARD)),
)
