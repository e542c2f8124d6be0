"""A consult that is open for teaching: agreed to, named, looked on at without a name, and over at a word."""

import io
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pydicom

from server.cli.morning import MA as P1
from server.cli.morning import Sample, sample_objects
from server.clock import SystemClock
from tests.flows.consulting import CONSULTS, commands, looks, possible, refused
from tests.flows.county import MA, SHANGHAI, Answer, County, Json, Person
from tests.flows.devices import device_sends, written
from tests.flows.room import InRoom, arranged, in_room, patient_in_room, person_in
from tests.flows.test_consult_room import until_state

CLASSES = "/api/v1/classes"
LAST_FOUR = MA["identifiers"][0]["value"][-4:]
AGREED: Json = {"written": True, "by": "马建国", "document": "教学同意书，存 T01"}
NAMED: Json = {"organizations": ["T02"], "people": ["maxiaoyan"], "consent": AGREED}
OF_THE_PATIENT = ("马建国", "MA^JIANGUO", MA["identifiers"][0]["value"], "19580312", "1958-03-12", MA["phone"])


async def registered(county: County) -> str:
    doctor = await county.person("lilan")
    found = (await doctor.sees("/api/v1/patients?q=马建国"))["items"]
    return str(found[0]["id"]) if found else await county.registers(doctor, MA)


async def sent(county: County, folder: Path, patient: str, modality: str, kind: str) -> Json:
    """Let T01's device send a picture of the patient; return where it lies, as a view names it."""
    doctor = await county.person("lilan")
    order = await doctor.places(patient, kind, "urgent", question="教学", expected_instances=1)
    at = SystemClock().now().astimezone(SHANGHAI)
    (content,) = sample_objects(P1, Sample("CT", "马建国的检查", 1), accession=order["accession"], at=at)
    ds = pydicom.dcmread(io.BytesIO(content))
    ds.Modality, ds.PatientComments = modality, "马建国 来自石门"
    ds.pop("DataSetTrailingPadding", None)
    buffer = io.BytesIO()
    ds.save_as(buffer, enforce_file_format=True)
    assert await device_sends(county.hub, "T01", written(folder, [buffer.getvalue()], modality)) == [0]
    await doctor.waits_for(order["id"], "ready")
    uids = (ds.StudyInstanceUID, ds.SeriesInstanceUID, ds.SOPInstanceUID)
    return {"kind": "study", "frame": 1, **dict(zip(("study_uid", "series_uid", "instance_uid"), uids, strict=True))}


def address(consult: Json, view: Json, what: str = "frames/1/rendered") -> str:
    road = f"studies/{view['study_uid']}/series/{view['series_uid']}/instances/{view['instance_uid']}"
    return f"{CLASSES}/{consult['id']}/{road}/{what}"


async def opened(county: County, begins: str, *studies: str) -> Json:
    """Arrange a consult, open it for teaching and its lobby."""
    consult = await arranged(county, await registered(county), begins, study_uids=list(studies))
    await commands(await county.person("lilan"), consult, "open-class", NAMED)
    hour, minute = map(int, begins.split(":"))
    await county.at(f"{hour - 1:02d}:{minute + 46}")
    await until_state(county, consult, "lobby-open")
    return consult


@asynccontextmanager
async def taught(county: County, begins: str, *studies: str) -> AsyncIterator[tuple[Json, InRoom, InRoom, InRoom]]:
    """Open a class and begin its call; give the consult, the host's room, the inviter's and an observer's."""
    consult = await opened(county, begins, *studies)
    async with AsyncExitStack() as stack:
        here = await stack.enter_async_context(in_room(await county.person("lilan"), consult))
        host = await stack.enter_async_context(in_room(await county.person("zhaoning"), consult))
        room = await host.sees_room(lambda each: person_in(each, "李兰"))
        await host.says("admit", seat=person_in(room, "李兰")["id"])
        looking = await stack.enter_async_context(in_room(await county.person("helin"), consult, join=False))
        await looking.says("join")
        await looking.sees_room(lambda each: each["state"] == "in-call")
        yield consult, host, here, looking


def says_nothing_of_the_patient(*heard: object) -> None:
    """Look at every byte that somebody was told."""
    for each in heard:
        text = each.content.decode("latin-1") if isinstance(each, Answer) else json.dumps(each, ensure_ascii=False)
        for word in OF_THE_PATIENT:
            assert word not in text, (word, text[:2000])
            assert word.encode().decode("latin-1") not in text, (word, text[:2000])


