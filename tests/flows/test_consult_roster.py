"""Who may be invited, when, and who approves what cannot wait: the roster as the county keeps it."""

from datetime import timedelta

from tests.flows.county import County, Json, utc


async def test_who_may_be_invited_and_when_stands_in_the_roster(yunling: County) -> None:
    lan, wu, admin = [await yunling.person(name) for name in ("lilan", "yiwu", "admin")]
    experts = (await lan.sees("/api/v1/experts?org=C01"))["items"]
    assert {(each["name"], each["may_answer"]) for each in experts} == {
        ("赵宁", True), ("郭恒", True), ("林夏", False),
    }  # fmt: skip
    hours_of = {each["id"]: each for each in experts}["zhaoning"]
    body: Json = {name: hours_of[name] for name in ("specialties", "practising_since", "licence", "hours")}
    body |= {"organization_id": "C01", "slot_minutes": 60}
    put = lambda who, person, seen: who.asks("PUT", f"/api/v1/experts/{person}", body, If_Match=f'"{seen}"')  # noqa: E731
    assert (await put(lan, "zhaoning", 1)).code == "403 FORBIDDEN"
    assert (await put(wu, "zhaoning", 7)).code == "412 VERSION"
    assert (await put(admin, "yangfan", 0)).code == "404 NOT_FOUND"  # a nurse
    assert (await put(wu, "zhaoning", 1)).body["slot_minutes"] == 60
    assert not hours_of["may_edit"], "a township reads the roster"
    assert all(each["may_edit"] for each in (await wu.sees("/api/v1/experts?org=C01"))["items"])
    assert (await wu.sees("/api/v1/experts/candidates?org=C01"))["items"] == [], "every consultant there is an expert"
    assert (await wu.asks("GET", "/api/v1/experts/candidates?org=M01")).code == "403 NO_CARE_RELATION"
    approvers = (await lan.sees("/api/v1/consults/approvers"))["items"]
    assert [each["name"] for each in approvers] == ["易武", "海英"]
    assert (await lan.asks("GET", "/api/v1/consults/approvers?org=T02")).code == "403 NO_CARE_RELATION"
    slots = (await lan.sees("/api/v1/slots?org=C01&expert=zhaoning&room=T01"))["items"]
    assert slots
    assert {utc(each["ends_at"]) - utc(each["begins_at"]) for each in slots} == {timedelta(hours=1)}
