"""Reports, their signatures and receipts."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from dicom.errors import VersionMismatch
from dicom.orders import AmendKind, Report, ReportState, ReportText, Signature
from server.db.tables.imaging import report_reads, signatures
from server.db.tables.imaging import reports as t

PLAIN = (
    "id", "order_id", "number", "edition", "version", "created_at", "updated_at", "amend_reason", "author_id",
    "signed_at", "verifier_id", "released_at", "body", "digest", "sent_back_reason", "verification_code", "pdf_key",
    "pdf_digest",
)  # fmt: skip


class Reports:
    """Reports, their signatures and receipts."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._c = connection
        self._upsert: Any = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert

    async def get(self, report_id: str, *, lock: bool = False) -> Report | None:
        """Return one edition."""
        return await self._one(sa.select(t).where(t.c.id == report_id), lock=lock)

    async def current(self, order_id: str, *, lock: bool = False) -> Report | None:
        """Return the newest edition of an order's report."""
        query = sa.select(t).where(t.c.order_id == order_id).order_by(t.c.edition.desc()).limit(1)
        return await self._one(query, lock=lock)

    async def by_code(self, code: str) -> Report | None:
        """Return the report that carries a verification code."""
        return await self._one(sa.select(t).where(t.c.verification_code == code), lock=False)

    async def editions(self, order_id: str) -> list[Report]:
        """Return every edition, oldest first."""
        rows = await self._c.execute(sa.select(t).where(t.c.order_id == order_id).order_by(t.c.edition))
        return [report_of(row) for row in rows]

    async def add(self, report: Report) -> None:
        """Store a new edition."""
        await self._c.execute(t.insert().values(**_row(report)))

    async def save(self, report: Report) -> None:
        """Store the next version.

        Raises
        ------
        VersionMismatch
            When somebody else stored one meanwhile.
        """
        statement = t.update().where(t.c.id == report.id, t.c.version == report.version - 1).values(**_row(report))
        if (await self._c.execute(statement)).rowcount != 1:
            current = await self._c.scalar(sa.select(t.c.version).where(t.c.id == report.id))
            raise VersionMismatch(int(current or 0))

    async def keep_pdf(self, report_id: str, key: str, digest: str) -> bool:
        """Remember where a released report's PDF lies; False when one is kept already: it is made once."""
        statement = t.update().where(t.c.id == report_id, t.c.pdf_key.is_(None)).values(pdf_key=key, pdf_digest=digest)
        return (await self._c.execute(statement)).rowcount == 1

    async def sign(self, signature: Signature) -> None:
        """Store a signature."""
        names = Signature.__slots__
        await self._c.execute(signatures.insert().values(**{name: getattr(signature, name) for name in names}))

    async def signatures(self, report_id: str) -> list[Signature]:
        """Return every signature on an edition, void ones too, oldest first."""
        query = sa.select(signatures).where(signatures.c.report_id == report_id).order_by(signatures.c.at)
        return [Signature(*row) for row in await self._c.execute(query)]

    async def void_signatures(self, report_id: str, at: datetime) -> None:
        """Mark the standing signatures of an edition as void."""
        await self._c.execute(
            signatures.update()
            .where(signatures.c.report_id == report_id, signatures.c.voided_at.is_(None))
            .values(voided_at=at)
        )

    async def mark_read(
        self, report_id: str, user_id: str, organization_id: str, at: datetime, *, receipt: bool
    ) -> None:
        """Store that somebody read it; a receipt stays a receipt."""
        row = {"report_id": report_id, "user_id": user_id, "organization_id": organization_id, "at": at}
        statement = self._upsert(report_reads).values(**row, receipt=receipt)
        changed = {"receipt": sa.or_(report_reads.c.receipt, sa.literal(receipt))}
        await self._c.execute(statement.on_conflict_do_update(index_elements=["report_id", "user_id"], set_=changed))

    async def reads(self, report_id: str) -> list[Any]:
        """Return who read an edition: rows of user_id, organization_id, at, receipt."""
        query = sa.select(report_reads).where(report_reads.c.report_id == report_id).order_by(report_reads.c.at)
        return list(await self._c.execute(query))

    async def _one(self, query: sa.Select[Any], *, lock: bool) -> Report | None:
        row = (await self._c.execute(query.with_for_update() if lock else query)).first()
        return report_of(row) if row else None


def report_of(row: Any) -> Report:
    """Return the report that a row holds."""
    return Report(
        state=ReportState(row.state),
        text=ReportText(row.findings, row.impression, row.positive, row.critical),
        amend_kind=AmendKind(row.amend_kind) if row.amend_kind else None,
        **{name: getattr(row, name) for name in PLAIN},
    )


def _row(report: Report) -> dict[str, Any]:
    return {name: getattr(report, name) for name in PLAIN} | {
        "state": report.state.value,
        "findings": report.text.findings,
        "impression": report.text.impression,
        "positive": report.text.positive,
        "critical": report.text.critical,
        "amend_kind": report.amend_kind.value if report.amend_kind else None,
    }
