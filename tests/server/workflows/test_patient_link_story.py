"""The link on a family's phone and in a city hospital: four digits once, one browser, one live link, no token kept."""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import structlog

from server.api import link_pages
from server.db.tables.everything import metadata
from server.logs import processors
from tests.builders.reading_house import Answer, House
from tests.builders.referral_desk import Desk

WRITTEN = {
    "diagnosis": "急性下壁心肌梗死", "treatment": "急诊 PCI，住院 6 天", "advice": "双抗一年",
    "doctor": "魏医生 省医院", "on": "2026-11-23",
}  # fmt: skip


@pytest.fixture
def desk(house: House) -> Desk:
    return Desk(house)


class Phone:
    """A browser without an account: keeps its cookie, follows nothing by itself."""

    def __init__(self, house: House, url: str) -> None:
        self.house, self.path, self.cookie = house, "/j/" + url.rsplit("/j/", 1)[1], ""

    async def look(self) -> Answer:
        """Open the link."""
        return await self._send("GET", None)

    async def write(self, **fields: str) -> Answer:
        """Send the form of the page."""
        return await self._send("POST", fields)

    async def _send(self, method: str, fields: dict[str, str] | None) -> Answer:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        asked = self.house.client.request(method, self.path, data=fields, headers=headers, allow_redirects=False)
        async with asked as response:
            if "Set-Cookie" in response.headers:
                self.cookie = response.headers["Set-Cookie"].split(";")[0]
            return Answer(response.status, await response.text(), response.headers)


async def last_four(desk: Desk, patient_id: str) -> str:
    """Return what stands at the end of the ID card."""
    async with desk.house.hub.unit_of_work(read=True) as uow:
        patient = await uow.patients.get(patient_id)
    assert patient is not None
    return str(patient.resident_id)[-4:]


async def link(desk: Desk, ticket_id: str, kind: str = "card", who: str = "lilan") -> str:
    """Make a link; return its address."""
    return str((await desk.does(who, ticket_id, "card", {"kind": kind}))["url"])


async def held(desk: Desk) -> tuple[str, str]:
    """Return a patient and a ticket with a bed that is held."""
    patient = await desk.patient()
    ticket = await desk.accepted(patient)
    await desk.does("zhoumin", ticket, "hold-bed")
    return patient, ticket


async def outside(desk: Desk, level: int = 3) -> tuple[str, str]:
    """Return a patient and a ticket to a hospital outside the network, reviewed and sent."""
    patient = await desk.patient()
    drafted = await desk.draft(patient, level, to_org=None, outside_name="省人民医院")
    ticket = str(drafted.body["id"])
    await desk.does("lilan", ticket, "ask-review", {"reason": "本县无此专科"})
    await desk.does("haiying", ticket, "review", {"approved": True, "cause": "本县无此专科"})
    await desk.does("lilan", ticket, "send")
    return patient, ticket


async def everything_stored(house: House) -> str:
    """Return every row of every table as text."""
    async with house.hub.database.engine.connect() as connection:
        rows = [str((await connection.execute(sa.select(table))).all()) for table in metadata.sorted_tables]
    return "\n".join(rows)


async def test_the_family_shows_four_digits_once_and_sees_place_time_and_whom_to_call(desk: Desk) -> None:
    patient, ticket = await held(desk)
    shown = await desk.ticket(ticket)
    phone = Phone(desk.house, await link(desk, ticket))
    asked = await phone.look()
    assert asked.status == 200
    assert "身份证最后 4 位" in asked.body
    assert shown["number"] not in asked.body, "nothing is said before the digits"
    proven = await phone.write(last4=await last_four(desk, patient))
    assert (proven.status, proven.headers["Location"]) == (303, phone.path)
    card = await phone.look()
    label = shown["place"]["label"].split("-")
    assert f"{label[0]} {int(label[1])} 床" in card.body
    for words in ("床位给您留好了", "云岭县人民医院", shown["number"], "8888 0120", "先抢救后付费"):
        assert words in card.body, words
    assert shown["patient"]["name"] not in card.body, "the name is masked"
    assert "股骨颈骨折" not in card.body, "no diagnosis on a family's phone"


