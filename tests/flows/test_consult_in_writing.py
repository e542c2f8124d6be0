"""Walk B without a call: a consult is asked for, answered in writing, signed and adopted, against a running hub.

Applied for → triaged → answered in writing, or a time offered, chosen, given back → the opinion written by its experts
together → signed → adopted, partly or not → closed. It never ends without a signed opinion or a reason.
"""

import asyncio
import json
from datetime import timedelta

from tests.flows.consulting import (
    CONSULTS,
    OPINION,
    application,
    applies,
    commands,
    looks,
    opinion_of,
    possible,
    refused,
    signs,
    writes,
)
from tests.flows.county import MA, PATIENCE, County, Ear, Json, Person, listening, minute, utc
from video.service.opinions import digest_of

BAI: Json = {
    "name": "白秀英",
    "sex": "female",
    "birth_date": "1962-07-15",
    "identifiers": [{"system": "resident-id", "value": "990101196207150021"}],
}


async def reaches(person: Person, consult: Json, state: str) -> Json:
    """Look at a consult until the clock has brought it to a state."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while (seen := await looks(person, consult))["state"] != state:
        assert asyncio.get_running_loop().time() < end, f"stayed {seen['state']}, expected {state}"
        await asyncio.sleep(0.1)
    return seen


async def numbers(person: Person, box: str) -> set[str]:
    """Look at the numbers of what lies in a box."""
    return {item["number"] for item in (await person.sees(f"{CONSULTS}?box={box}"))["items"]}


class InWriting:
    """李兰 of the township asks 赵宁 of the county hospital about 马建国's chest."""

    def __init__(self, yunling: County) -> None:
        self.yunling = yunling
        self.consult: Json = {}

    async def people_come_to_work(self) -> None:
        await self.yunling.at("08:12")
        at = self.yunling
        self.lan, self.lin = await at.person("lilan"), await at.person("helin")
        self.min, self.ning, self.heng = (
            await at.person("zhoumin"),
            await at.person("zhaoning"),
            await at.person("guoheng"),
        )
        self.patient = await at.registers(self.lan, MA)

    async def what_lacks_something_is_not_sent(self) -> None:
        await self.yunling.at("08:20")
        ask = lambda **more: self.lan.is_refused(CONSULTS, application(self.patient, **more))  # noqa: E731 - one word for nine lines
        assert await ask(consent={}) == "422 CONSENT_REQUIRED"
        assert await ask(consent={"approved_by": "haiying", "approval_reason": "急"}) == "422 CONSENT_REQUIRED"
        assert await ask(purpose=" ") == "422 INCOMPLETE"
        assert await ask(mode="video") == "422 INCOMPLETE"  # a call has a time
        assert await ask(to_org="T02") == "422 AGREEMENT_REQUIRED"
        assert await ask(to_org="X99") == "404 NOT_FOUND"
        assert await ask(study_uids=["1.2.826.0.1.999"]) == "422 NOT_OF_PATIENT"
        assert await ask(report_ids=["somebodys"]) == "422 NOT_OF_PATIENT"
        assert await ask(to_org="") == "400 MALFORMED"  # nobody is invited but through a house
        assert await ask(expert_id="shizhuan") == "404 NOT_FOUND"  # of another house
        assert await self.lin.is_refused(CONSULTS, application(self.patient)) == "403 NO_CARE_RELATION"
        assert await self.min.is_refused(CONSULTS, application(self.patient)) == "403 FORBIDDEN"

    async def it_is_sent_once_and_the_desk_is_told(self) -> None:
        answers = [
            await self.lan.asks("POST", CONSULTS, application(self.patient), Idempotency_Key="会诊-1".encode().hex())
            for _ in range(2)
        ]
        assert [answer.status for answer in answers] == [201, 201]
        assert answers[0].body["number"] == answers[1].body["number"]
        keyless = await self.lan.asks("POST", CONSULTS, application(self.patient), Idempotency_Key="")
        assert keyless.code == "400 KEY_REQUIRED"
        self.consult = answers[0].body
        assert (self.consult["state"], self.consult["owner"]["organization"]["id"]) == ("requested", "C01")
        days = utc(self.consult["deadline_at"]) - self.yunling.moment("08:20")
        assert timedelta(days=1.9) < days < timedelta(days=5), "two working days"
        task = await self.min.task(self.consult["number"], "consult-answer")
        assert (task["subject"]["id"], task["organization_id"]) == (self.consult["id"], "C01")
        assert possible(self.consult) == {"edit", "cancel"}
        assert self.consult["number"] in await numbers(self.min, "in")

    async def nobody_else_knows_of_it(self) -> None:
        answer = await self.lin.asks("GET", f"{CONSULTS}/{self.consult['id']}")
        assert answer.code == "404 NOT_FOUND"
        assert self.consult["number"] not in await numbers(self.lin, "")
        assert await refused(self.lin, self.consult, "cancel", {"reason": "x"}) == "404 NOT_FOUND"
        record = await self.ning.asks("GET", f"/api/v1/patients/{self.patient}")
        assert record.status == 403, "not before the hospital took it on"

    async def the_desk_names_who_may_answer(self) -> None:
        await self.yunling.at("09:00")
        assert await refused(self.lan, self.consult, "triage", {"experts": ["zhaoning"]}) == "403 FORBIDDEN"
        assert await refused(self.min, self.consult, "refuse", {"reason": ""}) == "422 REASON_REQUIRED"
        triage = lambda *experts: refused(self.min, self.consult, "triage", {"experts": list(experts)})  # noqa: E731
        assert await triage() == "422 INCOMPLETE"
        assert await triage("linxia") == "422 EXPERT_EXPERIENCE"
        assert await triage("guoheng") == "422 EXPERT_SPECIALTY"
        assert await triage("shizhuan") == "404 NOT_FOUND"
        self.consult = await commands(self.min, self.consult, "triage", {"experts": ["zhaoning"]})
        assert [expert["name"] for expert in self.consult["experts"]] == ["赵宁"]
        assert self.consult["number"] in await numbers(self.ning, "mine")
        assert (await self.ning.sees(f"/api/v1/patients/{self.patient}"))["name"] == "马建国"
        assert await refused(self.min, self.consult, "refuse", {"reason": "x"}) == "409 STATE"
        again = await commands(self.min, self.consult, "triage", {"experts": ["zhaoning"]})
        assert (again["state"], again["version"]) == ("triaged", self.consult["version"] + 1)

    async def it_is_answered_in_writing(self, township: Ear) -> None:
        assert await refused(self.heng, self.consult, "answer-in-writing") == "403 FORBIDDEN"
        self.consult = await commands(self.ning, self.consult, "answer-in-writing")
        assert (self.consult["state"], self.consult["in_writing"]) == ("documenting", True)
        assert minute(self.consult["deadline_at"]) == "09:00"
        await self.ning.task(self.consult["number"], "consult-opinion")
        await township.hears("consults.documenting", id=self.consult["id"])

    async def the_opinion_is_saved_as_it_is_written(self) -> None:
        assert (await opinion_of(self.ning, self.consult))["version"] == 0
        assert (await self.lan.asks("GET", f"{CONSULTS}/{self.consult['id']}/opinion")).code == "404 NOT_FOUND"
        assert (await writes(self.lan, self.consult, 0, findings="x")).code == "403 FORBIDDEN"
        assert (await writes(self.heng, self.consult, 0, findings="x")).code == "403 FORBIDDEN"
        paper = await self.ning.asks("GET", f"{CONSULTS}/{self.consult['id']}/opinion/pdf")
        assert paper.code == "404 NOT_FOUND", "no paper without a signature"
        first = await writes(self.ning, self.consult, 0, findings=OPINION["findings"])
        assert (first.status, first.headers["ETag"]) == (200, '"1"')
        assert (await writes(self.ning, self.consult, 0, findings="另一页")).code == "412 VERSION"
        unseen = await self.ning.asks("PUT", f"{CONSULTS}/{self.consult['id']}/opinion", {})
        assert unseen.code == "400 IF_MATCH_REQUIRED"
        assert await refused(
            self.ning, self.consult, "sign", {"password": self.ning.password, "opinion_version": 1}
        ) == ("422 OPINION_INCOMPLETE")
        assert (await writes(self.ning, self.consult, 1, **OPINION)).body["version"] == 2

    async def it_is_signed_by_who_proves_again_who_she_is(self) -> None:
        await self.yunling.at("09:30")
        assert (
            await refused(self.ning, self.consult, "sign", {"password": "guess", "opinion_version": 2})
            == "401 CREDENTIALS"
        )
        assert await refused(self.lan, self.consult, "adopt", {"adopted": "adopted"}) == "409 STATE"
        self.consult = await signs(self.ning, self.consult)
        assert (self.consult["state"], self.consult["owner"]["organization"]["id"]) == ("signed", "T01")
        assert (await writes(self.ning, self.consult, 3, **OPINION)).code == "409 STATE"
        opinion = await opinion_of(self.lan, self.consult)
        (signature,) = opinion["signatures"]
        assert (opinion["document"], opinion["liable"]) == ("consult-opinion", "inviter")
        assert (signature["user"]["name"], signature["role"], signature["method"]) == ("赵宁", "host", "password")
        assert signature["digest"] == opinion["digest"]
        assert opinion["number"].startswith("Y-")
        reports = (await self.lan.sees("/api/v1/reports?unread=1"))["items"]
        assert reports == [], "an opinion is no report"

    async def who_sits_in_it_on_neither_side_reads_no_word_about_the_patient(self) -> None:
        seen = await looks(self.heng, self.consult)
        assert (seen["application"], seen["purpose"], seen["reason_text"]) == (None, "", "")
        assert seen["patient"]["name"] == "马*国"
        assert "马建国" not in json.dumps(seen, ensure_ascii=False)

    async def the_township_decides(self) -> None:
        await self.lan.task(self.consult["number"], "consult-adopt")
        assert await refused(self.lan, self.consult, "close") == "409 STATE"
        assert await refused(self.lan, self.consult, "adopt", {"adopted": "partly"}) == "422 REASON_REQUIRED"
        assert await refused(self.ning, self.consult, "adopt", {"adopted": "adopted"}) == "403 FORBIDDEN"
        partly = {"adopted": "partly", "reason": "卫生院无阿托伐他汀，改用辛伐他汀"}
        self.consult = await commands(self.lan, self.consult, "adopt", partly)
        assert self.consult["adoption"]["what"] == "partly"
        self.consult = await commands(self.lan, self.consult, "close")
        assert (self.consult["state"], possible(self.consult), self.consult["deadline_at"]) == ("closed", set(), None)
        told = [event["name"] for event in (await looks(self.lan, self.consult))["history"]]
        assert told == ["requested", "triaged", "triaged", "documenting", "signed", "adopted", "closed"]
        open_items = json.dumps((await self.lan.sees("/api/v1/tasks?mine=1"))["items"], ensure_ascii=False)
        assert self.consult["number"] not in open_items

    async def each_side_files_its_own_paper(self) -> None:
        here = f"{CONSULTS}/{self.consult['id']}"
        opinion = await opinion_of(self.lan, self.consult)
        printed = await self.lan.gets(f"{here}/opinion/pdf", "application/pdf")
        assert printed.startswith(b"%PDF-1.7")
        assert printed == await self.ning.gets(f"{here}/opinion/pdf", "application/pdf"), "the same bytes for both"
        assert (await self.ning.gets(f"{here}/application/pdf", "application/pdf")).startswith(b"%PDF-1.7")
        for paper in ("opinion", "application"):
            assert (await self.heng.asks("GET", f"{here}/{paper}/pdf")).code == "403 FORBIDDEN", "of neither side"
            assert (await self.lin.asks("GET", f"{here}/{paper}/pdf")).code == "404 NOT_FOUND"
        await self._anybody_checks_it(opinion["number"], opinion["digest"])

    async def _anybody_checks_it(self, number: str, digest: str) -> None:
        anybody = Person("", self.yunling.http, self.yunling.hub.url)
        genuine = await anybody.sees(f"/v/{number}-{digest[:12]}")
        assert (genuine["document"], genuine["digest_valid"], genuine["patient"]) == ("consult-opinion", True, "马*国")
        assert (genuine["organization"], genuine["centre_organization"]) == ("石门镇卫生院", "云岭县人民医院")
        page = await anybody.gets(f"/v/{number}-{digest[:12]}", "text/html")
        assert "不是诊断" in page.decode()
        assert "马建国" not in page.decode()
        for guess in (number, f"{number}-", f"{number}-{'0' * 12}", self.consult["number"]):
            assert (await anybody.asks("GET", f"/v/{guess}")).code == "404 NOT_FOUND", "a number alone tells nothing"

    async def what_was_refused_is_on_record(self) -> None:
        auditor = await self.yunling.person("shenji")
        page = await auditor.sees("/api/v1/audit?limit=200")
        refusals = {(e["action"], e["basis"]) for e in page["items"] if e["outcome"] == "refused"}
        assert {
            ("triage", "EXPERT_EXPERIENCE"),
            ("sign", "OPINION_INCOMPLETE"),
            ("adopt", "REASON_REQUIRED"),
        } <= refusals


