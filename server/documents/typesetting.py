"""Setting a document: its words and pictures into a template, as PDF/A-2b; what no font has becomes □ and a note."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import resources
from typing import Any, Final

import segno
import typst

from server.documents.errors import RenderingFailed
from server.documents.glyphs import FontSet
from server.documents.model import CHINA_STANDARD_TIME

PDF_STANDARD: Final = "a-2b"
UNKNOWN: Final = "—"
_PARTS_OF_A_MOMENT: Final = ("year", "month", "day", "hour", "minute", "second")


def typeset(templates: Iterable[str], content: dict[str, Any], qr: str, fonts: FontSet) -> bytes:
    """Return the PDF/A-2b file of a content.

    Parameters
    ----------
    templates : iterable of str
        Files of `templates/`, joined in this order into one.
    content : dict
        Plain values; every text of it is made printable first, and `note` says which characters no font has.
        The template finds it as JSON in ``sys.inputs.content``, with the font families in `fonts` and `heading_fonts`.
    qr : str
        An SVG picture for ``sys.inputs.qr``; empty for none.

    Raises
    ------
    RenderingFailed
        The typesetter refused.
    """
    printable, missing = _printable(content, fonts)
    printable["fonts"] = list(fonts.families)
    printable["heading_fonts"] = list(fonts.heading_families)
    printable["note"] = _note(missing)
    inputs = {"content": json.dumps(printable, ensure_ascii=False), "qr": qr}
    folder = resources.files("server.documents") / "templates"
    template = b"\n".join(folder.joinpath(name).read_bytes() for name in templates)
    compiler = typst.Compiler(template, font_paths=fonts.loaded, sys_inputs=inputs)
    try:
        rendered = compiler.compile(format="pdf", pdf_standards=PDF_STANDARD)
    except typst.TypstError as error:
        raise RenderingFailed(f"{error.message} {' '.join(error.hints)}".strip()) from error
    return rendered if isinstance(rendered, bytes) else b"".join(rendered or [])


def qr_svg(text: str) -> str:
    """Return a QR code (error correction M, four modules of quiet zone) as SVG."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=4, xmldecl=False, svgns=True)
    return out.getvalue().decode()


def local_time(at: datetime | None) -> str:
    """Return a time as documents show it: to the second, in China Standard Time."""
    return at.astimezone(CHINA_STANDARD_TIME).strftime("%Y-%m-%d %H:%M:%S") if at else UNKNOWN


def file_date(at: datetime) -> dict[str, int]:
    """Return the moment as the template's `datetime` takes it; the file's own date carries no zone, so UTC."""
    moment = at.astimezone(UTC)
    return {part: getattr(moment, part) for part in _PARTS_OF_A_MOMENT}


def _printable(value: Any, fonts: FontSet) -> tuple[Any, tuple[str, ...]]:
    """Return the content with every text made printable, and the code points that could not be printed."""
    if isinstance(value, str):
        return fonts.printable(value)
    if isinstance(value, dict):
        pairs = {key: _printable(item, fonts) for key, item in value.items()}
        return {key: kept for key, (kept, _) in pairs.items()}, _joined(missing for _, missing in pairs.values())
    if isinstance(value, list | tuple):
        items = [_printable(item, fonts) for item in value]
        return [kept for kept, _ in items], _joined(missing for _, missing in items)
    return value, ()


def _joined(found: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for codes in found for code in codes))


def _note(missing: tuple[str, ...]) -> str:
    if not missing:
        return ""
    return f"注：字库未收录 {'、'.join(missing[:8])}{' 等' if len(missing) > 8 else ''}，以 □ 表示，以系统内记录为准。"
