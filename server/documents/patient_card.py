"""The patient's page behind `/j/{token}`: asks for four digits, then says where to go, when, and whom to call.

It is on a family's phone, so it names nobody in full and says no diagnosis, no ID, no level and no assistance category
(screens/language.md 9 and 10); money is never asked first (先抢救后付费, domain.md 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from html import escape
from typing import Final

from server.documents.public_page import call_button, english, number_code, page, spoken_time
from server.patients.names import masked_name

TITLE: Final = "转诊卡"
BRING: Final = ("身份证、医保卡", "正在吃的药", "以前的病历和片子")
"""What everybody brings, unless the caller says otherwise."""


class Reception(StrEnum):
    """Who waits for the patient: decides the headline."""

    BED = "bed"
    BAY = "bay"
    DEPARTMENT = "department"  # accepted, no bed yet
    HOME = "home"  # a downward ticket: the township takes over


class Notice(StrEnum):
    """Why there is no card to show."""

    EXPIRED = "expired"
    USED = "used"  # bound to another phone
    LOCKED = "locked"  # wrong digits three times
    CANCELLED = "cancelled"
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody to call: who in words (``县医院转诊台``), and the number."""

    who: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientCard:
    """What the card says.

    Attributes
    ----------
    number : str
        Ticket number; the QR code says the same, and nothing else.
    patient_name : str
        Printed masked, whatever is given.
    organization, building, department : str
        Where to go; empty parts are left out.
    bed : str
        Label of the bed, ``CCU 3 床``.
    entrance : str
        Where to come in and show the code, ``1 号门``.
    at : datetime, date or None
        When to be there, or until when the bed is kept (aware); a day at home has no hour.
    contacts : tuple of Contact
        The first is the one to call first.
    bring : tuple of str
        One thing a line.
    """

    number: str
    patient_name: str
    reception: Reception
    organization: str
    contacts: tuple[Contact, ...]
    building: str = ""
    department: str = ""
    bed: str = ""
    entrance: str = ""
    at: datetime | date | None = None
    bring: tuple[str, ...] = BRING


_HEADLINES: Final = {
    Reception.BED: ("床位给您留好了", "A bed is kept for you"),
    Reception.BAY: ("急诊科在等您", "The emergency department is waiting for you"),
    Reception.DEPARTMENT: ("医院接收您了", "The hospital is expecting you"),
    Reception.HOME: ("回家后有医生接着管您", "Your local doctors take over from here"),
}
_TIMES: Final = {
    Reception.BED: ("留到", "Kept until this time"),
    Reception.BAY: ("预计到", "Expected at this time"),
    Reception.DEPARTMENT: ("请在这之前到", "Please come before this time"),
    Reception.HOME: ("医生最晚来看您", "The doctor sees you by this time"),
}
_NOTICES: Final = {
    Notice.EXPIRED: ("这个链接过期了", "请医生再发一次", "This link has expired. Please ask the doctor for a new one."),
    Notice.USED: (
        "这个链接已在别的手机上用过",
        "请医生再发一次",
        "This link was used on another phone. Please ask the doctor for a new one.",
    ),
    Notice.LOCKED: (
        "号码输错三次，先锁上了",
        "请打电话，或请医生再发一次",
        "Three wrong tries. Please call, or ask the doctor for a new link.",
    ),
    Notice.CANCELLED: (
        "这次转诊取消了",
        "先不要出发，请打电话问一下",
        "This referral was cancelled. Please do not set out; call us.",
    ),
    Notice.ARRIVED: (
        "已经登记到院了",
        "这张卡不用了，有事请找护士",
        "Arrival is registered. You no longer need this card.",
    ),
}