async def test_a_consult_is_answered_in_writing(yunling: County) -> None:
    walk = InWriting(yunling)
    await walk.people_come_to_work()
    await walk.what_lacks_something_is_not_sent()
    async with listening(walk.lan) as township:
        await walk.it_is_sent_once_and_the_desk_is_told()
        await walk.nobody_else_knows_of_it()
        await walk.the_desk_names_who_may_answer()
        await walk.it_is_answered_in_writing(township)
    await walk.the_opinion_is_saved_as_it_is_written()
    await walk.it_is_signed_by_who_proves_again_who_she_is()
    await walk.who_sits_in_it_on_neither_side_reads_no_word_about_the_patient()
    await walk.the_township_decides()
    await walk.each_side_files_its_own_paper()
    await walk.what_was_refused_is_on_record()


def hours(yunling: County, begins: str, ends: str) -> Json:
    return {"begins_at": yunling.moment(begins).isoformat(), "ends_at": yunling.moment(ends).isoformat()}


async def test_a_time_is_promised_once_chosen_moved_and_given_back(yunling: County) -> None:
    """Two physicians of two specialties; the township's room and both calendars are kept together."""
    await yunling.at("10:00")
    lan, lin, mn, ning = [await yunling.person(name) for name in ("lilan", "helin", "zhoumin", "zhaoning")]
    patient = await yunling.registers(lan, BAI)
    times = [yunling.moment("15:00").isoformat()]
    mdt: Json = {"service": "mdt", "specialties": ["心内", "内分泌"], "mode": "video", "wanted_times": times}
    consult = await applies(lan, patient, **mdt)
    assert await refused(mn, consult, "triage", {"experts": ["zhaoning"]}) == "422 INCOMPLETE"
    consult = await commands(mn, consult, "triage", {"experts": ["zhaoning", "guoheng"]})
    offer = {"slots": [hours(yunling, "15:00", "15:30"), hours(yunling, "16:00", "16:30")]}
    assert await refused(mn, consult, "offer-slots", {"slots": []}) == "422 INCOMPLETE"
    past = {"slots": [hours(yunling, "09:00", "09:30")]}
    assert await refused(mn, consult, "offer-slots", past) == "422 SLOT_UNSOUND"
    consult = await commands(mn, consult, "offer-slots", offer)
    assert (consult["state"], len(consult["slots"]), consult["offered_by"]) == ("slot-held", 2, "invitee")
    assert minute(consult["deadline_at"]) == "10:10"

    elsewhere = await yunling.registers(lin, BAI | {"name": "田有福", "sex": "male", "identifiers": []})
    other = await applies(lin, elsewhere, mode="video", wanted_times=times)
    await commands(mn, other, "triage", {"experts": ["zhaoning"]})
    same = {"slots": [hours(yunling, "15:15", "15:45")]}
    assert await refused(mn, other, "offer-slots", same) == "409 SLOT_TAKEN"

    assert await refused(mn, consult, "choose-slot", {"slot_id": consult["slots"][0]["id"]}) == "409 STATE"
    assert await refused(lan, consult, "choose-slot", {"slot_id": "gone"}) == "409 SLOT_OVER"
    consult = await commands(lan, consult, "choose-slot", {"slot_id": consult["slots"][0]["id"]})
    assert (consult["state"], minute(consult["begins_at"]), minute(consult["deadline_at"])) == (
        "scheduled", "15:00", "14:45",
    )  # fmt: skip
    await commands(mn, other, "offer-slots", {"slots": [hours(yunling, "16:00", "16:30")]})  # the other time is free
    await _a_day_shows_what_is_arranged(yunling, consult)
    await _moved_by_the_township(yunling, consult)
    await yunling.at("16:45")
    await reaches(lan, consult, "lobby-open")
    assert (await reaches(lin, other, "triaged"))["slots"] == [], "nobody chose: the offer is over"
    consult = await commands(ning, consult, "answer-in-writing")  # the line is down
    assert (consult["state"], consult["slots"]) == ("documenting", [])
    assert (await commands(lin, other, "cancel", {"reason": "病人已转院"}))["state"] == "cancelled"
    await _two_write_and_sign(yunling, consult)


