"""Names are read by the set that is true; a guess is said to be one, and its bytes are kept (decisions 10, R27)."""

import io
import warnings
from pathlib import Path

import pydicom
import pytest

from dicom.charset import clean, declared_terms, decode, person_name, shown
from dicom.index import header_of
from dicom.scan import scan_part10
from tests.builders import dicom_objects as names

GBK = "马建国".encode("gbk")


@pytest.mark.parametrize(
    ("raw", "declared", "source", "value", "guessed"),
    [
        (GBK, "ISO_IR 100", None, "马建国", "GB18030"),
        (GBK, "", None, "马建国", "GB18030"),
        ("马建国".encode(), "ISO_IR 100", None, "马建国", "ISO_IR 192"),
        ("马建国".encode(), "", None, "马建国", "ISO_IR 192"),
        ("Müller".encode("latin-1"), "ISO_IR 100", None, "Müller", None),
        ("Müller".encode("latin-1"), "", None, "Müller", "ISO_IR 100"),
        ("王^小䶮".encode("gb18030"), "GB18030", None, "王^小䶮", None),
        ("王^小䶮".encode("gb18030"), "ISO_IR 100", "GB18030", "王^小䶮", "GB18030"),
        (GBK, "ISO_IR 192", None, "马建国", "GB18030"),
        ("马建国".encode(), "GBK", None, "马建国", "ISO_IR 192"),
        (GBK, "GBK", None, "马建国", None),
        (GBK, "NO SUCH SET", None, "马建国", "GB18030"),
        ("Люкceмбypг".encode("iso8859-5"), "ISO_IR 144", None, "Люкceмбypг", None),
        (b"Smith^John", "ISO_IR 192", None, "Smith^John", None),
        (b"Smith^John", "", None, "Smith^John", None),
    ],
)
def test_a_declared_set_is_believed_unless_it_cannot_be_true(
    raw: bytes, declared: str, source: str | None, value: str, guessed: str | None
) -> None:
    name = person_name(raw, declared_terms(declared.encode()), source)
    assert (name.value, name.guessed_charset) == (value, guessed)
    assert name.raw == (raw if guessed else b"")


def test_valid_utf_8_under_gbk_is_gbk_when_it_can_be() -> None:
    # "马建国" in UTF-8 is no valid GBK text of three bytes each; an even count may be, and then it is believed.
    text = decode("张伟".encode(), ("GBK",))
    assert text.guessed is None or text.text == "张伟"


@pytest.mark.parametrize(
    "name",
    [
        "UTF8_NAME",
        "GB18030_NAME",
        "GBK_NAME",
        "GBK_UNDER_LATIN1",
        "GBK_UNDECLARED",
        "UTF8_UNDER_LATIN1",
        "ISO2022_NAME",
    ],
)
def test_the_same_person_is_shown_the_same_whatever_the_device_writes(name: str) -> None:
    data = names.image_part10(names.CT, name=getattr(names, name))
    header = header_of(scan_part10(lambda offset, length: data[offset : offset + length], len(data)))
    assert header.patient_name.shown == "马建国"


def test_every_charset_file_is_read_as_pydicom_reads_it(shared_data: Path) -> None:
    seen = 0
    for path in sorted((shared_data / "dicom" / "charset").iterdir()):
        data = path.read_bytes()
        found = scan_part10(lambda offset, length, data=data: data[offset : offset + length], len(data))  # type: ignore[misc]
        raw = found.values.get(0x00100010, b"")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = str(pydicom.dcmread(io.BytesIO(data)).get("PatientName", ""))
        ours = person_name(raw, declared_terms(found.values.get(0x00080005, b"")))
        assert ours.value == theirs.rstrip("="), path
        assert ours.guessed_charset is None, path
        seen += 1
    assert seen == 17


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("Zhang^San=张^三", "张三"),
        ("张^三", "张三"),
        ("Adams^John Robert Quincy^^Rev.^B.A. M.Div.", "Rev. John Robert Quincy Adams B.A. M.Div."),
        ("Müller^Jörg", "Jörg Müller"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "山田太郎"),
        ("", ""),
        ("^^", ""),
    ],
)
def test_names_are_shown_as_people_read_them(value: str, said: str) -> None:
    words = set(said.split())
    assert set(shown(value).split()) == words


def test_control_characters_never_reach_a_row() -> None:
    assert clean("a\r\nSet-Cookie: x\0\x1b[31m") == "aSet-Cookie: x[31m"
