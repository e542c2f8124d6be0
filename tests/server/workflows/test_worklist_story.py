"""The worklist: sorted, paged, counted, searched; the whole walk on both databases."""

from datetime import timedelta

from tests.builders.reading_house import House


async def test_the_whole_walk_is_the_same_on_both_databases(either_house: House) -> None:
    house = either_house
    order_id, report_id = await house.released_report()
    await house.pump()
    await house.long_work()
    assert (await house.order("lilan", order_id))["state"] == "final"
    assert (await house.call("lilan", "GET", f"/api/v1/reports/{report_id}/pdf")).body.startswith(b"%PDF")
    assert (await house.about("lilan", report_id, "read")).status == 200
    amended = await house.about("luoyan", report_id, "amend", {"kind": "addendum", "reason": "补充旧片比较"})
    assert amended.body["edition"] == 2
    house.clock.at += timedelta(hours=1)
    await house.pump()


async def test_pages_follow_each_other_without_a_gap_in_the_order_of_urgency(either_house: House) -> None:
    house = either_house
    patient = await house.register_ma()
    for number, priority in enumerate(["routine", "emergency", "urgent", "routine", "emergency"]):
        await house.place("lilan", patient, priority=priority, question=f"{number}", accession=f"A{number}")
        house.clock.at += timedelta(minutes=1)
    seen: list[str] = []
    cursor = ""
    for _ in range(9):
        page = await house.call("lilan", "GET", f"/api/v1/reading-orders?limit=2&cursor={cursor}")
        seen += [o["question"] for o in page.body["items"]]
        assert page.body["counts"]["receiving"] == 5
        cursor = page.body["next"]
        if cursor is None:
            break
    assert len(seen) == 5
    assert set(seen[:2]) == {"1", "4"}
    assert seen[2] == "2"
    whole = await house.call("lilan", "GET", "/api/v1/reading-orders?limit=200")
    assert [o["question"] for o in whole.body["items"]] == seen


async def test_an_order_is_found_by_what_people_say_of_it(house: House) -> None:
    order_id = await house.ready_order()
    number = (await house.order("lilan", order_id))["number"]
    for said in (number, number.replace("-", "").lower(), "马建国", "majian", "mjg"):
        assert [o["id"] for o in await house.orders("hazhiyuan", f"?q={said}")] == [order_id], said
    assert await house.orders("hazhiyuan", "?q=李") == []


async def test_states_and_tabs_filter(house: House) -> None:
    order_id = await house.ready_order()
    assert [o["id"] for o in await house.orders("hazhiyuan", "?state=ready,claimed&centre=C01-RAD")] == [order_id]
    assert await house.orders("hazhiyuan", "?state=claimed") == []
    await house.command("hazhiyuan", order_id, "claim")
    assert [o["id"] for o in await house.orders("hazhiyuan", "?mine=1")] == [order_id]
    assert await house.orders("luoyan", "?mine=1") == []
    unknown = await house.call("hazhiyuan", "GET", "/api/v1/reading-orders?state=lost")
    assert (unknown.status, unknown.code) == (400, "UNKNOWN_STATE")


async def test_the_route_is_told_before_anything_is_sent(house: House) -> None:
    asked = {"modality": "CT", "priority": "urgent"}
    told = await house.call("lilan", "POST", "/api/v1/reading-orders/preview-route", asked)
    assert told.status == 200, told.body
    assert (told.body["centre"]["id"], told.body["limit_minutes"]) == ("C01-RAD", 120)
    nowhere = await house.call("lilan", "POST", "/api/v1/reading-orders/preview-route", {"modality": "ZZ"})
    assert (nowhere.body["centre"], nowhere.body["code"]) == (None, "NO_CENTRE")


async def test_the_same_post_twice_places_one_order(house: House) -> None:
    patient = await house.register_ma()
    body = {"patient_id": patient, "kind": "radiology"}
    answers = [
        await house.call("lilan", "POST", "/api/v1/reading-orders", body, Idempotency_Key="same") for _ in range(2)
    ]
    assert answers[0].body["id"] == answers[1].body["id"]
    assert len(await house.orders("lilan")) == 1


async def test_a_command_on_a_version_that_has_moved_is_refused(house: House) -> None:
    order_id = await house.ready_order()
    path = f"/api/v1/reading-orders/{order_id}/claim"
    stale = await house.call("hazhiyuan", "POST", path, If_Match='"1"')
    assert (stale.status, stale.code) == (412, "VERSION")
