"""Text of data elements: declared character sets, code extensions, and the guess where none is true (decisions 10)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dicom.model import PersonName

# Defined terms of (0008,0005), PS3.3 C.12.1.1.2, with the spellings met in the field.
CODECS = {
    "": "latin-1", "ISO_IR 6": "latin-1", "ISO 2022 IR 6": "latin-1", "ISO_IR 100": "latin-1",
    "ISO_IR 101": "iso8859-2", "ISO_IR 109": "iso8859-3", "ISO_IR 110": "iso8859-4", "ISO_IR 144": "iso8859-5",
    "ISO_IR 127": "iso8859-6", "ISO_IR 126": "iso8859-7", "ISO_IR 138": "iso8859-8", "ISO_IR 148": "iso8859-9",
    "ISO_IR 203": "iso8859-15", "ISO_IR 13": "shift_jis", "ISO_IR 166": "tis_620", "ISO_IR 192": "utf-8",
    "ISO_IR 58": "gb2312", "ISO_IR 87": "iso2022_jp", "ISO_IR 159": "iso2022_jp_2", "ISO_IR 149": "euc_kr",
    "GB18030": "gb18030", "GBK": "gb18030", "GB2312": "gb18030", "UTF-8": "utf-8", "UTF8": "utf-8",
}  # fmt: skip
NO_TRUE_SET = frozenset({"", "ISO_IR 6", "ISO_IR 100"})

# Escape sequences of PS3.3 tables C.12-3 and C.12-4 -> codec; the first bytes kept where the codec wants them.
ESCAPES = {
    b"\x1b(B": "latin-1", b"\x1b-A": "latin-1", b"\x1b-B": "iso8859-2", b"\x1b-C": "iso8859-3",
    b"\x1b-D": "iso8859-4", b"\x1b-L": "iso8859-5", b"\x1b-G": "iso8859-6", b"\x1b-F": "iso8859-7",
    b"\x1b-H": "iso8859-8", b"\x1b-M": "iso8859-9", b"\x1b-b": "iso8859-15", b"\x1b-T": "tis_620",
    b"\x1b)I": "shift_jis", b"\x1b(J": "shift_jis", b"\x1b$B": "iso2022_jp", b"\x1b$(D": "iso2022_jp_2",
    b"\x1b$)C": "euc_kr", b"\x1b$)A": "gb2312",
}  # fmt: skip
_KEEPS_ESCAPE = frozenset({"iso2022_jp", "iso2022_jp_2"})
_HANZI_PAIRS = re.compile(rb"(?:[\x00-\x7f]|[\xb0-\xf7][\xa1-\xfe])*", re.DOTALL)
_FRAGMENTS = re.compile(rb"(?=\x1b)")
_DELIMITERS = re.compile(rb"(?<=[\^=\\\r\n\f\t])")
_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True, slots=True)
class Text:
    """Decoded text and, where the declared set was not believed, the term that was used instead."""

    text: str
    guessed: str | None = None


def declared_terms(raw: bytes) -> tuple[str, ...]:
    """Return the terms of a raw (0008,0005), spelled as the standard does where we can tell."""
    return tuple(_term(t) for t in raw.decode("latin-1").rstrip("\0 ").split("\\"))


def _term(raw: str) -> str:
    term = re.sub(r"\s+", " ", raw.strip().strip("\0")).upper().replace("_IR_", "_IR ").replace("ISO-IR", "ISO_IR")
    if term.startswith("ISO IR"):
        term = "ISO_IR" + term.removeprefix("ISO IR")
    if re.fullmatch(r"ISO_IR ?\d+", term):
        return "ISO_IR " + term.removeprefix("ISO_IR").strip()
    return term


def decode(raw: bytes, declared: Sequence[str], source: str | None = None) -> Text:
    """Decode a value by its declared sets, or by decisions 10 where they cannot be true.

    Parameters
    ----------
    declared
        The terms of `declared_terms`.
    source
        What the sending AE is configured to write (`GB18030`), believed where no true set is declared.
    """
    raw = raw.rstrip(b"\0")
    if raw.isascii() and b"\x1b" not in raw:
        return Text(raw.decode("ascii"))
    terms = [t for t in declared if _known(t)] or [""]
    if len(declared) < 2 and (_single(terms[0]) in NO_TRUE_SET or not any(map(_known, declared))):
        return _without_a_set(raw, _single(terms[0]), source)
    try:
        return Text(_decode_declared(raw, terms))
    except (UnicodeDecodeError, LookupError):
        return _without_a_set(raw, "ISO_IR 100", source, impossible=True)


def _known(term: str) -> bool:
    return _single(term) in CODECS


def _single(term: str) -> str:
    return term.replace("ISO 2022 IR", "ISO_IR")


def _without_a_set(raw: bytes, declared: str, source: str | None, *, impossible: bool = False) -> Text:
    """Decide by decisions 10: strict UTF-8, GB2312 hanzi pairs or the AE's own set, else as declared."""
    try:
        return Text(raw.decode("utf-8"), "ISO_IR 192")
    except UnicodeDecodeError:
        pass
    configured = _term(source or "")
    if _HANZI_PAIRS.fullmatch(raw) or CODECS.get(configured) == "gb18030":
        return Text(raw.decode("gb18030", "replace"), "GB18030")
    if configured and _known(configured):
        return Text(raw.decode(CODECS[_single(configured)], "replace"), configured)
    return Text(raw.decode("latin-1"), None if declared == "ISO_IR 100" and not impossible else "ISO_IR 100")