async def _a_day_shows_what_is_arranged(yunling: County, consult: Json) -> None:
    lan, mn, ning = [await yunling.person(name) for name in ("lilan", "zhoumin", "zhaoning")]
    for person in (lan, mn, ning):
        schedule = (await person.sees(f"{CONSULTS}?day={yunling.day}"))["items"]
        assert [each["number"] for each in schedule] == [consult["number"]], "what is offered is no appointment yet"
    assert (await mn.sees(f"{CONSULTS}?day={yunling.day + timedelta(days=1)}"))["items"] == []


async def _moved_by_the_township(yunling: County, consult: Json) -> None:
    lan, mn = [await yunling.person(name) for name in ("lilan", "zhoumin")]
    later = {"slots": [hours(yunling, "17:00", "17:30")]}
    assert await refused(lan, consult, "reschedule", later) == "422 REASON_REQUIRED"
    consult = await commands(lan, consult, "reschedule", later | {"reason": "病人下午透析"})
    assert (consult["state"], consult["offered_by"], consult["reason_text"]) == ("slot-held", "inviter", "病人下午透析")
    assert await refused(lan, consult, "choose-slot", {"slot_id": consult["slots"][0]["id"]}) == "409 STATE"
    consult = await commands(mn, consult, "choose-slot", {"slot_id": consult["slots"][0]["id"]})
    assert minute(consult["begins_at"]) == "17:00"


