"""The patient's page of a consult behind `/j/{token}`: its frame, and the pages before and after the call.

The room itself is a script of at most 20 KB (`web/src/patient`); this frame gives it what it has to know. It names no
patient and no illness.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING, Final

from server.documents.public_page import call_button, english, page, spoken_time

if TYPE_CHECKING:
    from server.documents.patient_card import Contact

TITLE: Final = "远程会诊"
JOIN: Final = ("进会诊室", "Join your consultation")
"""What the four digits open."""


def room_page(
    organization: str, contact: Contact | None, *, consult_id: str, script: str, styles: tuple[str, ...]
) -> str:
    """Return the frame of the room.

    Parameters
    ----------
    script, styles : str, tuple of str
        Addresses of the built files.
    """
    links = "".join(f'<link rel="stylesheet" href="{escape(each)}">' for each in styles)
    phone = escape(contact.phone) if contact else ""
    who = escape(contact.who) if contact else ""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">'
        '<meta name="robots" content="noindex"><link rel="icon" href="data:,">'
        f"<title>{TITLE}</title>{links}</head><body>"
        f'<main id="patient-room" data-consult="{escape(consult_id)}" data-phone="{phone}" data-who="{who}" '
        f'data-organization="{escape(organization)}"><noscript>请打电话 {who} {phone}</noscript></main>'
        f'<script type="module" src="{escape(script)}"></script></body></html>'
    )


def early_page(organization: str, begins_at: datetime, contact: Contact | None, *, now: datetime, nonce: str) -> str:
    """Return the page of somebody who comes more than half an hour before; it looks again by itself."""
    call = call_button(f"打给{contact.who}", contact.phone) if contact else ""
    body = (
        f"<h1>还没到会诊时间{english('Your consultation has not begun')}</h1>"
        f'<section class="box mine"><p>开始时间 <b class="n">{spoken_time(begins_at, now)}</b></p>'
        f"<p>提前 30 分钟再打开这个链接{english('Open this link again 30 minutes before')}</p></section>{call}"
    )
    return page(TITLE, organization, body, nonce=nonce, refresh=60)


def arranging_page(organization: str, contact: Contact | None, *, nonce: str) -> str:
    """Return the page of a consult whose time is sought again; it looks again by itself."""
    call = call_button(f"打给{contact.who}", contact.phone, first=True) if contact else ""
    body = (
        f"<h1>会诊时间正在安排{english('A time is being arranged')}</h1>"
        f'<p class="box mine"><b>定好了医生会告诉您，这个链接还能用</b>'
        f"{english('Your doctor will tell you; this link stays valid')}</p>{call}"
    )
    return page(TITLE, organization, body, nonce=nonce, refresh=60)


def over_page(organization: str, contact: Contact | None, *, nonce: str) -> str:
    """Return the page of a consult whose call is over."""
    call = call_button(f"打给{contact.who}", contact.phone) if contact else ""
    body = (
        f"<h1>视频会诊已经结束{english('The call is over')}</h1>"
        f'<p class="box ok"><b>专家意见会发给您的医生，请听他安排</b>'
        f"{english('The experts write to your doctor, who will tell you')}</p>{call}"
    )
    return page(TITLE, organization, body, nonce=nonce)
