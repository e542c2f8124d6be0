"""From the first instance to a centre's worklist: an order found or made, the study complete, routed, due."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from dicom.errors import IllegalTransition
from dicom.events import Event
from dicom.model import Flag, Kind, Study
from dicom.numbers import number, series_of
from dicom.orders import OrderState, ReadingOrder, flagged, unflagged
from dicom.ports import ReadingUnitOfWork
from dicom.reading import Fact, ReportFact, decide, decide_report
from dicom.routing import PRIORITY_ZH, NoRoute, Question, Route, kind_of, route
from dicom.service.announce import announce, announce_report, ask
from dicom.service.ground import AMEND, QUARANTINE, RETURNED, UNROUTED, fee_waiver, move, routing_rules, rules_for
from dicom.service.intake import COMPLETE
from dicom.service.matching import QUARANTINE_FLAGS, Identified, Origin, doubt, find_order, identify

S = OrderState
OPINION = "ecg-opinion"  # the deadline's kind: a machine measures, at once
UNREQUESTED = Flag("UNREQUESTED", "info", "没有申请单", "there was no request")
LATE = Flag("LATE_INSTANCE", "warn", "后来又到了图像", "more images came later")
KIND_CHANGED = Flag("KIND_CHANGED", "warn", "检查类型按图像改定", "the kind was set by what the images are")


async def begin_study(
    uow: ReadingUnitOfWork, study_uid: str, origin: Origin, *, order_id: str, now: datetime
) -> ReadingOrder | None:
    """Give a new study its order: the one that asked for it, else one of our own; idempotent.

    Parameters
    ----------
    order_id
        The id of an order that has to be made.
    """
    study = await uow.matching.study(study_uid, lock=True)
    if study is None:
        return None
    existing = await uow.orders.by_study(study_uid, lock=True)
    if existing is not None:
        return existing
    rules = await rules_for(uow, study.organization_id, now)
    kind = kind_of(study.modalities, await uow.centres.centres())
    found = await find_order(uow, study, origin, kind, within=rules.same_patient, now=now)
    identified = await identify(uow, study, origin, found)
    if found is None:
        order = await _own_order(uow, study, identified, order_id, now)
        order = replace(order, kind=kind)
        await uow.orders.add(order)
        await announce(uow, order, "created")
    else:
        order = await _attach(uow, found, study)
    await uow.matching.point_to(study_uid, identified.patient_id)
    if kind is Kind.ECG:
        await uow.ledger.set_deadline(OPINION, study_uid, now)
    if identified.code:
        return await set_aside(uow, order, identified, now=now)
    return await _show_coming(uow, order, now)


async def _show_coming(uow: ReadingUnitOfWork, order: ReadingOrder, now: datetime) -> ReadingOrder:
    """Let the centre that will most likely read it see that images are coming; the route is decided when complete."""
    expected, decided, _ = await routed_order(uow, order, now)
    if isinstance(decided, NoRoute):
        return order
    expected = replace(expected, version=order.version + 1)
    await uow.orders.save(expected)
    await announce(uow, expected, "receiving")
    return expected


async def _own_order(
    uow: ReadingUnitOfWork, study: Study, identified: Identified, order_id: str, now: datetime
) -> ReadingOrder:
    series = series_of("R", now)
    order = ReadingOrder(
        id=order_id,
        number=number(series, await uow.ledger.next_serial(series)),
        kind=kind_of(study.modalities, ()),
        state=S.RECEIVING,
        version=1,
        priority=study.priority,
        organization_id=study.organization_id,
        created_at=now,
        patient_id=identified.patient_id,
        study_uid=study.study_instance_uid,
        accession=study.accession_number,
        unrequested=True,
        flags=(UNREQUESTED, *_name_flags(study)),
    )
    return replace(order, fee_waiver=await fee_waiver(uow, order, now))


async def _attach(uow: ReadingUnitOfWork, order: ReadingOrder, study: Study) -> ReadingOrder:
    order = flagged(order, *_name_flags(study))
    order = replace(order, study_uid=study.study_instance_uid, version=order.version + 1)
    await uow.orders.save(order)
    await announce(uow, order, "images-arrived")
    return order


def _name_flags(study: Study) -> tuple[Flag, ...]:
    if not study.name_guessed:
        return ()
    zh, en = "姓名编码已推断", f"the name's character set was guessed ({study.name_guessed})"
    return (Flag("NAME_GUESSED", "warn", zh, en),)


async def set_aside(
    uow: ReadingUnitOfWork, order: ReadingOrder, identified: Identified, *, now: datetime
) -> ReadingOrder:
    """Keep a doubtful study from every worklist and give a registrar the question."""
    order = flagged(order, doubt(identified.code or "UNMATCHED", identified.fields))
    asked_already = order.state is S.QUARANTINED
    if order.state in {S.RECEIVING, S.QUARANTINED}:
        order = replace(order, centre_id=None, centre_organization_id=None, route=None)
    if order.state is not S.RECEIVING:
        order = replace(order, version=order.version + 1)
        await uow.orders.save(order)
        await announce(uow, order, "doubted", code=identified.code)
    else:
        order = await move(uow, order, "set-aside", Fact(code=identified.code or ""), now=now)
    if asked_already:
        return order
    rules = await rules_for(uow, order.organization_id, now)
    await ask(
        uow, order, QUARANTINE,
        organization_id=await uow.centres.coordinator_of(order.organization_id), role="registrar",
        due_at=now + rules.quarantine[order.priority], now=now, occasion=str(order.version),
        zh=f"核对病人：{order.number}，{order.flags[-1].zh}", en=f"whose study: {order.number}, {order.flags[-1].en}",
    )  # fmt: skip
    return order


async def complete_if_all_there(uow: ReadingUnitOfWork, study_uid: str, *, now: datetime) -> None:
    """Complete a study at once when the expected number of instances has arrived (decisions 11)."""
    order = await uow.orders.by_study(study_uid)
    study = await uow.matching.study(study_uid)
    if order and study and order.expected_instances and study.instance_count >= order.expected_instances:
        await complete_study(uow, study_uid, origin=Origin(order.id), order_id="", now=now)


async def complete_study(
    uow: ReadingUnitOfWork, study_uid: str, *, origin: Origin, order_id: str, now: datetime
) -> None:
    """Call a study complete as of its last instance, and send its order on; idempotent.

    The clock starts with the arrival of the last instance, not with the end of the quiet period (domain.md 2.5).
    """
    study = await uow.matching.study(study_uid, lock=True)
    if study is None or study.complete_at is not None:
        return
    order = await begin_study(uow, study_uid, origin, order_id=order_id, now=now)
    await uow.matching.mark_complete(study_uid, study.last_instance_at)
    await uow.ledger.clear_deadline(COMPLETE, study_uid)
    uow.publish(
        Event("studies", "completed", study_uid, study.version + 1, "complete", (study.organization_id,),
              study.organization_id, {"order_id": order.id if order else None})
    )  # fmt: skip
    if order is not None and order.state in {S.RECEIVING, S.QUARANTINED}:
        await send_on(uow, replace(order, complete_at=study.last_instance_at), now=now)


async def send_on(uow: ReadingUnitOfWork, order: ReadingOrder, *, now: datetime) -> ReadingOrder:
    """Route a complete order and move it to its centre, or give a person the question who reads it."""
    if order.state is S.QUARANTINED:
        return await move(uow, order, "completed", Fact(), now=now, quietly=True)
    routed, decided, due_at = await routed_order(uow, order, now)
    if isinstance(decided, Route):
        return await move(uow, routed, "completed", Fact(due_at=due_at), now=now)
    routed = await move(uow, routed, "no-route", Fact(code=decided.code), now=now)
    await ask_for_route(uow, routed, decided, now)
    return routed


async def ask_for_route(uow: ReadingUnitOfWork, order: ReadingOrder, decided: NoRoute, now: datetime) -> None:
    """Give the coordinator the question who reads an order: no route is a task, never silence."""
    rules = await rules_for(uow, order.organization_id, now)
    await ask(
        uow, order, UNROUTED,
        organization_id=await uow.centres.coordinator_of(order.organization_id), role="registrar",
        due_at=now + min(rules.quarantine.values()), now=now, occasion=str(order.version),
        zh=f"指定中心：{order.number}，{decided.reason.zh}", en=f"who reads {order.number}: {decided.reason.en}",
    )  # fmt: skip


async def routed_order(
    uow: ReadingUnitOfWork, order: ReadingOrder, now: datetime
) -> tuple[ReadingOrder, Route | NoRoute, datetime | None]:
    """Return the order with what the rule decided written into it, the decision, and when the answer is due."""
    study = await uow.matching.study(order.study_uid) if order.study_uid else None
    modalities: Sequence[str] = study.modalities if study else ()
    decided = route(
        Question(order.organization_id, order.priority, tuple(modalities), order.kind),
        await uow.centres.centres(),
        await uow.centres.agreements_of(order.organization_id),
        await routing_rules(uow, order.organization_id, now),
        organizations=await uow.centres.names(),
        now=now,
    )
    order = replace(order, route=decided.reason, rule_version=decided.rule_version)
    if isinstance(decided, NoRoute):
        return replace(order, centre_id=None, centre_organization_id=None), decided, None
    if decided.centre.kind is not order.kind and not order.unrequested:
        order = flagged(order, KIND_CHANGED)
    order = replace(
        order,
        kind=decided.centre.kind,
        centre_id=decided.centre.id,
        centre_organization_id=decided.centre.organization_id,
        limit_minutes=decided.limit_minutes,
        fee_waiver=await fee_waiver(uow, order, now),
    )
    begins = order.complete_at if decided.opens_at <= now and order.complete_at else decided.opens_at
    return order, decided, begins + timedelta(minutes=decided.limit_minutes)


async def extend_study(uow: ReadingUnitOfWork, study_uid: str, *, now: datetime) -> None:
    """Open a complete study again because more instances came (decisions 11); word of the same ones does nothing."""
    study = await uow.matching.study(study_uid, lock=True)
    order = await uow.orders.by_study(study_uid, lock=True)
    if study is None or study.complete_at is None or study.last_instance_at <= study.complete_at:
        return
    rules = await rules_for(uow, study.organization_id, now)
    await uow.matching.mark_complete(study_uid, None)
    await uow.ledger.set_deadline(COMPLETE, study_uid, max(now, study.last_instance_at + rules.quiet))
    if order is None:
        return
    try:
        decide(order, "late-instance", Fact(), now=now)
    except IllegalTransition:
        return  # cancelled: nobody reads it any more, the images stay where they are
    if order.state is not S.RECEIVING:
        await _late(uow, flagged(order, LATE), now + rules.lease, now)


async def _late(uow: ReadingUnitOfWork, order: ReadingOrder, lease_until: datetime, now: datetime) -> None:
    report = await uow.reports.current(order.id, lock=True)
    moved = await move(uow, order, "late-instance", Fact(until=lease_until), now=now)
    if order.state in {S.RETURNED, S.UNROUTED}:  # what was asked of somebody came; what is unclear then is asked anew
        await uow.ledger.close_tasks("reading-orders", order.id, kinds=(RETURNED, UNROUTED), by="system", at=now)
    if order.state in {S.AWAITING_VERIFICATION, S.AMENDING} and report and report.signed_at and not report.released_at:
        voided = decide_report(report, "late-instance", ReportFact(reason=LATE.zh), now=now)
        await uow.reports.save(voided)
        await uow.reports.void_signatures(report.id, now)
        await announce_report(uow, voided, moved, "signature-voided")
    if order.state is S.FINAL and moved.centre_organization_id:
        await ask(
            uow, moved, AMEND,
            organization_id=moved.centre_organization_id, role="reporting-physician", due_at=now + timedelta(hours=2),
            now=now, occasion=now.isoformat(timespec="minutes"),
            zh=f"{PRIORITY_ZH[moved.priority]} {moved.number} 发布后又到了图像，看是否要更正",
            en=f"{moved.number}: images came after the release, decide whether to amend",
        )  # fmt: skip


async def add_machine_flags(uow: ReadingUnitOfWork, order_id: str, flags: Sequence[Flag]) -> ReadingOrder | None:
    """Add what a machine suspects or misses, once; it moves an order up inside its level and does nothing else.

    Parameters
    ----------
    flags
        Of level `machine`, their words saying that nobody has confirmed it, or `warn` for the recording's quality.
    """
    order = await uow.orders.get(order_id, lock=True)
    if order is None or order.state is S.CANCELLED:
        return None
    fresh = [flag for flag in flags if flag not in order.flags]
    if not fresh:
        return order
    order = flagged(order, *fresh)
    order = replace(order, version=order.version + 1)
    await uow.orders.save(order)
    await announce(uow, order, "flagged", code=fresh[0].code)
    return order


def without_doubts(order: ReadingOrder) -> ReadingOrder:
    """Return the order without the flags that kept it aside: a person has answered them."""
    return unflagged(order, *QUARANTINE_FLAGS)