async def _two_write_and_sign(yunling: County, consult: Json) -> None:
    lan, ning, heng = [await yunling.person(name) for name in ("lilan", "zhaoning", "guoheng")]
    assert (await opinion_of(heng, consult))["version"] == 0
    async with listening(heng) as colleague:
        assert (await writes(ning, consult, 0, **OPINION)).status == 200
        await colleague.hears("consults.opinion-saved", id=consult["id"])
    assert (await opinion_of(heng, consult))["treatment"] == OPINION["treatment"]
    consult = await signs(heng, consult)
    assert consult["state"] == "documenting", "her colleague signs with the host, not for her"
    assert (await writes(heng, consult, 1, **(OPINION | {"limits": "未查 HbA1c"}))).status == 200
    await signs(heng, consult)
    await _nobody_signs_what_she_has_not_seen(lan, ning, heng, consult)
    consult = await signs(ning, consult)
    signatures = (await opinion_of(lan, consult))["signatures"]
    assert [(each["role"], each["voided_at"] is None) for each in signatures] == [
        ("expert", False), ("expert", False), ("expert", True), ("host", True),
    ]  # fmt: skip
    assert await refused(lan, consult, "cancel", {"reason": "x"}) == "409 STATE"


async def _nobody_signs_what_she_has_not_seen(lan: Person, ning: Person, heng: Person, consult: Json) -> None:
    proof = {"password": ning.password, "opinion_version": 1}
    assert await refused(ning, consult, "sign", proof) == "412 VERSION"
    times = {"wanted_times": consult["application"]["wanted_times"]}
    asked = application(consult["patient"]["id"], purpose="能否停用阿司匹林", **times)
    body = {name: value for name, value in asked.items() if name not in {"patient_id", "to_org", "mode"}}
    seen = await looks(lan, consult)
    edited = await lan.asks("PUT", f"{CONSULTS}/{consult['id']}", body, If_Match=f'"{seen["version"]}"')
    assert edited.status == 200, edited.body
    assert all(each["voided_at"] for each in (await opinion_of(heng, consult))["signatures"]), "another question now"
    await signs(heng, consult)


