"""The audit chain: canonical bytes, digests that carry their predecessor, and what an examination finds."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

GENESIS = hashlib.sha256(b"lutong audit chain").hexdigest()


@dataclass(frozen=True, slots=True)
class Record:
    """One audit record as it is stored; every field is under the digest."""

    seq: int
    id: str
    at: datetime
    actor_id: str | None
    organization_id: str | None
    action: str
    object_kind: str
    object_id: str
    patient_id: str | None
    outcome: str
    basis: str | None
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """A record at its place in the chain."""

    position: int
    digest: str
    record: Record

    @property
    def head(self) -> "Head":
        """Return the chain's end when this is its last link."""
        return Head(self.position, self.digest)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain at some instant; position 0 is an empty chain."""

    position: int
    digest: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was sealed.

    Parameters
    ----------
    kind
        `edited`, `inserted`, `deleted`, `reordered`, `cut-tail` or `rewritten`.
    position
        The first place in the chain that shows it.
    """

    kind: str
    position: int
    detail: str


def canonical(record: Record) -> bytes:
    """Return the bytes of a record that its digest is made of: a JSON array, times as microseconds of UTC."""
    micros = round((record.at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000)
    fields = [record.seq, record.id, micros, record.actor_id, record.organization_id, record.action]
    fields += [record.object_kind, record.object_id, record.patient_id, record.outcome, record.basis]
    return json.dumps([*fields, record.request_id], ensure_ascii=False, separators=(",", ":")).encode()


def digest(previous: str, record: Record) -> str:
    """Return the digest of a record after its predecessor's."""
    return hashlib.sha256(previous.encode() + b"\n" + canonical(record)).hexdigest()


def chain(head: Head, records: Iterable[Record]) -> list[Link]:
    """Return the links that continue a chain."""
    links: list[Link] = []
    position, previous = head.position, head.digest or GENESIS
    for record in records:
        position, previous = position + 1, digest(previous, record)
        links.append(Link(position, previous, record))
    return links


class Examination:
    """Walks a chain batch by batch and gathers what is wrong with it; the anchors witness from outside."""

    def __init__(self, anchors: Sequence[Head]) -> None:
        self._anchors = {anchor.position: anchor.digest for anchor in anchors}
        self._last_anchor = max(self._anchors, default=0)
        self._position, self._previous = 0, GENESIS
        self._suspects: list[tuple[Link, str]] = []
        self._rewritten = False
        self.count = 0
        self.findings: list[Finding] = []

    def feed(self, links: Sequence[Link]) -> None:
        """Examine the next links."""
        for link in links:
            self._one(link)

    def conclude(self) -> list[Finding]:
        """Return everything found, by place; a chain that ends before an anchored place was cut."""
        if self._position < self._last_anchor:
            self._find("cut-tail", self._position + 1, f"the chain once reached position {self._last_anchor}")
        self.findings += _explain(self._suspects)
        return sorted(self.findings, key=lambda f: f.position)

    def _one(self, link: Link) -> None:
        self.count += 1
        if link.position != self._position + 1:
            self._find("deleted", self._position + 1, f"{link.position - self._position - 1} records are missing")
            self._previous = ""  # what stood before is gone: this link cannot be judged by its predecessor
        elif digest(self._previous, link.record) != link.digest:
            self._suspects.append((link, self._previous))
        elif self._anchors.get(link.position, link.digest) != link.digest and not self._rewritten:
            self._rewritten = True
            self._find("rewritten", link.position, "the digest differs from the one anchored outside the database")
        self._position, self._previous = link.position, link.digest

    def _find(self, kind: str, position: int, detail: str) -> None:
        self.findings.append(Finding(kind, position, detail))


SEARCHED = 64  # suspects compared with each other when naming what happened


def _explain(suspects: Sequence[tuple[Link, str]]) -> list[Finding]:
    """Say of each link that does not follow its predecessor what was probably done; the place is certain."""
    at = {link.position: link for link, _ in suspects}
    near = [link for link, _ in suspects[:SEARCHED]]
    findings: list[Finding] = []
    explained: set[int] = set()
    for link, previous in suspects:
        if link.position in explained:
            continue
        follower = at.get(link.position + 1)
        if follower and _follows(previous, follower) and link.position + 2 not in at:
            explained.add(follower.position)
            findings.append(Finding("inserted", link.position, "its neighbours follow each other without it"))
        elif any(other is not link and _follows(previous, other) for other in near):
            findings.append(Finding("reordered", link.position, "another record belongs here"))
        else:
            detail = "the record, or what stood between it and its predecessor, was changed"
            findings.append(Finding("edited", link.position, detail))
    return findings


def _follows(previous: str, link: Link) -> bool:
    return digest(previous, link.record) == link.digest
