"""A room of people in memory: who hears whom, from when on, and from when on no more."""

import pytest

from tests.video.rtc.house import INSIDE, House
from tests.video.rtc.participant import CLIENT
from video.rtc import sdp
from video.rtc.dtls import Role
from video.rtc.forward.subscriber import Limit
from video.rtc.room.model import Connection, Name, Refused, Roster, Seat, Track, Want
from video.rtc.rtcp import ReceiverReport, Remb, ReportBlock

MICROPHONE, CAMERA, SCREEN = Name.MICROPHONE, Name.CAMERA, Name.SCREEN
MAIN = Connection.MAIN


def test_two_people_hear_and_see_each_other_and_nobody_herself() -> None:
    house = House()
    ann, bob = house.enter("ann", MICROPHONE, CAMERA), house.enter("bob", MICROPHONE, CAMERA)
    house.play(1.0)
    assert set(ann.got()) == {"bob/microphone", "bob/camera"}
    heard = bob.got()
    assert set(heard) == {"ann/microphone", "ann/camera"}
    assert heard["ann/microphone"] >= 45


def test_whoever_comes_third_is_offered_to_the_others_and_they_to_her() -> None:
    house = House()
    ann, bob = house.enter("ann", MICROPHONE), house.enter("bob", MICROPHONE)
    house.play(0.5)
    before = ann.offer
    cat = house.enter("cat", MICROPHONE)
    assert ann.offer["version"] == before["version"] + 1
    assert sdp.parse(ann.offer["sdp"]).bundle == ("0", "1")
    house.play(0.5)
    assert {"bob/microphone", "cat/microphone"} <= set(ann.got())
    assert set(bob.got()) == {"ann/microphone", "cat/microphone"}
    assert set(cat.got()) == {"ann/microphone", "bob/microphone"}


def test_whoever_the_roster_does_not_know_has_no_connection() -> None:
    house = House()
    house.roster()
    for refused in (
        lambda: house.room.subscribe("eve", now=0.0),
        lambda: house.room.publish("eve", MAIN, "v=0\r\n", {}, now=0.0),
    ):
        with pytest.raises(Refused) as seen:
            refused()
        assert seen.value.code == "NO_SEAT"
    assert len(house.port) == 0


def test_whoever_waits_may_send_but_receives_nothing_and_is_heard_by_nobody_before_she_is_let_in() -> None:
    house = House()
    ann = house.enter("ann", MICROPHONE)
    eve = house.enter("eve", MICROPHONE, allowed=Seat())
    with pytest.raises(Refused) as seen:
        house.room.subscribe("eve", now=house.now)
    assert seen.value.code == "NOT_ALLOWED"
    house.play(1.0)
    assert ann.got() == {}
    house.roster(eve=INSIDE)
    eve.subscribe()
    house.play(0.5)
    assert set(ann.got()) == {"eve/microphone"}
    assert set(eve.got()) == {"ann/microphone"}


def test_whoever_is_taken_out_of_the_roster_is_neither_heard_nor_hears_from_that_moment_on() -> None:
    house = House()
    ann, bob = house.enter("ann", MICROPHONE, CAMERA), house.enter("bob", MICROPHONE, CAMERA)
    house.play(1.0)
    ann.got(), bob.got()
    house.roster(bob=None)
    bob.sending[MAIN].is_closed = False  # she goes on sending all the same
    house.play(1.0)
    assert ann.got() == {}
    assert bob.got() == {}
    assert len(house.port) == 2
    assert all(section.direction == "inactive" for section in sdp.parse(ann.offer["sdp"]).sections)
    assert ann.offer["tracks"] == []


