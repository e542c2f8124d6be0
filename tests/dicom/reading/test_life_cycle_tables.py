"""The two tables of reading against the files that clinicians sign, and against random sequences of commands."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom.errors import (
    DicomRefusal,
    IllegalTransition,
    NotClaimHolder,
    ReasonRequired,
    ReportEmpty,
    SameSigner,
    TitleTooLow,
    Unsigned,
)
from dicom.model import Kind, Priority
from dicom.orders import OrderState, Person, ReadingOrder, Report, ReportState, ReportText
from dicom.reading import (
    ORDER_TABLE,
    REPORT_TABLE,
    Fact,
    ReportFact,
    decide,
    decide_report,
    legal,
    order_commands,
    report_commands,
)
from dicom.reading.table import render
from tests.golden import golden

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LEASE = timedelta(minutes=20)
S = OrderState


def an_order(state: OrderState = S.RECEIVING, **more: object) -> ReadingOrder:
    facts: dict[str, Any] = {"patient_id": "P1", "centre_id": "RAD", "complete_at": NOON} | more
    return ReadingOrder("o1", "R-2611-0001-H", Kind.RADIOLOGY, state, 1, Priority.ROUTINE, "T01", NOON, **facts)


def a_report(state: ReportState = ReportState.DRAFT, **more: object) -> Report:
    facts: dict[str, Any] = {"text": ReportText("双肺清晰", "未见异常")} | more
    return Report("r1", "o1", "B-2611-0001-H", 1, state, 1, NOON, NOON, **facts)


def test_the_reading_order_moves_exactly_as_signed() -> None:
    golden("dicom/reading-order.txt", render(ORDER_TABLE, tuple(OrderState)))


def test_the_report_moves_exactly_as_signed() -> None:
    golden("dicom/report.txt", render(REPORT_TABLE, tuple(ReportState)))


def test_an_unknown_pair_is_refused_and_names_what_is_legal() -> None:
    with pytest.raises(IllegalTransition) as refusal:
        decide(an_order(S.READY), "return", Fact(by="wangke", reason="侧别标记错误"), now=NOON)
    assert refusal.value.state == "ready"
    assert refusal.value.event == "return"
    assert refusal.value.legal == ("claim", "late-instance", "cancel")


def test_returning_a_study_pauses_its_clock_and_resending_moves_the_due_time() -> None:
    order = an_order(S.CLAIMED, claimed_by="hazhiyuan", due_at=NOON + timedelta(hours=2))
    with pytest.raises(ReasonRequired):
        decide(order, "return", Fact(by="hazhiyuan"), now=NOON)
    returned = decide(order, "return", Fact(by="hazhiyuan", reason="侧别标记错误", code="side-marker"), now=NOON)
    assert (returned.state, returned.paused_at, returned.claimed_by) == (S.RETURNED, NOON, None)
    resent = decide(returned, "resent", Fact(), now=NOON + timedelta(minutes=30))
    assert (resent.state, resent.paused_seconds) == (S.READY, 1800)
    assert resent.due_at == NOON + timedelta(hours=2, minutes=30)


def test_only_the_holder_of_the_claim_may_sign_or_return() -> None:
    order = an_order(S.CLAIMED, claimed_by="hazhiyuan")
    for event in ("report-signed", "return", "renew"):
        with pytest.raises(NotClaimHolder):
            decide(order, event, Fact(by="luoyan", reason="x"), now=NOON)


def test_a_late_instance_reopens_what_is_not_final() -> None:
    for state in (S.READY, S.RETURNED, S.UNROUTED):
        assert decide(an_order(state), "late-instance", Fact(), now=NOON).state is S.RECEIVING
    waiting = an_order(S.AWAITING_VERIFICATION, reader_id="hazhiyuan")
    back = decide(waiting, "late-instance", Fact(until=NOON + LEASE), now=NOON)
    assert (back.state, back.claimed_by) == (S.CLAIMED, "hazhiyuan")
    held = an_order(S.CLAIMED, claimed_by="luoyan")
    assert decide(held, "late-instance", Fact(), now=NOON).claimed_by == "luoyan"
    assert decide(an_order(S.FINAL), "late-instance", Fact(), now=NOON).state is S.FINAL


def test_a_late_instance_voids_a_signature() -> None:
    report = a_report(ReportState.SIGNED, digest="d", body="b", signed_at=NOON, author_id="hazhiyuan")
    draft = decide_report(report, "late-instance", ReportFact(), now=NOON)
    assert (draft.state, draft.digest, draft.body) == (ReportState.DRAFT, None, None)


@pytest.mark.parametrize(
    ("fact", "refusal"),
    [
        (ReportFact(by="hazhiyuan", rank=4, author_rank=3, digest="d"), SameSigner),
        (ReportFact(by="lilan", rank=1, author_rank=3, digest="d"), TitleTooLow),
        (ReportFact(by="luoyan", rank=4, author_rank=3, digest="other"), Unsigned),
    ],
)
def test_verifying_needs_another_person_of_sufficient_title_over_the_same_bytes(
    fact: ReportFact, refusal: type[DicomRefusal]
) -> None:
    report = a_report(ReportState.SIGNED, digest="d", author_id="hazhiyuan")
    with pytest.raises(refusal):
        decide_report(report, "verify", fact, now=NOON)


def test_a_report_without_an_impression_is_not_signed() -> None:
    with pytest.raises(ReportEmpty):
        decide_report(a_report(text=ReportText("双肺清晰")), "sign", ReportFact(by="hazhiyuan"), now=NOON)


def test_commands_say_why_not() -> None:
    held = an_order(S.CLAIMED, claimed_by="hazhiyuan", claim_expires_at=NOON + LEASE)
    told = {c.name: c for c in order_commands(held, Person("luoyan", reader=True, reviewer=True), now=NOON)}
    assert told["claim"].reason == "CLAIMED"
    assert told["claim"].until == NOON + LEASE
    assert "resend" not in told, "what is not hers ever is not shown"
    signed = a_report(ReportState.SIGNED, author_id="chenyue", digest="d")
    author = Person("chenyue", rank=4, reader=True, reviewer=True)
    told_her = {c.name: c for c in report_commands(signed, an_order(S.AWAITING_VERIFICATION), author, 4)}
    assert told_her["verify"].reason == "SAME_SIGNER"


EVENTS = sorted({row.event for row in ORDER_TABLE})
STEPS = st.lists(st.tuples(st.sampled_from(EVENTS), st.sampled_from(["a", "b"]), st.integers(0, 30)), max_size=40)


@given(steps=STEPS)
def test_no_sequence_of_events_breaks_what_must_hold(steps: list[tuple[str, str, int]]) -> None:
    order, now = an_order(), NOON
    for event, by, minutes in steps:
        now += timedelta(minutes=minutes)
        before = order
        try:
            order = decide(order, event, Fact(by=by, reason="因为", until=now + LEASE), now=now)
        except DicomRefusal:
            continue
        assert event in legal(before.state)
        assert before.state is not S.CANCELLED, "terminal stays terminal"
        assert order.version == before.version + 1
        if order.state is S.CLAIMED:
            assert order.claimed_by is not None
        if order.state in {S.READY, S.RETURNED, S.FINAL, S.CANCELLED, S.UNROUTED}:
            assert order.claimed_by is None, "who let go holds nothing"
        if before.state is S.CLAIMED and order.state is S.CLAIMED:
            assert order.claimed_by == before.claimed_by, "one claimer"
        if event in {"report-signed", "return"}:
            assert before.claimed_by == by, "only the holder"
        assert (order.paused_at is not None) <= (
            order.state in {S.RETURNED, S.RECEIVING, S.CANCELLED, S.UNROUTED, S.QUARANTINED}
        )


@given(
    steps=st.lists(
        st.tuples(st.sampled_from(sorted({row.event for row in REPORT_TABLE})), st.sampled_from(["a", "b"])),
        max_size=30,
    )
)
def test_nothing_is_released_without_two_signers(steps: list[tuple[str, str]]) -> None:
    report = a_report()
    for event, by in steps:
        try:
            report = decide_report(report, event, ReportFact(by, reason="因为", body="x", digest="d"), now=NOON)
        except DicomRefusal:
            continue
        if report.state in {ReportState.RELEASED, ReportState.SUPERSEDED}:
            assert report.author_id is not None
            assert report.verifier_id not in {None, report.author_id}
