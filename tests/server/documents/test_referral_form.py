"""The national referral forms: every label in order, nothing lost, a code that leads to the ticket."""

import re
import shutil
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import segno

from referral.model import Level
from server.documents.referral_form import level_plate, receiving_code, render_out_form, render_return_form
from server.documents.referral_model import FormExtras, OutForm, Printing, ReturnForm
from tests.builders.referral_documents import EXTRAS, FIRST_PRINT, PATIENT, at, out_form, return_form

ROOT = Path(__file__).resolve().parents[3]
FONTS = [ROOT / ".build" / "fonts", Path("/usr/share/fonts/opentype/noto")]
DOTS_PER_MM = 300 / 25.4

pytestmark = [
    pytest.mark.skipif(
        not any(next(directory.glob("Noto*"), None) for directory in FONTS if directory.is_dir()),
        reason="left out: no Chinese font (make setup places one)",
    ),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="left out: poppler-utils is not installed"),
]

OUT_LABELS = [
    "双向转诊(转出)单", "存根", "患者姓名", "性别", "年龄", "档案编号", "家庭住址", "联系电话",
    "于", "年", "月", "日因病情需要,转入", "单位", "科室", "接诊医生", "转诊医生(签字)", "年", "月", "日",
    "双向转诊(转出)单", "(机构名称):", "现有患者", "性别", "年龄", "因病情需要,需转入贵单位,请予以接诊",
    "初步印象", "主要现病史(转出原因)", "主要既往史", "治疗经过",
    "转诊医生(签字)", "联系电话", "(机构名称)", "年", "月", "日",
]  # fmt: skip
RETURN_LABELS = [
    "双向转诊(回转)单", "存根", "患者姓名", "性别", "年龄", "病案号", "家庭住址", "联系电话",
    "于", "年", "月", "日因病情需要,转回", "单位", "科室", "接诊医生", "转诊医生(签字)", "年", "月", "日",
    "双向转诊(回转)单", "(机构名称):", "现有患者", "因病情需要,现转回贵单位,请予以接诊",
    "诊断结果", "住院病案号", "主要检查结果", "治疗经过、下一步治疗方案及康复建议",
    "转诊医生(签字)", "联系电话", "(机构名称)", "年", "月", "日",
]  # fmt: skip


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page as it is read, without spaces, full-width marks as ASCII."""
    tool = shutil.which("pdftotext")
    assert tool is not None
    text = subprocess.run([tool, "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [re.sub(r"\s+", "", unicodedata.normalize("NFKC", page)) for page in text.split("\f")[:-1]]


def assert_in_order(words: list[str], text: str) -> None:
    position = 0
    for word in words:
        found = text.find(re.sub(r"\s+", "", unicodedata.normalize("NFKC", word)), position)
        assert found >= 0, f"{word} after {text[max(0, position - 20) : position]}"
        position = found + len(word)


def picture_of(pdf: bytes) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Return the first page at 300 dots an inch, true where it is black."""
    command = ["pdftoppm", "-r", "300", "-gray", "-singlefile", "-"]
    image = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    _, size, _, pixels = image.split(b"\n", 3)
    wide, high = (int(part) for part in size.split())
    return np.frombuffer(pixels, dtype=np.uint8).reshape(high, wide) < 128


def printed_code(pdf: bytes, modules: int) -> list[list[bool]]:
    """Return the modules of the QR code as they are on the paper: right of the title under the tear line."""
    black = picture_of(pdf)
    tear = int(np.flatnonzero(black[:, : int(10 * DOTS_PER_MM)].any(axis=1)).max())
    corner = black[tear + 20 : tear + int(40 * DOTS_PER_MM), int(158 * DOTS_PER_MM) : int(195 * DOTS_PER_MM)]
    rows = np.flatnonzero(corner.any(axis=1))
    rows = rows[: next((i + 1 for i, step in enumerate(np.diff(rows)) if step > DOTS_PER_MM), len(rows))]
    code = corner[rows[0] : rows[-1] + 1]
    columns = np.flatnonzero(code.any(axis=0))
    code = code[:, columns[0] : columns[-1] + 1]
    middles = [[int((n + 0.5) * length / modules) for n in range(modules)] for length in code.shape]
    return [[bool(code[y, x]) for x in middles[1]] for y in middles[0]]


def test_the_outgoing_form_has_every_label_of_the_national_form_in_order() -> None:
    (page,) = pages_of(render_out_form(out_form(), FIRST_PRINT, FONTS))
    assert_in_order(OUT_LABELS, page)


def test_the_return_form_has_every_label_of_the_national_form_in_order() -> None:
    (page,) = pages_of(render_return_form(return_form(), FIRST_PRINT, FONTS))
    assert_in_order(RETURN_LABELS, page)


