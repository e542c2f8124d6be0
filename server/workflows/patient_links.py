"""The link that a patient's family or a hospital outside the network holds: made, shown, bound to one browser.

It leads to a ticket's card, to the outcome form of a hospital outside, or to the patient's seat in a consult.

Of the token the hub keeps a digest only: it is 128 random bits, so a plain SHA-256 says nothing of it.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from referral.errors import IllegalTransition
from referral.lifecycle import legal
from referral.model import Direction
from referral.service.outside import OUTSIDE, tell_outcome
from referral.tickets import Outcome, Ticket, TicketState
from server.accounts.model import AuditEntry
from server.patients.errors import ResidentIdRequired
from server.patients.links import PatientLink
from server.patients.model import Patient
from server.workflows.referrals import act_of
from video.consults import Consult, ConsultState
from video.errors import CallOver, TooEarly
from video.service.rooms import BEFORE
from video.signaling.views import CALLING, OPEN

S = TicketState
TOKEN_BYTES = 16
TRIES = 3
AFTER_ARRIVAL = timedelta(hours=24)  # the card is kept through a night on the road [P]
HOME_CARD = timedelta(days=7)  # the first visit is due by then
OUTCOME_TIME = timedelta(days=30)  # a stay in the city takes weeks [P]
CONSULT_BEFORE, CONSULT_AFTER = timedelta(minutes=30), timedelta(minutes=15)  # decisions 20
AT_ONCE = timedelta(hours=1)  # from now, for a consult that has no time: it was rung [P]
PROMISED = frozenset({S.ACCEPTED, S.BED_HELD, S.EN_ROUTE})
AT_HOME = frozenset({S.HANDED_OVER, S.TAKEN_OVER, S.FIRST_VISIT_DONE})


class LinkKind(StrEnum):
    """What a link leads to."""

    CARD = "card"
    OUTCOME = "outcome"
    CONSULT = "consult"


class Gate(StrEnum):
    """What stands between a link and its page."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED = "used"  # another browser opened it first
    LOCKED = "locked"
    EARLY = "early"  # a consult's link holds from half an hour before it
    ASK = "ask"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Opened:
    """A link as one browser finds it; what it leads to is None for an unknown token alone."""

    gate: Gate
    kind: LinkKind = LinkKind.CARD
    ticket: Ticket | None = None
    consult: Consult | None = None
    patient: Patient | None = None
    tries_left: int = TRIES

    @property
    def subject(self) -> tuple[str, str | None]:
        """Return the id and the patient's id of what it leads to."""
        led = self.ticket or self.consult
        return (led.id, led.patient_id) if led is not None else ("", None)


