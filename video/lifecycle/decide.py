"""The pure function that moves a consult by its table, one version on, and what an event writes on it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from video.consults import Adoption, Consent, Consult, ConsultState, Party
from video.errors import IllegalTransition, NotPermitted, VideoRefusal
from video.lifecycle.consult import CONSULT_TABLE, TEACHING
from video.lifecycle.guards import GUARDS, Fact
from video.table import SAME, Elsewhere, Row, legal_events, rows_of

Effect = Callable[[Consult, Fact, datetime], Consult]
RENEWING = frozenset({"ring-next"})  # what begins a new wait though the state stays


def legal(consult: Consult) -> tuple[str, ...]:
    """Return the events that the table knows for a consult's state."""
    return legal_events(CONSULT_TABLE, consult.state)


def may(party: Party, who: Sequence[str]) -> bool:
    """Tell whether a person is one of these parties to a consult."""
    return any(party.user_id == "system" if word == "system" else bool(getattr(party, word)) for word in who)


def permit(consult: Consult, event: str, party: Party) -> None:
    """Refuse whom the table does not name for an event: in this state, or in any where this state has no row of it.

    Raises
    ------
    NotPermitted
    """
    rows = rows_of(CONSULT_TABLE, consult.state, event) or [row for row in CONSULT_TABLE if row.event == event]
    if rows and not any(may(party, row.who) for row in rows):
        raise NotPermitted


def decide(consult: Consult, event: str, fact: Fact, *, now: datetime, party: Party) -> Consult:
    """Return the consult after an event, one version on.

    Notes
    -----
    `deadline_at` is None where a new wait begins; `rules.next_deadline` fills it.

    Raises
    ------
    NotPermitted
        When the party is named in no row of the event, or in none of this state.
    IllegalTransition
        When the table has no row for the pair, or a condition without a name of its own fails; `legal` names others.
    VideoRefusal
        The refusal of the guard that stopped the row which came furthest.
    """
    permit(consult, event, party)
    stopped: list[tuple[int, VideoRefusal]] = []
    for row in rows_of(CONSULT_TABLE, consult.state, event):
        if not may(party, row.who):
            continue
        failed = _first_refusal(row, consult, fact, now)
        if failed is None:
            return _moved(row, consult, fact, now)
        stopped.append(failed)
    if stopped:
        raise max(stopped, key=lambda step: step[0])[1]
    raise IllegalTransition(consult.state.value, event, legal(consult))


def _first_refusal(
    row: Row[ConsultState], consult: Consult, fact: Fact, now: datetime
) -> tuple[int, VideoRefusal] | None:
    """Return how many guards of a row held before one refused, and its refusal."""
    for held, name in enumerate(row.guards):
        refusal = GUARDS[name].refuses(consult, fact, now)
        if isinstance(refusal, VideoRefusal):
            return held + 1, refusal  # a reason that is told comes before a plain "not now"
        if refusal:
            return held, IllegalTransition(consult.state.value, row.event, legal(consult))
    return None


def _moved(row: Row[ConsultState], consult: Consult, fact: Fact, now: datetime) -> Consult:
    to = consult.state if isinstance(row.to, Elsewhere) else row.to
    renewed = row.to is not SAME or row.event in RENEWING
    told = EFFECTS.get(row.event, _nothing)(consult, fact, now)
    return replace(
        told if to in TEACHING else _untaught(told, fact, now),
        state=to,
        version=consult.version + 1,
        deadline_at=None if renewed else consult.deadline_at,
        timeline=consult.timeline if row.to is SAME else MappingProxyType({to.value: now, **consult.timeline}),
    )


def _nothing(consult: Consult, _fact: Fact, _now: datetime) -> Consult:
    return consult


def _staffed(consult: Consult, fact: Fact, _now: datetime) -> Consult:
    return replace(consult, experts=tuple(expert.id for expert in fact.experts))


def _rung(consult: Consult, fact: Fact, now: datetime) -> Consult:
    return replace(_staffed(consult, fact, now), rung=1)


