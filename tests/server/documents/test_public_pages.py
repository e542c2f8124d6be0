"""The pages behind a patient's link: where to go and whom to call, and nobody's name or illness."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from html.parser import HTMLParser

import pytest
import segno
from typing_extensions import override

from server.documents.outcome_page import LONGEST, OutcomeRead, outcome_page, read_outcome, thanks_page
from server.documents.patient_card import Contact, Notice, Reception, ask_page, card_page, notice_page
from server.documents.public_page import call_button, number_code, spoken_time
from tests.builders.public_pages import ASKED, DESK, HOSPITAL, NONCE, patient_card
from tests.builders.referral_documents import at

NOW = at(8, 36)
TODAY = date(2026, 11, 23)
HOSTILE = "\"><script>alert(1)</script><img src=x onerror='1'>&amp;"


def _card(**changes: object) -> str:
    return card_page(patient_card(**changes), now=NOW, nonce=NONCE)


def _card_of(kind: Reception) -> str:
    return _card(reception=kind)


EVERY_PAGE: dict[str, Callable[[], str]] = {
    "ask": lambda: ask_page(HOSPITAL, DESK, nonce=NONCE),
    "wrong digits": lambda: ask_page(HOSPITAL, DESK, nonce=NONCE, tries_left=2),
    **{f"card {kind}": partial(_card_of, kind) for kind in Reception},
    **{str(notice): partial(notice_page, notice, HOSPITAL, DESK, nonce=NONCE) for notice in Notice},
    "outcome": lambda: outcome_page(ASKED, today=TODAY, nonce=NONCE),
    "thanks": lambda: thanks_page(ASKED, nonce=NONCE),
}  # fmt: skip


class Reader(HTMLParser):
    """What a page is made of: tags in order with their attributes, and its text outside of style."""

    VOID = frozenset({"meta", "link", "input", "br", "path", "rect"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(page)
        assert self.open == [], "every tag is closed"

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID:
            assert self.open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("make", EVERY_PAGE.values(), ids=EVERY_PAGE.keys())
def test_every_page_is_small_closed_and_runs_nothing(make: Callable[[], str]) -> None:
    page = make()
    read = Reader(page)
    assert len(page.encode()) <= 10_000
    assert read.attributes("script") == []
    assert [style["nonce"] for style in read.attributes("style")] == [NONCE]
    for tag, attributes in read.tags:
        assert not any(name.startswith("on") or name == "style" for name in attributes), (tag, attributes)
        sources = [attributes.get(name) for name in ("src", "href", "action") if attributes.get(name)]
        assert all(str(source).startswith(("tel:", "data:,")) for source in sources), (tag, sources)


@pytest.mark.parametrize("make", EVERY_PAGE.values(), ids=EVERY_PAGE.keys())
def test_every_page_is_chinese_with_english_beneath_and_keeps_out_of_the_history(make: Callable[[], str]) -> None:
    read = Reader(make())
    assert read.attributes("html") == [{"lang": "zh-CN"}]
    assert any(span.get("lang") == "en" for span in read.attributes("span"))
    assert {"name": "robots", "content": "noindex"} in read.attributes("meta")
    title = read.text[: read.text.index(HOSPITAL) if HOSPITAL in read.text else read.text.index("石门")]
    assert title in {"转诊卡", "转诊结果"}


def test_before_the_digits_the_page_says_nothing_about_anybody() -> None:
    read = Reader(ask_page(HOSPITAL, DESK, nonce=NONCE))
    assert "请输入病人身份证最后 4 位" in read.text
    assert "*" not in read.text
    assert read.attributes("form") == [{"method": "post"}]  # to its own address: the token stands nowhere in the page
    (field,) = read.attributes("input")
    assert (field["name"], field["maxlength"], field["autocomplete"]) == ("last4", "4", "off")
    assert re.fullmatch(str(field["pattern"]), "003X")
    assert not re.fullmatch(str(field["pattern"]), "00350")


def test_wrong_digits_are_said_with_how_many_tries_are_left() -> None:
    read = Reader(ask_page(HOSPITAL, DESK, nonce=NONCE, tries_left=2))
    assert "还可以试 2 次" in read.text
    assert read.attributes("input")[0]["aria-invalid"] == "true"
    assert any(paragraph.get("role") == "alert" for paragraph in read.attributes("p"))


def test_the_card_says_where_until_when_whom_to_call_and_what_to_bring() -> None:
    read = Reader(_card())
    for words in (
        "马*国，床位给您留好了", HOSPITAL, "2 号楼 5 层", "心血管内科", "CCU 3 床", "今天上午 10:57",
        "到 1 号门 给护士扫这个码", "R-2611-0387-K", "先抢救后付费，不用先交押金", "身份证、医保卡", "打给县医院转诊台",
    ):  # fmt: skip
        assert words in read.text, words
    assert [link["href"] for link in read.attributes("a")] == ["tel:88880120", "tel:13800000101", "tel:120"]


def test_the_card_never_shows_the_whole_name() -> None:
    assert "马建国" not in _card()
    assert "马*国" in _card(patient_name="马*国")  # masked already: stays as it is


def test_the_code_of_the_card_is_the_number_and_nothing_else() -> None:
    code = number_code("R-2611-0387-K")
    (path,) = Reader(code).attributes("path")
    matrix = segno.make("R-2611-0387-K", error="m", micro=False).matrix
    assert _drawn(str(path["d"]), len(matrix), border=2) == [[bool(module) for module in row] for row in matrix]
    assert code in _card()


def _drawn(path: str, size: int, *, border: int) -> list[list[bool]]:
    """Return the modules that the strokes of a path cover; each command moves, or draws a run to the right."""
    drawn = [[False] * size for _ in range(size)]
    x, y = 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            for column in range(int(x), int(x + values[0])):
                drawn[int(y) - border][column - border] = True
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return drawn


def test_a_patient_of_the_bay_is_told_that_the_emergency_department_waits() -> None:
    text = Reader(_card(reception=Reception.BAY, bed="", department="急诊科 抢救区")).text
    assert "急诊科在等您" in text
    assert "先抢救后付费" in text
    assert "CCU" not in text


def test_a_patient_who_goes_home_is_told_who_comes_and_is_not_sent_to_a_nurse() -> None:
    text = Reader(_card(reception=Reception.HOME, at=date(2026, 12, 1), bring=())).text
    assert "医生最晚来看您 12月1日 星期二" in text
    assert "护士" not in text
    assert "要带的" not in text


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        (Notice.EXPIRED, "请医生再发一次"),
        (Notice.USED, "请医生再发一次"),
        (Notice.LOCKED, "请打电话"),
        (Notice.CANCELLED, "先不要出发"),
        (Notice.ARRIVED, "已经登记到院了"),
    ],
)
def test_a_link_without_a_card_says_the_way_on_and_a_number(notice: Notice, words: str) -> None:
    read = Reader(notice_page(notice, HOSPITAL, DESK, nonce=NONCE))
    assert words in read.text
    assert [link["href"] for link in read.attributes("a")] == ["tel:88880120"]


def test_a_page_refreshes_itself_only_when_told_to() -> None:
    assert "http-equiv" not in _card()
    assert '<meta http-equiv="refresh" content="60">' in card_page(patient_card(), now=NOW, nonce=NONCE, refresh=60)


def test_a_phone_without_digits_is_no_button() -> None:
    assert call_button("打给转诊台", "") == ""
    assert call_button("打给转诊台", "无") == ""
    assert 'href="tel:+8613800000101"' in call_button("打给转诊台", "+86 138-0000-0101")


def test_whatever_people_write_stays_text() -> None:
    contact = Contact(who=HOSTILE, phone='1"><script>')
    card = patient_card(
        number=HOSTILE, patient_name=HOSTILE, organization=HOSTILE, building=HOSTILE, department=HOSTILE,
        bed=HOSTILE, entrance=HOSTILE, contacts=(contact,), bring=(HOSTILE,),
    )  # fmt: skip
    asked = replace(ASKED, number=HOSTILE, patient=HOSTILE, sex_age=HOSTILE, from_organization=HOSTILE, contact=contact)
    written = OutcomeRead(HOSTILE, HOSTILE, HOSTILE, HOSTILE, None, {"diagnosis": HOSTILE})
    pages = [
        ask_page(HOSTILE, contact, nonce=NONCE),
        card_page(card, now=NOW, nonce=NONCE),
        notice_page(Notice.EXPIRED, HOSTILE, contact, nonce=NONCE),
        outcome_page(asked, today=TODAY, nonce=NONCE, read=written),
        thanks_page(asked, nonce=NONCE),
    ]
    for page in pages:
        read = Reader(page)
        assert read.attributes("script") == []
        assert read.attributes("img") == []
        assert not any(name.startswith("on") for _, attributes in read.tags for name in attributes)


def test_the_outcome_form_asks_for_what_the_sender_needs_of_a_patient_it_does_not_name() -> None:
    read = Reader(outcome_page(ASKED, today=TODAY, nonce=NONCE))
    names = [attributes["name"] for tag in ("textarea", "input") for attributes in read.attributes(tag)]
    assert names == ["diagnosis", "treatment", "advice", "on", "doctor"]
    labels = {label["for"] for label in read.attributes("label")}
    assert labels == set(names)
    assert "王*兰" in read.text
    assert "王秀兰" not in read.text
    assert "R-2611-0388-M" in read.text
    assert read.attributes("form")[0]["method"] == "post"
    (day, _) = read.attributes("input")
    assert (day["type"], day["min"], day["max"]) == ("date", "2026-11-20", "2026-11-23")


GOOD = {
    "diagnosis": " 社区获得性肺炎 ",
    "treatment": "抗感染 5 天\n好转",
    "advice": "",
    "on": "2026-11-22",
    "doctor": "石专",
}


def test_an_outcome_is_read_trimmed_with_its_day() -> None:
    read = read_outcome(GOOD, sent_on=ASKED.sent_on, today=TODAY)
    assert read == OutcomeRead("社区获得性肺炎", "抗感染 5 天\n好转", "", "石专", date(2026, 11, 22))


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"diagnosis": "  "}, "diagnosis", "这一项要写"),
        ({"treatment": ""}, "treatment", "这一项要写"),
        ({"doctor": ""}, "doctor", "这一项要写"),
        ({"advice": "长" * (LONGEST + 1)}, "advice", "太长了"),
        ({"on": "昨天"}, "on", "请写日期"),
        ({"on": "2026-11-24"}, "on", "转诊那天和今天之间"),
        ({"on": "2026-11-19"}, "on", "转诊那天和今天之间"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_written_is_lost(
    changed: dict[str, str], field: str, sentence: str
) -> None:
    read = read_outcome({**GOOD, **changed}, sent_on=ASKED.sent_on, today=TODAY)
    assert list(read.errors) == [field]
    assert sentence in read.errors[field]
    page = outcome_page(ASKED, today=TODAY, nonce=NONCE, read=read)
    assert f'aria-describedby="why-{field}"' in page
    assert read.treatment in page
    assert "石专" in page or field == "doctor"


def test_an_empty_answer_is_refused_field_by_field() -> None:
    assert set(read_outcome({}, sent_on=ASKED.sent_on, today=TODAY).errors) == {
        "diagnosis",
        "treatment",
        "doctor",
        "on",
    }


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (at(10, 57), "今天上午 10:57"),
        (at(12, 5), "今天中午 12:05"),
        (at(15, 30), "今天下午 3:30"),
        (at(20, 0), "今天晚上 8:00"),
        (at(8, 5, day=24), "明天上午 8:05"),
        (at(9, 5, day=26), "11月26日 星期四 上午 9:05"),
        (datetime.fromisoformat("2026-11-23T16:10:00+00:00"), "明天凌晨 0:10"),
        (date(2026, 11, 23), "今天"),
        (date(2026, 12, 1), "12月1日 星期二"),
    ],
)
def test_times_are_said_as_people_say_them(when: datetime | date, words: str) -> None:
    assert spoken_time(when, NOW) == words
