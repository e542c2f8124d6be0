"""From a header scan to the entries of the index: what we know of patient, study, series and instance."""

import re
import struct
from collections.abc import Sequence

from dicom.charset import clean, declared_terms, person_name, text
from dicom.errors import Unreadable
from dicom.model import Header
from dicom.scan import MEDIA_SOP_CLASS, SERIES_INSTANCE, SOP_INSTANCE, STUDY_INSTANCE, Scan

_UID = re.compile(r"[0-9.]{1,64}")
_LIMIT = 1024  # longest text that goes into a row; LO has 64 characters, LT 10240


def header_of(scan: Scan, source_charset: str | None = None) -> Header:
    """Return what the index keeps of an object.

    Parameters
    ----------
    source_charset
        What the sending AE is configured to write where it declares no true set (decisions 10).

    Raises
    ------
    Unreadable
        When Study, Series or SOP Instance UID is missing or cannot be a UID (decisions 8).
    """
    terms = declared_terms(scan.values.get(0x00080005, b""))
    words = _Words(scan, terms, source_charset)
    rows, columns = words.short(0x00280010), words.short(0x00280011)
    return Header(
        study_instance_uid=words.required_uid(STUDY_INSTANCE, "Study Instance UID"),
        series_instance_uid=words.required_uid(SERIES_INSTANCE, "Series Instance UID"),
        sop_instance_uid=words.required_uid(SOP_INSTANCE, "SOP Instance UID"),
        sop_class_uid=words.uid(0x00080016) or words.meta_uid(MEDIA_SOP_CLASS),
        transfer_syntax_uid=scan.transfer_syntax_uid,
        patient_id=words.text(0x00100020),
        issuer_of_patient_id=words.text(0x00100021),
        patient_name=person_name(scan.values.get(0x00100010, b"")[:_LIMIT], terms, source_charset),
        patient_birth_date=words.code(0x00100030, 8),
        patient_sex=words.code(0x00100040, 16),
        accession_number=words.text(0x00080050),
        study_id=words.text(0x00200010),
        study_date=words.code(0x00080020, 8),
        study_time=words.code(0x00080030, 16),
        study_description=words.text(0x00081030),
        referring_physician=person_name(scan.values.get(0x00080090, b"")[:_LIMIT], terms, source_charset).value,
        modality=words.code(0x00080060, 16),
        series_number=words.number(0x00200011),
        series_description=words.text(0x0008103E),
        body_part=words.code(0x00180015, 64),
        instance_number=words.number(0x00200013),
        rows=rows,
        columns=columns,
        number_of_frames=words.number(0x00280008),
        has_pixels=bool(rows and columns and words.short(0x00280100)),
        declared_charset="\\".join(terms),
    )


class _Words:
    """Values of one scan by kind."""

    def __init__(self, scan: Scan, terms: Sequence[str], source: str | None) -> None:
        self._scan, self._terms, self._source = scan, terms, source
        self._short = struct.Struct("<H" if scan.encoding.little else ">H")

    def uid(self, tag: int) -> str:
        """Return a UID, empty when it is missing or cannot be one."""
        return _as_uid(self._scan.values.get(tag, b""))

    def meta_uid(self, tag: int) -> str:
        """Return a UID of the meta group, empty when there is none."""
        return _as_uid(self._scan.meta.get(tag, b""))

    def required_uid(self, tag: int, name: str) -> str:
        """Return a UID, or refuse the object."""
        uid = self.uid(tag)
        if not uid:
            raise Unreadable(f"{name} is missing or is no UID")
        return uid

    def text(self, tag: int) -> str:
        """Return text in the object's character set."""
        raw = self._scan.values.get(tag)
        return text(raw[:_LIMIT], self._terms, self._source) if raw else ""

    def code(self, tag: int, limit: int) -> str:
        """Return a value of the default repertoire (CS, DA, TM), cut to its column."""
        raw = self._scan.values.get(tag)
        return clean(raw.decode("latin-1"))[:limit].strip() if raw else ""

    def number(self, tag: int) -> int | None:
        """Return an IS value; None when it is none."""
        raw = self._scan.values.get(tag, b"").split(b"\\")[0].strip(b"\0 ")
        try:
            number = int(raw)
        except ValueError:
            return None
        return number if -(2**31) <= number < 2**31 else None

    def short(self, tag: int) -> int | None:
        """Return a US value."""
        raw = self._scan.values.get(tag, b"")
        return int(self._short.unpack_from(raw)[0]) if len(raw) >= 2 else None


def _as_uid(raw: bytes) -> str:
    uid = raw.rstrip(b"\0 ").decode("latin-1")
    return uid if _UID.fullmatch(uid) else ""
