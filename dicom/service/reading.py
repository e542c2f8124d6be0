"""What people do with a reading order: place, claim, keep, release, return, resend, route, cancel, match."""

from dataclasses import dataclass, replace
from datetime import datetime

from dicom.errors import AgreementRequired, AlreadyClaimed, AlreadyMatched, NotPermitted, ReasonRequired, UnknownSubject
from dicom.model import Kind, Priority
from dicom.numbers import number, series_of
from dicom.orders import OrderState, Person, ReadingOrder, unflagged
from dicom.ports import ReadingUnitOfWork
from dicom.reading import Fact, decide
from dicom.routing import NoRoute, Question, Route, agreement_for, by_hand, deciding_modality, limit_minutes, route
from dicom.service.announce import announce, ask
from dicom.service.completion import UNREQUESTED, ask_for_route, routed_order, without_doubts
from dicom.service.ground import QUARANTINE, RETURNED, UNROUTED, fee_waiver, move, require, routing_rules, rules_for
from dicom.service.matching import require_patient, require_same_person

S = OrderState


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """What a township asks for (decisions 12)."""

    organization_id: str
    patient_id: str
    kind: Kind
    priority: Priority
    question: str = ""
    history: str = ""
    expected_instances: int | None = None
    accession: str = ""


async def place_order(
    uow: ReadingUnitOfWork, command: PlaceOrder, *, by: str, order_id: str, now: datetime
) -> ReadingOrder:
    """Place an order before or with the images; images of this patient that came unasked are taken over by it.

    Raises
    ------
    UnknownSubject
        When there is no such patient.
    AgreementRequired
        When no valid agreement covers this kind of reading (国卫医发〔2018〕25号).
    """
    await require_patient(uow, command.patient_id)
    await _require_agreement(uow, command, now)
    if (unasked := await _came_unasked(uow, command, now)) is not None:
        return await _take_over(uow, unasked, command, by, now)
    series = series_of("R", now)
    spoken = number(series, await uow.ledger.next_serial(series))
    order = ReadingOrder(
        id=order_id,
        number=spoken,
        kind=command.kind,
        state=S.RECEIVING,
        version=1,
        priority=command.priority,
        organization_id=command.organization_id,
        created_at=now,
        patient_id=command.patient_id,
        accession=command.accession or spoken,
        question=command.question,
        history=command.history,
        expected_instances=command.expected_instances,
        requested_by=by,
    )
    order = replace(order, fee_waiver=await fee_waiver(uow, order, now))
    await uow.orders.add(order)
    await announce(uow, order, "created")
    return order


async def _require_agreement(uow: ReadingUnitOfWork, command: PlaceOrder, now: datetime) -> None:
    question = Question(command.organization_id, command.priority, (), command.kind)
    agreements = await uow.centres.agreements_of(command.organization_id)
    for centre in await uow.centres.centres():
        own = centre.organization_id == command.organization_id
        if centre.kind is command.kind and (own or agreement_for(question, centre, agreements, now)):
            return
    raise AgreementRequired


async def _came_unasked(uow: ReadingUnitOfWork, command: PlaceOrder, now: datetime) -> ReadingOrder | None:
    rules = await rules_for(uow, command.organization_id, now)
    found = [
        order
        for order in await uow.orders.unrequested(
            command.organization_id, command.patient_id, since=now - rules.same_patient
        )
        if order.kind is command.kind and order.state in {S.RECEIVING, S.READY, S.UNROUTED}
    ]
    return found[0] if len(found) == 1 and command.accession in {"", found[0].accession} else None


async def _take_over(
    uow: ReadingUnitOfWork, order: ReadingOrder, command: PlaceOrder, by: str, now: datetime
) -> ReadingOrder:
    asked = replace(
        unflagged(order, UNREQUESTED.code),
        priority=command.priority,
        question=command.question,
        history=command.history,
        expected_instances=command.expected_instances,
        requested_by=by,
        unrequested=False,
        version=order.version + 1,
    )
    if order.state is S.READY:
        asked, _, due_at = await routed_order(uow, asked, now)
        asked = replace(asked, due_at=due_at)
    await uow.orders.save(asked)
    await announce(uow, asked, "requested")
    return asked


