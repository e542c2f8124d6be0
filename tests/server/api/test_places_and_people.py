"""Organizations, AE titles, accounts: administrators change them, others read what concerns them."""

from typing import Any

import pytest

from tests.builders.county import County

T03: dict[str, Any] = {
    "id": "T03",
    "name": "沙河镇卫生院",
    "kind": "township",
    "division": "990101",
    "parent_id": "C01",
    "phone": "8803 0120",
}
NURSE = {
    "username": "newnurse",
    "name": "新人",
    "password": "mountain-lily-27",
    "roles": [{"organization_id": "C01", "role": "ward-nurse"}],
}


async def test_the_county_stands_as_it_was_drawn(here: County) -> None:
    lilan = await here.sign_in("lilan")
    _, page = await lilan.get("/api/v1/organizations")
    places = {o["id"]: o for o in page["items"]}
    assert set(places) == {"V0101", "T01", "T02", "C01", "M01", "B01"}
    modalities = [m for centre in places["C01"]["centres"] for m in centre["modalities"]]
    assert len(modalities) == len(set(modalities))
    kinds = {c["id"]: c["kind"] for c in places["C01"]["centres"]}
    assert kinds == {"C01-ECG": "ecg", "C01-RAD": "radiology", "C01-IMG": "imaging", "C01-LAB": "lab"}


async def test_an_administrator_registers_and_changes_an_organization(here: County) -> None:
    admin = await here.sign_in("admin")
    status, created = await admin.post("/api/v1/organizations", T03)
    assert (status, created["version"]) == (201, 1)
    assert (await admin.post("/api/v1/organizations", T03))[1]["code"] == "EXISTS"
    changed = {k: v for k, v in T03.items() if k != "id"} | {"phone": "8803 0121"}
    status, after = await admin.put("/api/v1/organizations/T03", changed, 1)
    assert (status, after["phone"], after["version"]) == (200, "8803 0121", 2)
    status, problem = await admin.put("/api/v1/organizations/T03", changed, 1)
    assert (status, problem["code"], problem["current"]) == (412, "VERSION", 2)
    headers = admin.headers
    response = await here.client.put("/api/v1/organizations/T03", json=changed, headers=headers)
    assert response.status == 400


async def test_an_ae_title_is_registered_once_and_can_be_switched_off(here: County) -> None:
    admin = await here.sign_in("admin")
    path = "/api/v1/organizations/T01/ae-titles"
    wanted = {"ae_title": "T01-CT", "addresses": ["10.1.0.0/16"], "host": "10.1.0.9", "port": 104}
    status, created = await admin.post(path, wanted)
    assert (status, created["organization_id"], created["default_priority"]) == (201, "T01", "routine")
    assert (await admin.post("/api/v1/organizations/T02/ae-titles", wanted))[1]["code"] == "EXISTS"
    for bad in ({"ae_title": "A\\B"}, {"ae_title": "X", "addresses": ["everywhere"]}, {"ae_title": " X"}):
        assert (await admin.post(path, bad))[0] == 422
    assert (await admin.post("/api/v1/organizations/T02/ae-titles/T01-CT/disable"))[0] == 404
    status, off = await admin.post(f"{path}/T01-CT/disable")
    assert status == 200
    assert off["disabled_at"] is not None


async def test_a_site_sees_its_own_ae_titles_only(here: County) -> None:
    lilan = await here.sign_in("lilan")
    _, own = await lilan.get("/api/v1/organizations/T01/ae-titles")
    assert [a["ae_title"] for a in own["items"]] == ["T01"]
    assert (await lilan.get("/api/v1/organizations/T02/ae-titles"))[0] == 403


@pytest.mark.parametrize("username", ["lilan", "yiwu", "weijian", "shenji"])
async def test_only_administrators_change_places_and_people(here: County, username: str) -> None:
    person = await here.sign_in(username)
    assert (await person.post("/api/v1/organizations", T03))[0] == 403
    assert (await person.post("/api/v1/organizations/T01/ae-titles", {"ae_title": "X"}))[0] == 403
    assert (await person.post("/api/v1/users", NURSE))[0] == 403
    assert (await person.post("/api/v1/users/lilan/disable"))[0] == 403
    assert (await person.post("/api/v1/users/lilan/reset-password", {"password": "mountain-lily-27"}))[0] == 403


async def test_an_account_is_opened_and_can_be_used(here: County) -> None:
    admin = await here.sign_in("admin")
    status, created = await admin.post("/api/v1/users", NURSE)
    assert (status, created["username"]) == (201, "newnurse")
    assert "password" not in str(created)
    newcomer = await here.sign_in("newnurse", "mountain-lily-27")
    assert newcomer.session["user"]["id"] == created["id"]
    assert (await admin.post("/api/v1/users", NURSE))[1]["code"] == "EXISTS"


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"password": "short"}, 422, "PASSWORD_WEAK"),
        ({"roles": [{"organization_id": "T99", "role": "ward-nurse"}]}, 404, "NOT_FOUND"),
        ({"roles": [{"organization_id": "T01", "role": "ward-nurse", "centre_id": "C01-ECG"}]}, 404, "NOT_FOUND"),
        ({"roles": [{"organization_id": "T01", "role": "king"}]}, 400, "MALFORMED"),
        ({"is_admin": True}, 400, "MALFORMED"),
    ],
)
async def test_an_account_that_cannot_be_is_refused(
    here: County, change: dict[str, Any], status: int, code: str
) -> None:
    admin = await here.sign_in("admin")
    answer = await admin.post("/api/v1/users", NURSE | change)
    assert (answer[0], answer[1]["code"]) == (status, code)


async def test_medical_affairs_lists_its_own_people_an_administrator_all(here: County) -> None:
    haiying, admin = await here.sign_in("haiying"), await here.sign_in("admin")
    _, own = await haiying.get("/api/v1/users")
    assert {u["username"] for u in own["items"]} == {"lilan", "haiying"}
    _, everyone = await admin.get("/api/v1/users")
    assert len(everyone["items"]) == 21