def _next_expert(consult: Consult, _fact: Fact, _now: datetime) -> Consult:
    """Ring the next expert: whoever was rung stands last."""
    return replace(consult, experts=(*consult.experts[1:], *consult.experts[:1]), rung=consult.rung + 1)


def _unrung(consult: Consult, _fact: Fact, _now: datetime) -> Consult:
    return replace(consult, rung=0)


def _led(person: str, consult: Consult) -> Consult:
    """Put an expert first: she leads and signs."""
    if person not in consult.experts:
        return consult
    return replace(consult, experts=(person, *(each for each in consult.experts if each != person)))


def _answered(consult: Consult, fact: Fact, _now: datetime) -> Consult:
    return replace(_led(fact.by, consult), rung=0)


def _handed_over(consult: Consult, fact: Fact, _now: datetime) -> Consult:
    return _led(fact.leads, consult)


def _missed(consult: Consult, fact: Fact, _now: datetime) -> Consult:
    """Ring the expert behind the one who has not come, or say why nobody was met."""
    told = replace(consult, reason_text=fact.reason.strip() or consult.reason_text)
    if fact.absent != "expert":
        return told
    return replace(told, experts=(*consult.experts[1:], *consult.experts[:1]), rung=1)


def _offered(consult: Consult, fact: Fact, _now: datetime) -> Consult:
    side = fact.side.value if fact.side else ""
    words = fact.reason.strip() or consult.reason_text
    return replace(consult, offered_by=side, begins_at=None, ends_at=None, reason_text=words)


def _chosen(consult: Consult, fact: Fact, _now: datetime) -> Consult:
    slot = fact.slot
    if slot is None:
        return consult
    return replace(consult, offered_by="", begins_at=slot.begins_at, ends_at=slot.ends_at)


def _unoffered(consult: Consult, _fact: Fact, _now: datetime) -> Consult:
    return replace(consult, offered_by="")


def _in_writing(consult: Consult, _fact: Fact, _now: datetime) -> Consult:
    return replace(consult, in_writing=True, offered_by="", rung=0, begins_at=None, ends_at=None)


def _reasoned(consult: Consult, fact: Fact, _now: datetime) -> Consult:
    return replace(consult, offered_by="", rung=0, reason_text=fact.reason.strip())


def _adopted(consult: Consult, fact: Fact, now: datetime) -> Consult:
    if fact.adopted is None:
        return consult
    return replace(consult, adoption=Adoption(fact.adopted, fact.reason.strip(), fact.by, now))


def _edited(consult: Consult, fact: Fact, _now: datetime) -> Consult:
    return replace(consult, application=fact.application or consult.application)


def _taught(consult: Consult, fact: Fact, _now: datetime) -> Consult:
    """Open a class, or name others: the word that opened it stays until another paper is brought."""
    stands, said = consult.teaching, fact.teaching
    if stands is None or said is None or not stands.is_open or _is_another(said.consent, stands.consent):
        return replace(consult, teaching=said)
    return replace(consult, teaching=replace(stands, organizations=said.organizations, people=said.people))


def _is_another(paper: Consent, stands: Consent) -> bool:
    return paper.document.strip() not in {"", stands.document.strip()}


def _untaught(consult: Consult, _fact: Fact, now: datetime) -> Consult:
    """End the class, by a word or because the call is over."""
    if consult.teaching is None or not consult.is_class:
        return consult
    return replace(consult, teaching=replace(consult.teaching, closed_at=now))


EFFECTS: Mapping[str, Effect] = MappingProxyType(
    {
        "triage": _staffed,
        "ring": _rung,
        "ring-next": _next_expert,
        "exhausted": _unrung,
        "join": _answered,
        "hand-over": _handed_over,
        "offer-slots": _offered,
        "choose-slot": _chosen,
        "hold-expired": _unoffered,
        "reschedule": _offered,
        "answer-in-writing": _in_writing,
        "refuse": _reasoned,
        "cancel": _reasoned,
        "no-show": _missed,
        "close-without-opinion": _reasoned,
        "adopt": _adopted,
        "edit": _edited,
        "open-class": _taught,
        "close-class": _untaught,
    }
)
