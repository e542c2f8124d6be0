"""Walk C, a referral: up the green channel to a bed, and home again with a plan, against a running hub (design.md 1).

Draft → sent → opened → accepted (level Ⅰ/Ⅱ: at once) → bed held with an expiry → en route → arrived → admitted →
discharged → outcome sent → a new downward ticket with the rehabilitation plan → taken over → first visit → closed.
Bounce-backs are linked. Redirected has a successor. Nothing dies silently.
"""

from datetime import timedelta

from tests.flows.county import MA, County, Ear, Json, listening, minute, utc
from tests.flows.referring import (
    INFARCT,
    PLAN,
    REFERRALS,
    VITALS,
    beds_of,
    commands,
    drafts,
    possible,
    refused,
    sees_ticket,
    sends,
    waits_until,
)

OLD: Json = {
    "name": "王秀兰",
    "sex": "female",
    "birth_date": "1960-05-02",
    "identifiers": [{"system": "resident-id", "value": "990101196005020026"}],
    "phone": "13800000166",
}


class GreenChannel:
    """A1 from 08:33 to 09:32, A2, and the way back up: 马建国's infarction."""

    def __init__(self, yunling: County) -> None:
        self.yunling = yunling
        self.ticket: Json = {}
        self.home: Json = {}

    async def people_come_to_work(self) -> None:
        await self.yunling.at("08:12")
        at = self.yunling
        self.lan, self.ying = await at.person("lilan"), await at.person("haiying")
        self.min, self.fan, self.ning = (
            await at.person("zhoumin"),
            await at.person("yangfan"),
            await at.person("zhaoning"),
        )
        self.yan, self.lin = await at.person("maxiaoyan"), await at.person("helin")
        self.patient = await at.registers(self.lan, MA)

    async def at_08_33_it_is_sent_and_has_a_place_at_once(self, desk: Ear) -> None:
        await self.yunling.at("08:33")
        drafted = await drafts(
            self.lan, self.patient, 1, "CCU", diagnosis=INFARCT, vitals=VITALS, pathway="chest-pain",
            reason_code="critical", summary="胸痛 07:20 起，II III aVF ST 抬高",
            needs={"department": "CCU", "icu": True},
        )  # fmt: skip
        assert (drafted["state"], drafted["travel_minutes"]) == ("draft", 42)
        assert "send" in possible(drafted)
        self.ticket = await commands(self.lan, drafted, "send")
        assert self.ticket["state"] == "bed-held", "level Ⅰ is accepted by the system, and a bed is held at once"
        assert self.ticket["place"]["label"] == "CCU-03"
        assert minute(self.ticket["place"]["expires_at"]) == "10:57", "2 × 42 + 60 minutes"
        assert minute(self.ticket["deadline_at"]) == "08:38", "the desk answers within five minutes"
        assert self.ticket["news2"]["total"] == 3
        assert "Ⅰ" in self.ticket["explanation"]["zh"]
        await desk.hears("referrals.bed-held", id=self.ticket["id"])
        beds = await beds_of(self.min, "C01", "CCU")
        assert (beds["CCU-03"]["state"], beds["CCU-03"]["hold"]["number"]) == ("held", self.ticket["number"])
        assert beds["CCU-03"]["hold"]["patient_name"] == "马*国"

    async def a_second_one_is_tracked_instead(self) -> None:
        again = await self.lan.asks(
            "POST", REFERRALS, {**self._body(), "department": "CCU", "needs": {"department": "CCU"}}
        )
        assert (again.code, again.body["number"]) == ("409 DUPLICATE_REFERRAL", self.ticket["number"])
        assert again.body["existing"] == self.ticket["id"]

    def _body(self) -> Json:
        return {
            "patient_id": self.patient, "direction": "up", "from_org": "T01", "to_org": "C01",
            "reason_code": "critical", "diagnosis": INFARCT, "triage_level": 1, "summary": "胸痛",
        }  # fmt: skip

    async def at_08_36_the_desk_acknowledges(self) -> None:
        await self.yunling.at("08:36")
        await self.min.task("绿色通道", self.ticket["number"])
        await self.fan.task("备床", self.ticket["number"])
        await self.ning.task("心内科值班医师", self.ticket["number"])  # everybody prepares at the same time
        assert self.ticket["earmark"] == "心内-12", "a reserved step-down bed is noted, and blocks nobody"
        assert (await beds_of(self.min, "C01", "心内"))["心内-12"]["state"] == "available"
        assert await refused(self.min, self.ticket, "decline", {"code": "no-bed"}) in {
            "422 NEVER_DECLINED",
            "409 STATE",
        }
        told = await commands(self.min, self.ticket, "acknowledge")
        assert (told["acknowledged_by"]["name"], minute(told["acknowledged_at"])) == ("周敏", "08:36")
        seen = await sees_ticket(self.lan, self.ticket)
        assert seen["place"]["label"] == "CCU-03"
        assert seen["to"]["phone"], "the township sees bed and phone"

    async def at_08_50_it_sets_out_and_arrives_at_09_32(self, township: Ear) -> None:
        await self.yunling.at("08:50")
        moving = await commands(self.lan, self.ticket, "depart", {"vehicle": "石门镇救护车 2 号"})
        assert (moving["state"], minute(moving["expected_arrival_at"])) == ("en-route", "09:32")
        assert utc(moving["place"]["expires_at"]) >= utc(moving["expected_arrival_at"]) + timedelta(minutes=60)
        await self.yunling.at("09:32")
        await commands(self.min, self.ticket, "arrive")
        await township.hears("referrals.arrived", id=self.ticket["id"])
        admitted = await commands(self.fan, self.ticket, "admit")
        assert admitted["state"] == "admitted"
        beds = await beds_of(self.min, "C01", "CCU")
        assert (beds["CCU-03"]["state"], beds["CCU-03"]["hold"]) == ("occupied", None)
        assert await refused(self.lan, self.ticket, "cancel", {"reason": "误发"}) == "409 STATE", "after the arrival"

    async def the_receiver_reads_the_record_and_a_stranger_does_not(self) -> None:
        record = await self.ning.sees(f"/api/v1/patients/{self.patient}")
        assert record["name"] == "马建国"
        stranger = await self.lin.asks("GET", f"/api/v1/patients/{self.patient}")
        assert stranger.code == "403 NO_CARE_RELATION"
        assert (await self.lin.asks("GET", f"{REFERRALS}/{self.ticket['id']}")).status == 404

    async def on_day_eight_he_goes_home_with_a_plan(self) -> None:
        self.yunling.goes_on(days=8)
        await self.yunling.at("10:00")
        assert await refused(self.ning, self.ticket, "refer-down", {}) == "422 REHAB_PLAN_REQUIRED"
        without = {k: v for k, v in PLAN.items() if k != "rehabilitation"}
        assert await refused(self.ning, self.ticket, "refer-down", without) == "422 REHAB_PLAN_REQUIRED"
        self.home = await commands(self.ning, self.ticket, "refer-down", PLAN)
        assert (self.home["direction"], self.home["based_on"]) == ("down", self.ticket["id"])
        handed = await commands(self.ning, self.home, "send")
        assert handed["state"] == "handed-over"
        assert await refused(self.fan, self.ticket, "send-outcome", {"diagnosis": "x"}) in {
            "403 FORBIDDEN",
            "409 STATE",
        }
        await commands(self.fan, self.ticket, "discharge")
        beds = await beds_of(self.min, "C01", "CCU")
        assert beds["CCU-03"]["state"] == "to-clean"
        told = await commands(
            self.ning, self.ticket, "send-outcome", {"diagnosis": "急性下壁心肌梗死", "treatment": "PCI"}
        )
        assert (told["state"], told["outcome"]["treatment"]) == ("outcome-sent", "PCI")
        closed = await commands(self.lan, self.ticket, "close")
        assert (closed["state"], possible(closed)) == ("closed", set())

    async def the_township_takes_him_over_and_plans_visits(self) -> None:
        assert await refused(self.lan, self.home, "take-over", {}) == "422 CAPABILITY_REQUIRED"
        taken = await commands(
            self.lan, self.home, "take-over", {"medicines": True, "equipment": True, "family_doctor_org": "V0101"}
        )
        assert taken["state"] == "taken-over"
        due = (await self.yan.sees("/api/v1/follow-ups"))["items"]
        mine = [item for item in due if item["ticket_id"] == self.home["id"]]
        assert [item["kind"] for item in mine][:2] == ["call", "visit"]
        days = [(utc(item["due_at"]) - self.yunling.moment("10:00")).days for item in mine[:2]]
        assert days[0] <= 3
        assert days[1] <= 7
        assert {item["tier"] for item in mine} == {"red"}
        self.visit = next(item for item in mine if item["kind"] == "visit")

    async def the_first_visit_is_done_and_the_ticket_closed(self) -> None:
        self.yunling.goes_on(days=5)
        await self.yunling.at("09:30")
        path = f"/api/v1/follow-ups/{self.visit['id']}/complete"
        form: Json = {"mode": "home", "systolic": 132, "diastolic": 82, "heart_rate": 66}
        assert await self.yan.is_refused(path, {**form, "systolic": 80, "diastolic": 140}) == "422 BP_ORDER"
        assert await self.yan.is_refused(path, {**form, "glucose": 160}) == "422 RANGE"
        tomorrow = (self.yunling.moment("09:30") + timedelta(days=1)).date().isoformat()
        assert await self.yan.is_refused(path, {**form, "on": tomorrow}) == "422 FUTURE"
        done = await self.yan.does(path, form)
        assert (done["state"], done["assessment"]["urgent"]) == ("done", False)
        ticket = await sees_ticket(self.ning, self.home)
        assert ticket["state"] == "first-visit-done", "the hospital sees that its patient arrived at home"
        assert (await commands(self.yan, self.home, "close"))["state"] == "closed"

    async def coming_back_up_is_linked(self) -> None:
        self.yunling.goes_on(days=3)
        await self.yunling.at("07:40")
        back = await sends(self.lan, self.patient, 2, "CCU", diagnosis=INFARCT, summary="胸痛再发")
        assert back["bounce_of"] == self.home["id"]


