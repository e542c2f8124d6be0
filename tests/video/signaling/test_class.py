"""A class in a room: it comes in by its names, is hidden from nobody, and is out at a word."""

import itertools
import json
from dataclasses import replace

import pytest

from tests.builders.consults import NOON
from video.consults import ConsultState
from video.errors import NotPermitted
from video.signaling import room
from video.signaling.seats import PATIENT, Place, Room, Seat, Visitor
from video.signaling.views import Facts, may, room_view, roster, view_for

ZHAO = Visitor("zhaoning", "赵宁", Place.EXPERT, "副主任", "云岭县人民医院")
LI = Visitor("lilan", "李兰", Place.SENDER, "执业助理", "石门镇卫生院")
MA = Visitor(PATIENT, "马建国", Place.PATIENT)
HE = Visitor("helin", "何林", Place.OBSERVER, "执业", "回川镇卫生院", invited=True)
XIA = Visitor("maxiaoyan", "马小燕", Place.OBSERVER, "乡村医生", "石门村卫生室", invited=True)
DESK = Visitor("zhoumin", "周敏", Place.OBSERVER)
FACTS = Facts("H-1", ConsultState.IN_CALL, NOON, "云岭县人民医院", "0990-1", {"name": "马建国"}, (), teaching=True)
NUMBERS = itertools.count()


def enter(before: Room, *visitors: Visitor) -> Room:
    for visitor in visitors:
        before, seat = room.enter(
            before, visitor, socket=f"of {visitor.person}", new_id=lambda: f"s{next(NUMBERS)}", now=NOON
        )
        before = room.let_look_on(before, seat) if visitor.invited else room.let_in(before, seat)
    return before


def seat(found: Room, visitor: Visitor) -> Seat:
    held = found.seat_of(visitor.person)
    assert held is not None
    return held


FULL = enter(Room("c1"), ZHAO, LI, MA, HE, XIA, DESK)


def test_it_comes_in_by_its_names_sends_nothing_and_gets_the_low_layer() -> None:
    assert seat(FULL, HE).is_inside
    assert {each.who.person for each in FULL.invited()} == {"helin", "maxiaoyan"}
    assert roster(FULL)[seat(FULL, HE).id] == {"publish": [], "receive": True, "low": True}


@pytest.mark.parametrize("me", [ZHAO, LI, MA, HE])
def test_nobody_is_hidden_and_nobody_of_the_class_is_told_a_name(me: Visitor) -> None:
    shown = room_view(FULL, FACTS, seat(FULL, me), None)
    roles = [each["role"] for each in shown["seats"]]
    assert (shown["teaching"], roles.count("observer")) == (True, 3)
    assert ("马建国" in json.dumps(shown, ensure_ascii=False)) is (me is not HE)


@pytest.mark.parametrize(("me", "closes"), [(ZHAO, True), (LI, True), (MA, True), (HE, False), (DESK, False)])
def test_the_host_the_inviter_and_the_patient_may_end_it(me: Visitor, closes: bool) -> None:  # noqa: FBT001
    assert ("close-class" in may(FULL, seat(FULL, me), teaching=True)) is closes
    assert "close-class" not in may(FULL, seat(FULL, me))


def test_whoever_was_sent_out_knocks_until_somebody_lets_her_in_again() -> None:
    left, gone = room.remove(FULL, seat(FULL, ZHAO), seat(FULL, HE).id)
    assert gone.who is HE
    again = enter(left, HE)
    assert not seat(again, HE).admitted
    assert roster(again).keys() == roster(left).keys(), "nothing is sent to her while she waits"
    inside = room.admit(again, seat(again, ZHAO), seat(again, HE).id)
    assert seat(enter(room.leave(inside, seat(inside, HE)), HE), HE).admitted, "let in again, she may come and go"


def test_the_whole_class_goes_at_once_and_whoever_arranges_stays() -> None:
    with pytest.raises(NotPermitted):
        room.remove_class(FULL, seat(FULL, LI))
    left, gone = room.remove_class(FULL, seat(FULL, ZHAO))
    assert ({each.who.person for each in gone}, left.invited()) == ({"helin", "maxiaoyan"}, ())
    assert not seat(enter(left, XIA), XIA).admitted
    over, out = room.end_class(FULL)
    assert (len(out), over.sent_out, over.seat_of("zhoumin") is not None) == (2, (), True)
    assert seat(enter(room.end_class(left)[0], XIA), XIA).admitted, "another class begins anew"


def test_it_knows_of_pictures_and_of_no_report_nor_of_anything_else_that_is_said_with_them() -> None:
    me = seat(FULL, HE)
    view = {"kind": "study", "study_uid": "1.2", "frame": 3, "title": "马建国 CT"}
    assert view_for(me, view) == {"kind": "study", "study_uid": "1.2", "frame": 3}
    assert view_for(me, {"kind": "report", "report_id": "r1"}) is None
    assert view_for(seat(FULL, LI), view) == view
    assert room_view(FULL, replace(FACTS, patient=None), me, view)["view"] == view_for(me, view)
