"""Every real file travels in by both roads and comes back bit for bit, or is set aside with a reason a person sees.

Half of the files come by C-STORE first and by STOW-RS again, the other half the other way round: what the second
road brings is the same object only when it is the same to the byte (R22, R26, R27).
"""

import time
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pydicom
import pytest
from pydicom.data.data_manager import DATA_ROOT
from pydicom.valuerep import PersonName

from tests.builders import dicom_objects as make
from tests.builders import malformed_objects
from tests.conftest import SHARED
from tests.flows.county import County, Json, Person
from tests.flows.devices import any_syntax_sent, data_set, written
from tests.flows.sending import stows
from tests.servers.hub import RunningHub

HANG = 10.0  # seconds (R22)
SUCCESS, WARNING, CANNOT_UNDERSTAND = 0x0000, 0xB000, 0xC000
NO_OBJECTS = {".dump", ".mpeg"}
EXECUTABLE = (b"MZ", b"\x7fELF", b"PK", b"#!", b"<", b"%PDF")


@dataclass(slots=True)
class Traveller:
    """One file, what the hub said to it, and where it is served."""

    path: Path
    content: bytes
    stow: int = 0
    store: int | None = None
    where: str = ""
    kept_aside: bool = False

    @property
    def part10(self) -> bool:
        return self.content[128:132] == b"DICM"

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.name}"


def real_files(shared_data: Path | None) -> list[Path]:
    """Return the real files of the shared folder, else those that pydicom brings along."""
    if shared_data is not None:
        found = [p for p in sorted((shared_data / "dicom").rglob("*")) if p.is_file()]
        return [p for p in found if p.suffix not in NO_OBJECTS and p.name != "DICOMDIR"]
    bundled = sorted(Path(DATA_ROOT, "test_files").rglob("*.dcm"))  # pydicom's own search would download others
    return [p for p in bundled if "DICOMDIR" not in p.name and p.stat().st_size < 4_000_000]


@pytest.fixture
def shared_or_none() -> Path | None:
    if (SHARED / "data").is_dir():
        return SHARED / "data"
    print("left out: the real files of ../shared/data; pydicom's own travel instead")
    return None


async def _by_stow(sender: Person, travellers: Sequence[Traveller]) -> None:
    for one in travellers:
        began = time.monotonic()
        answer = await stows(sender, one.content)
        assert time.monotonic() - began < HANG, one.name
        one.stow = answer.status
        assert answer.status in {200, 202, 400, 409}, (one.name, answer.status, answer.body)
        stored = (answer.body.get("00081199") or {}).get("Value", [])
        if stored:
            one.where = urlsplit(stored[0]["00081190"]["Value"][0]).path
            one.kept_aside |= "00081196" in stored[0]
        else:
            one.kept_aside = True


async def _by_store(hub: RunningHub, travellers: Sequence[Traveller]) -> None:
    outcomes = await any_syntax_sent(hub, "T01", [one.path for one in travellers])
    statuses = {outcome.path: outcome.status for outcome in outcomes}
    for one in travellers:
        one.store = statuses[one.path]
        assert one.store in {SUCCESS, WARNING, CANNOT_UNDERSTAND, None}, (one.name, one.store)
        one.kept_aside |= one.store in {WARNING, CANNOT_UNDERSTAND}


def same(one: Traveller, back: bytes) -> bool:
    """Tell whether a file came back bit for bit: whole, or the data set that C-STORE carries."""
    if back == one.content or (back[128:] == one.content[128:] and one.content.startswith(EXECUTABLE)):
        return True
    return one.store is not None and data_set(back) == data_set(one.content)


async def test_every_real_file_comes_back_bit_for_bit_or_is_set_aside(
    yunling: County, shared_or_none: Path | None
) -> None:
    lan = await yunling.person("lilan")
    travellers = [Traveller(path, path.read_bytes()) for path in real_files(shared_or_none)]
    assert travellers
    await _by_store(yunling.hub, [one for one in travellers[0::2] if one.part10])
    await _by_stow(lan, travellers)
    await _by_store(yunling.hub, [one for one in travellers if one.part10])
    aside = (await lan.sees("/api/v1/set-aside"))["items"]
    verdicts: Counter[str] = Counter()
    lost: list[tuple[str, int, int | None]] = []
    came_back: set[str] = set()
    for one in travellers:
        back = await lan.gets(one.where, "application/dicom") if one.where else b""
        if back and same(one, back):
            verdicts["came back"] += 1
            came_back.add(one.where)
            if one.store not in {SUCCESS, None}:
                lost.append((one.name, one.stow, one.store))  # served, and yet C-STORE found other bytes
        elif one.kept_aside and _is_listed(one, aside):
            verdicts["set aside"] += 1
        else:
            lost.append((one.name, one.stow, one.store))
    print(dict(verdicts), Counter(item["code"] for item in aside))
    assert lost == []
    assert all(item["reason"]["zh"] and item["code"] for item in aside)
    assert came_back == {one.where for one in travellers if one.where}, "of each UID's files the first came back"
    assert len(came_back) > len(travellers) / 3, "pydicom's own are variants of few UIDs"


