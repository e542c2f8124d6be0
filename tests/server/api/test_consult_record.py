"""What stays of a call: what was looked at is told of the patient's own studies alone."""

from server.db.tables.imaging import studies
from tests.builders.reading_house import House
from tests.flows.consulting import CONSULTS
from tests.server.api.test_fhir_consults import applied, house
from video.signaling.journal import Happening, Note

__all__ = ["house"]  # the fixture


async def test_a_look_at_a_study_says_what_it_is_only_where_it_is_the_patients(house: House) -> None:
    consult = await applied(house)
    uid = str((await house.study_arrives())["study_uid"])
    async with house.hub.unit_of_work() as uow:
        study = await uow.studies.get(uid)
        assert study is not None
        assert study.patient_id == consult["patient"]["id"]
        subject = f"study {uid}"
        looked = Note(consult["id"], house.clock.at, Happening.LOOKED, "s1", "lilan", "李兰", "sender", subject=subject)
        await uow.rooms.note([looked])
    path = f"{CONSULTS}/{consult['id']}/call"
    (hers,) = (await house.call("lilan", "GET", path)).body["looks"]
    assert "DX" in hers["label"]
    await _give_to_another(house, uid)
    (others,) = (await house.call("lilan", "GET", path)).body["looks"]
    assert others == {**hers, "label": ""}


async def _give_to_another(house: House, study_uid: str) -> None:
    row = {"name": "别人", "sex": "male", "birth_date": "1970-01-01"}
    other = (await house.call("lilan", "POST", "/api/v1/patients", row)).body["id"]
    async with house.hub.unit_of_work() as uow:
        await uow.connection.execute(
            studies.update().where(studies.c.study_instance_uid == study_uid).values(patient_id=other)
        )
