"""What people of the county do with referral tickets and beds, as their screens do it."""

import asyncio

from tests.flows.county import PATIENCE, Json, Person

REFERRALS, BEDS = "/api/v1/referrals", "/api/v1/beds"
INFARCT: Json = {"code": "I21.100x001", "system": "ICD-10 国家临床版 2.0", "name": "急性下壁心肌梗死"}
HEART_FAILURE: Json = {"code": "I50.900x001", "system": "ICD-10 国家临床版 2.0", "name": "心力衰竭"}
VITALS: Json = {
    "systolic": 92, "diastolic": 58, "heart_rate": 52, "spo2": 94, "respiratory_rate": 18, "temperature": 36.5,
}  # fmt: skip
PLAN: Json = {
    "discharge_summary": "急性下壁心肌梗死，PCI 术后第 8 天，生命体征平稳。",
    "results": "复查心电图 ST 段回落；LVEF 54 %",
    "case_number": "ZY20261123017",
    "medicines": ["阿司匹林 100 mg 每日一次 长期", "替格瑞洛 90 mg 每日两次 12 个月"],
    "warning_signs": "胸痛超过 15 分钟、晕厥、黑便：立即联系卫生院",
    "rehabilitation": "每日步行 20 分钟起，逐周加 5 分钟；低盐低脂；1 个月复查心电图",
    "risk_tier": "red",
}


def ticket_body(patient_id: str, level: int = 3, department: str = "心内", **more: object) -> Json:
    """Return the body of a new upward ticket from T01 to C01."""
    body: Json = {
        "patient_id": patient_id,
        "direction": "up",
        "from_org": "T01",
        "to_org": "C01",
        "department": department,
        "reason_code": "beyond-capability",
        "diagnosis": HEART_FAILURE,
        "triage_level": level,
        "summary": "心功能 III 级，口服利尿剂效果不佳",
        "needs": {"department": department},
    }
    return body | more


async def drafts(doctor: Person, patient_id: str, level: int = 3, department: str = "心内", **more: object) -> Json:
    """Draft a ticket."""
    return await doctor.does(REFERRALS, ticket_body(patient_id, level, department, **more))


async def sends(doctor: Person, patient_id: str, level: int = 3, department: str = "心内", **more: object) -> Json:
    """Draft a ticket and send it."""
    return await commands(doctor, await drafts(doctor, patient_id, level, department, **more), "send")


async def commands(person: Person, ticket: Json, name: str, body: Json | None = None) -> Json:
    """Give a command about a ticket; return it anew."""
    return await person.does(f"{REFERRALS}/{ticket['id']}/{name}", body)


async def refused(person: Person, ticket: Json, name: str, body: Json | None = None) -> str:
    """Give a command that is not allowed; return `status CODE`."""
    return await person.is_refused(f"{REFERRALS}/{ticket['id']}/{name}", body)


async def sees_ticket(person: Person, ticket: Json) -> Json:
    """Look at a ticket."""
    return await person.sees(f"{REFERRALS}/{ticket['id']}")


async def beds_of(person: Person, organization: str, department: str = "") -> dict[str, Json]:
    """Return an organization's beds by label."""
    page = await person.sees(f"{BEDS}?org={organization}&department={department}")
    return {bed["label"]: bed for bed in page["items"]}


async def about_bed(person: Person, bed_id: str, name: str, body: Json | None = None) -> Json:
    """Give a command about a bed."""
    return await person.does(f"{BEDS}/{bed_id}/{name}", body)


async def leaves_free(nurse: Person, organization: str, department: str, *labels: str) -> None:
    """Block every bed of a department that is free, but these; what a shift does when it closes a ward."""
    for label, bed in (await beds_of(nurse, organization, department)).items():
        if bed["state"] in {"available", "to-clean"} and label not in labels:
            await about_bed(nurse, bed["id"], "block", {"reason": "病区维修"})


def possible(ticket: Json) -> set[str]:
    """Return the commands that are allowed."""
    return {command["name"] for command in ticket["commands"] if command["allowed"]}


async def waits_until(person: Person, ticket: Json, state: str) -> Json:
    """Look at a ticket until it is in a state."""
    loop = asyncio.get_running_loop()
    end = loop.time() + PATIENCE
    while (seen := await sees_ticket(person, ticket))["state"] != state:
        assert loop.time() < end, f"stayed {seen['state']}, expected {state}"
        await asyncio.sleep(0.1)
    return seen