def test_what_the_ticket_says_stands_beside_its_label_on_stub_and_form() -> None:
    (page,) = pages_of(render_out_form(out_form(), FIRST_PRINT, FONTS))
    assert_in_order(
        [
            "患者姓名马建国性别男年龄68岁档案编号101-00023", "家庭住址云岭县石门镇石门村3组联系电话13800000187",
            "于2026年11月23日因病情需要,转入云岭县人民医院单位心血管内科CCU科室赵宁接诊医生", "转诊医生(签字):李兰",
            "沿虚线撕下,交给病人", "云岭县人民医院(机构名称)", "现有患者马建国性别男年龄68岁因病情需要",
            "初步印象:急性下壁心肌梗死", "主要现病史(转出原因):2026-11-2307:20起胸痛", "血压92/58mmHg",
            "主要既往史:高血压12年", "治疗经过:08:26吸氧", "李兰", "联系电话:13800000101", "石门镇卫生院(机构名称)",
        ],
        page,
    )  # fmt: skip


def test_what_the_ticket_adds_stands_at_the_foot_in_words() -> None:
    (page,) = pages_of(render_out_form(out_form(), FIRST_PRINT, FONTS))
    assert_in_order(
        [
            "转诊单号R-2611-0387-K", "方向上转", "分级[Ⅰ级濒危]", "绿色通道胸痛",
            "转诊诊断(ICD-10)I21.1急性下壁心肌梗死", "转运方式救护车",
            "护送李兰、护士杨敏", "预计到达2026-11-2309:32", "床位CCU-03", "留到2026-11-2310:57",
            "注意事项未用硝酸酯类", "关联检查心电图E-2611-0387-K", "胸部正位片X-2611-0412-A", "电话88880120",
            "打印2026-11-2308:35:00李兰", "第1次打印", "内容摘要SHA-256",
        ],
        page,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["out", "return"])
def test_the_code_on_the_paper_is_the_receiving_page_and_the_number(kind: str) -> None:
    extras = EXTRAS if kind == "out" else return_form().extras
    pdf = (
        render_out_form(out_form(), FIRST_PRINT, FONTS)
        if kind == "out"
        else render_return_form(return_form(), FIRST_PRINT, FONTS)
    )
    expected = segno.make(f"{extras.receiving_url}#{extras.number}", error="m", micro=False)
    matrix = [[bool(module) for module in row] for row in expected.matrix]
    assert printed_code(pdf, len(matrix)) == matrix


def test_the_code_says_nothing_about_the_patient() -> None:
    code = receiving_code(EXTRAS)
    assert code == f"{EXTRAS.receiving_url}#R-2611-0387-K"
    assert code.isascii()


def test_a_reprint_says_which_one_it_is_and_keeps_the_digest() -> None:
    first = pages_of(render_out_form(out_form(), FIRST_PRINT, FONTS))[0]
    second = pages_of(render_out_form(out_form(), Printing(at=at(9, 1), by="周敏", times=2), FONTS))[0]
    other = pages_of(render_out_form(out_form(impression="待查"), FIRST_PRINT, FONTS))[0]
    assert second.count("第2次打印") == 2  # on the stub, which stays, and at the foot
    assert "第1次打印" not in second
    digests = [re.search(r"SHA-256([0-9a-f]{16})", page) for page in (first, second, other)]
    first_digest, second_digest, other_digest = [found.group(1) for found in digests if found]
    assert first_digest == second_digest != other_digest


@pytest.mark.parametrize("form", [OutForm(), ReturnForm()], ids=["out", "return"])
def test_an_empty_form_has_all_labels_lines_to_write_on_and_says_what_to_do_when_the_line_is_down(
    form: OutForm | ReturnForm,
) -> None:
    pdf = (
        render_out_form(form, FIRST_PRINT, FONTS)
        if isinstance(form, OutForm)
        else render_return_form(form, FIRST_PRINT, FONTS)
    )
    (page,) = pages_of(pdf)
    assert_in_order(OUT_LABELS if isinstance(form, OutForm) else RETURN_LABELS, page)
    assert_in_order(["写单时间", "转诊单号(补录后填)", "□Ⅰ级濒危", "□Ⅳ级非急症", "网络不通时先打电话"], page)
    lines = picture_of(pdf)[:, int(60 * DOTS_PER_MM) : int(190 * DOTS_PER_MM)].all(axis=1)
    starts = np.flatnonzero(np.diff(lines.astype(int)) == 1)
    assert len(starts) >= 8  # full-width lines for the texts, one 9 mm from the next
    assert np.diff(starts).min() >= 8 * DOTS_PER_MM