def test_a_source_that_is_muted_is_not_forwarded_and_comes_back_without_a_new_offer() -> None:
    house = House()
    ann, bob = house.enter("ann", MICROPHONE, CAMERA), house.enter("bob", MICROPHONE, CAMERA)
    house.play(1.0)
    version = ann.offer["version"]
    ann.got()
    house.roster(bob=Seat(frozenset({CAMERA}), receive=True))
    house.play(1.0)
    assert set(ann.got()) == {"bob/camera"}
    house.roster(bob=Seat(frozenset({MICROPHONE}), receive=True))
    house.play(1.0)
    assert set(ann.got()) == {"bob/microphone"}
    assert {"type": "paused", "seat": "bob", "source": "camera", "cause": "source"} in ann.told
    house.roster(bob=INSIDE)
    house.play(1.0)
    assert set(ann.got()) == {"bob/camera", "bob/microphone"}
    assert ann.offer["version"] == version
    bob.got()


def test_an_older_roster_changes_nothing() -> None:
    house = House()
    ann, _ = house.enter("ann", MICROPHONE), house.enter("bob", MICROPHONE)
    house.room.set_roster(Roster(house.version - 1, {}), now=house.now)
    house.play(0.5)
    assert set(ann.got()) == {"bob/microphone"}


def test_a_section_that_ended_is_taken_for_the_next_source_of_its_kind() -> None:
    house = House()
    ann = house.enter("ann", MICROPHONE)
    house.enter("bob", MICROPHONE, CAMERA)
    house.play(0.5)
    bobs = {each["mid"]: each["source"] for each in ann.offer["tracks"]}
    house.roster(bob=None)
    cat = house.enter("cat", MICROPHONE, CAMERA)
    assert {each["mid"]: each["source"] for each in ann.offer["tracks"]} == bobs
    assert len(sdp.parse(ann.offer["sdp"]).sections) == 2
    ann.got()
    house.play(0.5)
    assert set(ann.got()) == {"cat/microphone", "cat/camera"}
    cat.got()


def test_what_changes_while_an_answer_is_awaited_is_offered_after_it() -> None:
    house = House()
    ann = house.enter("ann", MICROPHONE)
    ann.answers = False
    house.enter("bob", MICROPHONE)
    first = ann.offer
    house.enter("cat", MICROPHONE)
    assert ann.offer is first
    ann.answers = True
    ann.answer()
    house.deliver()
    assert {each["seat"] for each in ann.offer["tracks"]} == {"bob", "cat"}
    house.play(0.5)
    assert set(ann.got()) == {"bob/microphone", "cat/microphone"}


def test_an_offer_that_nobody_answers_is_made_anew_and_a_late_answer_to_the_first_says_nothing() -> None:
    house = House()
    ann = house.enter("ann", MICROPHONE)
    ann.answers = False
    house.enter("bob", MICROPHONE)
    first = ann.offer
    house.play(3.0)
    assert ann.offer is first
    house.play(2.0)
    assert ann.offer["version"] == first["version"] + 1
    newest, ann.offer = ann.offer, first
    ann.answer()
    house.play(0.5)
    assert ann.got() == {}
    ann.offer = newest
    ann.answer()
    house.play(0.5)
    assert set(ann.got()) == {"bob/microphone"}


def test_the_screen_comes_by_a_connection_of_its_own_and_goes_alone() -> None:
    house = House()
    ann, bob = house.enter("ann", MICROPHONE), house.enter("bob", MICROPHONE)
    bob.publish(SCREEN, connection=Connection.SCREEN)
    house.deliver()
    assert {each["source"] for each in ann.offer["tracks"]} == {"microphone", "screen"}
    house.room.unpublish("bob", Connection.SCREEN, now=house.now)
    house.room.unpublish("bob", Connection.SCREEN, now=house.now)
    house.deliver()
    assert {each["source"] for each in ann.offer["tracks"]} == {"microphone"}


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ({"0": "screen"}, "BAD_REQUEST"),
        ({"0": "camera"}, "BAD_REQUEST"),
        ({"0": "microphone", "7": "camera"}, "BAD_REQUEST"),
        ({"0": "microphone", "1": "microphone"}, "BAD_REQUEST"),
    ],
)
def test_a_name_that_does_not_fit_is_refused_and_leaves_nothing_behind(names: dict[str, str], code: str) -> None:
    house = House()
    ann = house.enter("ann")
    before = len(house.port)
    text = ann.sdp(house.link(), MICROPHONE, CAMERA)
    with pytest.raises(Refused) as seen:
        house.room.publish("ann", MAIN, text, names, now=house.now)
    assert seen.value.code == code
    assert len(house.port) == before


