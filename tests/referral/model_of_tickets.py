"""A ticket as its signed tables tell it: states, rights and refusals read from the golden files, nothing else of ours.

`tests/fault/test_ticket_model.py` sends the same commands to the hub over HTTP and compares (reliability B05). It must
import nothing of `referral`: what it says stands in tests/golden/referral/*.txt and in lifecycles.md.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

SIGNED = Path(__file__).parents[1] / "golden" / "referral"
BACK, SAME = "(back)", "(same)"
LOWEST_GREEN = 2  # levels Ⅰ and Ⅱ

# Which code a refused guard has (server/api/problems.py says the status); one without a name is a state of affairs.
REFUSALS: Mapping[str, str] = {
    "complete": "422 INCOMPLETE",
    "deferrable": "422 NEVER_DECLINED",
    "place-here": "422 NEVER_DECLINED",
    "bed": "422 INCOMPLETE",
    "words": "422 REASON_REQUIRED",
    "reason": "422 REASON_REQUIRED",
    "rounds": "409 INFO_ROUNDS",
    "successor": "422 SUCCESSOR_REQUIRED",
    "outcome": "422 INCOMPLETE",
    "stable": "422 NOT_STABLE",
    "plan": "422 REHAB_PLAN_REQUIRED",
    "capability": "422 CAPABILITY_REQUIRED",
    "not-lower": "422 LEVEL",
    "not-forced": "422 LEVEL",
}
STATE, FORBIDDEN, UNSEEN = "409 STATE", "403 FORBIDDEN", "404 NOT_FOUND"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a signed table."""

    source: str
    event: str
    to: str
    who: frozenset[str]
    guards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A signed table."""

    lines: tuple[Line, ...]
    terminal: frozenset[str]

    def of(self, state: str, event: str) -> list[Line]:
        """Return the lines of one pair."""
        return [line for line in self.lines if (line.source, line.event) == (state, event)]

    def named(self, event: str) -> frozenset[str]:
        """Return everybody whom the table names for an event in any state."""
        return frozenset(word for line in self.lines if line.event == event for word in line.who)


@cache
def table(name: str) -> Table:
    """Read a signed table: `upward` or `downward`."""
    head, *rows = (SIGNED / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert head == "from | event | to | who | guard | deadline"
    lines, terminal = [], frozenset[str]()
    for row in rows:
        if row.startswith("terminal:"):
            terminal = frozenset(_words(row.removeprefix("terminal:")))
            continue
        source, event, to, who, guards, _deadline = (cell.strip() for cell in row.split("|"))
        lines.append(Line(source, event, to, frozenset(_words(who)), () if guards == "-" else tuple(_words(guards))))
    return Table(tuple(lines), terminal)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]


# Who is what to a ticket by the roles of decisions 13: word -> roles, at the sending or at the receiving place.
ONWARD_SENDERS = {"township-doctor", "family-doctor", "consultant", "referral-desk", "medical-affairs"}
HOME_SENDERS = {"consultant", "referral-desk", "medical-affairs", "ward-nurse"}
RECEIVERS: Mapping[str, set[str]] = {
    "desk": {"referral-desk", "township-doctor"},
    "doctor": {"consultant", "township-doctor"},
    "ward": {"ward-nurse", "township-doctor"},
    "lead": {"medical-affairs"},
    "family": {"family-doctor"},
}
TOWNSHIP_OF = {"V0101": "T01"}


def parties(roles: Collection[str], *, home: bool, sends: str, takes: str) -> frozenset[str]:
    """Return what somebody with these `role@place` is to a ticket, in the words of the tables."""
    there = {role for role, _, place in map(_parted, roles) if place == takes}
    here = {role for role, _, place in map(_parted, roles) if place == sends}
    found = {word for word, those in RECEIVERS.items() if there & those}
    found |= {"sender"} if here & (HOME_SENDERS if home else ONWARD_SENDERS) else set()
    found |= {"sender_lead"} if "medical-affairs" in here else set()
    village = any(role == "family-doctor" and TOWNSHIP_OF.get(place) == takes for role, _, place in map(_parted, roles))
    return frozenset(found | ({"family"} if home and village else set()))


def _parted(role: str) -> tuple[str, str, str]:
    return role.partition("@")


@dataclass(frozen=True, slots=True)
class Given:
    """What comes with a command.

    Parameters
    ----------
    words, code, successor, outcome, capable
        Whether it was given.
    level
        The level of a re-triage; 0 for none.
    """

    words: bool = False
    code: bool = False
    successor: bool = False
    outcome: bool = False
    capable: bool = False
    level: int = 0


@dataclass(frozen=True, slots=True)
class Modelled:
    """A ticket as far as the tables look at it.

    Parameters
    ----------
    bed, bay
        A bed is held (or he lies in it); the emergency bay receives him.
    plan
        What is wrong with the plan of a downward ticket: "" for nothing, `plan` or `stable`.
    """

    home: bool
    sends: str
    takes: str
    level: int
    state: str = "draft"
    complete: bool = True
    plan: str = ""
    sent: bool = False
    bed: bool = False
    bay: bool = False
    acknowledged: bool = False
    rounds: int = 0
    before_cancel: str = ""

    @property
    def table(self) -> Table:
        """Return the table of its direction."""
        return table("downward" if self.home else "upward")

    @property
    def green(self) -> bool:
        """Tell whether it is of level Ⅰ or Ⅱ."""
        return self.level <= LOWEST_GREEN

    @property
    def is_over(self) -> bool:
        """Tell whether nothing can happen to it any more."""
        return self.state in self.table.terminal

    def is_seen_by(self, words: Collection[str], roles: Collection[str]) -> bool:
        """Tell whether somebody may know of it: the sender always, the receiver when it has been sent."""
        places = {place for _, _, place in map(_parted, roles)}
        receives = self.takes in places or "family" in words
        return self.sends in places or (self.sent and self.state != "draft" and receives)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the tables say to one command: the ticket after it, or the codes of which the hub names one."""

    after: Modelled | None
    codes: frozenset[str] = field(default_factory=frozenset)


