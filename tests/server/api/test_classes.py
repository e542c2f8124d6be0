"""What stays of a class: each opening and each change of its names with the word it was said on, to both sides."""

from typing import Any

from tests.builders.reading_house import House
from tests.flows.consulting import CONSULTS
from tests.server.api.test_fhir_consults import applied, does, house

__all__ = ["house"]  # the fixture
Json = dict[str, Any]
FIRST: Json = {"written": True, "by": "马建国", "document": "教学同意书，存 T01"}
OTHER: Json = {"written": True, "by": "马小燕", "relation": "女儿", "document": ""}


async def test_each_opening_is_found_again_with_its_names_and_its_word(house: House) -> None:
    consult = await applied(house)
    path = f"{CONSULTS}/{consult['id']}"
    await does(house, "zhoumin", consult, "triage", {"experts": ["zhaoning"]})
    first = await does(house, "lilan", consult, "open-class", {"organizations": ["T02"], "consent": FIRST})
    house.at("10:20")
    more = {"organizations": ["T02"], "people": ["maxiaoyan"], "consent": OTHER}
    second = (await does(house, "zhaoning", consult, "open-class", more))["teaching"]
    assert [each["id"] for each in second["people"]] == ["maxiaoyan"]
    kept = ("consent_by", "consent_document", "opened_at", "opened_by")
    assert [second[each] for each in kept] == [first["teaching"][each] for each in kept]
    history = (await house.call("lilan", "GET", path)).body["history"]
    said = [(each["actor"]["id"], each["data"]) for each in history if each["name"] == "class-opened"]
    assert [(who, data["organizations"], data["people"], data["consent_by"]) for who, data in said] == [
        ("lilan", "T02", "", "马建国"),
        ("zhaoning", "T02", "maxiaoyan", "马小燕"),
    ]
    assert [data["consent_document"] for _, data in said] == [FIRST["document"], ""]

    glass = f"/api/v1/patients/{consult['patient']['id']}/break-glass"
    assert (await house.call("helin", "POST", glass, {"reason": "病人昏迷，需要知道用药"})).status == 200
    seen = [each["data"] for each in (await house.call("helin", "GET", path)).body["history"]]
    assert [each for each in seen if "consent_by" in each or "consent_document" in each] == []