async def test_a_class_needs_the_patients_own_word_names_and_whoever_may_open_it(yunling: County) -> None:
    await yunling.at("02:00")
    doctor, host = await yunling.person("lilan"), await yunling.person("zhaoning")
    consult = await arranged(yunling, await registered(yunling), "03:00")
    assert "open-class" in possible(await looks(doctor, consult))
    for consent in ({}, {"by": "马建国"}, {"written": True, "by": " "}):
        assert await refused(doctor, consult, "open-class", NAMED | {"consent": consent}) == "422 CONSENT_REQUIRED"
    assert await refused(doctor, consult, "open-class", {"consent": AGREED}) == "422 INCOMPLETE"
    stranger = NAMED | {"people": ["nobody"]}
    assert await refused(doctor, consult, "open-class", stranger) == "404 NOT_FOUND"
    assert await refused(await yunling.person("zhoumin"), consult, "open-class", NAMED) == "403 FORBIDDEN"
    assert await refused(await yunling.person("helin"), consult, "open-class", NAMED) == "404 NOT_FOUND"
    assert await refused(doctor, consult, "close-class") == "409 STATE"

    helin, maxiaoyan = await yunling.person("helin"), await yunling.person("maxiaoyan")
    assert (await helin.sees(CLASSES))["items"] == []
    found = await doctor.sees(f"{CLASSES}/colleagues?q=马小")
    assert [(each["id"], each["organization"]["id"]) for each in found["items"]] == [("maxiaoyan", "V0101")]
    taught = await commands(host, consult, "open-class", NAMED)
    assert taught["teaching"]["open"]
    assert [each["name"] for each in taught["teaching"]["people"]] == ["马小燕"]
    for person in (helin, maxiaoyan):
        listed = await person.asks("GET", CLASSES)
        assert [each["number"] for each in listed.body["items"]] == [consult["number"]]
        says_nothing_of_the_patient(listed, await person.asks("GET", f"{CLASSES}/{consult['id']}"))
        assert (await person.asks("GET", f"{CONSULTS}/{consult['id']}")).code == "404 NOT_FOUND"
        for paper in ("opinion", "call", "recordings", "application/pdf"):
            assert (await person.asks("GET", f"{CONSULTS}/{consult['id']}/{paper}")).status in {403, 404}
    elsewhere = await yunling.person("shizhuan")
    assert (await elsewhere.sees(CLASSES))["items"] == []
    assert (await elsewhere.asks("GET", f"{CLASSES}/{consult['id']}")).code == "404 NOT_FOUND"
    assert (await doctor.sees(CLASSES))["items"] == [], "it is her own consult"
    async with in_room(helin, consult, join=False) as early:
        assert await early.is_refused("join") == "TOO_EARLY"
    await commands(doctor, consult, "cancel", {"reason": "病人改期"})
    assert (await helin.sees(CLASSES))["items"] == []


async def test_a_class_looks_on_is_seen_by_all_and_is_told_no_name(yunling: County) -> None:
    await yunling.at("04:00")
    consult = await opened(yunling, "05:00")
    link = await (await yunling.person("lilan")).does(f"{CONSULTS}/{consult['id']}/links")
    async with AsyncExitStack() as stack:
        looking = await stack.enter_async_context(in_room(await yunling.person("helin"), consult, join=False))
        await looking.says("join")
        assert (await looking.sees_room())["state"] == "lobby-open", "her name was the admission"
        patient = await stack.enter_async_context(patient_in_room(yunling, link["url"], consult, LAST_FOUR))
        await patient.hears("lobby")
        host = await stack.enter_async_context(in_room(await yunling.person("zhaoning"), consult))
        room = await host.sees_room(lambda each: person_in(each, "马建国"))
        await host.says("admit", seat=person_in(room, "马建国")["id"])
        for each in (host, patient):
            room = await each.sees_room(lambda each: each["teaching"])
            seen = person_in(room, "何林")
            assert (seen["role"], seen["status"], seen["organization"]) == ("observer", "inside", "柳沟镇卫生院")
            assert "close-class" in room["may"]
        await _ask_and_are_told_no_name(patient, host, looking)
        await is_refused_what_speakers_do(looking)
        stranger = await stack.enter_async_context(in_room(await yunling.person("shizhuan"), consult, join=False))
        assert await stranger.is_refused("join") == "NOT_FOUND"
        late = await stack.enter_async_context(in_room(await yunling.person("maxiaoyan"), consult, join=False))
        await late.says("join")
        assert (await late.hears("chats"))["messages"] == [], "nor what was written before she came"

        await patient.says("close-class")
        assert [await each.ends() for each in (looking, late)] == ["class-over"] * 2
        await host.sees_room(lambda each: not each["teaching"] and not person_in(each, "何林"))
        again = await stack.enter_async_context(in_room(await yunling.person("helin"), consult, join=False))
        assert await again.is_refused("join") == "NOT_FOUND"
        says_nothing_of_the_patient(looking.heard, late.heard, again.heard)
        assert not (await looks(await yunling.person("lilan"), consult))["teaching"]["open"]
        await host.says("end")


