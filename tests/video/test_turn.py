"""Credentials for TURN: what coturn works out from the shared secret, for ten minutes, and no word about a person."""

from base64 import b64decode
from datetime import UTC, datetime

import pytest

from video.turn import BadTurnUrl, credential_of, ice_servers, turn_urls

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
URLS = ("turn:turn.example:3478?transport=udp", "turns:turn.example:5349?transport=tcp")


def test_a_password_is_the_hmac_of_its_user_name() -> None:
    password = credential_of("what do ya want for nothing?", "Jefe")
    assert b64decode(password).hex() == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79", "RFC 2202, case 2"


def test_credentials_hold_for_ten_minutes_and_for_one_seat() -> None:
    (server,) = ice_servers(URLS, "shared", user="seat-1", now=AT)
    assert server.urls == URLS
    assert server.username == f"{int(AT.timestamp()) + 600}:seat-1"
    assert server.credential == credential_of(server.username, "shared")
    (other,) = ice_servers(URLS, "shared", user="seat-2", now=AT)
    assert other.credential != server.credential


def test_nobody_lengthens_her_time_by_a_colon_in_her_name() -> None:
    (server,) = ice_servers(URLS, "shared", user="9999999999:root", now=AT)
    assert server.username.count(":") == 1
    assert server.username.endswith(":9999999999-root")


def test_a_credential_is_not_shown_where_a_server_is_logged() -> None:
    (server,) = ice_servers(URLS, "shared", user="seat-1", now=AT)
    assert server.credential not in repr(server)


@pytest.mark.parametrize(("urls", "secret"), [((), "shared"), (URLS, "")])
def test_without_a_server_or_a_secret_nobody_is_sent_to_one(urls: tuple[str, ...], secret: str) -> None:
    assert ice_servers(urls, secret, user="seat-1", now=AT) == ()


def test_urls_are_parted_by_commas_or_spaces() -> None:
    assert turn_urls(" turn:turn.example:3478?transport=udp,\n turns:turn.example:5349?transport=tcp ") == URLS
    assert turn_urls("turn:[2001:db8::1]:3478 turn:10.1.2.3") == ("turn:[2001:db8::1]:3478", "turn:10.1.2.3")
    assert turn_urls("  ") == ()


@pytest.mark.parametrize(
    "text",
    ["stun:turn.example", "turn:", "turn:host:port", "turn:host?transport=sctp", "https://turn.example", "turn:a b"],
)
def test_what_is_no_turn_url_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadTurnUrl, match=r".+"):
        turn_urls(text)
