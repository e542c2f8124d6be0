"""How a consult moves (lifecycles.md d): who may, what has to hold, which deadline begins."""

from video.consults import ConsultState
from video.table import SAME, Row

S = ConsultState

SENDER, SENDER_LEAD, DESK, LEAD = "sender", "sender_lead", "desk", "lead"
EXPERT, HOST, PATIENT, SYSTEM = "expert", "host", "patient", "system"

SENDING = (SENDER, SENDER_LEAD)
ARRANGING = (DESK, LEAD)
EXPERTS_FIT = ("experts", "experienced", "specialty")
BEFORE_CALL = (S.REQUESTED, S.TRIAGED, S.RINGING, S.SLOT_HELD, S.SCHEDULED, S.LOBBY_OPEN, S.WAITING)
ARRANGED = (S.TRIAGED, S.RINGING, S.SLOT_HELD, S.SCHEDULED, S.LOBBY_OPEN, S.WAITING)
OPENED = (S.LOBBY_OPEN, S.WAITING)
TEACHING = (*ARRANGED, S.IN_CALL, S.INTERRUPTED)
"""States in which a class may be open; it ends with the call."""

CONSULT_TABLE: tuple[Row[ConsultState], ...] = (
    Row((S.REQUESTED,), "refuse", S.REFUSED, ARRANGING, ("reason",)),
    Row((S.REQUESTED,), "triage", S.TRIAGED, ARRANGING, EXPERTS_FIT, "arrange"),
    # Whoever falls ill is replaced, where no calendar is kept for her.
    Row((S.TRIAGED, S.DOCUMENTING), "triage", SAME, ARRANGING, EXPERTS_FIT),
    Row((S.REQUESTED,), "ring", S.RINGING, (*SENDING, DESK), ("emergency", *EXPERTS_FIT), "ring"),
    Row((S.RINGING,), "ring-next", SAME, (SYSTEM,), ("another",), "ring"),
    Row((S.RINGING,), "exhausted", S.TRIAGED, (SYSTEM,), (), "arrange"),
    Row((S.RINGING,), "join", S.IN_CALL, (EXPERT,), (), "call"),
    # Both sides are kept; whoever did not offer chooses, and a choice confirms.
    Row((S.TRIAGED,), "offer-slots", S.SLOT_HELD, ARRANGING, ("slots",), "slot-hold"),
    Row((S.SLOT_HELD,), "choose-slot", S.SCHEDULED, SENDING, ("offered-by-invitee", "slot"), "lobby"),
    Row((S.SLOT_HELD,), "choose-slot", S.SCHEDULED, ARRANGING, ("offered-by-inviter", "slot"), "lobby"),
    Row((S.SLOT_HELD,), "hold-expired", S.TRIAGED, (SYSTEM,), (), "arrange"),
    Row((S.SCHEDULED, S.LOBBY_OPEN), "reschedule", S.SLOT_HELD, ARRANGING, ("reason", "slots"), "slot-hold"),
    Row((S.SCHEDULED, S.LOBBY_OPEN), "reschedule", S.SLOT_HELD, SENDING, ("reason", "slots"), "slot-hold"),
    Row((S.SCHEDULED,), "lobby-opens", S.LOBBY_OPEN, (SYSTEM,), (), "start"),
    Row((S.LOBBY_OPEN,), "check-in", S.WAITING, (PATIENT, *SENDING), (), "admit"),
    Row((S.WAITING,), "admit", S.IN_CALL, (HOST, EXPERT), (), "call"),
    Row((S.IN_CALL,), "interrupt", S.INTERRUPTED, (SYSTEM,), (), "rejoin"),
    Row((S.INTERRUPTED,), "rejoin", S.IN_CALL, (SYSTEM,), (), "call"),
    # Another expert leads on, and signs.
    Row((S.IN_CALL, S.INTERRUPTED), "hand-over", SAME, (HOST, SYSTEM), ("expert-of-it",)),
    Row((S.IN_CALL, S.INTERRUPTED), "end", S.DOCUMENTING, (HOST,), (), "opinion"),
    # Nobody who could end it may come back: whoever arranges goes on in writing, and may name others.
    Row((S.INTERRUPTED,), "end", S.DOCUMENTING, ARRANGING, (), "opinion"),
    # A line that is too thin ends in no silence: what was arranged is answered in writing.
    Row(ARRANGED, "answer-in-writing", S.DOCUMENTING, (EXPERT, *ARRANGING), (), "opinion"),
    # What is written while they speak is not lost; it is signed afterwards.
    Row((S.IN_CALL, S.INTERRUPTED, S.DOCUMENTING), "write-opinion", SAME, (EXPERT,)),
    Row((S.DOCUMENTING,), "sign", S.SIGNED, (HOST,), ("written", "experienced", "specialty"), "adoption"),
    Row((S.DOCUMENTING,), "sign", SAME, (EXPERT,), ("written", "experienced", "specialty", "unsigned-by-her")),
    Row((S.DOCUMENTING,), "close-without-opinion", S.CLOSED, (HOST, *ARRANGING), ("reason",)),
    Row((S.SIGNED,), "adopt", S.ADOPTED, SENDING, ("adoption", "intact"), "close"),
    Row((S.ADOPTED,), "close", S.CLOSED, (*SENDING, *ARRANGING)),
    Row(BEFORE_CALL, "cancel", S.CANCELLED, SENDING, ("reason",)),
    Row(ARRANGED, "cancel", S.CANCELLED, ARRANGING, ("reason",)),
    Row(OPENED, "no-show", S.RINGING, (DESK, HOST, SYSTEM), ("expert-absent", "another"), "ring"),
    Row(OPENED, "no-show", S.NO_SHOW, (DESK, HOST), ("patient-absent", "reason")),
    Row((*BEFORE_CALL, S.IN_CALL, S.INTERRUPTED, S.DOCUMENTING), "edit", SAME, SENDING),
    # Whoever speaks with the patient, and whoever teaches; the patient ends it by a word.
    Row(TEACHING, "open-class", SAME, (*SENDING, LEAD, HOST), ("class-agreed",)),
    Row(TEACHING, "close-class", SAME, (*SENDING, LEAD, HOST, PATIENT), ("class-open",)),
)
