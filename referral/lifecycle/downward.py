"""How a downward ticket moves (lifecycles.md b): the hospital hands over, the township checks and takes over.

The sender is the hospital here; desk, doctor, family doctor and lead are those of the township.
"""

from referral.lifecycle.upward import DESK, DOCTOR, FAMILY, LEAD, SENDER, SENDING, SYSTEM
from referral.table import SAME, Row
from referral.tickets import TicketState

S = TicketState

TOWNSHIP = (DESK, DOCTOR, FAMILY, LEAD)

DOWN_TABLE: tuple[Row[TicketState], ...] = (
    Row((S.DRAFT,), "send", S.HANDED_OVER, SENDING, ("complete", "stable", "plan"), "handed-over"),
    Row((S.HANDED_OVER,), "ask", S.INFO_NEEDED, TOWNSHIP, ("words", "rounds"), "info"),
    Row((S.INFO_NEEDED,), "answer", S.HANDED_OVER, SENDING, (), "handed-over"),
    Row((S.HANDED_OVER,), "decline", S.DRAFT, TOWNSHIP, ("reason",), "draft"),
    Row((S.HANDED_OVER,), "take-over", S.TAKEN_OVER, TOWNSHIP, ("capability",), "visit"),
    Row((S.TAKEN_OVER,), "first-visit", S.FIRST_VISIT_DONE, (FAMILY, DOCTOR), (), "first-visit-done"),
    Row((S.FIRST_VISIT_DONE,), "close", S.CLOSED, (FAMILY, DOCTOR, LEAD)),
    Row((S.DRAFT,), "cancel", S.CANCELLED, SENDING),
    # Nobody has taken over yet: the hospital withdraws without asking.
    Row((S.HANDED_OVER, S.INFO_NEEDED), "cancel", S.CANCELLED, SENDING, ("reason",)),
    Row(
        (S.DRAFT, S.HANDED_OVER, S.INFO_NEEDED, S.TAKEN_OVER, S.FIRST_VISIT_DONE),
        "die",
        S.DIED,
        (SENDER, DESK, DOCTOR, FAMILY),
    ),
    # Back in a hospital before this ticket was closed: the way home has ended.
    Row(
        (S.HANDED_OVER, S.INFO_NEEDED, S.TAKEN_OVER, S.FIRST_VISIT_DONE),
        "admitted-elsewhere",
        S.ADMITTED_ELSEWHERE,
        (SENDER, *TOWNSHIP, SYSTEM),
    ),
    Row((S.DRAFT, S.HANDED_OVER, S.INFO_NEEDED), "edit", SAME, SENDING),
)
