"""The page on which a hospital outside the network writes what became of the patient, and what it wrote, read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Final

from server.documents.patient_card import Contact
from server.documents.public_page import call_button, english, page
from server.patients.names import masked_name

TITLE: Final = "转诊结果"
LONGEST: Final = 4000
"""Characters that one text may have."""
_TEXTS: Final = (
    ("diagnosis", "诊断", "Diagnosis", True),
    ("treatment", "治疗经过", "Treatment", True),
    ("advice", "给基层医生的建议", "Advice to the referring doctor", False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeAsked:
    """Whose outcome is asked for.

    Attributes
    ----------
    patient : str
        Name; printed masked, whatever is given.
    sex_age : str
        ``男 68岁``: enough for the hospital to find its own patient.
    sent_on : date
        Day of the referral; the outcome cannot be older.
    contact : Contact or None
        The sender, for questions.
    """

    number: str
    patient: str
    sex_age: str
    from_organization: str
    sent_on: date
    contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class OutcomeRead:
    """What somebody wrote; while `errors` names a field, nothing of it counts.

    Attributes
    ----------
    on : date or None
        None only when `errors` says why.
    errors : mapping
        Field -> one sentence.
    """

    diagnosis: str = ""
    treatment: str = ""
    advice: str = ""
    doctor: str = ""
    on: date | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def read_outcome(fields: Mapping[str, str], *, sent_on: date, today: date) -> OutcomeRead:
    """Return the posted fields with what is wrong with them; text is trimmed, never shortened."""
    texts = {name: fields.get(name, "").strip() for name in ("diagnosis", "treatment", "advice", "doctor")}
    errors = {name: f"太长了，最多 {LONGEST} 个字" for name, text in texts.items() if len(text) > LONGEST}
    errors |= {name: "这一项要写" for name in ("diagnosis", "treatment", "doctor") if not texts[name]}
    on = _day(fields.get("on", ""))
    if on is None:
        errors["on"] = "请写日期，如 2026-11-25"
    elif not sent_on <= on <= today:
        errors["on"] = "日期要在转诊那天和今天之间"
    return OutcomeRead(**texts, on=on, errors=errors)


def outcome_page(asked: OutcomeAsked, *, today: date, nonce: str, read: OutcomeRead | None = None) -> str:
    """Return the form, empty or with what was written and what is still wrong."""
    written = read or OutcomeRead()
    alert = '<p class="box bad" role="alert">还有几项没写好，看红字。写的都还在</p>' if written.errors else ""
    texts = "".join(
        _field(name, zh, en, _textarea(name, getattr(written, name), written.errors, required=required), written.errors)
        for name, zh, en, required in _TEXTS
    )
    body = (
        f"<h1>请告诉我们病人的结果{english('Please tell us the outcome')}</h1>{_whose(asked)}{alert}"
        f'<form method="post" novalidate>{texts}{_day_field(asked, written, today)}{_doctor_field(written)}'
        f'<button class="btn go">送出{english("Send")}</button></form>{_help(asked.contact)}'
    )
    return page(TITLE, asked.from_organization, body, nonce=nonce)


def thanks_page(asked: OutcomeAsked, *, nonce: str) -> str:
    """Return what is shown when the outcome has arrived."""
    body = (
        f"<h1>收到了，谢谢您{english('Received, thank you')}</h1>"
        f'<p class="box ok">{escape(asked.from_organization)}已收到 <b class="n">{escape(asked.number)}</b> 的结果，'
        f"会接着照看病人{english('The referring doctors have it and follow the patient up.')}</p>"
        f"{_help(asked.contact)}"
    )
    return page(TITLE, asked.from_organization, body, nonce=nonce)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _whose(asked: OutcomeAsked) -> str:
    whom = f"<b>{escape(masked_name(asked.patient))}</b> {escape(asked.sex_age)}"
    sent = f"{asked.sent_on.isoformat()} 由{escape(asked.from_organization)}转出"
    return f'<p class="box">单号 <b class="n">{escape(asked.number)}</b><br>病人 {whom}<br>{sent}</p>'


def _field(name: str, zh: str, en: str, control: str, errors: Mapping[str, str]) -> str:
    why = f'<p class="why" id="why-{name}">{escape(errors[name])}</p>' if name in errors else ""
    return f'<div><label for="{name}">{zh}{english(en)}</label>{control}{why}</div>'


def _marks(name: str, errors: Mapping[str, str], *, required: bool) -> str:
    wrong = f' aria-invalid="true" aria-describedby="why-{name}"' if name in errors else ""
    return f' id="{name}" name="{name}"{" required" if required else ""}{wrong}'


def _textarea(name: str, text: str, errors: Mapping[str, str], *, required: bool) -> str:
    # A browser drops the first line break of a textarea: one stands before what was written.
    return f"<textarea{_marks(name, errors, required=required)}>\n{escape(text)}</textarea>"


def _day_field(asked: OutcomeAsked, written: OutcomeRead, today: date) -> str:
    value = (written.on or today).isoformat()
    control = (
        f'<input type="date" value="{value}" min="{asked.sent_on.isoformat()}" max="{today.isoformat()}"'
        f"{_marks('on', written.errors, required=True)}>"
    )
    return _field("on", "日期", "Date", control, written.errors)


def _doctor_field(written: OutcomeRead) -> str:
    control = f'<input value="{escape(written.doctor)}"{_marks("doctor", written.errors, required=True)}>'
    return _field("doctor", "医生和医院", "Doctor and hospital", control, written.errors)


def _help(contact: Contact | None) -> str:
    return call_button(f"有问题请打{contact.who}", contact.phone) if contact else ""
