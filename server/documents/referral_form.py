"""The national two-way referral forms as PDF/A-2b on A4: stub above the tear line, the patient's part below.

Source: the forms of the national basic public health service specification, labels as in domain.md 2.3.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from referral.model import Direction, Level
from server.documents.glyphs import load_fonts
from server.documents.model import CHINA_STANDARD_TIME, Sex
from server.documents.referral_model import FormExtras, FormPatient, FormRoute, OutForm, Printing, ReturnForm
from server.documents.typesetting import file_date, local_time, qr_svg, typeset

LEVEL_WORDS: Final = {Level.I: "濒危", Level.II: "危重", Level.III: "急症", Level.IV: "非急症"}
_DIRECTIONS: Final = {Direction.UP: "上转", Direction.DOWN: "下转", Direction.LATERAL: "平转"}
_SEXES: Final = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: "未知"}
ATTENTION_LIMIT: Final = 150
"""Characters of 注意事项 at the foot; a longer text stands whole on the continuation page."""
STUDIES_LIMIT: Final = 4
"""Linked studies at the foot; when there are more, the continuation page lists all."""

DIAGNOSIS_LIMIT: Final = 60
"""Characters of 诊断结果 on its line; a longer one stands whole under the line."""


def render_out_form(form: OutForm, printing: Printing, fonts: Iterable[Path]) -> bytes:
    """Return 双向转诊(转出)单 with its stub; without any ticket it is an empty form to write on.

    Long texts are set smaller; what does not fit even so goes on under its label on a continuation page (续页).

    Parameters
    ----------
    form : OutForm
        What to print.
    printing : Printing
        Its time is the only date of the file, so equal forms and printings give equal bytes.
    fonts : iterable of Path
        Directories with fonts, the preferred first.

    Raises
    ------
    FontMissing
        No Chinese font in the directories.
    RenderingFailed
        The typesetter refused.
    """
    sections = [
        _section("初步印象", form.impression, weight=1),
        _section("主要现病史（转出原因）", form.present_history, weight=3),
        _section("主要既往史", form.past_history, weight=2),
        _section("治疗经过", form.treatment, weight=3),
    ]
    content = {"title": "双向转诊（转出）单", **_common(form.patient, form.route, form.extras), "sections": sections}
    content["patient"]["record_number"] = short_record_number(form.patient.record_number)
    return _render("referral-out.typ", content, form.extras, printing, fonts)


def render_return_form(form: ReturnForm, printing: Printing, fonts: Iterable[Path]) -> bytes:
    """Return 双向转诊(回转)单 with its stub; parameters and errors as of `render_out_form`."""
    long = len(form.diagnosis) > DIAGNOSIS_LIMIT
    sections = [
        *([_section("诊断结果（全文）", form.diagnosis, weight=1)] if long else []),
        _section("主要检查结果", form.results, weight=2),
        _section("治疗经过、下一步治疗方案及康复建议", form.treatment_and_plan, weight=4),
    ]
    content = {"title": "双向转诊（回转）单", **_common(form.patient, form.route, form.extras), "sections": sections}
    content["patient"]["case_number"] = form.patient.case_number
    content["diagnosis"] = "见下" if long else form.diagnosis
    return _render("referral-return.typ", content, form.extras, printing, fonts)


def receiving_code(extras: FormExtras) -> str:
    """Return what the QR code says: the receiving page, and the number as its fragment; "" on an empty form.

    A fragment is never sent to a server, and a scanner without a line still reads the number from it.
    """
    return f"{extras.receiving_url}#{extras.number}" if extras.number and extras.receiving_url else ""


def short_record_number(number: str) -> str:
    """Return the last eight of a 17-digit health record number as forms print them, ``101-00023``; others as given."""
    return f"{number[-8:-5]}-{number[-5:]}" if re.fullmatch(r"[0-9]{17}", number) else number


def _render(
    template: str, content: dict[str, Any], extras: FormExtras, printing: Printing, fonts: Iterable[Path]
) -> bytes:
    code = receiving_code(extras)
    content |= {
        # The same on every print of the same words: two sheets with one digest say the same.
        "digest": _digest(content),
        "created": file_date(printing.at),
        "printed": f"打印 {local_time(printing.at)} {printing.by}".strip(),
        "times": f"第 {printing.times} 次打印",
        "again": printing.times > 1,
        "has_code": bool(code),
    }
    return typeset(["referral-form.typ", template], content, qr_svg(code) if code else "", load_fonts(fonts))


def _common(patient: FormPatient, route: FormRoute, extras: FormExtras) -> dict[str, Any]:
    return {
        "patient": {
            "name": patient.name,
            "sex": _SEXES[patient.sex] if patient.sex else "",
            "age": patient.age,
            "address": patient.address,
            "phone": patient.phone,
        },
        "route": {
            "from": route.from_organization,
            "doctor": route.doctor,
            "phone": route.doctor_phone,
            "to": route.to_organization,
            "department": route.department,
            "receiving_doctor": route.receiving_doctor,
        },
        "on": _day_parts(route.on),
        "number": extras.number,
        "desk_phone": extras.desk_phone,
        "extras": _extras(extras) if extras.number else [],
        "more": _more(extras),
    }


def _section(label: str, text: str, *, weight: int) -> dict[str, Any]:
    """Return a text under its label; `weight` is its share of the lines where it is empty."""
    return {"label": label, "text": text.strip(), "weight": weight}


def _day_parts(day: date | None) -> list[str]:
    return [str(day.year), str(day.month), str(day.day)] if day else ["", "", ""]


def _extras(extras: FormExtras) -> list[tuple[str, str]]:
    """Return label and value of each part that the ticket has, in the order of the foot."""
    lines = [
        ("转诊单号", extras.number),
        ("方向", _DIRECTIONS[extras.direction] if extras.direction else ""),
        ("分级", level_plate(extras.level)),
        ("绿色通道", extras.pathway),
        ("转诊诊断（ICD-10）", " ".join(part for part in (extras.icd10, extras.diagnosis) if part)),
        ("转运方式", extras.transport),
        ("护送", extras.escort),
        ("预计到达", _minute(extras.expected_arrival)),
        ("床位", extras.place),
        ("留到", _minute(extras.held_until)),
        ("首次随访不晚于", extras.first_visit_due.isoformat() if extras.first_visit_due else ""),
        ("到院", extras.entrance),
        ("注意事项", _shortened(extras.attention)),
        ("关联检查", _first_studies(extras.studies)),
    ]
    return [line for line in lines if line[1]]


def level_plate(level: Level | None) -> str:
    """Return a triage level as paper shows it, without colour: ``［Ⅰ级 濒危］``."""
    return f"［{level.numeral}级 {LEVEL_WORDS[level]}］" if level else ""


def _minute(at: datetime | None) -> str:
    return at.astimezone(CHINA_STANDARD_TIME).strftime("%Y-%m-%d %H:%M") if at else ""


def _shortened(attention: str) -> str:
    return attention if len(attention) <= ATTENTION_LIMIT else "见续页"


def _first_studies(studies: tuple[str, ...]) -> str:
    shown = "；".join(studies[:STUDIES_LIMIT])
    return f"{shown} 等 {len(studies)} 项，见续页" if len(studies) > STUDIES_LIMIT else shown


def _more(extras: FormExtras) -> list[tuple[str, str]]:
    """Return what the foot has no room for and the continuation page says whole."""
    more = []
    if len(extras.attention) > ATTENTION_LIMIT:
        more.append(("注意事项", extras.attention))
    if len(extras.studies) > STUDIES_LIMIT:
        more.append(("关联检查", "\n".join(extras.studies)))
    return more


def _digest(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return " ".join(digest[start : start + 4] for start in range(0, 16, 4))
