"""Signing in and out (decisions 15), lock-out (S03), ended sessions (S06), forged requests (S08)."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest

from tests.builders.county import County, document

COOKIE = "__Host-lutong"


async def test_signing_in_gives_a_token_and_says_who_one_is(here: County) -> None:
    status, session = await here.try_sign_in("WangKe", "lutong-demo")
    assert status == 201
    assert set(session) == {"token", "user", "expires_at", "csrf"}
    user = session["user"]
    assert (user["username"], user["name"], user["title"]) == ("wangke", "王珂", "主治")
    centre = {"id": "C01-ECG", "name": "心电诊断中心", "kind": "ecg"}
    c01 = {"id": "C01", "name": "云岭县人民医院"}
    assert user["roles"] == [{"role": "reporting-physician", "organization": c01, "centre": centre}]


async def test_asking_again_says_the_same_without_the_token(here: County) -> None:
    lilan = await here.sign_in("lilan")
    status, session = await lilan.get("/api/v1/session")
    assert status == 200
    assert session == {key: value for key, value in lilan.session.items() if key != "token"}


async def test_everyone_of_the_county_can_sign_in(here: County) -> None:
    people = (
        "lilan haiying helin maxiaoyan wangke chenyue hazhiyuan luoyan sunjia mahui zhaoning zhoumin hanxue yangfan"
    )
    for username in f"{people} yiwu shizhuan weijian shenji admin".split():
        assert (await here.try_sign_in(username, "lutong-demo"))[0] == 201


async def test_no_token_no_entry(here: County) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer x" * 9},
        {"Authorization": "Basic eDp5"},
    ):
        status, problem = await document(await here.client.get("/api/v1/patients", headers=headers))
        assert (status, problem["code"]) == (401, "SIGN_IN")


async def test_an_unknown_name_and_a_wrong_password_get_one_answer(here: County) -> None:
    unknown = await here.try_sign_in("nobody", "lutong-demo")
    wrong = await here.try_sign_in("lilan", "lutong-dome")
    assert unknown == wrong
    assert (unknown[0], unknown[1]["code"]) == (401, "CREDENTIALS")


@pytest.mark.parametrize("username", ["lilan", "nobody"])
async def test_ten_failures_lock_a_name_for_fifteen_minutes_known_or_not(here: County, username: str) -> None:
    for _ in range(10):
        assert (await here.try_sign_in(username, "wrong"))[1]["code"] == "CREDENTIALS"
    status, problem = await here.try_sign_in(username, "lutong-demo")
    assert (status, problem["code"]) == (401, "LOCKED")
    here.clock.offset += timedelta(minutes=15, seconds=1)
    assert (await here.try_sign_in(username, "wrong"))[1]["code"] == "CREDENTIALS"
    if username == "lilan":
        assert (await here.try_sign_in(username, "lutong-demo"))[0] == 201


async def test_the_right_password_forgets_the_failures_before_it(here: County) -> None:
    for _ in range(3):
        for _ in range(9):
            await here.try_sign_in("lilan", "wrong")
        assert (await here.try_sign_in("lilan", "lutong-demo"))[0] == 201


async def test_a_session_ends_after_twelve_hours_and_after_thirty_idle_minutes(here: County) -> None:
    lilan = await here.sign_in("lilan")
    for _ in range(26):
        here.clock.offset += timedelta(minutes=27)
        assert (await lilan.get("/api/v1/session"))[0] == 200
    here.clock.offset += timedelta(minutes=27)
    assert (await lilan.get("/api/v1/session"))[0] == 401
    idle = await here.sign_in("lilan")
    here.clock.offset += timedelta(minutes=31)
    assert (await idle.get("/api/v1/session"))[0] == 401


async def test_signing_out_ends_the_session_at_once(here: County) -> None:
    lilan = await here.sign_in("lilan")
    gone = await here.client.delete("/api/v1/session", headers=lilan.headers)
    assert gone.status == 204
    assert (await lilan.get("/api/v1/session"))[0] == 401


async def test_a_disabled_person_is_out_at_once_and_cannot_come_back(here: County) -> None:
    lilan, admin = await here.sign_in("lilan"), await here.sign_in("admin")
    assert (await admin.post("/api/v1/users/lilan/disable"))[0] == 200
    for path in ("/api/v1/session", "/api/v1/patients", "/api/v1/tasks", "/api/v1/organizations"):
        assert (await lilan.get(path))[0] == 401
    assert (await here.try_sign_in("lilan", "lutong-demo"))[1]["code"] == "CREDENTIALS"


async def test_a_new_password_ends_the_old_sessions(here: County) -> None:
    lilan, admin = await here.sign_in("lilan"), await here.sign_in("admin")
    status, _ = await admin.post("/api/v1/users/lilan/reset-password", {"password": "mountain-flower-9"})
    assert status == 200
    assert (await lilan.get("/api/v1/session"))[0] == 401
    assert (await here.try_sign_in("lilan", "lutong-demo"))[0] == 401
    assert (await here.try_sign_in("lilan", "mountain-flower-9"))[0] == 201


async def test_the_second_factor_is_asked_for_and_good_once(here: County) -> None:
    secret = pyotp.random_base32()
    async with here.hub.unit_of_work() as uow:
        await uow.users.set_otp("wangke", secret)
    assert (await here.try_sign_in("wangke", "lutong-demo"))[1]["code"] == "OTP"
    code = pyotp.TOTP(secret).at(here.clock.now())
    assert (await here.try_sign_in("wangke", "lutong-demo", otp=code))[0] == 201
    assert (await here.try_sign_in("wangke", "lutong-demo", otp=code))[1]["code"] == "OTP"
    assert (await here.try_sign_in("wangke", "wrong", otp=code))[1]["code"] == "CREDENTIALS"


async def test_tokens_are_long_random_and_never_stored(here: County) -> None:
    sessions = [await here.sign_in("lilan") for _ in range(5)]
    tokens = {person.session["token"] for person in sessions}
    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens)  # 256 bits in base64
    database = (here.hub.settings.data_path / "lutong.db").read_bytes()
    wal = (here.hub.settings.data_path / "lutong.db-wal").read_bytes()
    assert not [token for token in tokens if token.encode() in database + wal]


async def browser_session(here: County) -> tuple[dict[str, str], dict[str, Any]]:
    response = await here.client.post("/api/v1/session", json={"username": "lilan", "password": "lutong-demo"})
    header = response.headers["Set-Cookie"]
    assert header.startswith(f"{COOKIE}=")
    assert {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"} <= {part.strip() for part in header.split(";")}
    assert "Domain" not in header
    token = response.cookies[COOKIE].value
    return {"Cookie": f"{COOKIE}={token}"}, await response.json()


async def test_a_cookie_reads_without_ado_and_writes_with_token_and_origin(here: County) -> None:
    cookie, session = await browser_session(here)
    assert (await here.client.get("/api/v1/session", headers=cookie)).status == 200
    origin = str(here.client.make_url("/")).rstrip("/")
    good = cookie | {"X-CSRF-Token": session["csrf"], "Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert (await here.client.delete("/api/v1/session", headers=good)).status == 204


@pytest.mark.parametrize(
    "change",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "guessed"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "{origin}.evil.example"},
        {"Origin": "http://evil{host}"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": None, "Sec-Fetch-Site": None},
    ],
)
async def test_a_forged_request_with_a_cookie_is_refused(here: County, change: dict[str, str | None]) -> None:
    cookie, session = await browser_session(here)
    url = here.client.make_url("/")
    origin = str(url).rstrip("/")
    headers: dict[str, str | None] = {
        **cookie, "X-CSRF-Token": session["csrf"], "Origin": origin, "Sec-Fetch-Site": "same-origin"
    }  # fmt: skip
    headers |= {k: v and v.format(origin=origin, host=url.authority) for k, v in change.items()}
    sent = {name: value for name, value in headers.items() if value is not None}
    status, problem = await document(await here.client.delete("/api/v1/session", headers=sent))
    assert (status, problem["code"]) == (403, "CSRF")


async def test_another_site_cannot_sign_somebody_in(here: County) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        body = {"username": "lilan", "password": "lutong-demo"}
        response = await here.client.post("/api/v1/session", json=body, headers=headers)
        assert response.status == 403


async def test_extra_fields_are_refused(here: County) -> None:
    assert (await here.try_sign_in("lilan", "lutong-demo", role="administrator"))[0] == 400