async def _ask_and_are_told_no_name(patient: InRoom, host: InRoom, looking: InRoom) -> None:
    await patient.says("chat", key="a", text="我叫马建国，胸口不痛了")
    await looking.says("chat", key="q", text="用药要调整吗")
    assert await host.hears("chat", lambda each: each["message"]["text"] == "用药要调整吗")
    asked = await looking.hears("chat", lambda each: each["message"]["role"] == "patient")
    assert (asked["message"]["name"], asked["message"]["text"]) == ("患者", "我叫患者，胸口不痛了")
    await looking.says("hand", up=True)
    await host.sees_room(lambda each: person_in(each, "何林")["hand"])


async def is_refused_what_speakers_do(looking: InRoom) -> None:
    """Whoever looks on sends nothing, shows nothing and decides nothing."""
    assert await looking.is_refused("devices", microphone=True, camera=False, screen=False) == "FORBIDDEN"
    assert await looking.is_refused("view", view=None) == "FORBIDDEN"
    assert await looking.is_refused("close-class") == "FORBIDDEN"
    assert await looking.is_refused("consent", recording=False) == "FORBIDDEN"


async def test_whoever_was_sent_out_hears_and_sees_nothing_more(yunling: County) -> None:
    await yunling.at("06:00")
    async with taught(yunling, "07:00") as (consult, host, here, looking), AsyncExitStack() as stack:
        other = await stack.enter_async_context(in_room(await yunling.person("maxiaoyan"), consult, join=False))
        await other.says("join")
        room = await host.sees_room(lambda each: person_in(each, "马小燕"))
        assert await here.is_refused("remove", seat="class") == "FORBIDDEN"
        await host.says("remove", seat=person_in(room, "何林")["id"])
        assert await looking.ends() == "removed"
        told = len(looking.heard)
        await here.says("chat", key="1", text="只说给在里面的人")
        await other.hears("chat")
        assert (len(looking.heard), looking.closed) == (told, 4000)

        again = await stack.enter_async_context(in_room(await yunling.person("helin"), consult, join=False))
        await again.says("join")
        await again.hears("lobby")
        assert await again.is_refused("chat", key="1", text="我回来了") == "NOT_ADMITTED"
        assert await again.is_refused("subscribe", epoch=1) == "NOT_ADMITTED"
        room = await host.sees_room(lambda each: person_in(each, "何林").get("status") == "waiting")
        await host.says("admit", seat=person_in(room, "何林")["id"])
        await again.sees_room()
        await host.says("remove", seat="class")
        assert [await each.ends() for each in (again, other)] == ["removed"] * 2
        await host.sees_room(lambda each: len(each["seats"]) == 2 and each["teaching"])
        await host.says("end")


async def test_as_many_look_on_as_the_county_allows_and_whoever_is_named_no_more_goes(yunling: County) -> None:
    await yunling.at("08:00")
    admin, rule = await yunling.person("admin"), "/api/v1/rules/consult"
    newest = (await admin.sees(rule))["newest"]
    few = await admin.asks("PUT", rule, {"data": {"class_most": 1}}, If_Match=f'"{newest}"')
    assert (few.status, few.body["data"]["class_most"]) == (200, 1), few.body
    async with taught(yunling, "09:00") as (consult, host, _, looking):
        async with in_room(await yunling.person("maxiaoyan"), consult, join=False) as shut:
            assert await shut.is_refused("join") == "CLASS_FULL"
        fewer = NAMED | {"organizations": []}
        await commands(await yunling.person("zhaoning"), consult, "open-class", fewer)
        assert await looking.ends() == "link-over", "she is named no more"
        await commands(await yunling.person("lilan"), consult, "close-class")
        await host.sees_room(lambda each: not each["teaching"])
        await host.says("end")
    many = await admin.asks("PUT", rule, {"data": {}}, If_Match=f'"{newest + 1}"')
    assert many.body["data"]["class_most"] == 50


