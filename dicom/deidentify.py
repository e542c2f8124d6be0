"""What of a data set may leave for people who only learn from it, and whether its pixels may show a name.

The Basic Application Level Confidentiality Profile (PS3.15 Annex E) names what goes. This names what stays: a few
attributes of how a picture was made and where it lies, by tag and by kind of value, in functional groups too. Whatever
else a device wrote, private elements included, goes. UIDs stay (Retain UIDs Option): people who look at one slice
together have to mean the same one.
"""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

Json = dict[str, Any]
METHOD = "PS3.15 E.2 by an allow-list, Retain UIDs Option"
NAMED = frozenset(
    {
        "00080008",  # Image Type
        "00080016",  # SOP Class UID
        "00080018",  # SOP Instance UID
        "00080060",  # Modality
        "00180015",  # Body Part Examined
        "00180040",  # Cine Rate
        "00180050",  # Slice Thickness
        "00180060",  # KVP
        "00180088",  # Spacing Between Slices
        "00181063",  # Frame Time
        "00181164",  # Imager Pixel Spacing
        "00185100",  # Patient Position
        "00185101",  # View Position
        "0020000D",  # Study Instance UID
        "0020000E",  # Series Instance UID
        "00200011",  # Series Number
        "00200013",  # Instance Number
        "00200032",  # Image Position (Patient)
        "00200037",  # Image Orientation (Patient)
        "00200052",  # Frame of Reference UID
        "00200060",  # Laterality
        "00200062",  # Image Laterality
        "00201041",  # Slice Location
        "00209113",  # Plane Position Sequence
        "00209116",  # Plane Orientation Sequence
        "00280002",  # Samples per Pixel
        "00280004",  # Photometric Interpretation
        "00280006",  # Planar Configuration
        "00280008",  # Number of Frames
        "00280009",  # Frame Increment Pointer
        "00280010",  # Rows
        "00280011",  # Columns
        "00280030",  # Pixel Spacing
        "00280034",  # Pixel Aspect Ratio
        "00280100",  # Bits Allocated
        "00280101",  # Bits Stored
        "00280102",  # High Bit
        "00280103",  # Pixel Representation
        "00280106",  # Smallest Image Pixel Value
        "00280107",  # Largest Image Pixel Value
        "00280120",  # Pixel Padding Value
        "00280301",  # Burned In Annotation
        "00281050",  # Window Center
        "00281051",  # Window Width
        "00281052",  # Rescale Intercept
        "00281053",  # Rescale Slope
        "00281056",  # VOI LUT Function
        "00282110",  # Lossy Image Compression
        "00289110",  # Pixel Measures Sequence
        "00289132",  # Frame VOI LUT Sequence
        "00289145",  # Pixel Value Transformation Sequence
        "52009229",  # Shared Functional Groups Sequence
        "52009230",  # Per-frame Functional Groups Sequence
    }
)
"""What stays, by tag; a sequence's items are looked through in the same way."""
KINDS = frozenset({"AT", "CS", "DS", "FD", "FL", "IS", "SL", "SQ", "SS", "UI", "UL", "US"})
"""Value representations that hold no words of a person's; a device may write what it likes under any tag."""
NO = "NO"
UNSURE = frozenset({"US", "IVUS", "XA", "RF", "ES", "XC", "OT", "SC"})
"""Modalities whose devices write names into the picture, unless the object says that they did not (PS3.3 C.7.6.1)."""
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def deidentified(dataset: Mapping[str, Any]) -> Json:
    """Return a data set in the DICOM JSON Model as people may have it who need not know whose it is."""
    return {
        **_kept(dataset),
        "00120062": {"vr": "CS", "Value": ["YES"]},  # Patient Identity Removed
        "00120063": {"vr": "LO", "Value": [METHOD]},  # De-identification Method
    }


def _kept(dataset: Mapping[str, Any]) -> Json:
    return dict(sorted(_each_kept(dataset)))


def _each_kept(dataset: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    for tag, element in dataset.items():
        vr = element.get("vr")
        if tag not in NAMED or vr not in KINDS:
            continue
        if vr == "SQ":
            yield tag, {"vr": vr, "Value": [_kept(item) for item in element.get("Value", ())]}
        else:
            yield tag, {"vr": vr, **({"Value": element["Value"]} if "Value" in element else {})}


def may_show_a_name(dataset: Mapping[str, Any]) -> bool:
    """Tell whether the pixels may show who the patient is: the object says so, or is silent and its kind often does.

    Of an object that does not even say its kind nothing is known: it may.
    """
    said = _first(dataset, "00280301")
    if said is not None:
        return str(said).strip().upper() != NO
    captured = str(_first(dataset, "00080016") or "").startswith(SECONDARY_CAPTURE)
    modality = str(_first(dataset, "00080060") or "")
    return captured or not modality or modality in UNSURE


def _first(dataset: Mapping[str, Any], tag: str) -> Any:
    values = dataset.get(tag, MappingProxyType({})).get("Value") or (None,)
    return values[0]