def verdict(ticket: Modelled, event: str, given: Given, words: Collection[str]) -> Verdict:
    """Return what the tables say when somebody who is `words` to the ticket gives a command."""
    lines = ticket.table.of(ticket.state, event)
    named = {word for line in lines for word in line.who} or ticket.table.named(event)
    if not named:  # of the other table: an unknown pair, or nothing that a role of hers ever does
        return _refused(STATE, FORBIDDEN)
    if not named & set(words):
        return _refused(FORBIDDEN)
    never = ["422 NEVER_DECLINED"] if event == "decline" and not ticket.home and ticket.green else []
    if not lines:
        return _refused(STATE, *never)
    failed: list[str] = []
    for line in lines:
        if not line.who & set(words):
            continue
        wrong = [guard for guard in line.guards if not holds(guard, ticket, given)]
        if not wrong:
            return Verdict(_moved(line, ticket, given))
        failed += wrong
    return _refused(*never, *(REFUSALS.get(guard, STATE) for guard in failed))


def _refused(*codes: str) -> Verdict:
    return Verdict(None, frozenset(codes))


def of_ticket(guard: str, ticket: Modelled) -> bool | None:
    """Tell whether a guard holds that looks at the ticket alone; None for one that looks at what is given."""
    has_place = ticket.bed or ticket.bay
    known: Mapping[str, bool] = {
        "complete": ticket.complete,
        "green": ticket.green,
        "deferrable": not ticket.green,
        "yields": not ticket.green,
        "may-expire": not ticket.green,
        "place": has_place,
        "place-here": has_place,
        "held": ticket.bed,
        "unheld": not ticket.bed,
        "unacknowledged": not ticket.acknowledged,
        "rounds": ticket.rounds < 2,
        "stable": ticket.plan != "stable",
        "plan": ticket.plan != "plan",
    }
    return known.get(guard)


def holds(guard: str, ticket: Modelled, given: Given) -> bool:
    """Tell whether a guard holds."""
    alone = of_ticket(guard, ticket)
    if alone is not None:
        return alone
    return {
        "words": given.words,
        "reason": given.words or given.code,
        "successor": given.successor,
        "outcome": given.outcome,
        "capability": given.capable,
        "level": given.level > 0,
        "not-lower": 0 < given.level <= ticket.level,
        "not-forced": True,  # nobody of the model has an open critical value
        "hold": True,  # the model's ward always has a bed
        "bed": ticket.bed,
    }[guard]