async def test_the_answers_guard_the_address_and_only_this_browser_knows_the_cookie(desk: Desk) -> None:
    patient, ticket = await held(desk)
    phone = Phone(desk.house, await link(desk, ticket))
    proven = await phone.write(last4=await last_four(desk, patient))
    cookie = proven.headers["Set-Cookie"]
    assert cookie.startswith("__Host-lutong-link=")
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in cookie
    card = await phone.look()
    assert card.headers["Referrer-Policy"] == "no-referrer"
    assert card.headers["Cache-Control"] == "no-store"
    nonce = re.findall(r'<style nonce="([^"]+)"', card.body)[0]
    assert f"'nonce-{nonce}'" in card.headers["Content-Security-Policy"]
    assert "<script" not in card.body


async def test_another_phone_finds_the_link_used(desk: Desk) -> None:
    patient, ticket = await held(desk)
    url = await link(desk, ticket)
    digits = await last_four(desk, patient)
    assert (await Phone(desk.house, url).write(last4=digits)).status == 303
    other = Phone(desk.house, url)
    other.cookie = "__Host-lutong-link=AAAAAAAAAAAAAAAAAAAAAA"
    for seen in (await other.look(), await other.write(last4=digits), await Phone(desk.house, url).look()):
        assert seen.status == 403
        assert "已在别的手机上用过" in seen.body


async def test_three_wrong_tries_lock_and_say_whom_to_call(desk: Desk) -> None:
    patient, ticket = await held(desk)
    phone = Phone(desk.house, await link(desk, ticket))
    for left in (2, 1):
        wrong = await phone.write(last4="0000")
        assert (wrong.status, f"还可以试 {left} 次" in wrong.body) == (422, True)
    locked = await phone.write(last4="0000")
    assert locked.status == 423
    assert "8888 0120" in locked.body
    right = await phone.write(last4=await last_four(desk, patient))
    assert right.status == 423, "the right digits come too late"
    assert (await phone.look()).status == 423
    fresh = Phone(desk.house, await link(desk, ticket))
    assert (await fresh.write(last4=await last_four(desk, patient))).status == 303, "a new link opens again"


async def test_of_many_guesses_at_once_three_are_judged(either_house: House) -> None:
    desk = Desk(either_house)
    patient, ticket = await held(desk)
    url, digits = await link(desk, ticket), await last_four(desk, patient)
    wrong = [f"{n:04d}" for n in range(9) if f"{n:04d}" != digits][:8]
    answers = await asyncio.gather(*(Phone(desk.house, url).write(last4=guess) for guess in wrong))
    assert sorted(a.status for a in answers) == [422, 422, *[423] * 6]
    trail = await desk.house.call("shenji", "GET", "/api/v1/audit?limit=200")
    judged = [r for r in trail.body["items"] if (r["action"], r["object_kind"]) == ("bind", "patient-links")]
    assert [r["outcome"] for r in judged] == ["failure"] * 3
    assert (await Phone(desk.house, url).write(last4=digits)).status == 423


async def test_an_x_at_the_end_may_be_small(desk: Desk) -> None:
    patient = await desk.patient(sex="female")
    ticket = await desk.accepted(patient)
    phone = Phone(desk.house, await link(desk, ticket))
    digits = await last_four(desk, patient)
    assert digits.endswith("X"), "the number of the first woman here does"
    assert (await phone.write(last4=f" {digits.lower()} ")).status == 303