async def make(uow: Any, ticket: Ticket, kind: LinkKind, *, by: str, now: datetime) -> tuple[str, datetime]:
    """Make a link, the only live one of its kind; return its token, which nobody keeps, and when it ends.

    Raises
    ------
    IllegalTransition
        When there is nothing to show yet or any more.
    ResidentIdRequired
        When nothing could be asked for.
    """
    if not _has_page(ticket, kind):
        raise IllegalTransition(ticket.state.value, kind.value, legal(ticket))
    await _must_have_digits(uow, ticket.patient_id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    hold = await uow.board.hold_of(ticket.id)
    expires_at = _ends(ticket, kind, now, hold.ends_at if hold else None)
    await uow.patient_links.renew(PatientLink(digest_of(token), kind.value, ticket.id, now, by, expires_at))
    uow.audit(AuditEntry("link", "referrals", ticket.id, ticket.patient_id, basis=kind.value))
    return token, expires_at


async def make_for_consult(uow: Any, consult: Consult, *, by: str, now: datetime) -> tuple[str, datetime]:
    """Make the patient's link to a consult, the only live one; it holds to a quarter of an hour after (decisions 20).

    Raises
    ------
    CallOver
        When there is no call any more.
    TooEarly
        When no time was chosen yet.
    ResidentIdRequired
        When nothing could be asked for.
    """
    if consult.state not in OPEN | {ConsultState.SCHEDULED}:
        raise TooEarly(None) if consult.state in BEFORE else CallOver
    await _must_have_digits(uow, consult.patient_id)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = max(consult.ends_at or now + AT_ONCE, now) + CONSULT_AFTER
    link = PatientLink(digest_of(token), LinkKind.CONSULT.value, None, now, by, expires_at, consult_id=consult.id)
    await uow.patient_links.renew(link)
    uow.audit(AuditEntry("link", "consults", consult.id, consult.patient_id, basis=LinkKind.CONSULT.value))
    return token, expires_at


def leads_to(consult: Consult | None, now: datetime) -> bool:
    """Tell whether a consult's link still leads there: a call outlasts it, and a later time moves its end along."""
    if consult is None or consult.state in CALLING:
        return consult is not None
    return consult.ends_at is not None and now < consult.ends_at + CONSULT_AFTER


async def link_of_browser(uow: Any, consult_id: str, browser: str) -> PatientLink | None:
    """Return the link to a consult that this browser was bound to, if it leads there still."""
    for link in await uow.patient_links.to_consult(consult_id):
        if link.browser_digest and hmac.compare_digest(link.browser_digest, _of_browser(link.token_digest, browser)):
            return cast("PatientLink", link)
    return None


async def _must_have_digits(uow: Any, patient_id: str) -> None:
    patient = await uow.patients.get(patient_id)
    if patient is None or not patient.resident_id:
        raise ResidentIdRequired


def _has_page(ticket: Ticket, kind: LinkKind) -> bool:
    if kind is LinkKind.OUTCOME:
        return ticket.to_organization_id is None and ticket.is_live and ticket.state is not S.DRAFT
    return ticket.state in (AT_HOME if ticket.direction is Direction.DOWN else PROMISED)


def _ends(ticket: Ticket, kind: LinkKind, now: datetime, held_until: datetime | None) -> datetime:
    if kind is LinkKind.OUTCOME:
        return now + OUTCOME_TIME
    if ticket.direction is Direction.DOWN:
        return now + HOME_CARD
    by_road = now + timedelta(minutes=ticket.travel_minutes)
    return max(by_road, ticket.expected_arrival_at or now, held_until or now) + AFTER_ARRIVAL


async def look(uow: Any, token: str, browser: str, *, now: datetime) -> Opened:
    """Return how a link stands before this browser; the token says which link, the cookie whose browser."""
    digest = digest_of(token)
    link = await uow.patient_links.get(digest)
    if link is None:
        return Opened(Gate.UNKNOWN)
    kind = LinkKind(link.kind)
    ticket = await _current(uow, link.ticket_id, kind) if link.ticket_id else None
    consult = await uow.consults.get(link.consult_id) if link.consult_id else None
    gate = _gate(link, _of_browser(digest, browser), consult, now)
    found = Opened(gate, kind, ticket, consult, tries_left=max(0, TRIES - link.tries))
    subject_id, patient_id = found.subject
    if gate is Gate.OPEN:
        uow.audit(AuditEntry("open", "patient-links", subject_id, patient_id, basis=kind.value))
    return replace(found, patient=await uow.patients.get(patient_id))


async def prove(uow: Any, token: str, last_four: str, browser: str, *, now: datetime) -> Opened:
    """Bind a link to this browser when the digits are right; a try counts before it is judged, so no race gives one."""
    digest = digest_of(token)
    seen = await look(uow, token, browser, now=now)
    if seen.gate is not Gate.ASK or seen.patient is None:
        return seen
    tries = await uow.patient_links.count_try(digest)
    if tries > TRIES:
        return replace(seen, gate=Gate.LOCKED, tries_left=0)
    wanted = (seen.patient.resident_id or "")[-4:].upper()
    right = bool(wanted) and hmac.compare_digest(last_four.strip().upper().encode(), wanted.encode())
    gate = Gate.ASK if tries < TRIES else Gate.LOCKED
    if right:
        gate = Gate.OPEN if await uow.patient_links.bind(digest, _of_browser(digest, browser)) else Gate.USED
    outcome = "success" if right else "failure"
    subject_id, patient_id = seen.subject
    uow.audit(AuditEntry("bind", "patient-links", subject_id, patient_id, outcome=outcome))
    return replace(seen, gate=gate, tries_left=TRIES - tries)


async def take_outcome(uow: Any, ticket: Ticket, outcome: Outcome, *, signed: str, now: datetime) -> Ticket:
    """Write what a hospital outside the network says on the ticket; the sender is told."""
    locked = await uow.tickets.get(ticket.id, lock=True)
    told = await tell_outcome(act_of(uow, OUTSIDE, now), locked, outcome, signed=signed)
    uow.audit(AuditEntry("send-outcome", "referrals", told.id, told.patient_id, basis="link"))
    return told


def new_browser() -> str:
    """Return what a browser is known by from now on."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def _gate(link: PatientLink, browser: str, consult: Consult | None, now: datetime) -> Gate:
    if link.revoked_at is not None or not (link.opens(now) or leads_to(consult, now)):
        return Gate.EXPIRED
    if consult is not None and consult.begins_at is not None and now < consult.begins_at - CONSULT_BEFORE:
        return Gate.EARLY
    if link.browser_digest is not None:
        return Gate.OPEN if hmac.compare_digest(link.browser_digest, browser) else Gate.USED
    return Gate.LOCKED if link.tries >= TRIES else Gate.ASK


async def _current(uow: Any, ticket_id: str, kind: LinkKind) -> Ticket:
    """Return the ticket that a link leads to: a card follows a patient who was sent on elsewhere."""
    ticket: Ticket = await uow.tickets.get(ticket_id)
    while kind is LinkKind.CARD and ticket.state is S.REDIRECTED and ticket.successor_id:
        ticket = await uow.tickets.get(ticket.successor_id)
    return ticket


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _of_browser(digest: str, browser: str) -> str:
    """Return what is kept of a browser: another value for each link, so that rows do not tell who has several."""
    return hashlib.sha256(f"{digest}:{browser}".encode()).hexdigest()