def allowed(ticket: Modelled, words: Collection[str]) -> frozenset[str]:
    """Return the commands that a screen offers somebody: what she still has to write is asked when she does."""
    return frozenset(
        line.event
        for line in ticket.table.lines
        if line.source == ticket.state
        and line.who & set(words)
        and all(of_ticket(guard, ticket) is not False for guard in line.guards)
    )


def _moved(line: Line, ticket: Modelled, given: Given) -> Modelled:
    """Return the ticket after a line of its table, with what lifecycles.md says that the event brings."""
    state = {SAME: ticket.state, BACK: ticket.before_cancel}.get(line.to, line.to)
    after = replace(_brought(line.event, ticket, given), state=state)
    if state == "cancel-requested" and ticket.state != state:
        after = replace(after, before_cancel=ticket.state)
    elif state != "cancel-requested":
        after = replace(after, before_cancel="")
    if after.is_over or state == "discharged":
        after = replace(after, bed=False, bay=False)
    return after


def _brought(event: str, ticket: Modelled, given: Given) -> Modelled:
    if event == "send":
        return replace(ticket, sent=True, rounds=0)
    if event == "ask":
        return replace(ticket, rounds=ticket.rounds + 1)
    if event == "acknowledge":
        return replace(ticket, acknowledged=True)
    if event in {"hold-bed", "admit"}:
        return replace(ticket, bed=True, bay=False)
    if event in {"release-hold", "hold-expired"}:
        return lost(ticket)
    if event == "edit":
        return replace(ticket, complete=True)
    return _levelled(event, ticket, given)


def _levelled(event: str, ticket: Modelled, given: Given) -> Modelled:
    level = given.level if event == "retriage" else ticket.level
    promised = event == "accept" or ticket.state in {"accepted", "en-route", "arrived"}
    received = level <= LOWEST_GREEN and not ticket.bed and promised and event in {"accept", "retriage"}
    anew = level <= LOWEST_GREEN and not ticket.green  # whoever rises to Ⅰ or Ⅱ is an alarm that nobody has answered
    return replace(ticket, level=level, bay=ticket.bay or received, acknowledged=ticket.acknowledged and not anew)


def lost(ticket: Modelled) -> Modelled:
    """Return a ticket that lost its bed: the bay receives whoever is on the road, there, or at Ⅰ and Ⅱ."""
    before = ticket.before_cancel or ticket.state
    bay = ticket.green or before in {"en-route", "arrived"}
    back = "accepted" if ticket.before_cancel == "bed-held" else ticket.before_cancel
    return replace(ticket, bed=False, bay=bay, before_cancel=back)


def received_at_once(ticket: Modelled, *, free: bool) -> Modelled:
    """Return a green ticket after the system accepted it: a bed where one is free, else the bay."""
    (accept,) = ticket.table.of(ticket.state, "system-accept")
    accepted = replace(ticket, state=accept.to, bay=True)
    return held_by_system(accepted) if free else accepted


def held_by_system(ticket: Modelled) -> Modelled:
    """Return a ticket for which the system holds a bed wherever the table lets it: at the desk, on the road, there."""
    for line in ticket.table.of(ticket.state, "hold-bed"):
        if "system" in line.who and all(holds(guard, ticket, Given()) for guard in line.guards):
            return _moved(line, ticket, Given())
    return ticket


def expired(ticket: Modelled) -> Modelled:
    """Return a ticket after the time of its hold is over; one of Ⅰ or Ⅱ on the road or there keeps its bed."""
    if not ticket.bed:
        return ticket
    on_the_road = (ticket.before_cancel or ticket.state) in {"en-route", "arrived"}
    for line in ticket.table.of(ticket.state, "hold-expired"):
        if all(holds(guard, ticket, Given()) for guard in line.guards) and not (ticket.green and on_the_road):
            return _moved(line, ticket, Given())
    return ticket


def events_of(tables: Iterable[Table]) -> Sequence[str]:
    """Return every event that a person can give, of all tables."""
    people = [line for each in tables for line in each.lines if line.who - {"system"}]
    return sorted({line.event for line in people} - {"hold-pre-empted"})
