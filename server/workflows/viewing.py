"""What viewers need of stored objects: metadata and where frames lie, made once by the decode child and kept."""

import asyncio
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from dicom.errors import NotDecodable
from dicom.json_model import described
from dicom.ports import InstanceRecord

WALK_BATCH = 200
OpenUnit = Callable[[], Any]  # a unit of work: an async context, and `carry_out`


class Decoder(Protocol):
    """The pool of decode children."""

    async def run(self, job: str, path: Path, **arguments: Any) -> Any:
        """Let a child do one job."""
        ...


class FactStore(Protocol):
    """The store with what lies beside objects."""

    def path(self, key: str) -> Path:
        """Return where an object lies."""
        ...

    async def facts_of(self, keys: Sequence[str]) -> list[bytes | None]:
        """Return what the walk wrote beside objects, None where it has not."""
        ...

    async def keep_facts(self, key: str, facts: bytes) -> None:
        """Keep what the walk found."""
        ...


class Walked:
    """What one walk found: a line of metadata (DICOM JSON Model) and where the frames lie."""

    __slots__ = ("_table", "metadata")

    def __init__(self, facts: bytes) -> None:
        self.metadata, _, table = facts.partition(b"\n")
        self._table = table

    @property
    def frames(self) -> list[list[list[int]]] | None:
        """Return for each frame its spans (offset, length), None when only a decoder can tell."""
        found: list[list[list[int]]] | None = json.loads(self._table).get("frames")
        return found


class Viewing:
    """Walks objects once, and remembers."""

    def __init__(self, store: FactStore, decoder: Decoder) -> None:
        self._store, self._decoder = store, decoder

    async def walked(self, records: Sequence[InstanceRecord]) -> list[Walked]:
        """Return what is known of these instances; those that were not walked yet are walked now."""
        kept = await self._store.facts_of([r.store_key for r in records])
        missing = [i for i, facts in enumerate(kept) if facts is None]
        made = await asyncio.gather(*(self.walk(records[i]) for i in missing))
        for i, (facts, _result, _note) in zip(missing, made, strict=True):
            kept[i] = facts
        return [Walked(facts or b"") for facts in kept]

    async def walk(self, record: InstanceRecord) -> tuple[bytes, str, str | None]:
        """Walk one object; return its facts, `ok` or `warning`, and a note. A walk that fails is a warning too."""
        try:
            answer = await self._decoder.run("walk", self._store.path(record.store_key), base=address(record))
        except NotDecodable as error:
            return _least(record), "warning", str(error)[:300]
        await self._store.keep_facts(record.store_key, answer.body)
        return answer.body, str(answer.fields["walk"]), str(answer.fields["note"]) or None


def address(record: InstanceRecord) -> str:
    """Return an instance's address below /dicom-web."""
    return (
        f"/studies/{record.study_instance_uid}/series/{record.series_instance_uid}/instances/{record.sop_instance_uid}"
    )


def _least(record: InstanceRecord) -> bytes:
    """Return what the index alone knows of an object that cannot be walked."""
    metadata = described(
        {
            "00080016": ("UI", record.sop_class_uid),
            "00080018": ("UI", record.sop_instance_uid),
            "0020000D": ("UI", record.study_instance_uid),
            "0020000E": ("UI", record.series_instance_uid),
            "00200013": ("IS", record.number),
        }
    )
    return json.dumps(metadata).encode() + b'\n{"frames":null}'


async def walk_new(open_reading: OpenUnit, open_unit: OpenUnit, store: FactStore, decoder: Decoder) -> int:
    """Let a child follow every element of instances that none has seen yet; return how many there were."""
    async with open_reading() as uow:
        fresh = await uow.studies.unwalked(WALK_BATCH)
    if not fresh:
        return 0
    notes = await _checked(decoder, [store.path(key) for _, key in fresh])

    async def record(uow: Any) -> None:
        await uow.studies.record_walks([(uid, note) for (uid, _), note in zip(fresh, notes, strict=True)])

    await open_unit().carry_out(record)
    return len(fresh)


async def _checked(decoder: Decoder, paths: Sequence[Path]) -> list[str | None]:
    """Return what is wrong with each object; one over which the child dies does not take the others with it."""
    try:
        answer = await decoder.run("check", paths[0], more=[str(path) for path in paths[1:]])
    except NotDecodable as error:
        if len(paths) == 1:
            return [str(error)[:300]]
        return [note for path in paths for note in await _checked(decoder, [path])]
    return [str(note) if note else None for note in answer.fields["notes"]]
