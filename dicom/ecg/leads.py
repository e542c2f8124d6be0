"""Lead names and codes: SCP-ECG and MDC numbers, and the many spellings that devices use."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

# ISO/IEEE 11073-91064 (SCP-ECG) lead numbers; MDC codes "2:n" of PS3.16 CID 3001 carry the same n.
LEAD_NUMBERS: Final = MappingProxyType(
    {
        "I": 1,
        "II": 2,
        "V1": 3,
        "V2": 4,
        "V3": 5,
        "V4": 6,
        "V5": 7,
        "V6": 8,
        "V7": 9,
        "V2R": 10,
        "V3R": 11,
        "V4R": 12,
        "V5R": 13,
        "V6R": 14,
        "V7R": 15,
        "X": 16,
        "Y": 17,
        "Z": 18,
        "III": 61,
        "aVR": 62,
        "aVL": 63,
        "aVF": 64,
        "V8": 66,
        "V9": 67,
    }
)
_BY_NUMBER: Final = MappingProxyType({number: lead for lead, number in LEAD_NUMBERS.items()})
_BY_FOLDED: Final = MappingProxyType({lead.lower(): lead for lead in LEAD_NUMBERS})
_CODE: Final = re.compile(r"(?:5\.6\.3-9-|2:)(\d{1,5})")
_NOISE: Final = re.compile(r"lead|einthoven|goldberger|wilson|mdc_ecg|[\s()_:.,/]+", re.IGNORECASE)
_LONGEST_NAME: Final = 16

SCP_SCHEME: Final = "SCPECG"
SCP_SCHEME_VERSION: Final = "1.3"


def scp_code(lead: str) -> str:
    """Return the SCPECG code value of a lead (PS3.16 CID 3001), e.g. ``5.6.3-9-1`` for lead I."""
    return f"5.6.3-9-{LEAD_NUMBERS[lead]}"


def lead_of_code(value: str, scheme: str) -> str | None:
    """Return the lead that a coded channel source names, or None for a code that is not an ECG lead's."""
    if scheme not in {"SCPECG", "MDC"}:
        return None
    found = _CODE.fullmatch(value.strip())
    return _BY_NUMBER.get(int(found.group(1))) if found else None


def lead_of_text(text: str) -> str | None:
    """Return the lead that a label means (``Lead I (Einthoven)``, ``AVR``, ``MLII``), or None."""
    folded = _NOISE.sub("", text).lower()
    return _BY_FOLDED.get(folded) or _BY_FOLDED.get(folded.removeprefix("ml"))


def plain_name(text: str, position: int) -> str:
    """Return a short printable name for a channel whose lead is unknown."""
    printable = "".join(character for character in text if character.isprintable()).strip()[:_LONGEST_NAME]
    return printable or f"#{position + 1}"
