"""What of an object stays for a class: a word in any other place is gone, wherever a device hid it."""

import json

import pytest

from dicom.deidentify import Json, deidentified, may_show_a_name

CANARY = "MA^JIANGUO"
# PS3.15 table E.1-1, what identifies by itself or says when and where; and some that devices write freely.
IDENTIFYING = {
    "00080012": "DA", "00080020": "DA", "00080050": "SH", "00080080": "LO", "00080081": "ST", "00080090": "PN",
    "0008009C": "PN", "00081010": "SH", "00081030": "LO", "0008103E": "LO", "00081050": "PN", "00081070": "PN",
    "00081111": "SQ", "00084000": "LT", "00100010": "PN", "00100020": "LO", "00100030": "DA", "00100040": "CS",
    "00101000": "LO", "00101001": "PN", "00101010": "AS", "00101040": "LO", "00102154": "SH", "001021B0": "LT",
    "00104000": "LT", "00181000": "LO", "00181030": "LO", "00200010": "SH", "00204000": "LT", "00281055": "LO",
    "00284000": "LT", "00321032": "PN", "00380010": "LO", "00400244": "DA", "00400275": "SQ", "0040A730": "SQ",
    "00880140": "UI", "30060024": "LO", "40000010": "LT", "60003000": "OW", "60004000": "LT", "00091001": "LO",
    "7FE00010": "OW", "FFFAFFFA": "SQ",
}  # fmt: skip
PICTURE: Json = {
    "00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.2"]},
    "00080060": {"vr": "CS", "Value": ["CT"]},
    "00180050": {"vr": "DS", "Value": [5.0]},
    "00200013": {"vr": "IS", "Value": [12]},
    "00281050": {"vr": "DS", "Value": [40.0]},
}


def valued(vr: str) -> Json:
    if vr == "SQ":
        return {"vr": "SQ", "Value": [{"00100010": valued("PN"), "00180050": PICTURE["00180050"]}]}
    if vr == "OW":
        return {"vr": "OW", "BulkDataURI": f"/dicom-web/{CANARY}"}
    return {"vr": vr, "Value": [{"Alphabetic": CANARY}] if vr == "PN" else [CANARY]}


def test_everything_that_identifies_is_gone_and_what_the_picture_needs_stays() -> None:
    said = {tag: valued(vr) for tag, vr in IDENTIFYING.items()} | PICTURE
    left = deidentified(said)
    assert CANARY not in json.dumps(left)
    assert PICTURE.items() <= left.items()
    assert set(left) == {*PICTURE, "00120062", "00120063"}
    assert left["00120062"]["Value"] == ["YES"]


@pytest.mark.parametrize("vr", ["LO", "PN", "LT", "UN", "SH", "UT", "OB"])
def test_words_under_a_tag_that_stays_are_gone(vr: str) -> None:
    assert CANARY not in json.dumps(deidentified({**PICTURE, "00200013": valued(vr)}))


def test_functional_groups_are_looked_through() -> None:
    measures: Json = {"00280030": {"vr": "DS", "Value": [0.5, 0.5]}, "00104000": valued("LT")}
    item: Json = {
        "00289110": {"vr": "SQ", "Value": [measures]},
        "00209111": {"vr": "SQ", "Value": [{"00189074": valued("DT")}]},
    }
    left = deidentified({**PICTURE, "52009230": {"vr": "SQ", "Value": [item]}})
    assert left["52009230"]["Value"] == [{"00289110": {"vr": "SQ", "Value": [{"00280030": measures["00280030"]}]}}]


@pytest.mark.parametrize(
    ("modality", "said", "doubtful"),
    [
        ("CT", None, False), ("CT", "YES", True), ("US", None, True), ("US", "NO", False), ("XA", None, True),
        ("SC", "", False), ("MR", "no ", False), ("CR", "MAYBE", True),
    ],
)  # fmt: skip
def test_a_picture_is_doubted_that_says_so_or_whose_kind_often_does(
    modality: str, said: str | None, *, doubtful: bool
) -> None:
    dataset: Json = {"00080060": {"vr": "CS", "Value": [modality]}}
    if said is not None:
        dataset["00280301"] = {"vr": "CS", "Value": [said] if said else []}
    assert may_show_a_name(dataset) is (doubtful or said == "")


def test_a_secondary_capture_is_doubted_whatever_it_calls_itself() -> None:
    captured = {"00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.7.2"]}, "00080060": {"vr": "CS"}}
    assert may_show_a_name(captured)


def test_an_object_that_does_not_say_its_kind_is_doubted() -> None:
    assert may_show_a_name({"00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.6.1"]}})
    assert may_show_a_name({"00080060": {"vr": "CS"}})