def _is_listed(one: Traveller, aside: Sequence[Json]) -> bool:
    """Tell whether a person sees it: other bytes under its UID, or something unreadable of just this size."""
    uid = one.where.rpartition("/")[2]
    return any(
        item["sop_instance_uid"] == uid if uid else (item["code"], item["bytes"]) == ("DICOM_INVALID", len(one.content))
        for item in aside
    )


async def test_what_no_device_should_send_is_refused_in_time_and_lies_aside(yunling: County, tmp_path: Path) -> None:
    lan = await yunling.person("lilan")
    for name, build in malformed_objects.ALL.items():
        (path,) = written(tmp_path, [build()], name)
        one = Traveller(path, path.read_bytes())
        await _by_stow(lan, [one])
        if one.part10:
            await _by_store(yunling.hub, [one])
        decided = one.kept_aside or (one.where and same(one, await lan.gets(one.where, "application/dicom")))
        assert decided, (name, one.stow, one.store)
        print(name, one.stow, one.store, "served" if one.where else "set aside")
    items = (await lan.sees("/api/v1/set-aside"))["items"]
    assert {"DICOM_INVALID"} <= {item["code"] for item in items}
    assert (await yunling.http.get(f"{lan.url}/readyz")).status == 200, "nothing fell over"
    registrar = await yunling.person("hanxue")
    task = await registrar.task("dicom-invalid")
    assert "已另存" in task["zh"]


CHARSETS = {
    "UTF-8": (make.UTF8_NAME, "马建国", False),
    "GB18030": (make.GB18030_NAME, "马^建国", False),
    "GBK": (make.GBK_NAME, "马建国", False),
    "GBK, said to be Latin-1": (make.GBK_UNDER_LATIN1, "马建国", True),
    "GBK, nothing said": (make.GBK_UNDECLARED, "马建国", True),
    "UTF-8, said to be Latin-1": (make.UTF8_UNDER_LATIN1, "马建国", True),
    "Latin-1": (make.LATIN1_NAME, "Müller^Jörg", False),
    "ISO 2022 IR 58": (make.ISO2022_NAME, "马^建国", False),
}


async def test_names_are_shown_right_whatever_the_device_said_of_its_character_set(
    yunling: County, tmp_path: Path
) -> None:
    lan = await yunling.person("lilan")
    for number, (said, (name, shown, guessed)) in enumerate(CHARSETS.items()):
        ds = make.image_dataset(make.DX, study=2700 + number, name=name, patient_id=f"R27-{number}")
        paths = written(tmp_path, [make.part10(ds)], f"charset-{number}")
        assert [outcome.status for outcome in await any_syntax_sent(yunling.hub, "T01", paths)] == [SUCCESS]
        (found,) = await lan.finds(f"/dicom-web/studies?PatientID=R27-{number}")
        assert shown in found["00100010"]["Value"][0].values(), (said, found["00100010"])
        order = await lan.order_of(str(ds.StudyInstanceUID), "quarantined")
        assert ("NAME_GUESSED" in {flag["code"] for flag in order["flags"]}) is guessed, said
        path = f"/dicom-web/studies/{ds.StudyInstanceUID}/series/{ds.SeriesInstanceUID}/instances/{ds.SOPInstanceUID}"
        assert name.value in await lan.gets(path, "application/dicom"), f"{said}: the bytes stay"
    named = await lan.finds("/dicom-web/studies?PatientName=马建国*")
    assert {f"R27-{number}" for number in (0, 2, 3, 4, 5)} <= {item["00100020"]["Value"][0] for item in named}


async def test_the_names_of_the_charset_files_are_the_names_their_makers_meant(
    yunling: County, shared_data: Path, tmp_path: Path
) -> None:
    lan = await yunling.person("lilan")
    paths = sorted((shared_data / "dicom" / "charset").glob("*.dcm"))
    await any_syntax_sent(yunling.hub, "T01", paths)
    wrong = []
    for path in paths:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ds = pydicom.dcmread(path)
            if "StudyInstanceUID" not in ds or path.stem in {"chrFrenMulti", "chrJapMultiExplicitIR6"}:
                continue  # set aside: no UIDs, or a second object under the first one's UID
            meant = PersonName(ds.PatientName)
        found = await lan.finds(f"/dicom-web/studies?StudyInstanceUID={ds.StudyInstanceUID}")
        said = found[0]["00100010"]["Value"][0] if found else {}
        groups = {"Alphabetic": meant.alphabetic, "Ideographic": meant.ideographic, "Phonetic": meant.phonetic}
        if said != {name: value for name, value in groups.items() if value}:
            wrong.append((path.name, said, groups))
    assert wrong == []