async def test_a_later_link_ends_the_earlier_one_of_its_kind(desk: Desk) -> None:
    patient, ticket = await held(desk)
    first, digits = await link(desk, ticket), await last_four(desk, patient)
    phone = Phone(desk.house, first)
    assert (await phone.write(last4=digits)).status == 303
    second = Phone(desk.house, await link(desk, ticket, who="zhoumin"))
    gone = await phone.look()
    assert gone.status == 410
    assert "链接过期了" in gone.body
    assert (await second.write(last4=digits)).status == 303


async def test_a_link_ends_by_itself_a_day_after_the_way(desk: Desk) -> None:
    _, ticket = await held(desk)
    made = await desk.does("lilan", ticket, "card")
    phone = Phone(desk.house, made["url"])
    desk.house.at("08:00", day=25)
    assert (await phone.look()).status == 410
    nowhere = Phone(desk.house, "x/j/" + "A" * 22)
    assert (await nowhere.look()).status == 410
    assert (await nowhere.write(last4="0000")).status == 410


async def test_the_card_says_when_the_way_is_over(desk: Desk) -> None:
    patient, ticket = await held(desk)
    phone = Phone(desk.house, await link(desk, ticket))
    await phone.write(last4=await last_four(desk, patient))
    await desk.does("lilan", ticket, "depart")
    await desk.does("zhoumin", ticket, "arrive")
    assert "已经登记到院了" in (await phone.look()).body
    patient, ticket = await held(desk)
    phone = Phone(desk.house, await link(desk, ticket))
    await phone.write(last4=await last_four(desk, patient))
    await desk.does("lilan", ticket, "cancel", {"reason": "家属放弃"})
    assert "先不要出发" in (await phone.look()).body, "while the desk has not answered yet"


async def test_a_patient_who_is_sent_on_keeps_the_card(desk: Desk) -> None:
    patient = await desk.patient()
    ticket = await desk.accepted(patient, department="骨科")
    phone = Phone(desk.house, await link(desk, ticket))
    await phone.write(last4=await last_four(desk, patient))
    moved = await desk.does("zhoumin", ticket, "redirect", {"to_org": "C01", "department": "心内", "reason": "改心内"})
    assert "先不要出发" in (await phone.look()).body, "nobody expects the patient there yet"
    await desk.does("zhoumin", moved["successor_id"], "open")
    await desk.does("zhoumin", moved["successor_id"], "accept")
    card = (await phone.look()).body
    successor = await desk.ticket(moved["successor_id"])
    assert successor["number"] in card


async def test_who_may_not_know_the_ticket_makes_no_link_and_nothing_is_made_too_early(desk: Desk) -> None:
    patient = await desk.patient()
    ticket = await desk.send(patient)
    assert (await desk.asks("helin", ticket, "card")).status == 404
    early = await desk.asks("lilan", ticket, "card")
    assert (early.status, early.code) == (409, "STATE")
    inside = await desk.asks("lilan", ticket, "card", {"kind": "outcome"})
    assert (inside.status, inside.code) == (409, "STATE"), "a hospital of the network tells its outcome itself"
    unknown = await desk.house.call(
        "lilan", "POST", "/api/v1/patients",
        {"name": "无名", "sex": "male", "identifiers": [], "provisional": True},
    )  # fmt: skip
    nobody = await desk.accepted(str(unknown.body["id"]), 2)
    refused = await desk.asks("lilan", nobody, "card")
    assert (refused.status, refused.code) == (422, "RESIDENT_ID_REQUIRED")