async def test_what_is_shown_reaches_a_class_as_a_picture_without_a_name_and_only_while_it_is_shown(
    yunling: County, tmp_path: Path
) -> None:
    await yunling.at("10:00")
    patient = await registered(yunling)
    ct = await sent(yunling, tmp_path, patient, "CT", "radiology")
    us = await sent(yunling, tmp_path, patient, "US", "imaging")
    own = await sent(yunling, tmp_path, patient, "CT", "radiology")
    async with taught(yunling, "11:00", ct["study_uid"], us["study_uid"]) as (consult, host, _, looking):
        helin = await yunling.person("helin")
        assert (await helin.asks("GET", address(consult, ct))).code == "404 NOT_FOUND", "nothing is shown yet"
        await host.says("view", view={**ct, "seq": 1, "title": "马建国"})
        assert (await looking.hears("view"))["view"]["instance_uid"] == ct["instance_uid"]
        await _is_a_picture_without_a_name(helin, consult, ct)
        for who in ("shizhuan", "maxiaoyan", "lilan"):
            assert (await (await yunling.person(who)).asks("GET", address(consult, ct))).code == "409 NOT_ADMITTED"
        assert (await helin.asks("GET", address(consult, us))).code == "404 NOT_FOUND", "another study than is shown"
        await _is_looked_at_first(host, helin, consult, us)
        await host.says("view", view={**own, "seq": 4, "checked": True})
        assert (await helin.asks("GET", address(consult, own))).code == "404 NOT_FOUND", "it came with no application"

        await host.says("view", view={**ct, "seq": 5})
        assert (await helin.asks("GET", address(consult, ct))).status == 200
        room = await host.sees_room(lambda each: person_in(each, "何林"))
        await host.says("remove", seat=person_in(room, "何林")["id"])
        await looking.ends()
        assert (await helin.asks("GET", address(consult, ct))).code == "409 NOT_ADMITTED"
        says_nothing_of_the_patient(looking.heard)
        assert await looks_on_record(yunling, ct) == ["helin"], "one look, however many pictures of it"
        await host.says("end")


async def looks_on_record(county: County, shown: Json) -> list[str]:
    """Return who of a class looked at a study, a name for each record."""
    records = (await (await county.person("shenji")).sees("/api/v1/audit?limit=500"))["items"]
    looks = [each for each in records if each["action"] == "look-on" and each["object_id"] == shown["study_uid"]]
    return [each["actor_id"] for each in looks]


async def _is_a_picture_without_a_name(helin: Person, consult: Json, ct: Json) -> None:
    """What is shown comes as pixels and as metadata that name nobody; the archive itself is as shut as ever."""
    picture = await helin.asks("GET", address(consult, ct))
    assert (picture.status, picture.content[:2], picture.headers["Cache-Control"]) == (200, b"\xff\xd8", "no-store")
    beside = await helin.asks("GET", address(consult, ct, "metadata"))
    assert beside.body[0]["00120062"]["Value"] == ["YES"]
    assert beside.body[0]["00080060"]["Value"] == ["CT"]
    assert not {"00100010", "00100020", "00100030", "00080050", "00081030", "00104000"} & beside.body[0].keys()
    says_nothing_of_the_patient(picture, beside)
    for road in (f"/dicom-web/studies/{ct['study_uid']}/metadata", f"/api/v1/studies/{ct['study_uid']}"):
        assert (await helin.asks("GET", road)).status == 404


async def _is_looked_at_first(host: InRoom, helin: Person, consult: Json, us: Json) -> None:
    """A picture that may bear a name is refused before a class, until the host has looked at it once."""
    assert await host.is_refused("view", view={**us, "seq": 2}) == "BURNED_IN"
    assert (await helin.asks("GET", address(consult, us))).code == "404 NOT_FOUND"
    await host.says("view", view={**us, "seq": 2, "checked": True})
    assert (await helin.asks("GET", address(consult, us))).status == 200
    await host.says("view", view={**us, "seq": 3, "window": {"center": 40, "width": 300}})
    assert (await helin.asks("GET", address(consult, us) + "?window=40,300")).status == 200


async def test_a_class_that_is_opened_before_a_doubtful_picture_does_not_see_it_unasked(
    yunling: County, tmp_path: Path
) -> None:
    await yunling.at("12:00")
    patient = await registered(yunling)
    us = await sent(yunling, tmp_path, patient, "US", "imaging")
    async with taught(yunling, "13:00", us["study_uid"]) as (consult, host, here, looking):
        await commands(await yunling.person("lilan"), consult, "close-class")
        assert await looking.ends() == "class-over"
        await host.sees_room(lambda each: not each["teaching"])
        await here.says("view", view={**us, "seq": 1})
        await commands(await yunling.person("lilan"), consult, "open-class", NAMED)
        helin = await yunling.person("helin")
        async with in_room(helin, consult, join=False) as again:
            await again.says("join")
            assert (await again.sees_room())["view"]["study_uid"] == us["study_uid"]
            assert (await helin.asks("GET", address(consult, us))).code == "409 BURNED_IN"
            assert (await helin.asks("GET", address(consult, us, "metadata"))).code == "409 BURNED_IN"
        await host.says("end")