async def test_what_nobody_answers_climbs_a_ladder_and_an_emergency_waits_for_no_paper(yunling: County) -> None:
    yunling.goes_on(days=1)
    await yunling.at("08:00")
    lan, ying, mn, wu = [await yunling.person(name) for name in ("lilan", "haiying", "zhoumin", "yiwu")]
    patient = await yunling.registers(lan, BAI | {"name": "王德胜", "sex": "male", "identifiers": []})
    urgent = await applies(lan, patient, urgency="urgent")
    assert minute(urgent["deadline_at"]) == "10:00"
    unproven = {"urgency": "emergency", "consent": {"approved_by": "lilan", "approval_reason": "昏迷"}}
    assert await lan.is_refused(CONSULTS, application(patient, **unproven)) == "422 CONSENT_REQUIRED"
    approved = {"approved_by": "haiying", "approval_reason": "昏迷，家属在路上"}
    emergency = await applies(lan, patient, urgency="emergency", consent=approved)
    assert minute(emergency["deadline_at"]) == "08:10"
    assert (await lan.task(emergency["number"], "consult-consent"))["due_at"]

    await yunling.at("10:01")
    await mn.task(urgent["number"], "consult-late")
    await yunling.at("10:26")
    await wu.task(urgent["number"], "consult-late", "医务科")
    await ying.task(urgent["number"], "consult-late", "医务科")

    seen = await looks(lan, emergency)
    signed = application(patient, consent=approved | {"written": True, "by": "马小军", "relation": "儿子"})
    body = {name: value for name, value in signed.items() if name not in {"patient_id", "to_org", "mode"}}
    stale = await lan.asks("PUT", f"{CONSULTS}/{emergency['id']}", body, If_Match='"99"')
    assert stale.code == "412 VERSION"
    written = await lan.asks("PUT", f"{CONSULTS}/{emergency['id']}", body, If_Match=f'"{seen["version"]}"')
    assert written.body["application"]["consent"]["by"] == "马小军"
    items = (await lan.sees("/api/v1/tasks?mine=1"))["items"]
    assert not [item for item in items if item["kind"] == "consult-consent"]

    triaged = await commands(mn, emergency, "triage", {"experts": ["zhaoning"]})
    written_on = await commands(mn, triaged, "answer-in-writing")
    assert utc(written_on["deadline_at"]) - yunling.moment("10:26") < timedelta(hours=2, minutes=1)
    assert await refused(mn, emergency, "close-without-opinion", {}) == "422 REASON_REQUIRED"
    closed = await commands(mn, emergency, "close-without-opinion", {"reason": "病人已上转，路上已见面"})
    assert (closed["state"], closed["reason_text"]) == ("closed", "病人已上转，路上已见面")
    refused_one = await commands(mn, urgent, "refuse", {"reason": "请转心内科门诊"})
    assert (refused_one["state"], refused_one["reason_text"]) == ("refused", "请转心内科门诊")
    assert (await looks(lan, urgent))["reason_text"] == "请转心内科门诊", "the inviter is told why"


def test_the_digest_is_over_the_bytes() -> None:
    assert digest_of("{}") == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