async def test_a_patient_goes_up_the_green_channel_and_home_again(yunling: County) -> None:
    walk = GreenChannel(yunling)
    await walk.people_come_to_work()
    async with listening(walk.min) as desk, listening(walk.lan) as township:
        await walk.at_08_33_it_is_sent_and_has_a_place_at_once(desk)
        await walk.a_second_one_is_tracked_instead()
        await walk.at_08_36_the_desk_acknowledges()
        await walk.at_08_50_it_sets_out_and_arrives_at_09_32(township)
    await walk.the_receiver_reads_the_record_and_a_stranger_does_not()
    await walk.on_day_eight_he_goes_home_with_a_plan()
    await walk.the_township_takes_him_over_and_plans_visits()
    await walk.the_first_visit_is_done_and_the_ticket_closed()
    await walk.coming_back_up_is_linked()


async def test_an_ordinary_ticket_waits_for_its_answer_and_its_bed(yunling: County) -> None:
    await yunling.at("10:00")
    lan, desk, ward = await yunling.person("lilan"), await yunling.person("zhoumin"), await yunling.person("yangfan")
    patient = await yunling.registers(lan, OLD)
    sent = await sends(lan, patient, 3, "心内")
    assert (sent["state"], minute(sent["deadline_at"])) == ("sent", "10:30")
    assert (await commands(desk, sent, "open"))["handler"]["name"] == "周敏"
    asked = await commands(desk, sent, "ask", {"reason": "请补既往心脏超声"})
    assert (asked["state"], asked["question"]) == ("info-needed", "请补既往心脏超声")
    await yunling.at("10:12")
    answered = await commands(lan, sent, "answer", {"text": "去年 LVEF 38 %"})
    assert answered["state"] == "received"
    accepted = await commands(desk, sent, "accept")
    assert accepted["explanation"]["inputs"]["ageing"] == 0
    held = await commands(desk, sent, "hold-bed")
    assert held["hold"]["bed_id"].startswith("C01.心内-")
    assert minute(held["hold"]["expires_at"]) == "12:36", "144 minutes"
    await yunling.at("12:37")
    waiting = await waits_until(lan, sent, "accepted")
    assert waiting["waiting_since"] == sent["waiting_since"], "the time waited counts on"
    again = await commands(desk, sent, "hold-bed")
    released = await desk.does(f"/api/v1/bed-holds/{again['hold']['id']}/release", {"reason": "家属改主意"})
    assert released["state"] == "released"
    moved = await commands(
        desk, sent, "redirect", {"to_org": "M01", "department": "心内", "reason": "需心脏再同步治疗"}
    )
    assert moved["state"] == "redirected"
    successor = await lan.sees(f"{REFERRALS}/{moved['successor_id']}")
    assert (successor["predecessor_id"], successor["to"]["id"], successor["waiting_since"]) == (
        sent["id"], "M01", sent["waiting_since"],
    )  # fmt: skip
    asks = await commands(lan, successor, "cancel", {"reason": "病人改去省城"})
    assert asks["state"] == "cancel-requested"
    shi = await yunling.person("shizhuan")
    assert (await commands(shi, successor, "confirm-cancel"))["state"] == "cancelled"
    assert await refused(ward, sent, "admit", {}) == "409 STATE", "terminal is terminal"
