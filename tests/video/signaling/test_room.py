"""Who sits in a room and what each may do there: the pure moves, and what a worker and each person is told of them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders.consults import NOON
from tests.golden import golden
from video.consults import ConsultState
from video.errors import Locked, MalformedFrame, NotInside, NotPermitted, UnknownSubject
from video.signaling import messages, room
from video.signaling.seats import PATIENT, Place, Presence, Recording, Room, Seat, Visitor
from video.signaling.views import Facts, lobby_view, may, room_view, roster

ZHAO = Visitor("zhaoning", "赵宁", Place.EXPERT, "副主任", "云岭县人民医院")
GUO = Visitor("guoheng", "郭恒", Place.EXPERT, "主任", "云岭县人民医院")
LI = Visitor("lilan", "李兰", Place.SENDER, "执业助理", "石门镇卫生院")
MA = Visitor(PATIENT, "马建国", Place.PATIENT)
DAUGHTER = Visitor("haiying", "海英", Place.SENDER)
CLASS = Visitor("student", "学员", Place.OBSERVER)
FACTS = Facts("H-1", ConsultState.IN_CALL, NOON, "云岭县人民医院", "0990-1", {"name": "马建国"}, ())
KEEP = timedelta(seconds=60)


@pytest.fixture
def ids() -> Iterator[str]:
    """Give seat ids."""
    return iter(f"s{n}" for n in range(1, 99))


def enter(before: Room, visitor: Visitor, ids: Iterator[str], *, socket: str = "") -> tuple[Room, Seat]:
    return room.enter(before, visitor, socket=socket or f"of {visitor.person}", new_id=lambda: next(ids), now=NOON)


@pytest.fixture
def full(ids: Iterator[str]) -> Room:
    """Give a room with an expert who leads, a second one, the inviter's doctor and the patient, all inside."""
    found = Room("c1")
    for visitor in (ZHAO, GUO, LI, MA):
        found, seat = enter(found, visitor, ids)
        found = room.let_in(found, seat)
    return found


def seat(found: Room, visitor: Visitor) -> Seat:
    held = found.seat_of(visitor.person)
    assert held is not None
    return held


def test_experts_come_in_by_themselves_and_everybody_else_knocks(ids: Iterator[str]) -> None:
    found, host = enter(Room("c1"), ZHAO, ids)
    found, knocking = enter(found, MA, ids)
    assert (host.presence, knocking.presence) == (Presence.INSIDE, Presence.WAITING)
    assert found.is_host(host)
    assert not found.is_two_sided
    assert room.admit(found, host, knocking.id).is_two_sided


def test_a_second_socket_takes_the_seat_and_a_late_goodbye_of_the_first_takes_nothing(
    full: Room, ids: Iterator[str]
) -> None:
    again, mine = enter(full, LI, ids, socket="phone")
    assert (mine.id, mine.socket, mine.admitted) == (seat(full, LI).id, "phone", True)
    assert len(again.seats) == 4
    assert room.lose(again, mine, socket="of lilan", now=NOON) == again


def test_a_seat_is_kept_for_a_minute_and_then_given_up(full: Room) -> None:
    away = room.lose(full, seat(full, MA), socket="of patient", now=NOON)
    assert seat(away, MA).presence is Presence.AWAY
    assert room.expire(away, keep=KEEP, now=NOON + timedelta(seconds=59)) == away
    gone = room.expire(away, keep=KEEP, now=NOON + KEEP)
    assert gone.seat_of(PATIENT) is None


def test_whoever_only_waited_keeps_no_seat(ids: Iterator[str]) -> None:
    found, knocking = enter(Room("c1"), MA, ids)
    assert room.lose(found, knocking, socket=knocking.socket, now=NOON).seats == ()


def test_seats_whose_process_is_silent_are_away(full: Room) -> None:
    held = [(seat(full, LI).id, "of lilan"), (seat(full, MA).id, "of before"), ("nobody", "of nobody")]
    silent = room.lose_silent(full, held, now=NOON)
    assert [each.who.name for each in silent.seats if each.presence is Presence.AWAY] == ["李兰"]


def test_a_locked_room_takes_its_own_people_and_experts_only(full: Room, ids: Iterator[str]) -> None:
    locked = room.lock(full, seat(full, ZHAO), on=True)
    assert enter(locked, LI, ids)[1].admitted
    with pytest.raises(Locked):
        enter(locked, CLASS, ids)
    assert enter(room.leave(locked, seat(locked, GUO)), GUO, ids)[1].admitted


@pytest.mark.parametrize("visitor", [GUO, LI, MA])
def test_only_the_host_silences_removes_locks_records_and_hands_over(full: Room, visitor: Visitor) -> None:
    me, other = seat(full, visitor), seat(full, ZHAO)
    moves = (
        lambda: room.silence(full, me, other.id, "microphone"),
        lambda: room.remove(full, me, other.id),
        lambda: room.lock(full, me, on=True),
        lambda: room.record(full, me, on=True),
        lambda: room.hand_over(full, me, seat(full, GUO).id),
    )
    for move in moves:
        with pytest.raises(NotPermitted):
            move()
    assert may(full, me) == [*(["admit"] if visitor is GUO else []), *(["view"] if visitor is not MA else []), "chat"]


