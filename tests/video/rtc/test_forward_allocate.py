"""Which layers a line gets, and how its bandwidth is known: rules without packets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from video.rtc.forward.allocate import SHARE, Wish, allocate, missing
from video.rtc.forward.estimate import (
    FIRST_WAIT,
    FLOOR,
    LOSS_FLOOR,
    PROBE,
    REPAIRS,
    START,
    Estimate,
    Probe,
    RepairBudget,
)

LAYERS = (125_000.0, 350_000.0, 1_000_000.0)
WISHES = st.lists(
    st.builds(
        Wish,
        st.integers(0, 3),
        st.lists(st.floats(1_000, 2_000_000), max_size=3).map(lambda rates: tuple(sorted(rates))),
        st.integers(0, 3),
    ),
    max_size=5,
)
RATES = st.floats(0, 5_000_000)


@pytest.mark.parametrize(
    ("estimate", "given_layer"),
    [(150_000, None), (206_000, None), (207_000, 0), (480_000, 0), (490_000, 1), (1_300_000, 2), (1e9, 2)],
)
def test_video_pauses_where_sound_and_the_lowest_layer_do_not_fit(estimate: float, given_layer: int | None) -> None:
    assert allocate([Wish(0, LAYERS, 99)], audio=40_000, estimate=estimate) == [given_layer]


def test_everybody_s_lowest_layer_comes_before_anybody_s_better_one() -> None:
    wishes = [Wish(0, LAYERS, 99), Wish(9, LAYERS, 99), Wish(0, LAYERS, 99)]
    assert allocate(wishes, audio=40_000, estimate=415_000 / SHARE) == [0, 0, 0]
    assert allocate(wishes, audio=40_000, estimate=640_000 / SHARE) == [0, 1, 0]
    assert allocate(wishes, audio=40_000, estimate=300_000 / SHARE) == [0, 0, None]


def test_an_observer_gets_the_low_layer_and_who_switched_video_off_none() -> None:
    wishes = [Wish(0, LAYERS, 1), Wish(0, LAYERS, 0), Wish(0, (), 99)]
    assert allocate(wishes, audio=0, estimate=1e9) == [0, None, None]
    assert missing(wishes, [0, None, None], audio=0) == 0


@given(WISHES, RATES, RATES)
def test_what_goes_out_fits_and_is_no_more_than_wished(wishes: list[Wish], audio: float, estimate: float) -> None:
    given_layers = allocate(wishes, audio=audio, estimate=estimate)
    sent = sum(wish.bitrates[at] for wish, at in zip(wishes, given_layers, strict=True) if at is not None)
    assert sent == 0 or audio + sent <= SHARE * estimate * (1 + 1e-9) + 1e-6
    for wish, at in zip(wishes, given_layers, strict=True):
        assert at is None or at < min(len(wish.bitrates), wish.highest)


@given(WISHES, RATES, RATES)
def test_with_what_is_missing_somebody_gets_more(wishes: list[Wish], audio: float, estimate: float) -> None:
    before = allocate(wishes, audio=audio, estimate=estimate)
    wanted = missing(wishes, before, audio=audio)
    if wanted == 0:
        assert allocate(wishes, audio=audio, estimate=1e12) == before
        return
    after = allocate(wishes, audio=audio, estimate=wanted * (1 + 1e-6) + 1)
    assert sum(-1 if at is None else at for at in after) > -len(wishes)


# -- the estimate -----------------------------------------------------------------------------------------------


def test_it_starts_low_and_the_first_word_of_the_receiver_lifts_it() -> None:
    estimate = Estimate()
    assert (estimate.known, estimate.bitrate) == (False, START)
    estimate.on_remb(2_000_000)
    assert (estimate.known, estimate.bitrate) == (True, 2_000_000)
    estimate.on_remb(110_000)
    assert estimate.bitrate == 110_000


def test_losses_take_it_down_to_their_floor_and_no_losses_up_again() -> None:
    estimate = Estimate()
    estimate.on_remb(1_000_000)
    for second in range(30):
        estimate.on_loss(0.2, sent=500_000, now=float(second))
    assert estimate.bitrate == LOSS_FLOOR
    for second in range(30, 40):
        estimate.on_loss(0.0, sent=500_000, now=float(second))
    assert estimate.bitrate == 1_000_000


def test_what_gets_through_from_the_first_counts_more_than_the_guess() -> None:
    estimate = Estimate()
    estimate.on_loss(0.0, sent=1_000_000, now=1.0)
    assert estimate.bitrate == 1_500_000
    lossy = Estimate()
    lossy.on_loss(0.5, sent=1_000_000, now=1.0)
    assert lossy.bitrate < START


def test_without_remb_it_climbs_no_further_than_what_was_shown() -> None:
    estimate = Estimate()
    for second in range(60):
        estimate.on_loss(0.0, sent=400_000, now=float(second))
    assert estimate.bitrate == 600_000
    for second in range(60, 120):
        estimate.on_loss(0.5, sent=400_000, now=float(second))
    assert estimate.bitrate == FLOOR


def test_losses_between_the_bounds_change_nothing() -> None:
    estimate = Estimate()
    estimate.on_loss(0.05, sent=1e6, now=0.0)
    assert estimate.bitrate == START


@pytest.mark.parametrize(
    ("round_trips", "loss", "remb", "congested"),
    [
        ((0.06,), 0.0, 170_000, False),
        ((0.2,), 0.0, 170_000, False),  # one late report is a hiccup
        ((0.2, 0.06), 0.0, 110_000, False),
        ((0.2, 0.2), 0.0, 170_000, True),  # two in a row are a queue
        ((0.2,), 0.0, 110_000, True),
        ((0.06,), 0.2, 110_000, False),  # a radio link
        ((0.06,), 0.4, 110_000, True),  # none
        ((0.06,), 0.0, 110_000, False),
        ((0.06,), 0.0, 80_000, True),
        ((0.06,), 0.0, None, False),  # our guess is no witness
        ((0.06,), 0.2, None, False),
        ((0.06,), 0.4, None, True),
    ],
)
def test_a_low_estimate_is_believed_with_a_queue_or_losses_or_when_little_gets_through(
    round_trips: tuple[float, ...], loss: float, remb: int | None, *, congested: bool
) -> None:
    estimate = Estimate()
    for each in (0.05, *round_trips):
        estimate.on_round_trip(each)
    for second in range(8):
        estimate.on_loss(loss, sent=200_000, now=float(second))
    if remb is not None:
        estimate.on_remb(remb)
    assert estimate.is_congested(sent=200_000) is congested


@pytest.mark.parametrize(
    ("loss", "round_trip", "bitrate"),
    [(0.2, 0.05, LOSS_FLOOR), (0.0, 0.05, 100_000), (0.2, 0.3, 100_000), (0.4, 0.05, 100_000)],
)
def test_retransmissions_have_more_room_on_a_radio_link_than_on_a_full_line(
    loss: float, round_trip: float, bitrate: float
) -> None:
    estimate = Estimate()
    for each in (0.05, round_trip):
        estimate.on_round_trip(each)
    estimate.on_remb(100_000)
    for second in range(8):
        estimate.on_loss(loss, sent=200_000, now=float(second))
    assert estimate.repair_bitrate == bitrate


@pytest.mark.parametrize(
    ("round_trip", "remb", "congested"), [(0.06, 170_000, False), (0.2, 170_000, True), (0.06, 110_000, True)]
)
def test_of_a_picture_on_trial_any_sign_is_enough(round_trip: float, remb: int, *, congested: bool) -> None:
    estimate = Estimate()
    for each in (0.05, round_trip):
        estimate.on_round_trip(each)
    estimate.on_remb(remb)
    assert estimate.is_congested(sent=200_000, on_trial=True) is congested


def test_retransmissions_stay_within_their_share_however_many_are_asked_for() -> None:
    budget = RepairBudget()
    sent = sum(1100 for step in range(10_000) if budget.take(1100, bitrate=150_000, now=step / 1000))
    assert 8 * sent / 10 <= REPAIRS * 150_000 * 1.11
    assert sent > 0


def probed(probe: Probe, estimate: Estimate, *, until: float, since: float = 0.0) -> float:
    """Return the bit/s of padding over a stretch in which 40 kbit/s go out."""
    total, now = 0, since
    while now < until:
        total += probe.padding(wanted=1_300_000, sent=40_000, estimate=estimate, now=now)
        now += 0.02
    return 8 * total / (until - since)


def test_a_line_is_tried_with_padding_up_to_twice_the_estimate() -> None:
    probe, estimate = Probe(), Estimate()
    assert probed(probe, estimate, until=1.0) == 0  # nothing is known yet: the lowest layer goes out
    estimate.on_remb(150_000)
    estimate._by_loss = 150_000
    assert probed(probe, estimate, since=1.0, until=2.0) == pytest.approx(260_000, rel=0.1)


def test_a_try_that_failed_is_not_repeated_at_once_and_then_with_care() -> None:
    probe, estimate = Probe(), Estimate()
    estimate.on_remb(300_000)
    assert probed(probe, estimate, until=1.0) > 0
    estimate.on_remb(120_000)
    end = 1.0 + FIRST_WAIT
    assert probed(probe, estimate, since=1.0, until=end - 0.1) == 0
    assert probed(probe, estimate, since=end + 0.1, until=end + 1.1) == pytest.approx(110_000, rel=0.1)
    waited = end + 1.1 + PROBE
    assert probed(probe, estimate, since=waited, until=waited + 1.5 * FIRST_WAIT) == 0


def test_a_try_that_went_well_is_followed_by_the_next() -> None:
    probe, estimate = Probe(), Estimate()
    estimate.on_remb(300_000)
    assert probed(probe, estimate, until=PROBE) > 0
    estimate.on_remb(500_000)
    estimate.on_loss(0.0, sent=400_000, now=PROBE)
    assert probed(probe, estimate, since=PROBE, until=PROBE + 1.0) > 600_000


def test_losses_end_a_try() -> None:
    probe, estimate = Probe(), Estimate()
    estimate.on_remb(300_000)
    assert probed(probe, estimate, until=0.5) > 0
    estimate.on_loss(0.08, sent=600_000, now=0.5)
    assert probed(probe, estimate, since=0.5, until=2.0) == 0
