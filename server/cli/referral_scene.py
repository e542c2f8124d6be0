"""The referral desk's part of the simulated morning: tickets in every state, a bed held, two people on the way home."""

from dataclasses import dataclass
from typing import Any, Protocol

from server.cli.actors import Actor, Json
from server.cli.morning import MA, PEOPLE, Person

REFERRALS = "/api/v1/referrals"
HOME: Json = {
    "discharge_summary": "心力衰竭急性加重，利尿后好转，体重下降 4 kg。",
    "results": "NT-proBNP 8200 → 1900 pg/mL；LVEF 41 %",
    "medicines": ["呋塞米 20 mg 每日一次", "沙库巴曲缬沙坦 50 mg 每日两次"],
    "warning_signs": "三天内体重增加 2 kg、夜间憋醒：立即联系卫生院",
    "rehabilitation": "限盐 5 g/日，每日称体重，步行 10 分钟起逐周增加",
    "risk_tier": "red",
    "send": True,
}


class Stage(Protocol):
    """What the scene needs of the morning."""

    async def person(self, username: str) -> Actor:
        """Return an actor who has signed in."""
        ...

    async def say(self, text: str) -> None:
        """Tell what happens."""
        ...

    async def register(self, doctor: Actor, who: Person) -> str:
        """Register a resident, or find her; return the id."""
        ...


@dataclass(frozen=True, slots=True)
class Case:
    """A patient who is referred up: whose, how urgent, to which department, why."""

    who: Person
    level: int
    department: str
    icd: str
    diagnosis: str
    summary: str
    site: str = "T01"

    def body(self, patient_id: str, **more: Any) -> Json:
        """Return the ticket's body."""
        return {
            "patient_id": patient_id,
            "direction": "up",
            "from_org": self.site,
            "to_org": "C01",
            "department": self.department,
            "reason_code": "critical" if self.level <= 2 else "beyond-capability",
            "diagnosis": {"code": self.icd, "system": "ICD-10", "name": self.diagnosis},
            "triage_level": self.level,
            "summary": self.summary,
            "needs": {"department": self.department},
            "consent": {"given": True, "by": self.who.name, "relation": "本人"},
        } | more


INFARCT = Case(MA, 1, "CCU", "I21.100x001", "急性下壁心肌梗死", "胸痛 50 分钟，II III aVF ST 段抬高")
STROKE = Case(PEOPLE[1], 2, "神内", "I63.900", "脑梗死", "右侧肢体无力 1 小时，GCS 14", "T02")
BREATH = Case(PEOPLE[4], 3, "呼吸", "J44.100", "慢阻肺急性加重", "喘憋三天，口服药无效")
WAITING = Case(PEOPLE[6], 3, "呼吸", "J96.000", "急性呼吸衰竭", "发热五天，血氧 88 %，吸氧后 93 %", "T02")
BONE = Case(PEOPLE[5], 4, "骨科", "S83.200", "半月板损伤", "扭伤后右膝绞锁两周，需关节镜", "T02")
BIRTH = Case(PEOPLE[7], 3, "产科", "O13.x00", "妊娠期高血压", "孕 34 周，血压 150/95")
HEART = Case(PEOPLE[8], 3, "心内", "I50.900x001", "心力衰竭", "下肢水肿、夜间憋醒一周")
BACK_HOME = Case(PEOPLE[9], 3, "心内", "I50.900x001", "心力衰竭", "活动后气促，利尿剂效果不佳")