def test_a_longer_text_is_set_smaller_and_stays_on_the_page() -> None:
    history = "反复胸闷胸痛 3 年，加重 2 天，含服硝酸甘油 0.5 mg 可缓解；" * 20
    (page,) = pages_of(render_out_form(out_form(present_history=history), FIRST_PRINT, FONTS))
    assert page.count("反复胸闷胸痛3年") == 20
    assert_in_order(OUT_LABELS, page)


def test_a_very_long_text_goes_on_overleaf_and_loses_no_word() -> None:
    numbered = [f"第{n}日血压{100 + n}/92mmHg，继续观察；" for n in range(1, 400)]
    pages = pages_of(render_out_form(out_form(present_history="".join(numbered)), FIRST_PRINT, FONTS))
    assert len(pages) >= 2
    assert_in_order(OUT_LABELS, pages[0])  # the form itself is whole on the first page
    assert "(下接续页)" in pages[0]
    assert all("续页马建国R-2611-0387-K" in page for page in pages[1:])
    rest = "".join(re.sub(r"双向转诊\(转出\)单续页马建国R-2611-0387-K第\d+页", "", page) for page in pages[1:])
    head = pages[0].partition("主要现病史(转出原因):")[2].partition("(下接续页)")[0]
    assert head + rest.removeprefix("主要现病史(转出原因)(续):") == unicodedata.normalize("NFKC", "".join(numbered))


@pytest.mark.parametrize("shift", range(5))
def test_numbers_and_words_are_never_parted_where_a_text_goes_on(shift: int) -> None:
    treatment = "一" * shift + "阿司匹林300mg" * 900
    pages = pages_of(render_out_form(out_form(treatment=treatment), FIRST_PRINT, FONTS))
    head = pages[0].partition("治疗经过:")[2].partition("(下接续页)")[0]
    assert head.endswith(("300mg", "阿", "阿司", "阿司匹", "阿司匹林"))
    assert head.count("阿司匹林300mg") > 20


def test_a_long_attention_and_many_studies_stand_whole_overleaf() -> None:
    extras = replace(EXTRAS, attention="途中监测血压。" * 40, studies=tuple(f"检查X-{n:03d}" for n in range(30)))
    pages = pages_of(render_out_form(out_form(extras=extras), FIRST_PRINT, FONTS))
    assert "等30项,见续页" in pages[0]
    assert pages[1].count("途中监测血压") == 40
    assert_in_order([f"检查X-{n:03d}" for n in range(30)], pages[1])


def test_a_long_diagnosis_of_a_return_stands_whole_under_its_line() -> None:
    (page,) = pages_of(render_return_form(return_form(diagnosis="急性心肌梗死；" * 20), FIRST_PRINT, FONTS))
    assert_in_order(["诊断结果见下住院病案号20261123-0417", "诊断结果(全文)", "急性心肌梗死;" * 20], page)


def test_a_missing_text_leaves_lines_between_the_written_ones() -> None:
    (page,) = pages_of(render_out_form(out_form(past_history=""), FIRST_PRINT, FONTS))
    assert "主要既往史:治疗经过:08:26" in page


def test_a_rare_name_is_printed_with_a_box_and_a_note() -> None:
    pdf = render_out_form(out_form(patient=replace(PATIENT, name="马\U000323af国")), FIRST_PRINT, FONTS)
    (page,) = pages_of(pdf)
    assert page.count("马□国") == 2
    assert "字库未收录U+323AF" in page


@pytest.mark.parametrize(
    "hostile",
    ["#panic()", "*bold* _x_ $1/0$", "@ref <label>", '"; #read("/etc/passwd")', "\x00\u202e", "W" * 3000, "\n\n \r\n"],
    ids=["call", "markup", "reference", "quote", "control", "one word", "blank lines"],
)
def test_what_people_write_is_text_and_any_of_it_comes_out(hostile: str) -> None:
    form = out_form(patient=replace(PATIENT, name=hostile[:40]), treatment=hostile, impression=hostile)
    text = "".join(pages_of(render_out_form(form, FIRST_PRINT, FONTS)))
    assert "治疗经过" in text
    assert text.count("W") >= 2 * hostile.count("W")
    if hostile.isprintable() and len(hostile) < 40:
        assert text.count(re.sub(r"\s+", "", hostile)) == 4


def test_a_form_is_pdf_a_and_the_same_bytes_again() -> None:
    pdf = render_return_form(return_form(), FIRST_PRINT, FONTS)
    assert b"pdfaid:part>2<" in pdf
    assert render_return_form(return_form(), FIRST_PRINT, FONTS) == pdf


def test_a_level_is_printed_in_words_and_an_unset_one_not_at_all() -> None:
    assert [level_plate(level) for level in Level] == ["［Ⅰ级 濒危］", "［Ⅱ级 危重］", "［Ⅲ级 急症］", "［Ⅳ级 非急症］"]
    assert level_plate(None) == ""
    assert receiving_code(FormExtras(number="R-1")) == ""
