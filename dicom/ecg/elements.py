"""Hostile elements of a dataset, read one by one: a plain value or None, never a surprise."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dicom.ecg.errors import EcgUnreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

_LONGEST_TEXT = 1024


def _value(ds: Dataset, keyword: str) -> object:
    try:
        element = ds.get_item(keyword)
        return None if element is None else ds[keyword].value
    except Exception as error:
        # pydicom converts on first access and lets whatever its converters raise through: all of it means "unreadable".
        raise EcgUnreadable("bad-element", keyword) from error


def items(ds: Dataset, keyword: str) -> Sequence[Dataset]:
    """Return the items of a sequence; empty when it is absent.

    Raises
    ------
    EcgUnreadable
        The element is there and is no sequence of items.
    """
    value = _value(ds, keyword)
    if value is None:
        return ()
    if isinstance(value, str | bytes) or not hasattr(value, "__iter__"):
        raise EcgUnreadable("bad-element", keyword)
    found = list(value)
    if not all(hasattr(item, "get_item") for item in found):
        raise EcgUnreadable("bad-element", keyword)
    return found


def _first(value: object) -> object:
    if isinstance(value, str | bytes) or not hasattr(value, "__getitem__") or not hasattr(value, "__len__"):
        return value
    return value[0] if len(value) else None


def number(ds: Dataset, keyword: str) -> float | None:
    """Return a finite number, or None when the element is absent or empty.

    Raises
    ------
    EcgUnreadable
        The element holds something that is no finite number.
    """
    value = _first(_value(ds, keyword))
    if value is None or value in ("", b""):
        return None
    try:
        result = float(value)  # type: ignore[arg-type]  # whatever pydicom made of it; refused below
    except (TypeError, ValueError, OverflowError) as error:
        raise EcgUnreadable("bad-element", keyword) from error
    if not math.isfinite(result):
        raise EcgUnreadable("bad-element", keyword)
    return result


def text(ds: Dataset, keyword: str) -> str:
    """Return a text of at most 1024 characters; empty when absent."""
    value = _first(_value(ds, keyword))
    return "" if value is None else str(value).strip()[:_LONGEST_TEXT]


def blob(ds: Dataset, keyword: str) -> bytes:
    """Return raw bytes; empty when absent or of another kind."""
    value = _value(ds, keyword)
    return bytes(value) if isinstance(value, bytes | bytearray | memoryview) else b""


def code(ds: Dataset, keyword: str) -> tuple[str, str, str]:
    """Return value, scheme and meaning of the first item of a code sequence; three empty strings when absent."""
    coded = items(ds, keyword)
    if not coded:
        return "", "", ""
    return text(coded[0], "CodeValue"), text(coded[0], "CodingSchemeDesignator"), text(coded[0], "CodeMeaning")