def ask_page(
    organization: str,
    contact: Contact | None,
    *,
    nonce: str,
    tries_left: int | None = None,
    what: tuple[str, str] = ("看转诊卡", "Your referral card"),
) -> str:
    """Return the page that asks for the last four of the patient's ID; it says nothing about the patient.

    Parameters
    ----------
    what : tuple of str
        What the digits open, in Chinese and English.
    tries_left : int or None
        After a wrong answer, how many more may be tried; None on the first visit.
    """
    wrong = "" if tries_left is None else f'<p class="why" id="why" role="alert">{_wrong(tries_left)}</p>'
    state = ' aria-invalid="true" aria-describedby="why how"' if wrong else ' aria-describedby="how"'
    body = (
        f"<h1>{what[0]}{english(what[1])}</h1>"
        '<form method="post"><div><label for="last4">请输入病人身份证最后 4 位'
        f"{english('Last four of the ID number')}</label>"
        '<input class="four" id="last4" name="last4" required maxlength="4" pattern="[0-9]{3}[0-9Xx]" '
        f'autocomplete="off" autocapitalize="characters" spellcheck="false"{state}>{wrong}</div>'
        '<p id="how">最后一位是字母 X 的，就输 X</p>'
        f'<button class="btn go">打开{english("Open")}</button></form>{_help(contact)}'
    )
    return page(what[0].removeprefix("看"), organization, body, nonce=nonce)


def card_page(card: PatientCard, *, now: datetime, nonce: str, refresh: int = 0) -> str:
    """Return the card; `refresh` as of `public_page.page`, only where asking again needs no digits."""
    zh, en = _HEADLINES[card.reception]
    calls = "".join(call_button(f"打给{c.who}", c.phone, first=i == 0) for i, c in enumerate(card.contacts))
    body = (
        f"<h1>{escape(masked_name(card.patient_name))}，{zh}{english(en)}</h1>{_place(card, now)}{_money(card)}"
        f"{_bring(card.bring)}"
        f"{calls}{call_button('病情变重，打', '120')}"
        f"<p>把这一页截屏，存到手机，发给家人{english('Take a screenshot and send it to your family')}</p>"
    )
    return page(TITLE, card.organization, body, nonce=nonce, refresh=refresh)


def notice_page(notice: Notice, organization: str, contact: Contact | None, *, nonce: str) -> str:
    """Return the page of a link that shows no card, with the way on."""
    what, way_on, en = _NOTICES[notice]
    kind = "ok" if notice is Notice.ARRIVED else "mine"
    call = call_button(f"打给{contact.who}", contact.phone, first=True) if contact else ""
    body = f'<h1>{what}</h1><p class="box {kind}"><b>{way_on}</b>{english(en)}</p>{call}'
    return page(TITLE, organization, body, nonce=nonce)


def _wrong(tries_left: int) -> str:
    return (
        f"号码对不上，请看着身份证再输一次。还可以试 {tries_left} 次{english(f'Not correct. Tries left: {tries_left}')}"
    )


def _help(contact: Contact | None) -> str:
    return call_button("有困难请打", contact.phone) if contact else ""


def _place(card: PatientCard, now: datetime) -> str:
    rooms = "".join(f"<p><b>{escape(part)}</b></p>" for part in (card.building, card.department) if part)
    bed = f'<b class="bed">{escape(card.bed)}</b>' if card.bed else ""
    word, en = _TIMES[card.reception]
    when = f'<p>{word} <b class="n">{spoken_time(card.at, now)}</b>{english(en)}</p>' if card.at else ""
    return (
        f'<section class="box mine"><div class="where"><div><p>{escape(card.organization)}</p>'
        f"{rooms}{bed}</div>{number_code(card.number)}</div>{when}"
        f'<p class="more">{_show(card)}单号 <b class="n">{escape(card.number)}</b></p></section>'
    )


def _show(card: PatientCard) -> str:
    if card.reception is Reception.HOME:
        return f"打电话时报这个单号{english('Say this number when you call')}"
    door = f"到 <b>{escape(card.entrance)}</b> " if card.entrance else ""
    return f"{door}给护士扫这个码{english('Show this code to the nurse')}"


def _money(card: PatientCard) -> str:
    if card.reception is Reception.HOME:
        return ""
    words = english("Treatment first, payment afterwards. No deposit.")
    return f'<p class="box ok"><b>先抢救后付费，不用先交押金</b>{words}</p>'


def _bring(items: tuple[str, ...]) -> str:
    lines = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<section><h2>要带的{english('Please bring')}</h2><ul>{lines}</ul></section>" if lines else ""