async def claim(uow: ReadingUnitOfWork, order: ReadingOrder, person: Person, *, now: datetime) -> ReadingOrder:
    """Take an order to read it: one winner; the holder who claims again keeps it.

    Raises
    ------
    AlreadyClaimed
        With who holds it, and until when.
    """
    if order.state is S.CLAIMED and order.claimed_by == person.user_id:
        return await renew(uow, order, person, now=now)
    if order.state is S.CLAIMED and order.claimed_by and order.claim_expires_at:
        raise AlreadyClaimed(await uow.centres.person_name(order.claimed_by), order.claim_expires_at.isoformat())
    require(order, "claim", person)
    rules = await rules_for(uow, order.organization_id, now)
    return await move(uow, order, "claim", Fact(by=person.user_id, until=now + rules.lease), now=now)


async def renew(uow: ReadingUnitOfWork, order: ReadingOrder, person: Person, *, now: datetime) -> ReadingOrder:
    """Keep a claim alive: the reader is present."""
    require(order, "renew", person)
    rules = await rules_for(uow, order.organization_id, now)
    fact = Fact(by=person.user_id, until=now + rules.lease)
    return await move(uow, order, "renew", fact, now=now, quietly=True)


async def release(uow: ReadingUnitOfWork, order: ReadingOrder, person: Person, *, now: datetime) -> ReadingOrder:
    """Give an order back to the worklist; the draft stays."""
    require(order, "release", person)
    return await move(uow, order, "release", Fact(by=person.user_id), now=now)


async def return_order(
    uow: ReadingUnitOfWork, order: ReadingOrder, person: Person, *, code: str, reason: str, now: datetime
) -> ReadingOrder:
    """Send a study back for better images or words: the clock pauses, the sender has a task."""
    require(order, "return", person)
    moved = await move(uow, order, "return", Fact(by=person.user_id, code=code, reason=reason), now=now)
    rules = await rules_for(uow, order.organization_id, now)
    await ask(
        uow, moved, RETURNED,
        organization_id=order.organization_id, role="technician", due_at=now + rules.returned, now=now,
        occasion=str(moved.version),
        zh=f"{order.number} 被退回：{reason}", en=f"{order.number} was returned: {reason}",
    )  # fmt: skip
    return moved


async def resend(uow: ReadingUnitOfWork, order: ReadingOrder, person: Person, *, now: datetime) -> ReadingOrder:
    """Send a returned order again as it is; the clock runs on."""
    require(order, "resent", person)
    moved = await move(uow, order, "resent", Fact(by=person.user_id), now=now)
    await _done(uow, order, RETURNED, person, now)
    return moved


async def route_by_hand(
    uow: ReadingUnitOfWork, order: ReadingOrder, person: Person, *, centre_id: str, reason: str, now: datetime
) -> ReadingOrder:
    """Name the centre that reads an order nobody was found for; a person's decision, with a reason."""
    require(order, "route", person)
    if not reason.strip():
        raise ReasonRequired
    centre = next((c for c in await uow.centres.centres() if c.id == centre_id), None)
    if centre is None:
        raise UnknownSubject("centres", centre_id)
    rules = await routing_rules(uow, order.organization_id, now)
    study = await uow.matching.study(order.study_uid) if order.study_uid else None
    modality = deciding_modality(study.modalities) if study else ""
    minutes = limit_minutes(rules, centre.kind, modality, order.priority)
    words = by_hand(centre, minutes, person.name, reason, rule_version=rules.version, now=now)
    chosen = replace(
        order,
        kind=centre.kind,
        centre_id=centre.id,
        centre_organization_id=centre.organization_id,
        limit_minutes=minutes,
        route=words.reason,
        rule_version=rules.version,
    )
    moved = await move(uow, chosen, "route", Fact(by=person.user_id, due_at=words.due_at), now=now)
    await _done(uow, order, UNROUTED, person, now)
    return moved


async def cancel(
    uow: ReadingUnitOfWork, order: ReadingOrder, person: Person, *, reason: str, now: datetime
) -> ReadingOrder:
    """Cancel at once what nobody has begun; ask the reader where somebody has."""
    require(order, "cancel", person)
    moved = await move(uow, order, "cancel", Fact(by=person.user_id, reason=reason), now=now)
    await _close_all(uow, moved, person, now)
    return moved