@dataclass(slots=True)
class Scene:
    """The people of the scene; a patient who is on the way already from an earlier morning is left alone."""

    morning: Stage
    doctors: dict[str, Actor]
    desk: Actor
    ward: Actor
    expert: Actor

    async def sends(self, case: Case, **more: Any) -> Json | None:
        """Draft a ticket and send it; None when the patient has one on the way."""
        doctor = self.doctors[case.site]
        patient_id = await self.morning.register(doctor, case.who)
        found = await doctor.get(f"{REFERRALS}?box=out&patient={patient_id}")
        if found["items"]:
            return None
        ticket = await doctor.post(REFERRALS, case.body(patient_id, **more))
        return await doctor.post(f"{REFERRALS}/{ticket['id']}/send")

    async def does(self, actor: Actor, ticket: Json, *names: str, **body: Any) -> Json:
        """Give commands one after the other; the body goes with the last."""
        for name in names[:-1]:
            await actor.post(f"{REFERRALS}/{ticket['id']}/{name}")
        return await actor.post(f"{REFERRALS}/{ticket['id']}/{names[-1]}", body)


async def play_referrals(morning: Stage, heart: Json, report: Json) -> None:
    """Play the referral desk's morning."""
    person = morning.person
    scene = Scene(
        morning,
        {"T01": await person("lilan"), "T02": await person("helin")},
        await person("zhoumin"),
        await person("yangfan"),
        await person("zhaoning"),
    )
    await _green_channel(scene, heart, report)
    await _queue(scene)
    await _home(scene)


async def _green_channel(scene: Scene, heart: Json, report: Json) -> None:
    vitals = {
        "systolic": 92,
        "diastolic": 58,
        "heart_rate": 52,
        "spo2": 94,
        "respiratory_rate": 18,
        "temperature": 36.5,
    }
    linked: Json = {"study_uids": [heart["study_uid"]], "report_ids": [report["id"]], "pathway": "chest-pain"}
    ticket = await scene.sends(INFARCT, vitals=vitals, **linked)
    if ticket is not None:
        place = (ticket["place"] or {}).get("label", "")
        await scene.morning.say(f"李兰 上转马建国，Ⅰ 级：系统已接收，留床 {place}，{ticket['number']}")
        await scene.does(scene.desk, ticket, "acknowledge")
        await scene.desk.post(f"{REFERRALS}/{ticket['id']}/messages", {"text": "导管室已通知，直接进 1 号门"})
        await scene.does(scene.doctors["T01"], ticket, "depart", vehicle="石门镇救护车 2 号")
        await scene.morning.say("周敏 已确认；救护车出发，约 42 分钟到")
    if await scene.sends(STROKE, pathway="stroke") is not None:
        await scene.morning.say("柳沟镇 上转虎占山，Ⅱ 级脑卒中：转诊台响铃，等人确认")


async def _queue(scene: Scene) -> None:
    breath, waiting = await scene.sends(BREATH), await scene.sends(WAITING)
    birth = await scene.sends(BIRTH)
    await scene.sends(BONE)
    if breath is not None:
        await scene.does(scene.desk, breath, "open", "accept", "hold-bed")
    if waiting is not None:
        await scene.does(scene.desk, waiting, "open", "accept")
    if birth is not None:
        await scene.does(scene.desk, birth, "open", "ask", reason="请补产检记录和尿蛋白")
    await scene.morning.say("转诊台：一张已留床，一张等床，一张补资料，一张还没打开")


async def _home(scene: Scene) -> None:
    for case in (HEART, BACK_HOME):
        ticket = await scene.sends(case)
        if ticket is None:
            continue
        await scene.does(scene.desk, ticket, "open", "accept", "hold-bed")
        await scene.does(scene.doctors[case.site], ticket, "depart")
        await scene.does(scene.desk, ticket, "arrive")
        await scene.does(scene.ward, ticket, "admit")
        home = await scene.does(scene.expert, ticket, "refer-down", **HOME)
        if case is BACK_HOME:
            taken: Json = {"medicines": True, "equipment": True, "family_doctor_org": "V0101"}
            await scene.does(scene.doctors["T01"], home, "take-over", **taken)
            await scene.does(scene.ward, ticket, "discharge")
    await scene.morning.say("两位病人下转：一位等石门镇接手，一位已接手，马小燕三天内电话、七天内上门")
