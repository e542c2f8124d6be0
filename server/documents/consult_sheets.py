"""The papers of a consult as PDF/A-2b on A4: application and opinion, with the labels of domain.md 2.2 in its order.

A consult is no diagnosis: the opinion says on every page that the inviter decides and is liable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from referral.model import Level
from server.documents.consult_model import ApplicationSheet, OpinionSheet, Participant, SheetPatient
from server.documents.glyphs import load_fonts
from server.documents.model import Sex
from server.documents.referral_form import level_plate
from server.documents.typesetting import UNKNOWN, file_date, local_time, qr_svg, typeset
from video.consults import Application, Consent, OpinionText, Vitals
from video.model import Adopted, ConsultMode, Service, Urgency

Part = dict[str, Any]
SERVICES: Final = {Service.CONSULT: "会诊", Service.MDT: "多学科会诊（MDT）", Service.WARD_ROUND: "查房"}
URGENCIES: Final = {Urgency.ROUTINE: "普通", Urgency.URGENT: "加急", Urgency.EMERGENCY: "急"}
MODES: Final = {ConsultMode.VIDEO: "视频", ConsultMode.WRITTEN: "书面"}
ADOPTED: Final = {Adopted.ADOPTED: "采纳", Adopted.PARTLY: "部分采纳", Adopted.NOT: "未采纳"}
ROLES: Final = {"host": "主持", "expert": "参加"}
_SEXES: Final = {Sex.MALE: "男", Sex.FEMALE: "女", Sex.UNKNOWN: "未知"}
_WANTED: Final = ("希望会诊时间①", "希望会诊时间②", "希望会诊时间③")
_NOT_A_DIAGNOSIS: Final = "会诊意见供参考，诊断和治疗由邀请方决定并负责；本意见书不是诊断报告。"
_ASKED: Final = "本单随邀请方病历归档；受邀方另存一份原件。"


def render_application(sheet: ApplicationSheet, fonts: Iterable[Path]) -> bytes:
    """Return 远程会诊申请单.

    Parameters
    ----------
    sheet : ApplicationSheet
        What to print; equal sheets give equal bytes.
    fonts : iterable of Path
        Directories with fonts, the preferred first.

    Raises
    ------
    FontMissing
        No Chinese font in the directories.
    RenderingFailed
        The typesetter refused.
    """
    asked = sheet.application
    parts = [
        _row(
            ("电子申请单编号", sheet.number),
            ("服务类别", SERVICES[sheet.service]),
            ("紧急程度", URGENCIES[sheet.urgency]),
        ),
        *_who(sheet),
        *_patient(sheet.patient, asked),
        *_story(asked),
        *_findings(sheet),
        *_wishes(sheet),
    ]
    content = {
        "title": "远程会诊申请单",
        "title_english": "Application for a remote consult",
        "organization": sheet.sides.inviter,
        "number": sheet.number,
        "name": sheet.patient.name,
        "notice": _ASKED,
        "created": file_date(sheet.changed_at),
        "code": "",
        "code_hint": "扫码打开申请",
        "digest": "",
        "version": str(sheet.version),
        "parts": parts,
    }
    return typeset(["consult.typ"], content, qr_svg(sheet.url), load_fonts(fonts))


def render_opinion(sheet: OpinionSheet, fonts: Iterable[Path]) -> bytes:
    """Return 远程会诊意见书; parameters and errors as of `render_application`."""
    parts = [
        _row(("会诊意见书编号", sheet.number), ("电子申请单编号", sheet.application_number)),
        _row(("会诊开始时间", local_time(sheet.began_at)), ("会诊结束时间", local_time(sheet.ended_at))),
        _row(("会诊方式", MODES[sheet.mode]), ("服务类别", SERVICES[sheet.service])),
        _row(("邀请方机构", sheet.sides.inviter), ("受邀方机构", sheet.sides.invitee)),
        _row(("患者姓名", sheet.patient.name), ("性别", _SEXES[sheet.patient.sex]), ("年龄", sheet.patient.age)),
        _row(("健康档案编号", sheet.patient.record_number)),
        _text("参加人员", "\n".join(map(_participant, sheet.participants))),
        *_answer(sheet.text),
        *_signed(sheet),
        *_adopted(sheet),
    ]
    content = {
        "title": "远程会诊意见书",
        "title_english": "Opinion of a remote consult",
        "organization": sheet.sides.invitee,
        "number": sheet.number,
        "name": sheet.patient.name,
        "notice": _NOT_A_DIAGNOSIS,
        "created": file_date(sheet.created_at),
        "code": sheet.code,
        "code_hint": "扫码验证 Verify",
        "digest": f"sha256:{sheet.digest}",
        "version": "",
        "parts": parts,
    }
    return typeset(["consult.typ"], content, qr_svg(sheet.url), load_fonts(fonts))


def _who(sheet: ApplicationSheet) -> list[Part]:
    asked = sheet.application
    return [
        _row(("邀请方机构", sheet.sides.inviter), ("邀请方科室", asked.department)),
        _row(("申请医师", sheet.doctor), ("联系电话", asked.phone)),
        _row(("受邀方机构", sheet.sides.invitee), ("受邀专业", "、".join(asked.specialties))),
        _row(("职称要求", asked.title), ("指定专家", sheet.expert)),
    ]


def _patient(patient: SheetPatient, asked: Application) -> list[Part]:
    born = patient.birth_date.isoformat() if patient.birth_date else ""
    return [
        _heading("患者", "Patient"),
        _row(("患者姓名", patient.name), ("性别", _SEXES[patient.sex]), ("出生日期", born)),
        _row(("证件类型", patient.identifier_type), ("证件号码", patient.identifier)),
        _row(("健康档案编号", patient.record_number), ("患者电话", patient.phone)),
        _row(("参保类型", asked.insurance), ("救助类别", "、".join(patient.assistance))),
        _row(("门诊/住院号", asked.visit_number), ("病区", asked.ward), ("床号", asked.bed)),
    ]


def _story(asked: Application) -> list[Part]:
    return [
        _heading("病情", "Case"),
        _text("主诉", asked.chief_complaint),
        _text("现病史", asked.present_history),
        _text("既往史", asked.past_history),
        _text("过敏史", asked.allergies),
        _text("体格检查", asked.examination),
        _text("生命体征", vitals_line(asked.vitals)),
        _text("病历摘要", asked.summary),
    ]


def _findings(sheet: ApplicationSheet) -> list[Part]:
    asked = sheet.application
    return [
        _text("初步诊断", asked.diagnosis.name),
        _text("诊断编码（ICD-10）", " ".join(filter(None, (asked.diagnosis.code, asked.diagnosis.system)))),
        _text("辅助检查结果", asked.results),
        _text("关联检查", "\n".join(sheet.studies)),
        _text("诊疗过程", asked.treatment),
    ]


def _wishes(sheet: ApplicationSheet) -> list[Part]:
    asked = sheet.application
    times = [*map(local_time, asked.wanted_times), "", "", ""]
    approval = asked.approval or ("急会诊免" if sheet.urgency is Urgency.EMERGENCY else "")
    return [
        _heading("会诊", "Consult"),
        _text("会诊类型", f"远程会诊 · {MODES[sheet.mode]}"),
        _text("会诊原因", asked.reason),
        _text("会诊目的", asked.purpose),
        *(_text(label, at) for label, at in zip(_WANTED, times, strict=False)),
        _text("会诊费用", asked.fee),
        _text("知情同意", _consent(asked.consent, sheet.approver)),
        _text("附件", "\n".join(sheet.reports)),
        _text("科室/医务科审批", approval),
        _text("提交时间", local_time(sheet.submitted_at)),
    ]


def _answer(text: OpinionText) -> list[Part]:
    return [
        _text("所见资料", text.findings),
        _heading("会诊意见", "Opinion"),
        _text("诊断", text.diagnosis),
        _text("鉴别诊断", text.differential),
        _text("建议检查", text.further_tests),
        _text("治疗建议", text.treatment),
        _text("转诊建议", _advice(text)),
        _text("资料局限", "\n".join(filter(None, ("资料不足，不下诊断" if text.insufficient else "", text.limits)))),
    ]


def _signed(sheet: OpinionSheet) -> list[Part]:
    lines = [f"{each.name}（{ROLES.get(each.role, each.role)}）" for each in sheet.signatures]
    times = [local_time(each.signed_at) for each in sheet.signatures]
    return [
        _row(("会诊医师签名", "\n".join(lines)), ("签名时间", "\n".join(times))),
        _row(("受邀机构盖章", f"{sheet.sides.invitee}　　　　（章）"), by_hand=True),
    ]


def _adopted(sheet: OpinionSheet) -> list[Part]:
    adoption = sheet.adoption
    if adoption is None:
        said = [_row(("采纳情况", "□ 采纳　□ 部分采纳　□ 未采纳"), by_hand=True), _row(("原因", ""), by_hand=True)]
    else:
        who = f"{adoption.by} {local_time(adoption.at)}"
        said = [_row(("采纳情况", ADOPTED[adoption.what]), ("填写人", who)), _text("原因", adoption.reason)]
    return [
        _heading("邀请方填写", "By the inviter"),
        *said,
        _row(("会诊结局", sheet.outcome), by_hand=not sheet.outcome),
    ]


def _advice(text: OpinionText) -> str:
    if text.refer is None:
        return ""
    if not text.refer:
        return "不需转诊"
    return f"建议转诊 {level_plate(Level(text.refer_level))}" if text.refer_level else "建议转诊"


def _participant(person: Participant) -> str:
    since = f"独立临床工作自 {person.practising_since}" if person.practising_since else ""
    licence = f"执业证书 {person.licence}" if person.licence else ""
    return "　".join(filter(None, (person.name, person.title, "、".join(person.specialties), licence, since)))


def vitals_line(vitals: Vitals | None) -> str:
    """Return vital signs in words; what nobody measured is left out."""
    if vitals is None:
        return ""
    pressure = None if vitals.systolic is None else f"{vitals.systolic}/{vitals.diastolic or UNKNOWN}"
    measured: Sequence[tuple[str, object, str]] = (
        ("血压", pressure, "mmHg"),
        ("心率", vitals.heart_rate, "次/分"),
        ("呼吸", vitals.respiratory_rate, "次/分"),
        ("血氧饱和度", vitals.spo2, "%"),
        ("体温", vitals.temperature, "℃"),
    )
    words = [f"{label} {value} {unit}" for label, value, unit in measured if value is not None]
    return "，".join([*([local_time(vitals.at)] if vitals.at else []), *words])


def _consent(consent: Consent, approver: str) -> str:
    if consent.written:
        who = f"{consent.by}（{consent.relation}）" if consent.relation else consent.by
        at = f"，{local_time(consent.at)}" if consent.at else ""
        filed = f"，{consent.document}" if consent.document else ""
        return f"{who} 书面同意{at}{filed}"
    return f"急会诊，{approver} 批准：{consent.approval_reason}" if consent.approved_by else ""


def _row(*pairs: tuple[str, str], by_hand: bool = False) -> Part:
    """Return short facts beside each other; `by_hand` leaves room to write or to stamp."""
    return {"kind": "row", "pairs": [(label, value or ("" if by_hand else UNKNOWN)) for label, value in pairs],
            "by_hand": by_hand}  # fmt: skip


def _text(label: str, value: str) -> Part:
    return {"kind": "text", "label": label, "value": value.strip() or UNKNOWN}


def _heading(chinese: str, english: str) -> Part:
    return {"kind": "heading", "chinese": chinese, "english": english}