def test_what_is_silenced_is_forwarded_no_more_until_she_switches_it_on_herself(full: Room) -> None:
    speaking = room.switch(full, seat(full, LI), {"microphone", "camera"})
    quiet, hit = room.silence(speaking, seat(full, ZHAO), "all", "microphone")
    assert [each.who.name for each in hit] == ["李兰"]
    assert roster(quiet)[seat(full, LI).id]["publish"] == ["camera"]
    again = room.switch(quiet, seat(quiet, LI), {"microphone", "camera"})
    assert roster(again)[seat(full, LI).id]["publish"] == ["camera", "microphone"]


def test_a_worker_hears_of_those_inside_and_away_and_of_nobody_who_waits(full: Room, ids: Iterator[str]) -> None:
    found, knocking = enter(full, CLASS, ids)
    found = room.lose(found, seat(found, LI), socket="of lilan", now=NOON)
    assert set(roster(found)) == {each.id for each in found.seats} - {knocking.id}
    inside = room.let_in(found, knocking)
    inside = room.switch(inside, seat(inside, CLASS), {"camera", "microphone"})
    assert roster(inside)[knocking.id] == {"publish": [], "receive": True, "low": True}, "an observer only looks on"


def test_nobody_is_recorded_without_everybodys_yes(full: Room, ids: Iterator[str]) -> None:
    asked = room.record(full, seat(full, ZHAO), on=True)
    assert asked.recording is Recording.ASKING
    for visitor in (GUO, LI, MA):
        assert asked.recording is Recording.ASKING
        asked = room.consent(asked, seat(asked, visitor), given=True)
    assert asked.recording is Recording.ON
    joined, late = enter(asked, DAUGHTER, ids)
    assert joined.recording is Recording.ON, "whoever waits is not recorded"
    assert room.let_in(joined, late).recording is Recording.ASKING
    joined, looking = enter(asked, CLASS, ids)
    joined = room.let_in(joined, looking)
    assert joined.recording is Recording.ON, "whoever only looks on sends nothing that could be recorded"
    with pytest.raises(NotPermitted):
        room.consent(joined, seat(joined, CLASS), given=False)
    assert room.consent(asked, seat(asked, MA), given=False).recording is Recording.OFF
    again = room.record(asked, seat(asked, ZHAO), on=True)
    assert again.recording is Recording.ASKING, "an old yes is none to a new recording"


def test_an_observer_hears_no_name_and_one_who_waits_hears_who_comes(full: Room, ids: Iterator[str]) -> None:
    found, knocking = enter(full, CLASS, ids)
    inside = room.let_in(found, knocking)
    assert "马建国" not in json.dumps(room_view(inside, FACTS, seat(inside, CLASS), None), ensure_ascii=False)
    assert room_view(inside, FACTS, seat(inside, LI), None)["patient"] == {"name": "马建国"}
    lobby = lobby_view(found, FACTS)
    assert (lobby["number"], lobby["host_here"]) == ("H-1", True)
    assert "patient" not in lobby


def test_only_those_before_the_door_are_hidden_from_others(full: Room, ids: Iterator[str]) -> None:
    found, knocking = enter(full, CLASS, ids)
    shown = {v: {s["id"] for s in room_view(found, FACTS, seat(found, v), None)["seats"]} for v in (ZHAO, MA)}
    assert shown[ZHAO] - shown[MA] == {knocking.id}


def test_whoever_waits_says_nothing_and_a_seat_that_is_not_there_is_named(full: Room, ids: Iterator[str]) -> None:
    found, knocking = enter(full, CLASS, ids)
    for move in (
        lambda: room.switch(found, knocking, {"camera"}),
        lambda: room.raise_hand(found, knocking, up=True),
        lambda: room.consent(found, knocking, given=True),
    ):
        with pytest.raises(NotInside):
            move()
    with pytest.raises(UnknownSubject):
        room.admit(found, seat(found, ZHAO), "nobody")


def test_every_change_is_a_version_on(full: Room) -> None:
    moved = room.raise_hand(full, seat(full, LI), up=True)
    assert moved.version == full.version + 1
    assert replace(moved, version=full.version) != full


def test_frames_are_as_documented() -> None:
    golden("video/signalling.txt", messages.render())


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ("", ""), ("[1]", ""), ('{"type": "nothing"}', "type"), ('{"type":"lock"}', "on"),
        ('{"type":"lock","on":1}', "on"), ('{"type":"chat","key":"","text":"x"}', "key"),
        ('{"type":"point","x":NaN,"y":0}', "x"), ('{"type":"lock","on":true,"id":-1}', "id"),
        ('{"type":"publish","connection":"main","epoch":1,"sdp":"v=0","sources":{"0":"eye"}}', "sources"),
        ('{"type":"want","tracks":{"a/camera":{"limit":"most"}}}', "tracks"), ("[" * 100_000, ""),
    ],
)  # fmt: skip
def test_a_frame_that_is_not_as_documented_is_refused_by_the_field(data: str, field: str) -> None:
    with pytest.raises(MalformedFrame) as refusal:
        messages.read(data)
    assert refusal.value.field == field


def test_what_a_frame_does_not_name_is_none() -> None:
    frame = messages.read('{"type":"point","id":7,"more":1}')
    assert (frame.id, frame["x"], "more" in frame.fields) == (7, None, False)
