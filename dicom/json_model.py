"""The DICOM JSON Model (PS3.18 Annex F): one data set as plain JSON values, element by element."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # an answer from the index needs no pydicom, which is 60 MB in every process
    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

Json = dict[str, Any]
Path = tuple[str, ...]
Bulk = Callable[[Path, "DataElement"], str | None]

BINARY = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN", "OB or OW"})
WHOLE = frozenset({"IS", "SL", "SS", "SV", "UL", "US", "UV"})
REAL = frozenset({"DS", "FD", "FL"})
MAX_DEPTH = 32


def person_name(value: str) -> dict[str, str]:
    """Return a PN value by groups (PS3.18 F.2.2)."""
    groups = dict(zip(("Alphabetic", "Ideographic", "Phonetic"), value.split("="), strict=False))
    return {name: group for name, group in groups.items() if group}


def element(vr: str, *values: Any) -> Json:
    """Return one attribute; empty values leave `Value` out (PS3.18 F.2.5)."""
    kept = [v for v in values if v not in {None, ""}]
    if vr == "PN":
        kept = [person_name(str(v)) for v in kept]
    return {"vr": vr, "Value": kept} if kept else {"vr": vr}


def to_json(dataset: Dataset, bulk: Bulk, problems: list[str], path: Path = ()) -> Json:
    """Return a data set; what cannot be converted is left out and named in `problems`.

    Parameters
    ----------
    bulk
        Returns the URI of a value that is fetched apart, None for one that stands inline.
    """
    out: Json = {}
    if len(path) > 2 * MAX_DEPTH:
        problems.append("nested too deeply")
        return out
    for tag in sorted(dataset.keys()):
        if tag.element == 0 or tag.group <= 0x0002:
            continue
        name = f"{int(tag):08X}"
        try:
            out[name] = _element(dataset[tag], bulk, problems, (*path, name))
        except Exception as error:  # noqa: BLE001  # one broken value does not hide the others
            problems.append(f"{name}: {type(error).__name__}")
    return out


def _element(elem: DataElement, bulk: Bulk, problems: list[str], path: Path) -> Json:
    vr = str(elem.VR)
    if vr == "SQ":
        items = [to_json(item, bulk, problems, (*path, str(i))) for i, item in enumerate(elem.value or [])]
        return {"vr": "SQ", "Value": items} if items else {"vr": "SQ"}
    if vr in BINARY or isinstance(elem.value, bytes):
        return _binary(elem, "OW" if vr == "OB or OW" else vr[:2], bulk, path)
    values = _values(elem.value)
    if vr == "PN":
        return element("PN", *(str(v) for v in values))
    if vr == "AT":
        return element("AT", *(f"{int(v):08X}" for v in values))
    if vr in WHOLE or vr in REAL:
        return element(vr, *(_number(v, whole=vr in WHOLE) for v in values))
    return element(vr[:2], *(str(v) for v in values))


def _binary(elem: DataElement, vr: str, bulk: Bulk, path: Path) -> Json:
    if (uri := bulk(path, elem)) is not None:
        return {"vr": vr, "BulkDataURI": uri}
    if not elem.value:
        return {"vr": vr}
    return {"vr": vr, "InlineBinary": base64.b64encode(bytes(elem.value)).decode("ascii")}


def _values(value: Any) -> Sequence[Any]:
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Iterable) or hasattr(value, "components"):
        return (value,)
    return tuple(value)


def _number(value: Any, *, whole: bool) -> Any:
    if value is None or value == "":
        return None
    if whole:
        return int(value)
    number = float(value)
    return number if math.isfinite(number) else None


def described(attributes: Mapping[str, tuple[str, Any]]) -> Json:
    """Return attributes given as tag -> (VR, value or list of values)."""
    return {
        tag: element(vr, *value) if isinstance(value, list | tuple) else element(vr, value)
        for tag, (vr, value) in sorted(attributes.items())
    }
