"""Studies whose patient or centre is in doubt: kept aside, visible to the sender, resolved by a person."""

from datetime import timedelta

from server.tasks import deadlines
from tests.builders.dicom_objects import GBK_UNDER_LATIN1, Modality, NameInBytes
from tests.builders.reading_house import House

WANG = NameInBytes("王秀英".encode(), "ISO_IR 192")
NOBODY = {"name": WANG, "patient_id": "X-77"}
XC = Modality("XX", "1.2.840.10008.5.1.4.1.1.7", colour=True)


async def test_an_unknown_patient_is_kept_from_readers_and_shown_to_the_sender(house: House) -> None:
    order = await house.study_arrives(**NOBODY)
    assert (order["state"], order["centre"], order["patient"]) == ("quarantined", None, None)
    assert order["dicom_patient"]["name"] == "王秀英"
    assert {f["code"] for f in order["flags"]} == {"UNREQUESTED", "UNMATCHED"}
    assert await house.orders("hazhiyuan") == []
    assert (await house.call("hazhiyuan", "GET", f"/api/v1/reading-orders/{order['id']}")).status == 404
    seen = await house.orders("hanxue", "?state=quarantined")
    assert [o["id"] for o in seen] == [order["id"]]
    assert [t.kind for t in await house.tasks("C01", "registrar")] == ["quarantine"]
    house.clock.at += timedelta(hours=3)
    await house.pump()
    assert [t.kind for t in await house.tasks("C01", "medical-affairs")] == ["quarantine"]


async def test_a_registrar_says_whose_study_it_is_and_it_goes_on(house: House) -> None:
    patient = await house.register_ma()
    order = await house.study_arrives(**NOBODY)
    path = f"/api/v1/studies/{order['study_uid']}/match"
    no_reason = await house.call("hanxue", "POST", path, {"patient_id": patient, "reason": ""})
    assert (no_reason.status, no_reason.code) == (422, "REASON_REQUIRED")
    assert (await house.call("helin", "POST", path, {"patient_id": patient, "reason": "x"})).status == 404
    matched = await house.call("hanxue", "POST", path, {"patient_id": patient, "reason": "电话核对过"})
    assert matched.status == 200, matched.body
    assert (matched.body["state"], matched.body["centre"]["id"]) == ("ready", "C01-RAD")
    assert matched.body["patient"]["name"] == "马建国"
    assert not await house.tasks("C01", "registrar")
    again = await house.call("hanxue", "POST", path, {"patient_id": patient, "reason": "再来一次"})
    assert (again.status, again.code) == (409, "STATE")


async def test_a_registrar_can_give_a_study_to_the_order_that_asked_for_it(house: House) -> None:
    patient = await house.register_ma()
    placed = await house.place("lilan", patient, priority="urgent")
    own = await house.study_arrives(**NOBODY)
    path = f"/api/v1/studies/{own['study_uid']}/match"
    body = {"patient_id": patient, "order_id": placed.body["id"], "reason": "申请单号写错"}
    matched = await house.call("hanxue", "POST", path, body)
    assert matched.status == 200, matched.body
    assert (matched.body["id"], matched.body["state"]) == (placed.body["id"], "ready")
    assert (await house.order("lilan", own["id"]))["state"] == "cancelled"


async def test_a_name_that_is_not_the_orders_is_never_shown_as_the_orders_patient(house: House) -> None:
    placed = await house.place("lilan", await house.register_ma(), expected_instances=1)
    await house.send(order_id=placed.body["id"], name=WANG, patient_id="")
    await house.pump()
    order = await house.order("lilan", placed.body["id"])
    assert order["state"] == "quarantined"
    flags = {f["code"]: f["zh"] for f in order["flags"]}
    assert flags["NAME_MISMATCH"] == "图像里的病人和所选病人对不上：姓名"
    assert await house.orders("hazhiyuan") == []


async def test_a_guessed_name_is_matched_and_flagged(house: House) -> None:
    await house.register_ma()
    order = await house.study_arrives(name=GBK_UNDER_LATIN1)
    assert (order["state"], order["patient"]["name"]) == ("ready", "马建国")
    assert {f["code"]: f["zh"] for f in order["flags"]}["NAME_GUESSED"] == "姓名编码已推断"


async def test_the_right_number_under_another_name_is_a_doubt(house: House) -> None:
    await house.register_ma()
    order = await house.study_arrives(name=WANG)
    assert order["state"] == "quarantined"
    assert "NAME_MISMATCH" in {f["code"] for f in order["flags"]}


async def test_no_route_is_a_task_and_a_person_names_the_centre(house: House) -> None:
    await house.register_ma()
    order = await house.study_arrives(modality=XC)
    assert (order["state"], order["centre"]) == ("unrouted", None)
    assert order["route_reason"]["zh"] == "没有中心读 XX，请人工指定"
    assert [t.kind for t in await house.tasks("C01", "registrar")] == ["unrouted"]
    body = {"centre_id": "C01-IMG", "reason": "是超声截图"}
    assert (await house.command("hazhiyuan", order["id"], "route", body)).status in {403, 404}
    routed = await house.command("hanxue", order["id"], "route", body)
    assert routed.status == 200, routed.body
    assert (routed.body["state"], routed.body["centre"]["id"]) == ("ready", "C01-IMG")
    assert "韩雪指定" in routed.body["route_reason"]["zh"]


async def test_an_order_placed_after_its_images_takes_them_over(house: House) -> None:
    patient = await house.register_ma()
    own = await house.study_arrives()
    assert (own["state"], own["priority"]) == ("ready", "routine")
    placed = await house.place("lilan", patient, priority="emergency", question="除外气胸")
    assert placed.status == 201
    assert (placed.body["id"], placed.body["priority"]) == (own["id"], "emergency")
    assert placed.body["limit_minutes"] == 30
    assert "UNREQUESTED" not in {f["code"] for f in placed.body["flags"]}


async def test_without_an_agreement_or_a_care_relation_nothing_is_placed(house: House) -> None:
    patient = await house.register_ma()
    foreign = await house.place("helin", patient)
    assert (foreign.status, foreign.code) == (403, "NO_CARE_RELATION")
    unknown = await house.place("lilan", "nobody")
    assert unknown.status in {403, 404}


async def test_another_townships_orders_stay_unseen(house: House) -> None:
    order_id = await house.ready_order()
    assert await house.orders("helin") == []
    assert (await house.call("helin", "GET", f"/api/v1/reading-orders/{order_id}")).status == 404
    assert (await house.call("weijian", "GET", "/api/v1/reading-orders")).status == 403


async def test_a_study_finds_its_order_whichever_of_its_events_is_handled_first(house: House) -> None:
    placed = await house.place("lilan", await house.register_ma())
    await house.send(order_id=placed.body["id"])
    house.clock.at += timedelta(minutes=1)
    await deadlines.act_on_due(house.hub)  # the quiet period is over before anybody handled "started"
    assert (await house.order("lilan", placed.body["id"]))["state"] == "ready"
    await house.pump()
    assert len(await house.orders("lilan")) == 1
