"""Which characters the fonts at hand can print, so that a rare name becomes □ and a note, not a missing report."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import typst

from server.documents.errors import FontMissing

FAMILIES: Final = ("Noto Serif CJK SC", "Noto Serif SC", "Noto Sans S Chinese", "Noto Sans CJK SC", "Noto Sans SC")
"""Families that a report may be set in, the best first: Debian's fonts-noto-cjk, or the set-up's own."""
HEADING_FAMILIES: Final = ("Noto Sans CJK SC", "Noto Sans SC", "Noto Sans S Chinese", "Noto Serif CJK SC")

REPLACEMENT: Final = "□"
# Print as nothing, so no font need have them: variation selectors and joiners.
_INVISIBLE: Final = frozenset(
    {*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x200B, 0x200C, 0x200D, 0xFEFF, 0x2060}
)
# Small digits that Chinese fonts lack. A power must stay a power: 10⁵ becomes 10^5, never 105.
_STAND_INS: Final = {chr(0x2080 + n): str(n) for n in range(10)} | {
    power: f"^{n}" for n, power in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")
}


def _same_letter(character: str) -> str:
    """Return the unified form of a compatibility ideograph or letter, which reads the same; else nothing."""
    unified = unicodedata.normalize("NFKC", character)
    return unified if len(unified) == 1 and unicodedata.category(character) == "Lo" else ""


@dataclass(frozen=True, slots=True, eq=False)
class FontSet:
    """The fonts of some directories: what the typesetter loads, in which order, and what they cover."""

    loaded: typst.Fonts
    families: tuple[str, ...]
    heading_families: tuple[str, ...]
    covered: frozenset[int]

    def has(self, text: str) -> bool:
        """Return whether every character of the text can be printed."""
        return all(ord(character) in self.covered for character in text)

    def printable(self, text: str) -> tuple[str, tuple[str, ...]]:
        """Return the text with □ for what no font has, and the code points that were replaced (``U+20BB7``)."""
        kept: list[str] = []
        missing: list[str] = []
        for character in text:
            if ord(character) in self.covered or character in "\n\t ":
                kept.append(character)
            elif (other := _STAND_INS.get(character) or _same_letter(character)) and self.has(other):
                kept.append(other)
            elif ord(character) in _INVISIBLE or unicodedata.category(character) in {"Cc", "Cf"}:
                continue
            else:
                kept.append(REPLACEMENT)
                missing.append(f"U+{ord(character):04X}")
        return "".join(kept), tuple(dict.fromkeys(missing))


def load_fonts(directories: Iterable[Path]) -> FontSet:
    """Load the fonts of the directories that exist; nothing of the machine's own fonts is looked at.

    Raises
    ------
    FontMissing
        None of `FAMILIES` is among them.
    """
    return _load(tuple(str(directory) for directory in directories if directory.is_dir()))


@lru_cache(maxsize=4)
def _load(directories: tuple[str, ...]) -> FontSet:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(directories))
    found = {info.family for info in fonts.fonts()}
    families = tuple(family for family in FAMILIES if family in found)
    if not families:
        raise FontMissing(f"none of {', '.join(FAMILIES)} in {', '.join(directories) or 'no directory'}")
    covered: set[int] = set()
    for info in fonts.fonts():
        # The other languages of Noto CJK map the same characters again.
        counts = info.family in families or "CJK" not in info.family
        if info.path is not None and counts and info.weight == 400:
            covered |= code_points(Path(info.path), info.index)
    heading = tuple(family for family in HEADING_FAMILIES if family in found)
    return FontSet(fonts, families, heading or families, frozenset(covered))


def code_points(path: Path, index: int = 0) -> set[int]:
    """Return the code points that the character map of an OpenType font or collection maps to a glyph.

    References
    ----------
    OpenType 1.9, "cmap": formats 4 and 12, the ones that Unicode fonts use.
    """
    with path.open("rb") as file:
        start = 0
        if file.read(4) == b"ttcf":
            file.seek(12 + 4 * index)
            (start,) = struct.unpack(">I", file.read(4))
        file.seek(start + 4)
        (tables,) = struct.unpack(">H6x", file.read(8))
        for _ in range(tables):
            tag, offset, length = struct.unpack(">4s4xII", file.read(16))
            if tag == b"cmap":
                file.seek(offset)
                return _mapped(file.read(length))
    return set()


def _mapped(cmap: bytes) -> set[int]:
    (subtables,) = struct.unpack_from(">H", cmap, 2)
    basic: set[int] = set()
    full: set[int] = set()
    for number in range(subtables):
        (offset,) = struct.unpack_from(">I", cmap, 8 + 8 * number)
        (layout,) = struct.unpack_from(">H", cmap, offset)
        if layout == 12:
            full |= _format_12(cmap, offset)
        elif layout == 4:
            basic |= _format_4(cmap, offset)
    # A font that has the full table repeats the basic plane there, without the gaps that a segment may hide.
    return full or basic


def _format_12(cmap: bytes, offset: int) -> set[int]:
    (groups,) = struct.unpack_from(">I", cmap, offset + 12)
    found: set[int] = set()
    for first, last, glyph in struct.iter_unpack(">III", cmap[offset + 16 : offset + 16 + 12 * groups]):
        found.update(range(first + (glyph == 0), last + 1))
    return found


def _format_4(cmap: bytes, offset: int) -> set[int]:
    (twice,) = struct.unpack_from(">H", cmap, offset + 6)
    ends_at = offset + 14
    starts_at = ends_at + twice + 2
    found: set[int] = set()
    for position in range(0, twice, 2):
        (last,) = struct.unpack_from(">H", cmap, ends_at + position)
        (first,) = struct.unpack_from(">H", cmap, starts_at + position)
        if first <= last != 0xFFFF:
            found.update(range(first, last + 1))
    return found