async def confirm_cancel(uow: ReadingUnitOfWork, order: ReadingOrder, person: Person, *, now: datetime) -> ReadingOrder:
    """Agree to a cancellation."""
    require(order, "confirm-cancel", person)
    moved = await move(uow, order, "confirm-cancel", Fact(by=person.user_id), now=now)
    await _close_all(uow, moved, person, now)
    return moved


async def keep(uow: ReadingUnitOfWork, order: ReadingOrder, person: Person, *, now: datetime) -> ReadingOrder:
    """Go on where the cancellation was asked for; the holder's lease begins anew."""
    require(order, "keep", person)
    rules = await rules_for(uow, order.organization_id, now)
    moved = await move(uow, order, "keep", Fact(by=person.user_id, until=now + rules.lease), now=now)
    await _done(uow, order, "cancel-request", person, now)
    return moved


async def match_study(
    uow: ReadingUnitOfWork,
    order: ReadingOrder,
    person: Person,
    *,
    patient_id: str,
    target: ReadingOrder | None,
    reason: str,
    now: datetime,
) -> ReadingOrder:
    """Say whose study it is, and which order asked for it; it leaves quarantine.

    Parameters
    ----------
    target
        Another order of the sender that waits for images; the study's own, unrequested one ends then.

    Raises
    ------
    AlreadyMatched
        When a report was released for somebody else: that is amended, not pointed elsewhere.
    """
    require(order, "match", person)
    if not reason.strip():
        raise ReasonRequired
    if order.state in {S.FINAL, S.AMENDING}:
        raise AlreadyMatched
    await require_patient(uow, patient_id)
    if target is not None and target.id != order.id:
        require_same_person(target, patient_id)
        order = await _hand_over(uow, order, target, reason, now)
    order = replace(without_doubts(order), patient_id=patient_id)
    order = replace(order, fee_waiver=await fee_waiver(uow, order, now))
    decided: Route | NoRoute | None = None
    due_at = None
    if order.complete_at is not None:
        order, decided, due_at = await routed_order(uow, order, now)
    fact = Fact(by=person.user_id, reason=reason, due_at=due_at)
    moved = await move(uow, order, "match", fact, now=now)
    await uow.matching.point_to(order.study_uid or "", patient_id)
    await _done(uow, order, QUARANTINE, person, now)
    if isinstance(decided, NoRoute):
        await ask_for_route(uow, moved, decided, now)
    return moved


async def _hand_over(
    uow: ReadingUnitOfWork, own: ReadingOrder, target: ReadingOrder, reason: str, now: datetime
) -> ReadingOrder:
    """Move a quarantined study from its own order to the one that asked for it."""
    waiting = target.study_uid is None and target.state is S.RECEIVING
    if not waiting or target.organization_id != own.organization_id or not own.unrequested:
        raise NotPermitted
    ended = decide(replace(own, study_uid=None), "cancel", Fact(by="system", reason=reason), now=now)
    await uow.orders.save(ended)
    await announce(uow, ended, "cancelled", successor=target.id)
    await uow.ledger.close_tasks("reading-orders", own.id, kinds=(QUARANTINE,), by="system", at=now)
    await uow.ledger.clear_deadline(QUARANTINE, own.id)
    taken = replace(target, study_uid=own.study_uid, complete_at=own.complete_at)
    return await move(uow, taken, "set-aside", Fact(by="system"), now=now, quietly=True)


async def preview(uow: ReadingUnitOfWork, question: Question, *, now: datetime) -> Route | NoRoute:
    """Say where a study would go now, and why, before anything is sent."""
    return route(
        question,
        await uow.centres.centres(),
        await uow.centres.agreements_of(question.organization_id),
        await routing_rules(uow, question.organization_id, now),
        organizations=await uow.centres.names(),
        now=now,
    )


async def _done(uow: ReadingUnitOfWork, order: ReadingOrder, kind: str, person: Person, now: datetime) -> None:
    await uow.ledger.close_tasks("reading-orders", order.id, kinds=(kind,), by=person.user_id, at=now)


async def _close_all(uow: ReadingUnitOfWork, order: ReadingOrder, person: Person, now: datetime) -> None:
    if order.state is S.CANCELLED:
        kinds = (QUARANTINE, UNROUTED, RETURNED, "cancel-request")
        await uow.ledger.close_tasks("reading-orders", order.id, kinds=kinds, by=person.user_id, at=now)