def test_damaged_descriptions_are_refused_with_a_code() -> None:
    house = House()
    ann = house.enter("ann", MICROPHONE)
    house.enter("bob", MICROPHONE)
    whole = ann.sdp(house.link(), MICROPHONE)
    unmuxed = whole.replace("a=rtcp-mux\r\n", "")
    anonymous = whole.replace("a=fingerprint", "a=nothing")
    for text in ("", "v=0", "m=", unmuxed, anonymous, "x" * 70_000):
        with pytest.raises(Refused) as seen:
            house.room.publish("ann", MAIN, text, {}, now=house.now)
        assert seen.value.code == "BAD_SDP"
    ann.answers = False
    house.enter("cat", MICROPHONE)
    with pytest.raises(Refused) as seen:
        house.room.answer("ann", ann.offer["version"], "v=0", now=house.now)
    assert seen.value.code == "BAD_SDP"
    with pytest.raises(Refused) as seen:
        house.room.answer("dan", 1, "v=0", now=house.now)
    assert seen.value.code == "NO_CONNECTION"


# -- restarts, replacements, ends -------------------------------------------------------------------------------


def test_a_publisher_restarts_ice_and_media_go_on_by_the_new_path_with_the_old_keys() -> None:
    house = House()
    ann, bob = house.enter("ann", MICROPHONE), house.enter("bob", MICROPHONE)
    house.play(0.5)
    old = bob.sending[MAIN]
    new = house.link()
    new.srtp, new.dtls = old.srtp, old.dtls
    text = bob.sdp(new, MICROPHONE, version=2)
    answer = house.room.publish("bob", MAIN, text, {"0": "microphone"}, now=house.now)
    remote = sdp.parse(answer).transport.credentials
    assert remote is not None
    assert house.deliver() == []
    new.connect(remote, None)  # type: ignore[arg-type]  # no handshake comes
    bob.sending[MAIN] = new
    ann.got()
    house.play(0.5)
    assert ann.got()["bob/microphone"] >= 24
    assert len(house.port) == 4


def test_a_receiver_asks_for_a_restart_and_goes_on_by_the_new_path() -> None:
    house = House()
    ann = house.enter("ann", MICROPHONE)
    house.enter("bob", MICROPHONE)
    house.play(0.5)
    old, ufrag = ann.receiving, sdp.parse(ann.offer["sdp"]).transport.credentials
    assert old is not None
    ann.receiving = house.link()
    ann.receiving.srtp, ann.receiving.dtls = old.srtp, old.dtls
    house.room.restart("ann", now=house.now)
    house.deliver()
    assert sdp.parse(ann.offer["sdp"]).transport.credentials != ufrag
    old.take()
    house.play(0.5)
    assert ann.got()["bob/microphone"] >= 24
    assert old.take() == []


def test_another_peer_on_the_same_connection_takes_the_place_of_the_one_before() -> None:
    house = House()
    ann, bob = house.enter("ann", MICROPHONE), house.enter("bob", MICROPHONE)
    house.play(0.5)
    old = bob.sending[MAIN]
    house.room.unpublish("bob", MAIN, now=house.now)
    bob.publish(MICROPHONE)
    house.deliver()
    assert old.is_closed
    house.play(0.5)
    assert ann.got()["bob/microphone"] >= 20
    assert len(house.port) == 4


