"""The register: A1 08:12, the refusals of domain part 3, care relation, break-glass, search."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.builders.county import P1, County, Person


async def register(person: Person, **changes: Any) -> tuple[int, dict[str, Any]]:
    return await person.post("/api/v1/patients", P1 | changes)


def resident(number: str) -> dict[str, Any]:
    return {"identifiers": [{"system": "resident-id", "value": number}]}


async def find(person: Person, q: str) -> list[dict[str, Any]]:
    status, found = await person.get(f"/api/v1/patients?q={q}")
    assert status == 200
    return list(found["items"])


async def test_0812_lilan_registers_p1_by_id_card(here: County) -> None:
    lilan = await here.sign_in("lilan")
    status, p1 = await register(lilan)
    assert status == 201
    assert p1["record_number"] == "99010110010100023"
    assert (p1["name"], p1["pinyin"], p1["masked_id"]) == ("马建国", "ma jianguo", "9901**********0035")
    assert p1["phone_masked"] == "138****0187"
    assert p1["possible_duplicates"] == []
    (badge,) = p1["assistance"]
    assert badge | {"en": ""} == {
        "category": "registered-poverty", "zh": "建档立卡", "en": "", "from": "2020-01-01", "to": None,
        "active": True, "bed_priority": True,
    }  # fmt: skip
    assert len(await find(lilan, "990101195803120035")) == 1
    assert "990101195803120035" not in str(p1)


async def test_the_number_alone_tells_sex_and_birth(here: County) -> None:
    lilan = await here.sign_in("lilan")
    status, p1 = await register(lilan, sex="unknown", birth_date=None)
    assert (status, p1["sex"], p1["birth_date"]) == (201, "male", "1958-03-12")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (resident("990101195803120036"), "ID_CHECKSUM"),
        (resident("990101201802290014") | {"birth_date": None}, "ID_DATE"),
        ({"sex": "female"}, "ID_SEX_MISMATCH"),
        ({"birth_date": "1958-03-13"}, "ID_BIRTH_MISMATCH"),
        (resident("12345"), "ID_FORMAT"),
        ({"assistance": [{"category": "is-poor", "from": "2020-01-01"}]}, "ASSISTANCE_UNKNOWN"),
        ({"assistance": [{"category": "extreme-hardship", "from": "2020-01-02", "to": "2020-01-01"}]}, "DATE_ORDER"),
        ({"identifiers": [], "birth_date": "2199-01-01"}, "DATE_ORDER"),
        ({"name": "  "}, "NAME_REQUIRED"),
    ],
)
async def test_what_cannot_be_is_refused_for_its_reason(here: County, changes: dict[str, Any], code: str) -> None:
    lilan = await here.sign_in("lilan")
    status, problem = await register(lilan, **changes)
    assert (status, problem["code"]) == (422, code)
    assert problem["errors"][0]["pointer"].startswith("/")
    assert await find(lilan, "马建国") == []


async def test_an_emergency_goes_on_with_a_temporary_number_and_the_document_follows(here: County) -> None:
    lilan = await here.sign_in("lilan")
    status, unknown = await lilan.post("/api/v1/patients", {"name": "无名氏", "provisional": True})
    assert (status, unknown["provisional"]) == (201, True)
    assert [i["system"] for i in unknown["identifiers"]] == ["temporary"]
    path = f"/api/v1/patients/{unknown['id']}/identifiers"
    status, known = await lilan.post(path, {"system": "resident-id", "value": "99010119580312049X"})
    assert (status, known["provisional"], known["version"]) == (201, False, 2)
    status, problem = await lilan.post(path, {"system": "resident-id", "value": "990101196207150021"})
    assert (status, problem["code"]) == (422, "IDENTITY_CONFLICT")


async def test_the_same_number_under_another_name_is_a_conflict_and_nothing_merges(here: County) -> None:
    lilan = await here.sign_in("lilan")
    await register(lilan)
    status, problem = await register(lilan, name="马建军")
    assert (status, problem["code"]) == (422, "IDENTITY_CONFLICT")
    assert [p["name"] for p in await find(lilan, "990101195803120035")] == ["马建国"]


async def test_registered_elsewhere_under_the_same_name_points_to_the_record(here: County) -> None:
    lilan, helin = await here.sign_in("lilan"), await here.sign_in("helin")
    _, p1 = await register(lilan)
    status, problem = await register(helin)
    assert (status, problem["code"], problem["patient_id"]) == (409, "PATIENT_EXISTS", p1["id"])


async def test_a_number_registered_twice_at_the_same_moment_is_one_record(here: County) -> None:
    lilan, helin = await here.sign_in("lilan"), await here.sign_in("helin")
    answers = await asyncio.gather(register(lilan), register(helin))
    assert sorted(status for status, _ in answers) == [201, 409]


async def test_the_same_request_again_gives_the_same_record(here: County) -> None:
    lilan = await here.sign_in("lilan")
    first = await lilan.post("/api/v1/patients", P1, **{"Idempotency-Key": "desk-1-0812"})
    again = await lilan.post("/api/v1/patients", P1, **{"Idempotency-Key": "desk-1-0812"})
    assert first == again
    missing = await here.client.post("/api/v1/patients", json=P1, headers=lilan.headers)
    assert (missing.status, (await missing.json())["code"]) == (400, "KEY_REQUIRED")


async def test_t02_opens_p1_is_refused_and_it_is_on_record(here: County) -> None:
    lilan, helin, auditor = [await here.sign_in(who) for who in ("lilan", "helin", "shenji")]
    _, p1 = await register(lilan)
    status, problem = await helin.get(f"/api/v1/patients/{p1['id']}")
    assert (status, problem["code"]) == (403, "NO_CARE_RELATION")
    _, trail = await auditor.get(f"/api/v1/audit?patient={p1['id']}")
    assert ("helin", "read", "refused") in [(e["actor_id"], e["action"], e["outcome"]) for e in trail["items"]]
    for path in ("reveal", "identifiers"):
        body = {"reason": "看一下"} if path == "reveal" else {"system": "local", "value": "X17"}
        assert (await helin.post(f"/api/v1/patients/{p1['id']}/{path}", body))[0] == 403


async def test_a_stranger_is_found_by_the_whole_number_only_and_masked(here: County) -> None:
    lilan, helin = await here.sign_in("lilan"), await here.sign_in("helin")
    await register(lilan)
    for q in ("马建国", "mjg", "0035", "13800000187", "99010110010100023"):
        assert await find(helin, q) == []
    (card,) = await find(helin, "990101195803120035")
    assert (card["visible"], card["name"], card["masked_id"]) == (False, "马*国", "9901**********0035")
    assert (card["birth_date"], card["phone_masked"], card["assistance"]) == (None, "", None)
    assert [c["name"] for c in card["commands"] if c["allowed"]] == ["break-glass"]


async def test_a_broken_glass_opens_for_four_hours_with_a_reason_and_is_reviewed_the_next_day(here: County) -> None:
    lilan, helin, yiwu = [await here.sign_in(who) for who in ("lilan", "helin", "yiwu")]
    _, p1 = await register(lilan)
    path = f"/api/v1/patients/{p1['id']}"
    status, problem = await helin.post(f"{path}/break-glass", {"reason": "  "})
    assert (status, problem["code"]) == (422, "REASON_REQUIRED")
    status, grant = await helin.post(f"{path}/break-glass", {"reason": "胸痛，转来途中，需要看既往"})
    assert status == 200
    assert (await helin.get(path))[0] == 200
    assert [p["id"] for p in await find(helin, "mjg")] == [p1["id"]]
    _, tasks = await yiwu.get("/api/v1/tasks?mine=1")
    (task,) = [t for t in tasks["items"] if t["kind"] == "break-glass-review"]
    assert task["subject"] == {"kind": "patients", "id": p1["id"]}
    assert "马建国" not in task["zh"]
    colleague = await here.sign_in("maxiaoyan")
    assert (await colleague.get(path))[0] == 403
    here.clock.offset += timedelta(hours=4, seconds=1)
    later = await here.sign_in("helin")
    assert (await later.get(path))[0] == 403
    assert grant["patient_id"] == p1["id"]


async def test_the_plain_number_is_shown_with_a_reason_and_on_record(here: County) -> None:
    lilan, auditor = await here.sign_in("lilan"), await here.sign_in("shenji")
    _, p1 = await register(lilan)
    path = f"/api/v1/patients/{p1['id']}/reveal"
    assert (await lilan.post(path, {"reason": ""}))[1]["code"] == "REASON_REQUIRED"
    status, plain = await lilan.post(path, {"reason": "核对身份证"})
    assert (status, plain["resident_id"], plain["phone"]) == (200, "990101195803120035", "13800000187")
    _, trail = await auditor.get(f"/api/v1/audit?patient={p1['id']}")
    assert ("reveal", "核对身份证") in [(e["action"], e["basis"]) for e in trail["items"]]


async def test_names_are_found_by_every_way_of_typing_them(here: County) -> None:
    lilan = await here.sign_in("lilan")
    await register(lilan)
    for q in ("马", "建国", "majian", "ma jianguo", "MJG", "0035", "99010110010100023", "138 0000 0187"):
        assert [p["name"] for p in await find(lilan, q)] == ["马建国"], q
    for q in ("李", "jianguo", "0036", "%", "_", "' OR 1=1 --"):
        assert await find(lilan, q) == [], q


async def test_a_surname_of_two_readings_is_found_by_both(here: County) -> None:
    maxiaoyan = await here.sign_in("maxiaoyan")
    for q in ("shanzhiqiang", "danzhiqiang", "szq", "dzq"):
        assert [p["name"] for p in await find(maxiaoyan, q)] == ["单志强"], q


async def test_lists_come_page_by_page(here: County) -> None:
    lilan = await here.sign_in("lilan")
    for n in range(5):
        await lilan.post("/api/v1/patients", {"name": f"测试{'甲乙丙丁戊'[n]}"})
    seen: list[str] = []
    cursor = ""
    while True:
        _, page = await lilan.get(f"/api/v1/patients?q=测试&limit=2&cursor={cursor}")
        seen += [p["name"] for p in page["items"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == ["测试戊", "测试丁", "测试丙", "测试乙", "测试甲"]


async def test_possible_duplicates_are_shown_and_never_merged(here: County) -> None:
    lilan = await here.sign_in("lilan")
    _, p1 = await register(lilan)
    status, second = await register(lilan, identifiers=[{"system": "local", "value": "MR-17"}])
    assert status == 201
    (twin,) = second["possible_duplicates"]
    assert (twin["id"], twin["name"], twin["grounds"]) == (p1["id"], "马*国", ["name", "birth_date", "phone"])
    _, listed = await lilan.get(f"/api/v1/patients/{p1['id']}/possible-duplicates")
    assert [item["id"] for item in listed["items"]] == [second["id"]]
    assert len(await find(lilan, "马建国")) == 2


@pytest.mark.parametrize("username", ["admin", "shenji", "weijian"])
async def test_who_runs_or_watches_the_county_sees_no_patient(here: County, username: str) -> None:
    person = await here.sign_in(username)
    for path in ("/api/v1/patients", "/api/v1/patients/x"):
        status, problem = await person.get(path)
        assert (status, problem["code"]) == (403, "FORBIDDEN")


async def test_an_unknown_patient_is_not_found(here: County) -> None:
    lilan = await here.sign_in("lilan")
    assert (await lilan.get("/api/v1/patients/nobody"))[0] == 404


async def test_a_reader_registers_nobody(here: County) -> None:
    wangke = await here.sign_in("wangke")
    status, problem = await register(wangke)
    assert (status, problem["code"]) == (403, "FORBIDDEN")
    lilan = await here.sign_in("lilan")
    assert (await register(lilan, organization_id="T02"))[1]["code"] == "FORBIDDEN"


async def test_no_identifying_number_lies_plain_in_the_database(here: County) -> None:
    lilan = await here.sign_in("lilan")
    await register(lilan)
    folder = here.hub.settings.data_path
    raw = b"".join((folder / name).read_bytes() for name in ("lutong.db", "lutong.db-wal"))
    for canary in ("990101195803120035", "13800000187", "石门镇石门村 3 组"):
        assert canary.encode() not in raw
