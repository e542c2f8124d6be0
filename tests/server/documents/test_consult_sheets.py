"""Application and opinion on paper: every label of the forms in their order, and never taken for a diagnosis."""

from dataclasses import replace

import pytest

from server.documents.consult_sheets import render_application, render_opinion
from tests.builders.consult_papers import APPLICATION_SHEET, ASKED, OPINION_SHEET, PATIENT
from tests.server.documents.test_report_pdf import FONTS, needs_fonts, needs_poppler, text_of, without_spaces
from video.consults import Application, Consent, OpinionText
from video.model import Urgency

pytestmark = [needs_fonts, needs_poppler]

# domain.md 2.2, label by label, each with what stands behind it.
APPLICATION = [
    "远程会诊申请单",
    "电子申请单编号H-2611-0012-K", "服务类别会诊", "紧急程度加急",
    "邀请方机构石门镇卫生院", "邀请方科室全科", "申请医师李兰", "联系电话13800000101",
    "受邀方机构云岭县人民医院", "受邀专业心内", "职称要求副主任", "指定专家赵宁",
    "患者姓名马建国", "性别男", "出生日期1958-03-04", "证件类型居民身份证", "证件号码9901**********0035",
    "健康档案编号99010110010100023", "患者电话13800000187", "参保类型城乡居民", "救助类别低保",
    "门诊/住院号Z20261123-04", "病区一病区", "床号07床",
    "主诉反复胸闷3月", "现病史活动后加重，休息缓解", "既往史高血压10年", "过敏史青霉素",
    "体格检查双肺呼吸音清",
    "生命体征2026-11-2312:00:00，血压150/90mmHg，心率88次/分，呼吸18次/分，血氧饱和度97%，体温36.6℃",
    "病历摘要男，68岁，高血压10年", "初步诊断稳定型心绞痛", "诊断编码（ICD-10）I20.800x007",
    "辅助检查结果心电图V4–V6ST压低", "关联检查12导联心电图2026-11-23", "诊疗过程硝酸甘油舌下含服后缓解",
    "会诊类型远程会诊·视频", "会诊原因诊断不明", "会诊目的是否需要造影",
    "希望会诊时间①2026-11-2315:00:00", "希望会诊时间②2026-11-2316:00:00", "希望会诊时间③2026-11-2317:00:00",
    "会诊费用免收：县域医共体内", "知情同意马小军（儿子）书面同意，2026-11-2312:00:00，纸质存卷",
    "附件报告E-2611-0387-K，第1版", "科室/医务科审批全科同意；医务科海英同意", "提交时间2026-11-2312:00:00",
]  # fmt: skip
OPINION = [
    "远程会诊意见书",
    "会诊意见书编号Y-2611-0007-A", "电子申请单编号H-2611-0012-K",
    "会诊开始时间2026-11-2312:00:00", "会诊结束时间2026-11-2312:25:00", "会诊方式视频",
    "邀请方机构石门镇卫生院", "受邀方机构云岭县人民医院", "患者姓名马建国",
    "参加人员赵宁副主任心内执业证书110990101000001独立临床工作自2014-07-01", "郭恒主任内分泌执业证书110990101000002",
    "所见资料心电图、心脏超声", "会诊意见",
    "诊断稳定型心绞痛", "鉴别诊断胃食管反流", "建议检查择期冠脉CTA", "治疗建议阿司匹林100mg每日一次",
    "转诊建议建议转诊［Ⅳ级非急症］", "资料局限未查肌钙蛋白",
    "会诊医师签名郭恒（参加）赵宁（主持）", "签名时间2026-11-2312:29:002026-11-2312:31:00",
    "受邀机构盖章云岭县人民医院",
    "采纳情况部分采纳", "填写人李兰2026-11-2313:00:00", "原因本院无此药", "会诊结局已结案",
]  # fmt: skip


def in_order(text: str, words: list[str]) -> None:
    position = 0
    for each in words:
        found = text.find(each, position)
        assert found >= 0, f"{each} is missing, or stands before its place"
        position = found + len(each)


