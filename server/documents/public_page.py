"""The frame of the small public pages behind `/j/{token}`: no script, one short style, 20 px words, everything escaped.

The style needs the nonce of the answer's Content-Security-Policy (`server.api.app.CSP`). Sizes are in `rem`, so a
phone set to letters twice as large gets them, and nothing is wider than the screen. Colours: screens/language.md 2.1.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from html import escape
from typing import Final

import segno

from server.documents.model import CHINA_STANDARD_TIME

_STYLE: Final = (
    "html{font-size:125%;-webkit-text-size-adjust:100%}*{box-sizing:border-box}"
    'body{margin:0;background:#fff;color:#13201e;font:1rem/1.6 "PingFang SC","Microsoft YaHei","Noto Sans CJK SC",'
    "system-ui,sans-serif;line-break:strict;overflow-wrap:anywhere}"
    "main{max-width:30rem;margin:0 auto;padding:16px;display:flex;flex-direction:column;gap:16px}"
    "h1{font-size:1.4rem;line-height:1.4;margin:0}h2{font-size:1.1rem;margin:0}p,ul{margin:0}ul{padding-left:1.2em}"
    ".org{display:flex;align-items:center;gap:8px;color:#40504d}.org svg{width:32px;height:32px;flex:none}"
    "[lang=en]{display:block;color:#40504d;font-size:1rem;font-weight:400;line-height:1.4}"
    ".box{border:2px solid #b6c3c0;border-radius:14px;padding:14px 16px}.mine{border-color:#0b6a67}"
    ".where{display:flex;flex-wrap:wrap;gap:10px;justify-content:space-between}.where>div{flex:1 1 8rem}"
    ".bed{font-size:1.6rem;line-height:1.35;font-weight:600;display:block}.qr{width:5.5rem;max-width:100%;height:5.5rem;flex:none}.n{display:inline-block}"
    ".more{border-top:1px dashed #b6c3c0;margin-top:12px;padding-top:10px}"
    ".ok{background:#e4f3e8;border-color:#1f6f3d}.bad{background:#fdecee;border-color:#a80f25;color:#a80f25}"
    ".btn{display:flex;flex-wrap:wrap;align-items:center;justify-content:center;gap:0 10px;width:100%;"
    "min-height:64px;padding:8px;border:2px solid #0b6a67;border-radius:12px;background:#fff;color:#0b6a67;"
    "font-family:inherit;font-size:1.1rem;font-weight:600;line-height:1.4;text-align:center;text-decoration:none;cursor:pointer}"
    ".go{background:#0b6a67;color:#fff}.go [lang=en]{color:#fff}.btn b{white-space:nowrap}"
    "form{display:flex;flex-direction:column;gap:16px}label{font-weight:600;display:block;margin-bottom:6px}"
    "input,textarea{width:100%;min-height:64px;padding:10px 12px;border:2px solid #74857f;border-radius:12px;"
    "background:#fff;color:#13201e;font:inherit}textarea{display:block;min-height:6.5rem;resize:vertical}"
    ".four{font-size:1.8rem;font-weight:600;letter-spacing:.3em;text-align:center;text-transform:uppercase}"
    "[aria-invalid=true]{border-color:#a80f25}.why{color:#a80f25;font-weight:600;margin-top:6px}"
    ":focus-visible{outline:3px solid #0b6a67;outline-offset:3px}"
)
_MARK: Final = (
    '<svg viewBox="0 0 40 40" aria-hidden="true"><rect width="40" height="40" rx="9" fill="#12504d"/>'
    '<path d="M9 27c7 0 6-14 14-14h8m-5-5.5l6 5.5-6 5.5" fill="none" stroke="#7ad8d1" stroke-width="3.6" '
    'stroke-linecap="round" stroke-linejoin="round"/><path d="M9 33h14" stroke="#f2c230" stroke-width="3.6"/></svg>'
)
_WEEKDAYS: Final = "一二三四五六日"
_PARTS_OF_THE_DAY: Final = ((6, "凌晨"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
"""Hour before which each ends."""


def page(title: str, organization: str, body: str, *, nonce: str, refresh: int = 0) -> str:
    """Return a whole page.

    Parameters
    ----------
    title : str
        Of the tab and the history: it says nothing about anybody.
    organization : str
        Whose page it is.
    body : str
        HTML, already escaped.
    nonce : str
        Of the answer's Content-Security-Policy.
    refresh : int
        Seconds after which the page asks for itself again; 0 never.
    """
    again = f'<meta http-equiv="refresh" content="{refresh}">' if refresh else ""
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f'{again}<link rel="icon" href="data:,"><title>{escape(title)}</title>'
        f'<style nonce="{escape(nonce)}">{_STYLE}</style></head><body><main>'
        f'<div class="org">{_MARK}<span>{escape(organization)}</span></div>{body}</main></body></html>'
    )


def english(words: str) -> str:
    """Return an English line to stand beneath a Chinese one."""
    return f'<span lang="en">{escape(words)}</span>'


def call_button(words: str, phone: str, *, first: bool = False) -> str:
    """Return a button that dials; without digits to dial, nothing. `first` fills the one to press first."""
    digits = re.sub(r"[^0-9+]", "", phone)
    if not digits:
        return ""
    kind = "btn go" if first else "btn"
    return f'<a class="{kind}" href="tel:{digits}"><span>{escape(words)}</span> <b>{escape(phone)}</b></a>'


def number_code(number: str) -> str:
    """Return the QR code of a ticket number as inline SVG."""
    out = io.BytesIO()
    segno.make(number, error="m", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, svgns=False, svgclass="qr", lineclass=None, omitsize=True
    )
    picture = out.getvalue().decode()
    return picture.replace("<svg ", f'<svg role="img" aria-label="单号 {escape(number)} 的二维码" ', 1)


def spoken_time(at: datetime | date, now: datetime) -> str:
    """Return a time as people say it: 今天上午 10:57, 11月26日 星期四 上午 9:05; a date without hours."""
    today = now.astimezone(CHINA_STANDARD_TIME).date()
    if not isinstance(at, datetime):
        return _spoken_day(at, today).strip()
    local = at.astimezone(CHINA_STANDARD_TIME)
    part = next(word for until, word in _PARTS_OF_THE_DAY if local.hour < until)
    hour = local.hour if local.hour <= 12 else local.hour - 12
    return f"{_spoken_day(local.date(), today)}{part} {hour}:{local.minute:02d}"


def _spoken_day(day: date, today: date) -> str:
    words = {0: "今天", 1: "明天"}.get((day - today).days)
    return words or f"{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]} "