async def test_a_hospital_outside_writes_the_outcome_and_the_sender_is_told(desk: Desk) -> None:
    patient, ticket = await outside(desk)
    phone = Phone(desk.house, await link(desk, ticket, "outcome"))
    await phone.write(last4=await last_four(desk, patient))
    form = await phone.look()
    assert "请告诉我们病人的结果" in form.body
    assert "石门镇卫生院" in form.body
    half = await phone.write(**WRITTEN | {"treatment": ""})
    assert half.status == 422
    assert "急性下壁心肌梗死" in half.body, "what was written stays"
    assert (await desk.ticket(ticket))["state"] == "sent"
    thanks = await phone.write(**WRITTEN)
    assert (thanks.status, "收到了" in thanks.body) == (200, True)
    told = await desk.ticket(ticket)
    assert told["state"] == "outcome-sent"
    assert told["outcome"]["diagnosis"] == "急性下壁心肌梗死"
    assert told["outcome"]["advice"] == "双抗一年"
    said = await desk.house.call("lilan", "GET", f"/api/v1/referrals/{ticket}/messages")
    assert "魏医生 省医院" in said.body["items"][-1]["text"]
    assert "2026-11-23" in said.body["items"][-1]["text"]
    tasks = await desk.house.tasks("T01", "township-doctor")
    assert any(t.kind == "referral-outcome" and t.subject_id == ticket for t in tasks)
    again = await phone.write(**WRITTEN | {"diagnosis": "别的"})
    assert "收到了" in again.body
    assert (await desk.ticket(ticket))["outcome"]["diagnosis"] == "急性下壁心肌梗死", "written once"
    closed = await desk.does("lilan", ticket, "close")
    assert closed["state"] == "closed"
    assert "收到了" in (await phone.look()).body


@pytest.mark.parametrize("level", [1, 4])
async def test_an_outcome_comes_at_any_level_and_from_any_state_before_it(desk: Desk, level: int) -> None:
    patient, ticket = await outside(desk, level)
    await desk.does("lilan", ticket, "open")
    await desk.does("lilan", ticket, "accept")
    phone = Phone(desk.house, await link(desk, ticket, "outcome"))
    await desk.does("lilan", ticket, "cancel", {"reason": "误点"})
    await phone.write(last4=await last_four(desk, patient))
    assert (await phone.write(**WRITTEN)).status == 200
    assert (await desk.ticket(ticket))["state"] == "outcome-sent"


@pytest.fixture(params=[True, False], ids=["watched", "json"])
def written_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Write log lines as a running hub does, for a person who watches or as JSON."""
    before = structlog.get_config()
    structlog.configure(processors=processors(watched=request.param), cache_logger_on_first_use=False)
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("written_logs")
async def test_the_token_is_in_no_row_no_log_line_and_no_answer_of_a_retry(
    desk: Desk, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    patient, ticket = await held(desk)
    keyed: dict[str, Any] = {"Idempotency_Key": "one"}
    path = f"/api/v1/referrals/{ticket}/card"
    first = await desk.house.call("lilan", "POST", path, {}, **keyed)
    second = await desk.house.call("lilan", "POST", path, {}, **keyed)
    assert first.body["url"] != second.body["url"], "nobody keeps a token, not even for a retry"
    phone = Phone(desk.house, second.body["url"])
    token = phone.path.removeprefix("/j/")
    assert len(token) >= 22, "128 bits"
    digits = await last_four(desk, patient)
    assert (await phone.write(last4=digits)).status == 303

    async def breaks(*_args: object, **_more: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(link_pages, "contacts_of", breaks)
    broken = await phone.look()
    assert broken.status == 500
    assert token not in json.dumps(dict(broken.headers)) + broken.body
    out, err = capfd.readouterr()
    assert "planted" in out + err, "the fault was logged"
    assert "GET /j/{token}" in out + err, "by the route's pattern"
    assert token not in out + err
    assert token not in await everything_stored(desk.house)


async def test_what_is_no_form_is_refused(desk: Desk) -> None:
    _, ticket = await held(desk)
    path = Phone(desk.house, await link(desk, ticket)).path
    for kind, body, status in (
        ("application/json", b"{}", 415),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(40)), 400),
        ("application/x-www-form-urlencoded; charset=nonsense", b"last4=1", 400),
    ):
        async with desk.house.client.post(path, data=body, headers={"Content-Type": kind}) as response:
            assert response.status == status
