"""Patients, tickets and beds of a story about referrals: everything by the commands that people have."""

from dataclasses import dataclass
from typing import Any

from tests.builders.reading_house import Answer, House

REFERRALS, BEDS = "/api/v1/referrals", "/api/v1/beds"
FRACTURE = {"code": "S72.000x001", "system": "ICD-10", "name": "股骨颈骨折"}
POOR = [{"category": "registered-poverty", "from": "2020-01-01"}]


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def resident_id(serial: int, sex: str) -> str:
    """Return a number of the fictional division for somebody born on 1960-01-01 (GB 11643)."""
    digits = f"99010119600101{serial:02d}{1 if sex == 'male' else 2}"
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


@dataclass
class Desk:
    """A house with people who refer."""

    house: House
    patients: int = 0

    async def patient(self, *, poor: bool = False, sex: str = "male", by: str = "lilan", **more: Any) -> str:
        """Register somebody; return the id."""
        self.patients += 1
        row: dict[str, Any] = {"name": f"病人{chr(0x4E00 + self.patients)}", "sex": sex, "birth_date": "1960-01-01"}
        row["identifiers"] = [{"system": "resident-id", "value": resident_id(self.patients, sex)}]
        row |= {"assistance": POOR} if poor else {}
        made = await self.house.call(by, "POST", "/api/v1/patients", row | more)
        assert made.status == 201, made.body
        return str(made.body["id"])

    async def draft(self, patient_id: str, level: int = 3, *, by: str = "lilan", **more: Any) -> Answer:
        """Draft a ticket to the orthopaedic ward of C01, 24 minutes away unless it says otherwise."""
        body = {
            "patient_id": patient_id, "direction": "up", "to_org": "C01", "department": "骨科",
            "reason_code": "beyond-capability", "diagnosis": FRACTURE, "triage_level": level, "summary": "跌倒后髋痛",
            "needs": {"department": more.get("department", "骨科")}, "travel_minutes": 24,
        }  # fmt: skip
        return await self.house.call(by, "POST", REFERRALS, body | more)

    async def send(self, patient_id: str, level: int = 3, *, by: str = "lilan", **more: Any) -> str:
        """Draft and send a ticket; return its id."""
        drafted = await self.draft(patient_id, level, by=by, **more)
        assert drafted.status == 201, drafted.body
        sent = await self.does(by, drafted.body["id"], "send")
        return str(sent["id"])

    async def accepted(self, patient_id: str, level: int = 3, **more: Any) -> str:
        """Send a ticket that the desk opens and accepts; return its id."""
        ticket_id = await self.send(patient_id, level, **more)
        if level > 2:
            await self.does("zhoumin", ticket_id, "open")
            await self.does("zhoumin", ticket_id, "accept")
        return ticket_id

    async def does(self, who: str, ticket_id: str, name: str, body: Any = None) -> dict[str, Any]:
        """Give a command that is allowed."""
        answer = await self.asks(who, ticket_id, name, body)
        assert answer.status == 200, answer.body
        return dict(answer.body)

    async def asks(self, who: str, ticket_id: str, name: str, body: Any = None) -> Answer:
        """Give a command and return whatever the hub says."""
        return await self.house.call(who, "POST", f"{REFERRALS}/{ticket_id}/{name}", body)

    async def ticket(self, ticket_id: str, who: str = "lilan") -> dict[str, Any]:
        """Look at a ticket."""
        answer = await self.house.call(who, "GET", f"{REFERRALS}/{ticket_id}")
        assert answer.status == 200, answer.body
        return dict(answer.body)

    async def beds(self, department: str = "", org: str = "C01", who: str = "yangfan") -> dict[str, dict[str, Any]]:
        """Return the board by label."""
        answer = await self.house.call(who, "GET", f"{BEDS}?org={org}&department={department}")
        assert answer.status == 200, answer.body
        return {bed["label"]: bed for bed in answer.body["items"]}

    async def bed_does(self, label: str, name: str, body: Any = None, *, org: str = "C01") -> Answer:
        """Give a command about a bed as its ward."""
        who = "yangfan" if org == "C01" else "lilan"
        return await self.house.call(who, "POST", f"{BEDS}/{org}.{label}/{name}", body)

    async def leave_free(self, department: str, *labels: str) -> None:
        """Close every bed of a department but these; what a shift does for building work."""
        for label, bed in (await self.beds(department)).items():
            if label in labels:
                continue
            if bed["state"] in {"available", "to-clean"}:
                answer = await self.bed_does(label, "block", {"reason": "病区维修"})
                assert answer.status == 200, answer.body

    async def queue(self, department: str = "骨科") -> list[dict[str, Any]]:
        """Return the queue of C01 as the desk sees it."""
        answer = await self.house.call("zhoumin", "GET", f"{REFERRALS}/queue?org=C01&department={department}")
        assert answer.status == 200, answer.body
        return list(answer.body["items"])
