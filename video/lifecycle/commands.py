"""What one person may do with a consult now, and why not (screens: a greyed button says why)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from video.consults import Consult, ConsultState, Party
from video.lifecycle.consult import CONSULT_TABLE
from video.lifecycle.decide import may
from video.lifecycle.guards import GUARDS, Fact
from video.table import Row, rows_of

S = ConsultState


@dataclass(frozen=True, slots=True)
class Command:
    """A command by name; refused ones carry a stable reason code, and until when it holds where that is known."""

    name: str
    allowed: bool
    reason: str | None = None
    until: datetime | None = None


COMMANDS = (
    "triage", "refuse", "ring", "offer-slots", "choose-slot", "answer-in-writing", "reschedule", "check-in", "admit",
    "end", "no-show", "write-opinion", "sign", "close-without-opinion", "adopt", "close", "cancel", "edit",
    "open-class", "close-class",
)  # fmt: skip
"""What people command from a screen; what only the room says (join, interrupt, hand-over) has its place there."""


def consult_commands(consult: Consult, party: Party, *, now: datetime) -> tuple[Command, ...]:
    """Return the commands on a consult that concern this person, each allowed or refused with its reason."""
    found: list[Command] = []
    for name in COMMANDS:
        if not any(may(party, row.who) for row in CONSULT_TABLE if row.event == name):
            continue
        rows = rows_of(CONSULT_TABLE, consult.state, name)
        hers = [row for row in rows if may(party, row.who)]
        if hers:
            found.append(_judged(name, consult, hers, now))
        else:
            until = consult.deadline_at if consult.state is S.SLOT_HELD else None  # the offers end then
            open_yet = until is not None and until > now
            found.append(
                Command(name, allowed=False, reason="ROLE" if rows else "STATE", until=until if open_yet else None)
            )
    return tuple(found)


def _judged(name: str, consult: Consult, rows: Sequence[Row[ConsultState]], now: datetime) -> Command:
    """Judge by what the consult alone says: what a person still has to write is asked when she does."""
    free = any(not any(_stands_in_the_way(guard, consult, now) for guard in row.guards) for row in rows)
    return Command(name, allowed=free, reason=None if free else "STATE")


def _stands_in_the_way(name: str, consult: Consult, now: datetime) -> bool:
    guard = GUARDS[name]
    return guard.of_consult and bool(guard.refuses(consult, Fact(), now))