def _decode_declared(raw: bytes, terms: Sequence[str]) -> str:
    first = CODECS[_single(terms[0])]
    if b"\x1b" not in raw:
        return raw.decode(_one_codec(first, terms))
    return "".join(_decode_fragment(part, first) for part in _FRAGMENTS.split(raw) if part)


def _one_codec(first: str, terms: Sequence[str]) -> str:
    """Return what decodes a value without escape sequences; GB18030 and UTF-8 stand alone (PS3.5 §6.1.2.3)."""
    alone = [CODECS[_single(t)] for t in terms if CODECS[_single(t)] in {"gb18030", "utf-8"}]
    return alone[0] if alone else "ascii" if first in _KEEPS_ESCAPE else first


def _decode_fragment(part: bytes, first: str) -> str:
    """Decode from one escape sequence to the next; delimiters return to the first set (PS3.5 §6.1.2.5.3)."""
    escape = next((e for e in ESCAPES if part.startswith(e)), b"")
    codec = ESCAPES.get(escape, first)
    if codec in _KEEPS_ESCAPE:
        return part.decode(codec)
    head, *rest = _DELIMITERS.split(part[len(escape) :])
    return head.decode(codec) + b"".join(rest).decode(first)


def text(raw: bytes, declared: Sequence[str], source: str | None = None) -> str:
    """Return a value's text without padding and control characters."""
    return clean(decode(raw, declared, source).text)


def clean(value: str) -> str:
    """Return text fit for a row: no control characters (they are hostile in logs and headers), no padding."""
    return "".join(c for c in value if c >= " " and c != "\x7f").strip()


def person_name(raw: bytes, declared: Sequence[str], source: str | None = None) -> PersonName:
    """Read a PN value (PS3.5 §6.2): groups alphabetic = ideographic = phonetic, components split by `^`."""
    decoded = decode(raw.split(b"\\", 1)[0] if not _multibyte_tail(declared) else raw, declared, source)
    groups = [g.rstrip("^ ") for g in clean(decoded.text).split("=")]
    value = "=".join(groups).rstrip("=")
    groups += ["", ""]
    return PersonName(
        shown=shown(value),
        phonetic=clean(groups[2].replace("^", " ")),
        guessed_charset=decoded.guessed,
        raw=raw.rstrip(b"\0 ") if decoded.guessed else b"",
        value=value,
    )


def _multibyte_tail(declared: Sequence[str]) -> bool:
    """Tell whether a backslash byte may be half of a character."""
    return any(CODECS.get(_single(t)) in {"gb18030", "shift_jis", "iso2022_jp", "iso2022_jp_2"} for t in declared)


def shown(value: str) -> str:
    """Return a PN as people read it: the ideographic group first, Chinese names unsplit."""
    alphabetic, ideographic, *_ = [*value.split("="), ""]
    group = ideographic if ideographic.strip("^ ") else alphabetic
    family, given, middle, prefix, suffix, *_ = [*(c.strip() for c in group.split("^")), "", "", "", "", ""]
    if _HAN.search(group):
        return family + given + middle
    return " ".join(filter(None, (prefix, family, given, middle, suffix)))
