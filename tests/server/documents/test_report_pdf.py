"""The printed report: everything on it in order, fonts inside, the same bytes again, never lost to a rare name."""

import re
import shutil
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from server.documents.errors import FontMissing
from server.documents.glyphs import code_points, load_fonts
from server.documents.model import Correction, ReportKind
from server.documents.report_pdf import render_report_pdf
from server.documents.typesetting import qr_svg
from tests.builders.report_documents import at, ecg_report

ROOT = Path(__file__).resolve().parents[3]
FONTS = [ROOT / ".build" / "fonts", Path("/usr/share/fonts/opentype/noto")]

needs_fonts = pytest.mark.skipif(
    not any(next(directory.glob("Noto*"), None) for directory in FONTS if directory.is_dir()),
    reason="left out: no Chinese font (make setup places one)",
)
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="left out: poppler-utils is not installed")


def text_of(pdf: bytes) -> str:
    tool = shutil.which("pdftotext")
    assert tool is not None
    return subprocess.run([tool, "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def without_spaces(text: str) -> str:
    return re.sub(r"\s+", "", text)


@needs_fonts
@needs_poppler
def test_a_report_says_everything_in_reading_order() -> None:
    text = without_spaces(text_of(render_report_pdf(ecg_report(), FONTS)))
    expected = [
        "云岭县人民医院", "远程心电图诊断报告", "马建国", "男", "68岁", "E-2611-0387-K", "9901**********0035",
        "2026-11-0208:16:00", "石门镇卫生院李兰", "心电诊断中心", "静息12导联同步", "99010110010100023", "胸痛1小时",
        "自动测量，仅供参考", "心电所见", "弓背向上抬高0.3mV", "诊断意见", "2.急性下壁心肌梗死", "阳性", "危急值",
        "报告医师", "王珂", "2026-11-0208:29:00", "审核医师", "陈岳", "副主任医师", "2026-11-0208:31:00",
        "本报告仅供临床参考", "7QK4-M2XN-9F", "sha256:9f86d081",
    ]  # fmt: skip
    position = 0
    for words in expected:
        position = text.find(words, position)
        assert position >= 0, words


@needs_fonts
def test_it_is_pdf_a_2b_and_the_same_bytes_again() -> None:
    pdf = render_report_pdf(ecg_report(), FONTS)
    assert pdf.startswith(b"%PDF-1.7")
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfaid:conformance>B<" in pdf
    assert render_report_pdf(ecg_report(), FONTS) == pdf
    assert render_report_pdf(ecg_report(impression="正常心电图"), FONTS) != pdf


@needs_fonts
@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="left out: poppler-utils is not installed")
def test_every_font_is_embedded(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(render_report_pdf(ecg_report(), FONTS))
    listed = subprocess.run(["pdffonts", path], capture_output=True, check=True).stdout.decode().splitlines()[2:]
    assert listed
    assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in listed), listed


@needs_fonts
@needs_poppler
def test_a_rare_name_is_printed_with_a_box_and_a_note() -> None:
    patient = replace(ecg_report().patient, name="马\U000323af国")
    text = without_spaces(text_of(render_report_pdf(ecg_report(patient=patient), FONTS)))
    assert "马□国" in text
    assert "字库未收录U+323AF" in text


@needs_fonts
@needs_poppler
def test_powers_stay_powers_and_small_digits_stay_readable() -> None:
    text = text_of(render_report_pdf(ecg_report(findings="WBC 12.3×10⁹/L，SpO₂ 94%"), FONTS))
    assert "×10^9/L" in text or "×10⁹/L" in text
    assert "SpO2" in text or "SpO₂" in text


@needs_fonts
@needs_poppler
def test_a_preliminary_report_says_so_on_every_page_and_waits_for_review() -> None:
    document = ecg_report(preliminary=True, reviewer=None, findings="两肺纹理增多，未见明显实变影。\n" * 90)
    pages = text_of(render_report_pdf(document, FONTS)).split("\f")[:-1]
    assert len(pages) >= 2
    assert all("临时报告" in without_spaces(page) for page in pages)
    assert "以正式报告为准" in without_spaces(pages[0])
    assert "待审核" in pages[-1]
    assert "马建国" in pages[1]


@needs_fonts
@needs_poppler
def test_a_corrected_version_names_the_one_it_replaces_and_why() -> None:
    correction = Correction(replaces_version=1, kind="更正", reason="左右标记有误", corrected_at=at(9, 10))
    document = ecg_report(version=2, kind=ReportKind.RADIOLOGY, correction=correction)
    text = without_spaces(text_of(render_report_pdf(document, FONTS)))
    assert "更正报告" in text
    assert "本版替代第1版，原版保留备查" in text
    assert "原因：左右标记有误" in text
    assert "影像所见" in text


@needs_fonts
@needs_poppler
@pytest.mark.parametrize(
    "hostile", ["#panic()", "*bold* _x_ $1/0$", "@ref <label>", "\\u{41} // no comment", '"; #read("/etc/passwd")']
)
def test_what_people_write_is_never_markup(hostile: str) -> None:
    patient = replace(ecg_report().patient, name=hostile)
    text = without_spaces(text_of(render_report_pdf(ecg_report(findings=hostile, patient=patient), FONTS)))
    assert text.count(without_spaces(hostile)) >= 2


@needs_fonts
@needs_poppler
@pytest.mark.parametrize(
    "findings",
    ["", "\x00\x07控制\u200b字符\u202e", "长" * 20_000, "W" * 2_000],
    ids=["empty", "control", "long", "one word"],
)
def test_any_text_comes_out(findings: str) -> None:
    text = without_spaces(text_of(render_report_pdf(ecg_report(findings=findings), FONTS)))
    assert "诊断意见" in text
    assert text.count("长") >= findings.count("长")


def test_without_a_chinese_font_the_report_is_refused_loudly(tmp_path: Path) -> None:
    with pytest.raises(FontMissing):
        render_report_pdf(ecg_report(), [tmp_path, tmp_path / "absent"])


@needs_fonts
def test_the_fonts_cover_the_standard_of_names_and_admit_what_they_lack() -> None:
    fonts = load_fonts(FONTS)
    assert fonts.has("马建国䶮亻龘Ⅱ℃≥±×µ□—“”")
    assert fonts.printable("张\U000323af\ufe00三\U0001f600") == ("张□三□", ("U+323AF", "U+1F600"))


def test_the_qr_code_is_an_svg_of_the_address() -> None:
    svg = qr_svg("https://lutong.example/v/7QK4M2XN9F")
    assert svg.startswith("<svg")
    assert svg != qr_svg("https://lutong.example/v/other")


def test_a_character_map_in_format_4_is_read(tmp_path: Path) -> None:
    segments = struct.pack(">HHHHHHH", 4, 0, 0, 4, 0, 0, 0) + struct.pack(">HHHHH", 0x5A, 0xFFFF, 0, 0x41, 0xFFFF)
    cmap = struct.pack(">HHHHI", 0, 1, 3, 1, 12) + segments
    font = b"OTTO" + struct.pack(">H6x", 1) + struct.pack(">4sIII", b"cmap", 0, 28, len(cmap)) + cmap
    path = tmp_path / "tiny.otf"
    path.write_bytes(font)
    assert code_points(path) == set(range(0x41, 0x5B))
