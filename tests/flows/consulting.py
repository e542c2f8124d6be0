"""What people of the county do with consults, as their screens do it."""

from tests.flows.county import Answer, Json, Person

CONSULTS = "/api/v1/consults"
ANGINA: Json = {"code": "I20.800x007", "system": "ICD-10 国家临床版 2.0", "name": "稳定型心绞痛"}
OPINION: Json = {
    "findings": "静息心电图 V4–V6 ST 压低 0.1 mV；超声 LVEF 58 %",
    "diagnosis": "冠心病，稳定型心绞痛",
    "differential": "胃食管反流",
    "further_tests": "择期冠脉 CTA",
    "treatment": "阿司匹林 100 mg 每日一次；阿托伐他汀 20 mg 每晚",
    "refer": True,
    "refer_level": 4,
}


def application(patient_id: str, **more: object) -> Json:
    """Return T01's application to C01's cardiology, to be answered in writing."""
    body: Json = {
        "patient_id": patient_id,
        "to_org": "C01",
        "mode": "written",
        "specialties": ["心内"],
        "title": "副主任",
        "chief_complaint": "反复胸闷 3 月",
        "present_history": "活动后加重，休息 5 分钟缓解",
        "summary": "男，68 岁，高血压 10 年",
        "diagnosis": ANGINA,
        "reason": "诊断不明",
        "purpose": "是否需要造影，用药如何调整",
        "consent": {"written": True, "by": "马建国", "at": "2026-11-23T01:00:00Z", "document": "纸质，存 T01 病历"},
    }
    return body | more


async def applies(doctor: Person, patient_id: str, **more: object) -> Json:
    """Send an application."""
    return await doctor.does(CONSULTS, application(patient_id, **more))


async def commands(person: Person, consult: Json, name: str, body: Json | None = None) -> Json:
    """Give a command about a consult; return it anew."""
    return await person.does(f"{CONSULTS}/{consult['id']}/{name}", body)


async def refused(person: Person, consult: Json, name: str, body: Json | None = None) -> str:
    """Give a command that is not allowed; return `status CODE`."""
    return await person.is_refused(f"{CONSULTS}/{consult['id']}/{name}", body)


async def looks(person: Person, consult: Json) -> Json:
    """Look at a consult."""
    return await person.sees(f"{CONSULTS}/{consult['id']}")


async def writes(person: Person, consult: Json, version: int, **text: object) -> Answer:
    """Save the opinion over the version she saw."""
    return await person.asks("PUT", f"{CONSULTS}/{consult['id']}/opinion", text, If_Match=f'"{version}"')


async def opinion_of(person: Person, consult: Json) -> Json:
    """Look at the opinion."""
    return await person.sees(f"{CONSULTS}/{consult['id']}/opinion")


async def signs(person: Person, consult: Json) -> Json:
    """Look at the opinion, and sign what one saw with one's password."""
    seen = (await opinion_of(person, consult))["version"]
    return await commands(person, consult, "sign", {"password": person.password, "opinion_version": seen})


def possible(consult: Json) -> set[str]:
    """Return the commands that are allowed."""
    return {command["name"] for command in consult["commands"] if command["allowed"]}
