"""In which characters a message is (MSH-18, HL7 table 0211), and what Chinese systems say that mean the same."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from server.hl7.errors import NotHl7, WrongCharset

UTF_8, GB_18030 = "UNICODE UTF-8", "GB 18030-2000"
_CODECS: Mapping[str, str] = MappingProxyType(
    {
        "UNICODEUTF8": "utf-8", "UTF8": "utf-8", "UNICODE": "utf-8", "ASCII": "ascii", "88591": "latin-1",
        "GB180302000": "gb18030", "GB18030": "gb18030", "GBK": "gb18030", "GB2312": "gb18030", "CP936": "gb18030",
    }
)  # fmt: skip
_GUESSES = ("utf-8", "gb18030")  # GB 2312 and GBK are parts of GB 18030


def decode(raw: bytes) -> tuple[str, str]:
    """Return a message's text, and the name of the character set to answer in.

    A declared set is believed; without one strict UTF-8 is tried, then GB 18030 (decisions 10). The text is decoded
    before it is split: the second byte of a GBK character may be any separator.

    Raises
    ------
    NotHl7, WrongCharset
    """
    if not raw.startswith(b"MSH"):
        raise NotHl7("the message does not begin with MSH")
    declared = _declared(raw)
    codec = _CODECS.get(re.sub(r"[^A-Z0-9]", "", declared.upper())) if declared else None
    if declared and codec is None:
        raise WrongCharset(f"MSH-18 names an unknown character set: {declared[:40]}", "MSH^1^18")
    return _text(raw, (codec,) if codec else _GUESSES)


def encode(text: str, charset: str) -> bytes:
    """Return a text in one of the two character sets that we write."""
    return text.encode("gb18030" if charset == GB_18030 else "utf-8")


def _text(raw: bytes, codecs: tuple[str, ...]) -> tuple[str, str]:
    for codec in codecs:
        try:
            return raw.decode(codec), GB_18030 if codec == "gb18030" else UTF_8
        except UnicodeDecodeError:
            continue
    raise WrongCharset("the bytes are not in the character set of MSH-18", "MSH^1^18")


def _declared(raw: bytes) -> str:
    """Return MSH-18, read in whichever guess decodes the header; the set's own name is ASCII in all of them."""
    header = raw.partition(b"\r")[0].partition(b"\n")[0]
    for codec in _GUESSES:
        try:
            text = header.decode(codec)
        except UnicodeDecodeError:
            continue
        fields = text[4:].split(text[3:4] or "|")
        return re.split(r"[~^]", fields[16])[0].strip() if len(fields) > 16 else ""
    return ""
