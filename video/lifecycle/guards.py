"""What comes with an event, and what has to hold before a row of the table moves a consult."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from video import policy
from video.consults import Application, Consult, Expert, OpinionText, Slot, Teaching
from video.errors import Incomplete, OpinionIncomplete, ReasonRequired, SignatureBroken, SlotOver, VideoRefusal
from video.model import Adopted, Side, Urgency


@dataclass(frozen=True, slots=True)
class Fact:
    """What comes with an event.

    Parameters
    ----------
    experts
        Who is put on a consult, or who signs; `on` is the day, `least_years` the rule's. With `whole` they are all who
        answer, and leave no specialty out.
    slots, slot
        What is offered, and what was chosen of it.
    text
        The opinion as it would be signed.
    intact
        The stored bytes hash to what was signed.
    absent
        Who did not come: `patient` or `expert`.
    leads
        The expert who is the host from now on.
    teaching
        Who may look on, and the patient's word to it.
    """

    by: str = ""
    reason: str = ""
    experts: tuple[Expert, ...] = ()
    on: date | None = None
    least_years: int = 0
    whole: bool = False
    side: Side | None = None
    slots: int = 0
    slot: Slot | None = None
    application: Application | None = None
    text: OpinionText | None = None
    signed_by: frozenset[str] = frozenset()
    adopted: Adopted | None = None
    intact: bool = False
    absent: str = ""
    leads: str = ""
    teaching: Teaching | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition with its refusal; without one the move is simply not possible now (`STATE`).

    Parameters
    ----------
    refuses
        Returns the refusal, None where the condition holds; a plain "not now" is an `IllegalTransition` of `decide`.
    of_consult
        It looks at the consult alone, so that a screen can grey the button before anybody writes a word.
    """

    refuses: Callable[[Consult, Fact, datetime], VideoRefusal | bool | None]
    of_consult: bool = False


def _asked(check: Callable[[Consult, Fact], None]) -> Callable[[Consult, Fact, datetime], VideoRefusal | None]:
    """Return a check that raises as one that returns its refusal."""

    def refuses(consult: Consult, fact: Fact, _now: datetime) -> VideoRefusal | None:
        try:
            check(consult, fact)
        except VideoRefusal as refusal:
            return refusal
        return None

    return refuses


def _specialty(consult: Consult, fact: Fact) -> None:
    policy.check_specialty(fact.experts, consult.application.specialties, whole=fact.whole)


def _experienced(_consult: Consult, fact: Fact) -> None:
    if fact.on is not None:
        policy.check_experience(fact.experts, fact.on, fact.least_years)


def _written(_consult: Consult, fact: Fact) -> None:
    if missing := policy.missing_of_opinion(fact.text or OpinionText()):
        raise OpinionIncomplete(missing)


def _agreed(_consult: Consult, fact: Fact) -> None:
    if fact.teaching is None:
        raise Incomplete(["people"])
    policy.check_class(fact.teaching.consent, (*fact.teaching.organizations, *fact.teaching.people))


def _slot(consult: Consult, fact: Fact, now: datetime) -> VideoRefusal | None:
    kept = fact.slot is not None and fact.slot.consult_id == consult.id and fact.slot.keeps(now)
    kept = kept and fact.slot is not None and fact.slot.begins_at > now
    return None if kept else SlotOver()


def _adoption(_consult: Consult, fact: Fact, _now: datetime) -> VideoRefusal | None:
    if fact.adopted is None:
        return Incomplete(["adopted"])
    return None if fact.adopted is Adopted.ADOPTED or fact.reason.strip() else ReasonRequired()


def _unless(holds: Callable[[Consult, Fact], bool]) -> Callable[[Consult, Fact, datetime], bool]:
    return lambda consult, fact, _now: not holds(consult, fact)


GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "reason": Guard(lambda _c, f, _n: None if f.reason.strip() else ReasonRequired()),
        "experts": Guard(_asked(lambda c, f: policy.check_panel(f.experts, c.service))),
        "experienced": Guard(_asked(_experienced)),
        "specialty": Guard(_asked(_specialty)),
        "emergency": Guard(_unless(lambda c, _f: c.urgency is Urgency.EMERGENCY), of_consult=True),
        "another": Guard(_unless(lambda c, _f: len(c.experts) > max(1, c.rung)), of_consult=True),
        "expert-of-it": Guard(_unless(lambda c, f: f.leads in c.experts[1:])),
        "class-agreed": Guard(_asked(_agreed)),
        "class-open": Guard(_unless(lambda c, _f: c.is_class), of_consult=True),
        "slots": Guard(lambda _c, f, _n: None if f.slots else Incomplete(["slots"])),
        "offered-by-invitee": Guard(_unless(lambda c, _f: c.offered_by == Side.INVITEE), of_consult=True),
        "offered-by-inviter": Guard(_unless(lambda c, _f: c.offered_by == Side.INVITER), of_consult=True),
        "slot": Guard(_slot),
        "written": Guard(_asked(_written)),
        "unsigned-by-her": Guard(_unless(lambda _c, f: f.by not in f.signed_by)),
        "adoption": Guard(_adoption),
        "intact": Guard(lambda _c, f, _n: None if f.intact else SignatureBroken()),
        "expert-absent": Guard(_unless(lambda _c, f: f.absent == "expert")),
        "patient-absent": Guard(_unless(lambda _c, f: f.absent == "patient")),
    }
)
