"""The second factor (RFC 6238): a code is good in its step, once."""

from datetime import UTC, datetime, timedelta

import pyotp

from server.accounts.second_factor import STEP, enrolment_uri, matching_step, new_secret

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def code_at(at: datetime) -> str:
    return pyotp.TOTP(SECRET).at(at)


def test_a_code_is_good_in_its_step_and_one_either_side() -> None:
    for drift in (-STEP, 0, STEP):
        at = NOON + timedelta(seconds=drift)
        step = matching_step(SECRET, code_at(at), now=NOON, last_step=None)
        assert step == int(at.timestamp()) // STEP


def test_a_code_from_further_away_is_refused() -> None:
    for drift in (-2 * STEP, 2 * STEP):
        assert matching_step(SECRET, code_at(NOON + timedelta(seconds=drift)), now=NOON, last_step=None) is None


def test_a_code_is_good_once_even_within_its_step() -> None:
    step = matching_step(SECRET, code_at(NOON), now=NOON, last_step=None)
    assert step is not None
    assert matching_step(SECRET, code_at(NOON), now=NOON, last_step=step) is None
    following = NOON + timedelta(seconds=STEP)
    assert matching_step(SECRET, code_at(following), now=following, last_step=step) == step + 1


def test_an_empty_code_is_refused() -> None:
    assert matching_step(SECRET, "", now=NOON, last_step=None) is None


def test_enrolling_gives_a_fresh_secret_for_an_authenticator() -> None:
    assert new_secret() != new_secret()
    assert enrolment_uri(SECRET, "wangke").startswith("otpauth://totp/Lutong:wangke?secret=")
