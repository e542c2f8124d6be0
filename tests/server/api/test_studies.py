"""Studies as their pages ask for them: lists, series, ECGs, and what was kept aside."""

from typing import Any

import numpy as np
import pytest

from dicom.ecg import transport
from dicom.ecg.waveform import read_part10
from server.api.ecg_view import EcgView
from tests.builders.county import County
from tests.builders.dicom_objects import CT, GBK_UNDER_LATIN1, ct_study, image_part10
from tests.builders.ecg_objects import ecg_part10
from tests.builders.malformed_objects import without_uids
from tests.server.api.test_dicomweb import stow, uids


async def test_a_study_is_listed_for_its_sender_with_what_its_objects_say(here: County) -> None:
    lilan, helin = await here.sign_in("lilan"), await here.sign_in("helin")
    await stow(lilan, *ct_study(slices=3, name=GBK_UNDER_LATIN1))
    _, page = await lilan.get("/api/v1/studies")
    (study,) = page["items"]
    assert study["state"] == "receiving"
    assert study["organization"]["id"] == "T01"
    assert study["dicom_patient"]["name"] == "马建国"
    assert (study["instance_count"], study["series_count"], study["modalities"]) == (3, 1, ["CT"])
    assert study["bytes"] > 3000
    assert study["name_guessed"] == "GB18030"
    assert (await helin.get("/api/v1/studies"))[1]["items"] == []


async def test_pages_of_studies_follow_each_other(here: County) -> None:
    lilan = await here.sign_in("lilan")
    for number in range(1, 6):
        await stow(lilan, image_part10(CT, study=number))
    seen: list[str] = []
    cursor = ""
    while True:
        _, page = await lilan.get(f"/api/v1/studies?limit=2&cursor={cursor}")
        seen += [s["uid"] for s in page["items"]]
        if not (cursor := page["next"]):
            break
    assert len(seen) == len(set(seen)) == 5
    assert (await lilan.get("/api/v1/studies?cursor=x"))[0] == 400


async def test_a_study_shows_its_series_and_where_instances_are(here: County) -> None:
    lilan, helin = await here.sign_in("lilan"), await here.sign_in("helin")
    objects = ct_study(slices=3)
    await stow(lilan, *objects)
    uid = uids(objects[0])[0]
    _, study = await lilan.get(f"/api/v1/studies/{uid}")
    (series,) = study["series"]
    assert [i["number"] for i in series["instances"]] == [1, 2, 3]
    answer = await lilan.client.get(
        series["instances"][0]["url"], headers=lilan.headers | {"Accept": "application/dicom"}
    )
    assert await answer.read() == objects[0]
    assert (await helin.get(f"/api/v1/studies/{uid}"))[0] == 404
    assert (await lilan.get(f"/api/v1/studies/{uid}/ecg"))[0] == 404
    small = await lilan.client.get(f"/api/v1/studies/{uid}/thumbnail", headers=lilan.headers)
    assert (small.status, small.headers["Content-Type"]) == (200, "image/jpeg")


async def test_an_ecg_comes_with_its_samples_and_a_machines_opinion(here: County) -> None:
    lilan, an_ecg = await here.sign_in("lilan"), ecg_part10()
    assert (await stow(lilan, an_ecg)).status == 200
    uid = uids(an_ecg)[0]
    status, header = await lilan.get(f"/api/v1/studies/{uid}/ecg")
    assert status == 200
    answer = await lilan.client.get(f"/api/v1/studies/{uid}/ecg/samples", headers=lilan.headers)
    (first, *_) = transport.decode(header, await answer.read())
    assert np.array_equal(first.counts, read_part10(an_ecg)[0].counts)
    assert EcgView.model_validate(header).model_dump(mode="json") == header  # described whole: the screens' types
    assert header["opinion"]["label"]
    assert header["opinion"]["measurements"]["heart_rate_bpm"] == pytest.approx(60, abs=45)


async def test_what_was_kept_aside_waits_for_the_registrar(here: County) -> None:
    lilan, hanxue = await here.sign_in("lilan"), await here.sign_in("hanxue")
    assert (await stow(lilan, without_uids("StudyInstanceUID"))).status == 400
    _, page = await hanxue.get("/api/v1/set-aside")
    (item,) = page["items"]
    assert (item["code"], item["organization"]) == ("DICOM_INVALID", "T01")
    tasks: dict[str, Any] = (await hanxue.get("/api/v1/tasks"))[1]
    assert "dicom-invalid" in {t["kind"] for t in tasks["items"]}
    path = f"/api/v1/set-aside/{item['id']}/resolve"
    assert (await hanxue.post(path, {"resolution": " "}))[1]["code"] == "REASON_REQUIRED"
    status, resolved = await hanxue.post(path, {"resolution": "设备已重新设置"})
    assert (status, resolved["resolution"]) == (200, "设备已重新设置")
    assert (await hanxue.post(path, {"resolution": "又一次"}))[0] == 409
    assert (await hanxue.get("/api/v1/set-aside"))[1]["items"] == []
    assert "dicom-invalid" not in {t["kind"] for t in (await hanxue.get("/api/v1/tasks"))[1]["items"]}
