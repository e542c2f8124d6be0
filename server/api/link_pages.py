"""Which page a link's holder gets, with its status: the card, the outcome form, four digits asked, or why nothing."""

from collections.abc import Mapping

from referral.tickets import Outcome, Ticket, TicketState
from server.api.consult_pages import consult_page_of
from server.api.link_frame import SHUT, Frame, Page
from server.clock import local_date
from server.documents.outcome_page import OutcomeRead, outcome_page, read_outcome, thanks_page
from server.documents.patient_card import Contact, Notice, ask_page, card_page, notice_page
from server.patients.model import Patient
from server.workflows import patient_links
from server.workflows.card_facts import asked_of, card_of, contacts_of, notice_of
from server.workflows.patient_links import Gate, LinkKind, Opened

REFRESH = 60  # seconds after which an open card asks for itself again
NOBODY = "绿通"  # on the page of a token that leads nowhere


async def page_of(frame: Frame, opened: Opened, *, wrong: bool = False) -> Page:
    """Return the page of a link as it stands before this browser; `wrong` after digits that did not fit."""
    if opened.consult is not None:
        return await consult_page_of(frame, opened, opened.consult, wrong=wrong)
    if opened.ticket is None or opened.patient is None:
        return notice_page(Notice.EXPIRED, NOBODY, None, nonce=frame.nonce), SHUT[Gate.EXPIRED][1]
    contact = await _first_call(frame, opened, opened.ticket)
    name = await _whose(frame, opened, opened.ticket)
    if opened.gate is Gate.ASK:
        left = opened.tries_left if wrong else None
        return ask_page(name, contact, nonce=frame.nonce, tries_left=left), 422 if wrong else 200
    if opened.gate in SHUT:
        notice, status = SHUT[opened.gate]
        return notice_page(notice, name, contact, nonce=frame.nonce), status
    show = _outcome if opened.kind is LinkKind.OUTCOME else _card
    return await show(frame, opened.ticket, opened.patient, contact)


async def take_outcome(frame: Frame, opened: Opened, fields: Mapping[str, str]) -> Page:
    """Write what was posted on the ticket and say thanks; what is still wrong is asked again."""
    ticket, patient = opened.ticket, opened.patient
    if ticket is None or patient is None or not awaits_outcome(ticket):
        return await page_of(frame, opened)
    asked, today = await asked_of(frame.uow, ticket, patient, frame.now), local_date(frame.now)
    read = read_outcome(fields, sent_on=asked.sent_on, today=today)
    if read.errors:
        return outcome_page(asked, today=today, nonce=frame.nonce, read=read), 422
    outcome = Outcome(diagnosis=read.diagnosis, treatment=read.treatment, advice=read.advice)
    await patient_links.take_outcome(frame.uow, ticket, outcome, signed=_signed(read), now=frame.now)
    return thanks_page(asked, nonce=frame.nonce), 200


def awaits_outcome(ticket: Ticket) -> bool:
    """Tell whether an outcome can still be written."""
    return ticket.is_live and ticket.state is not TicketState.OUTCOME_SENT


async def _card(frame: Frame, ticket: Ticket, patient: Patient, contact: Contact | None) -> Page:
    notice = notice_of(ticket)
    card = await card_of(frame.uow, ticket, patient)
    if notice is not None:
        return notice_page(notice, card.organization, contact, nonce=frame.nonce), 200
    return card_page(card, now=frame.now, nonce=frame.nonce, refresh=REFRESH), 200


async def _outcome(frame: Frame, ticket: Ticket, patient: Patient, contact: Contact | None) -> Page:
    asked = await asked_of(frame.uow, ticket, patient, frame.now)
    if awaits_outcome(ticket):
        return outcome_page(asked, today=local_date(frame.now), nonce=frame.nonce), 200
    if ticket.outcome is not None:
        return thanks_page(asked, nonce=frame.nonce), 200
    return notice_page(Notice.EXPIRED, asked.from_organization, contact, nonce=frame.nonce), 410


async def _first_call(frame: Frame, opened: Opened, ticket: Ticket) -> Contact | None:
    """Return whom to call: a family the desk that waits for them, a hospital outside those who sent the patient."""
    contacts = await contacts_of(frame.uow, ticket)
    if not contacts:
        return None
    return contacts[-1] if opened.kind is LinkKind.OUTCOME else contacts[0]


async def _whose(frame: Frame, opened: Opened, ticket: Ticket) -> str:
    """Return whose page it is: the receiver's card, the sender's question to a hospital outside."""
    sender = opened.kind is LinkKind.OUTCOME or not ticket.receives
    place = await frame.uow.organizations.get(ticket.from_organization_id if sender else ticket.receives)
    return place.name if place else NOBODY


def _signed(read: OutcomeRead) -> str:
    return f"网外结果由 {read.doctor} 填写，日期 {read.on} (written outside the network by {read.doctor}, of {read.on})"