def test_a_later_offer_of_the_same_peer_brings_a_camera() -> None:
    house = House()
    ann, bob = house.enter("ann", MICROPHONE), house.enter("bob", MICROPHONE)
    link = bob.sending[MAIN]
    text = bob.sdp(link, MICROPHONE, CAMERA, version=2)
    house.room.publish("bob", MAIN, text, {"0": "microphone", "1": "camera"}, now=house.now)
    house.deliver()
    bob.active.add(CAMERA)
    house.play(1.0)
    assert set(ann.got()) == {"bob/microphone", "bob/camera"}
    text = bob.sdp(link, MICROPHONE, version=3)
    house.room.publish("bob", MAIN, text, {"0": "microphone"}, now=house.now)
    house.deliver()
    ann.got()
    house.play(0.5)
    assert set(ann.got()) == {"bob/microphone"}


def test_who_closes_her_connection_is_told_that_it_is_gone_and_the_others_are_offered_less() -> None:
    house = House()
    ann, bob = house.enter("ann", MICROPHONE), house.enter("bob", MICROPHONE)
    house.play(0.2)
    dtls = bob.sending[MAIN].dtls
    assert dtls is not None
    for datagram in dtls.close():
        bob.sending[MAIN].give(datagram)
    bob.sending.clear()
    house.play(0.1)
    assert [each["connection"] for each in bob.told if each["type"] == "gone"] == ["main"]
    assert ann.offer["tracks"] == []


def test_a_swapped_fingerprint_gets_no_media_and_says_so() -> None:
    house = House()
    ann = house.enter("ann", MICROPHONE)
    bob = house.people["bob"] = type(ann)(house, "bob")
    house.roster(bob=INSIDE)
    link = house.link()
    swapped = bob.sdp(link, MICROPHONE).replace(CLIENT.fingerprint, ":".join(["00"] * 32))
    answer = house.room.publish("bob", MAIN, swapped, {"0": "microphone"}, now=house.now)
    remote = sdp.parse(answer).transport.credentials
    assert remote is not None
    link.connect(remote, Role.CLIENT)
    link.heard(bytes((22, 0)))  # whatever comes next: the goodbye is read
    assert link.is_closed
    house.play(0.2)
    (gone,) = [each for each in bob.told if each["type"] == "gone"]
    assert "certificate" in gone["why"]
    assert ann.got() == {}


# -- how much, and how well -------------------------------------------------------------------------------------


def test_what_is_not_wanted_is_not_sent_and_sound_goes_on() -> None:
    house = House()
    ann = house.enter("ann", MICROPHONE)
    house.enter("bob", MICROPHONE, CAMERA)
    house.play(1.0)
    ann.got()
    house.room.want("ann", {Track("bob", CAMERA): Want(Limit.NONE, 0)})
    house.play(0.1)
    ann.got()
    house.play(1.0)
    assert set(ann.got()) == {"bob/microphone"}
    assert {"type": "paused", "seat": "bob", "source": "camera", "cause": "limit"} in ann.told
    house.room.want("ann", {})
    house.play(4.0)
    assert "bob/camera" in ann.got()


def test_a_line_that_is_too_thin_pauses_the_picture_and_the_host_is_told_whose_it_is() -> None:
    house = House()
    house.host = "ann"
    ann, bob = house.enter("ann", MICROPHONE, CAMERA), house.enter("bob", MICROPHONE, CAMERA)
    assert bob.receiving is not None
    for _ in range(8):
        house.play(0.5)
        ssrcs = tuple(bob.tracks())
        bob.receiving.give_rtcp(Remb(1, 40_000, ssrcs), ReceiverReport(1, (ReportBlock(ssrcs[0], 60, 0, 0, 0, 0, 0),)))
    assert {"type": "paused", "seat": "ann", "source": "camera", "cause": "line"} in bob.told
    told = [each["seats"] for each in ann.told if each["type"] == "quality"][-1]
    assert set(told) == {"ann", "bob"}
    assert told["bob"]["level"] == "poor"
    assert told["bob"]["loss"] == pytest.approx(60 / 256, abs=0.01)
    assert told["ann"]["level"] == "good"
    assert [set(each["seats"]) for each in bob.told if each["type"] == "quality"][-1] == {"bob"}
    assert house.room.stats(now=house.now)["ann"]["kbit_in"] > 50