def said(pdf: bytes) -> str:
    return without_spaces(text_of(pdf))


def test_an_application_has_every_label_of_the_form_in_its_order() -> None:
    in_order(said(render_application(APPLICATION_SHEET, FONTS)), APPLICATION)


def test_an_opinion_has_every_label_of_the_form_in_its_order() -> None:
    in_order(said(render_opinion(OPINION_SHEET, FONTS)), OPINION)


def test_what_nobody_wrote_keeps_its_label() -> None:
    empty = replace(
        APPLICATION_SHEET, application=Application(), expert="", studies=(), reports=(), doctor="",
        patient=replace(PATIENT, birth_date=None, identifier="", identifier_type="", phone="", assistance=()),
    )  # fmt: skip
    text = said(render_application(empty, FONTS))
    for label in ("主诉—", "生命体征—", "希望会诊时间③—", "知情同意—", "救助类别—", "指定专家—"):
        assert label in text


def test_an_emergency_says_who_approved_it_and_needs_no_signature_of_the_department() -> None:
    approved = replace(ASKED, approval="", consent=Consent(approved_by="haiying", approval_reason="昏迷"))
    sheet = replace(APPLICATION_SHEET, urgency=Urgency.EMERGENCY, application=approved, approver="海英")
    in_order(
        said(render_application(sheet, FONTS)),
        ["紧急程度急", "知情同意急会诊，海英批准：昏迷", "科室/医务科审批急会诊免"],
    )


def test_an_opinion_is_no_diagnosis_on_every_page_and_can_be_checked() -> None:
    long = replace(OPINION_SHEET, text=replace(OPINION_SHEET.text, findings="心电图正常范围。\n" * 120))
    pages = text_of(render_opinion(long, FONTS)).split("\f")[:-1]
    assert len(pages) >= 2
    for page in map(without_spaces, pages):
        assert "诊断和治疗由邀请方决定并负责；本意见书不是诊断报告" in page
        assert "Y-2611-0007-A-9F86D081884C" in page
        assert "sha256:9f86d081884c" in page
    assert "马建国" in pages[1]


def test_what_the_inviter_has_not_said_yet_stands_empty_to_be_written() -> None:
    text = said(render_opinion(replace(OPINION_SHEET, adoption=None, outcome=""), FONTS))
    in_order(text, ["采纳情况□采纳□部分采纳□未采纳", "原因", "会诊结局"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (OpinionText(refer=False), "转诊建议不需转诊"),
        (OpinionText(refer=None), "转诊建议—"),
        (OpinionText(refer=True), "转诊建议建议转诊"),
        (OpinionText(insufficient=True, limits="缺超声"), "资料局限资料不足，不下诊断缺超声"),
    ],
)
def test_advice_and_limits_are_said_in_words(text: OpinionText, words: str) -> None:
    assert words in said(render_opinion(replace(OPINION_SHEET, text=text), FONTS))


@pytest.mark.parametrize("hostile", ["#panic()", '"; #read("/etc/passwd")', "*b* _x_ $1/0$", "长" * 9_000, "W" * 2_000])
def test_what_people_write_is_never_markup_and_always_comes_out(hostile: str) -> None:
    sheet = replace(OPINION_SHEET, text=replace(OPINION_SHEET.text, treatment=hostile))
    text = said(render_opinion(sheet, FONTS))
    assert text.count("长") >= hostile.count("长")
    assert len(hostile) > 100 or without_spaces(hostile) in text


def test_the_same_paper_is_the_same_bytes_again_and_an_archive_takes_it() -> None:
    for pdf, again in (
        (render_opinion(OPINION_SHEET, FONTS), render_opinion(OPINION_SHEET, FONTS)),
        (render_application(APPLICATION_SHEET, FONTS), render_application(APPLICATION_SHEET, FONTS)),
    ):
        assert pdf == again
        assert b"pdfaid:part>2<" in pdf
