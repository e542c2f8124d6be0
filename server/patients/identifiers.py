"""Kinds of identifiers, how each is normalised before it is indexed, and how it is masked on screens."""

import re
from enum import StrEnum

from server.patients.errors import IdFormat
from server.patients.resident_id import normalise


class IdentifierSystem(StrEnum):
    """What kind of number it is (domain 2.11)."""

    RESIDENT_ID = "resident-id"
    PASSPORT = "passport"
    HK_MACAU = "hk-macau"
    TAIWAN = "taiwan"
    FOREIGN_PERMANENT = "foreign-permanent"
    BIRTH_CERTIFICATE = "birth-certificate"
    TEMPORARY = "temporary"
    LOCAL = "local"


SITE_LOCAL = frozenset({IdentifierSystem.TEMPORARY, IdentifierSystem.LOCAL})  # mean something at their issuer only

_FORMS = {
    IdentifierSystem.PASSPORT: r"[A-Z0-9]{5,12}",
    IdentifierSystem.HK_MACAU: r"[A-Z0-9]{8,18}",
    IdentifierSystem.TAIWAN: r"[A-Z0-9]{8,18}",
    IdentifierSystem.FOREIGN_PERMANENT: r"[A-Z0-9]{15,18}",
    IdentifierSystem.BIRTH_CERTIFICATE: r"[A-Z][0-9]{9}",
}
_SITE_FORM = r"[\x21-\x7e]{1,64}"  # printable, as DICOM's Patient ID may carry (PS3.5 LO)


def normalised(system: IdentifierSystem, raw: str) -> str:
    """Return an identifier other than the resident ID as it is stored and indexed.

    Raises
    ------
    IdFormat
        When it cannot be one of its system.
    """
    if system in SITE_LOCAL:
        value, form = raw.strip(), _SITE_FORM
    else:
        value, form = normalise(raw), _FORMS[system]
    if not re.fullmatch(form, value):
        raise IdFormat("证件号码格式不对", errors=[{"pointer": "/identifiers", "code": IdFormat.code}])
    return value


def masked(value: str) -> str:
    """Return the first four and last four with stars between; shorter ones keep their last two at most."""
    if len(value) >= 12:
        return f"{value[:4]}{'*' * (len(value) - 8)}{value[-4:]}"
    shown = 2 if len(value) >= 5 else 0
    return "*" * (len(value) - shown) + (value[-shown:] if shown else "")


def masked_phone(phone: str) -> str:
    """Return `138****0187`; anything that is no mobile number keeps its last two."""
    if re.fullmatch(r"[0-9]{11}", phone):
        return f"{phone[:3]}****{phone[-4:]}"
    return "*" * max(0, len(phone) - 2) + phone[-2:]


def normalised_phone(raw: str) -> str:
    """Return the digits of a phone number, without China's country code."""
    digits = re.sub(r"[^0-9]", "", normalise(raw))
    return digits.removeprefix("0086") if len(digits) > 13 else re.sub(r"^86(?=1[0-9]{10}$)", "", digits)
