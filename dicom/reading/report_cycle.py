"""The life cycle of one edition of a report (lifecycles.md a): one table and the function that moves it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from dicom.errors import DicomRefusal, IllegalTransition, ReasonRequired, ReportEmpty, SameSigner, TitleTooLow, Unsigned
from dicom.orders import Report, ReportState
from dicom.reading.table import Row, legal_events, rows_of

S = ReportState


@dataclass(frozen=True, slots=True)
class ReportFact:
    """What comes with an event on a report: who, of which rank among titles, why, over which bytes."""

    by: str = ""
    rank: int = 0
    author_rank: int = 0
    reason: str = ""
    body: str = ""
    digest: str = ""
    one_signer_allowed: bool = False


REPORT_TABLE: tuple[Row[ReportState], ...] = (
    Row((S.DRAFT, S.PRELIMINARY), "edit", None, ("holder",)),
    Row((S.DRAFT,), "issue-preliminary", S.PRELIMINARY, ("holder",), ("impression",), "preliminary"),
    Row((S.DRAFT, S.PRELIMINARY), "sign", S.SIGNED, ("holder",), ("impression",)),
    Row((S.SIGNED,), "verify", S.RELEASED, ("reviewer",), ("same-bytes", "another-person", "title")),
    Row((S.SIGNED,), "send-back", S.DRAFT, ("reviewer",), ("reason",)),
    Row((S.DRAFT, S.PRELIMINARY, S.RELEASED), "late-instance", None, ("system",)),
    Row((S.SIGNED,), "late-instance", S.DRAFT, ("system",)),
    Row((S.RELEASED,), "amend", S.RELEASED, ("author", "reviewer", "lead"), ("reason",)),
    Row((S.RELEASED,), "superseded", S.SUPERSEDED, ("system",)),
    Row((S.RELEASED, S.SUPERSEDED), "read", None, ("sender",)),
)

Guard = Callable[[Report, ReportFact], bool]

GUARDS: Mapping[str, Guard] = MappingProxyType(
    {
        "impression": lambda report, _fact: bool(report.text.impression.strip()),
        "same-bytes": lambda report, fact: bool(report.digest) and report.digest == fact.digest,
        "another-person": lambda report, fact: fact.one_signer_allowed or fact.by != report.author_id,
        "title": lambda _report, fact: fact.rank >= fact.author_rank,
        "reason": lambda _report, fact: bool(fact.reason.strip()),
    }
)

REFUSALS: Mapping[str, type[DicomRefusal]] = MappingProxyType(
    {
        "impression": ReportEmpty,
        "same-bytes": Unsigned,
        "another-person": SameSigner,
        "title": TitleTooLow,
        "reason": ReasonRequired,
    }
)


def report_legal(state: ReportState) -> tuple[str, ...]:
    """Return the events that a state knows."""
    return legal_events(REPORT_TABLE, state)


def decide_report(report: Report, event: str, fact: ReportFact, *, now: datetime) -> Report:
    """Return the report after an event, one version on.

    Raises
    ------
    IllegalTransition
        When the table has no row for the pair.
    DicomRefusal
        The refusal of the first guard that does not hold: `REPORT_INCOMPLETE`, `UNSIGNED`, `SAME_SIGNER`, `TITLE`,
        `REASON_REQUIRED`.
    """
    rows = rows_of(REPORT_TABLE, report.state, event)
    if not rows:
        raise IllegalTransition(report.state.value, event, report_legal(report.state))
    row = rows[0]
    for name in row.guards:
        if not GUARDS[name](report, fact):
            raise REFUSALS[name]
    changed = EFFECTS.get(event, _touched)(report, fact, now)
    return replace(changed, state=row.to or report.state, version=report.version + 1, updated_at=now)


def _touched(report: Report, _fact: ReportFact, _now: datetime) -> Report:
    return report


def _preliminary(report: Report, fact: ReportFact, _now: datetime) -> Report:
    return replace(report, body=fact.body, author_id=fact.by)


def _signed(report: Report, fact: ReportFact, now: datetime) -> Report:
    return replace(report, author_id=fact.by, signed_at=now, body=fact.body, digest=fact.digest, sent_back_reason=None)


def _voided(report: Report, fact: ReportFact, _now: datetime) -> Report:
    if report.state is not S.SIGNED:
        return report
    return replace(report, signed_at=None, body=None, digest=None, sent_back_reason=fact.reason or None)


def _released(report: Report, fact: ReportFact, now: datetime) -> Report:
    return replace(report, verifier_id=fact.by, released_at=now)


EFFECTS: Mapping[str, Callable[[Report, ReportFact, datetime], Report]] = MappingProxyType(
    {
        "issue-preliminary": _preliminary,
        "sign": _signed,
        "send-back": _voided,
        "late-instance": _voided,
        "verify": _released,
    }
)
