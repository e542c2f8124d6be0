"""What the record of a call says: who was there from when to when, what was looked at, who agreed to be recorded."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders.consults import NOON
from video.signaling import room
from video.signaling.journal import Consented, Happening, Note, changes, consents, looks, note, stays, subject_of
from video.signaling.seats import Place, Recorded, Recording, Room, Seat, Visitor

ZHAO = Visitor("zhaoning", "赵宁", Place.EXPERT, "副主任", "云岭县人民医院")
LI = Visitor("lilan", "李兰", Place.SENDER, "执业助理", "石门镇卫生院")
H = Happening


class Told:
    """A call that is moved minute by minute, with the notes that come of it."""

    def __init__(self) -> None:
        self.room = Room("c1")
        self.notes: list[Note] = []
        self.now = NOON

    def goes(self, after: Room, minutes: int = 1) -> None:
        """Take the next state of the room, some minutes later."""
        self.now += timedelta(minutes=minutes)
        self.notes += changes(self.room, after, self.now)
        self.room = after

    def enters(self, visitor: Visitor) -> None:
        """Let somebody take a seat."""
        new = f"s{len(self.notes)}"
        after, _ = room.enter(self.room, visitor, socket=f"of {visitor.person}", new_id=lambda: new, now=self.now)
        self.goes(after)

    def seat(self, visitor: Visitor) -> Seat:
        """Return somebody's seat."""
        held = self.room.seat_of(visitor.person)
        assert held is not None
        return held

    def opens(self, view: dict[str, str] | None) -> None:
        """Let the expert open something for all, or close it."""
        self.now += timedelta(minutes=1)
        self.notes.append(note(self.room, self.seat(ZHAO), H.LOOKED, self.now, subject_of(view)))


@pytest.fixture
def call() -> Told:
    """Give a call: the expert came at 12:01, the township's doctor knocked at 12:02 and was let in at 12:03."""
    told = Told()
    told.enters(ZHAO)
    told.enters(LI)
    told.goes(room.let_in(told.room, told.seat(LI)))
    return told


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_whoever_knocks_is_there_from_when_she_is_let_in(call: Told) -> None:
    assert [(each.what, each.person, each.role) for each in call.notes] == [
        (H.CAME, "zhaoning", "host"),
        (H.CAME, "lilan", "sender"),
    ]
    zhao, li = stays(call.notes)
    assert (zhao.spans, li.spans) == (((at(1), None),), ((at(3), None),))
    assert (li.title, li.organization) == ("执业助理", "石门镇卫生院")


def test_a_line_that_was_cut_and_came_back_is_one_stay_with_one_cut(call: Told) -> None:
    call.goes(room.lose(call.room, call.seat(LI), socket="of lilan", now=call.now))
    call.enters(LI)
    call.goes(replace(call.room, seats=()))
    _, li = stays(call.notes)
    assert (li.spans, li.cuts) == (((at(3), at(6)),), 1)


def test_a_seat_that_was_given_up_was_empty_since_the_line_was_gone(call: Told) -> None:
    call.goes(room.lose(call.room, call.seat(LI), socket="of lilan", now=call.now))
    call.goes(room.leave(call.room, call.seat(LI)), minutes=7)
    call.enters(LI)
    call.goes(room.let_in(call.room, call.seat(LI)))
    _, li = stays(call.notes)
    assert li.spans == ((at(3), at(4)), (at(13), None))


def test_a_departure_that_was_written_twice_is_the_first_one(call: Told) -> None:
    call.goes(room.lose(call.room, call.seat(LI), socket="of lilan", now=call.now))
    call.goes(replace(call.room, seats=()))
    again = [replace(each, at=at(9)) for each in call.notes if each.what is H.LEFT]
    zhao, li = stays([*call.notes, *again])
    assert (zhao.spans, li.spans) == (((at(1), at(5)),), ((at(3), at(4)),))


def test_a_look_lasts_until_the_next_one_or_until_nobody_is_there(call: Told) -> None:
    call.opens({"kind": "study", "study_uid": "1.2.3"})
    call.opens({"kind": "ecg", "study_uid": "4.5"})
    call.opens(None)
    call.opens({"kind": "study", "study_uid": "1.2.3"})
    call.goes(replace(call.room, seats=()))
    assert [(each.kind, each.uid, each.by, each.since, each.until) for each in looks(call.notes)] == [
        ("study", "1.2.3", "赵宁", at(4), at(5)),
        ("ecg", "4.5", "赵宁", at(5), at(6)),
        ("study", "1.2.3", "赵宁", at(7), at(8)),
    ]


def test_leafing_through_a_study_is_no_new_look_and_a_name_of_a_mile_is_cut() -> None:
    there = {"kind": "study", "study_uid": "1.2.3"}
    assert subject_of({**there, "frame": 4}) == subject_of(there)
    assert len(subject_of({"kind": "study", "study_uid": "9" * 5000})) <= 80
    assert subject_of(None) == ""


def test_names_of_a_mile_are_cut_to_what_the_register_takes(call: Told) -> None:
    call.enters(Visitor("long", "长" * 300, Place.EXPERT, "衔" * 300, "院" * 300))
    last = call.notes[-1]
    assert (last.what, len(last.name), len(last.title), len(last.organization)) == (H.CAME, 80, 80, 200)


def test_consent_is_noted_with_its_time_and_a_withdrawal_while_it_ran(call: Told) -> None:
    call.goes(room.record(call.room, call.seat(ZHAO), on=True))
    call.goes(room.consent(call.room, call.seat(LI), given=True))
    assert call.room.recording is Recording.ON
    began = Recorded("r1", "c1", call.now, "zhaoning", ("zhaoning", "lilan"), NOON)
    call.goes(room.consent(call.room, call.seat(LI), given=False), minutes=3)
    ended = replace(began, ended_at=call.now)
    assert consents(ended, call.notes) == [
        Consented("zhaoning", "赵宁", at(4)),
        Consented("lilan", "李兰", at(5), at(8)),
    ]
    call.goes(room.record(call.room, call.seat(ZHAO), on=True))
    assert [each.person for each in call.notes if each.what is H.AGREED] == ["zhaoning", "lilan", "zhaoning"]
    assert consents(ended, call.notes)[1].withdrawn_at == at(8)


def test_a_recording_of_which_no_note_was_kept_names_its_people_and_no_time() -> None:
    assert consents(Recorded("r1", "c1", NOON, "z", ("z",), NOON), ()) == [Consented("z")]
