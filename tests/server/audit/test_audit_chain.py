"""The audit chain: whatever is changed afterwards is found, and its place is named (A02)."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.audit.chain import Examination, Finding, Head, Link, Record, chain

START = datetime(2026, 11, 23, 0, 12, tzinfo=UTC)
EMPTY = Head(0, "")


def records(count: int) -> list[Record]:
    return [
        Record(
            n, f"id{n}", START + timedelta(seconds=n), "lilan", "T01", "read", "patients", f"p{n % 7}", f"p{n % 7}",
            "success", None, f"r{n}",
        )
        for n in range(1, count + 1)
    ]  # fmt: skip


def examine(links: list[Link], anchors: list[Head], batch: int = 10) -> list[Finding]:
    examination = Examination(anchors)
    for start in range(0, len(links), batch):
        examination.feed(links[start : start + batch])
    return examination.conclude()


def sealed(count: int = 30) -> tuple[list[Link], list[Head]]:
    links = chain(EMPTY, records(count))
    return links, [links[9].head, links[-1].head]


def forged(record: Record, field: str, value: str) -> Record:
    changed: dict[str, Any] = {field: value}
    return replace(record, **changed)


def renumbered(links: list[Link]) -> list[Link]:
    return [replace(link, position=place) for place, link in enumerate(links, 1)]


def test_a_chain_that_nobody_touched_is_sound() -> None:
    assert examine(*sealed()) == []


def test_sealing_in_batches_gives_the_same_chain() -> None:
    first = chain(EMPTY, records(30)[:13])
    assert first + chain(first[-1].head, records(30)[13:]) == sealed()[0]


@pytest.mark.parametrize("field", [name for name in Record.__slots__ if name not in {"seq", "at"}])
def test_an_edited_field_is_found(field: str) -> None:
    links, anchors = sealed()
    links[16] = replace(links[16], record=forged(links[16].record, field, "forged"))
    assert [(f.kind, f.position) for f in examine(links, anchors)] == [("edited", 17)]


def test_an_edited_time_is_found_to_the_microsecond() -> None:
    links, anchors = sealed()
    moved = replace(links[16].record, at=links[16].record.at + timedelta(microseconds=1))
    links[16] = replace(links[16], record=moved)
    assert [(f.kind, f.position) for f in examine(links, anchors)] == [("edited", 17)]


def test_a_deleted_record_is_found() -> None:
    links, anchors = sealed()
    del links[16]
    assert [(f.kind, f.position) for f in examine(links, anchors)] == [("deleted", 17)]


def test_an_inserted_record_is_found() -> None:
    links, anchors = sealed()
    links.insert(16, Link(0, "0" * 64, records(99)[98]))
    found = examine(renumbered(links), anchors)
    assert ("inserted", 17) in [(f.kind, f.position) for f in found]


def test_two_swapped_records_are_found() -> None:
    links, anchors = sealed()
    links[16], links[20] = links[20], links[16]
    found = examine(renumbered(links), anchors)
    assert (found[0].kind, found[0].position) == ("reordered", 17)


def test_a_cut_tail_is_found_by_its_anchor() -> None:
    links, anchors = sealed()
    assert [(f.kind, f.position) for f in examine(links[:20], anchors)] == [("cut-tail", 21)]
    assert [(f.kind, f.position) for f in examine([], anchors)] == [("cut-tail", 1)]


def test_a_wholly_rewritten_chain_is_found_by_its_anchors() -> None:
    _, anchors = sealed()
    found = examine(chain(EMPTY, [forged(record, "actor_id", "nobody") for record in records(30)]), anchors)
    assert [(f.kind, f.position) for f in found] == [("rewritten", 10)]


def test_a_tail_that_is_not_anchored_yet_is_no_finding() -> None:
    links, anchors = sealed()
    assert examine(links + chain(links[-1].head, records(33)[30:]), anchors) == []


Tampering = Callable[[list[Link], int, random.Random], tuple[list[Link], int]]


def edit(links: list[Link], place: int, dice: random.Random) -> tuple[list[Link], int]:
    field = dice.choice(["actor_id", "object_id", "patient_id", "outcome", "action"])
    links[place] = replace(links[place], record=forged(links[place].record, field, f"x{dice.random()}"))
    return links, place + 1


def edit_and_seal_again(links: list[Link], place: int, dice: random.Random) -> tuple[list[Link], int]:
    before = links[place - 1].head if place else EMPTY
    changed = forged(links[place].record, "actor_id", f"x{dice.random()}")
    links[place : place + 1] = chain(before, [changed])
    return links, place + 2  # this one agrees with its digest, the next no longer follows


def delete(links: list[Link], place: int, dice: random.Random) -> tuple[list[Link], int]:
    del links[place]
    return (links, place + 1) if dice.random() < 0.5 else (renumbered(links), place + 1)


def insert(links: list[Link], place: int, dice: random.Random) -> tuple[list[Link], int]:
    links.insert(place, Link(0, f"{dice.getrandbits(256):064x}", replace(links[place].record, id="forged")))
    return renumbered(links), place + 1


def swap(links: list[Link], place: int, dice: random.Random) -> tuple[list[Link], int]:
    other = dice.choice([n for n in range(len(links)) if n != place])
    links[place], links[other] = links[other], links[place]
    return renumbered(links), min(place, other) + 1


def cut(links: list[Link], place: int, dice: random.Random) -> tuple[list[Link], int]:
    return links[:place], place + 1


def rewrite(links: list[Link], place: int, dice: random.Random) -> tuple[list[Link], int]:
    records = [link.record for link in links]
    records[place] = forged(records[place], "actor_id", f"x{dice.random()}")
    return chain(EMPTY, records), place + 1


def test_a_thousand_random_tamperings_are_all_found_and_placed() -> None:
    dice = random.Random(20261123)
    original = chain(EMPTY, records(60))
    anchors = [original[n].head for n in range(0, 60, 5)] + [original[-1].head]
    kinds: list[Tampering] = [edit, edit_and_seal_again, delete, insert, swap, cut, rewrite]
    for _ in range(1000):
        tamper, place = dice.choice(kinds), dice.randrange(60)
        links, expected = tamper(list(original), place, dice)
        found = examine(links, anchors)
        assert found, (tamper, place)
        late = 5 if tamper in {rewrite, edit_and_seal_again} else 0  # what is sealed anew shows at the next anchor
        assert expected - 1 <= found[0].position <= expected + late, (tamper, place, found[0])
