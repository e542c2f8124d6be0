"""Whose study is it, and which order asked for it? Never by a name alone (decisions 9, 10; domain.md 2.11)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from dicom.errors import IdentityConflict, UnknownSubject
from dicom.model import Flag, Kind, Study
from dicom.orders import OrderState, PatientIdentity, ReadingOrder
from dicom.ports import ReadingUnitOfWork

NAME_MISMATCH, UNMATCHED, IDENTITY_CONFLICT = "NAME_MISMATCH", "UNMATCHED", "IDENTITY_CONFLICT"
QUARANTINE_FLAGS = (NAME_MISMATCH, UNMATCHED, IDENTITY_CONFLICT)
WORDS: Mapping[str, tuple[str, str]] = {
    NAME_MISMATCH: ("图像里的病人和所选病人对不上", "the patient in the images is not the chosen one"),
    UNMATCHED: ("还不知道是谁的检查", "nobody knows yet whose study this is"),
    IDENTITY_CONFLICT: ("同一份检查里有两个病人或两个机构", "one study with two patients or two senders"),
}
SEXES = {"M": "male", "F": "female"}


@dataclass(frozen=True, slots=True)
class Origin:
    """What came with a study besides its objects: an order or a patient that the sender chose."""

    order_id: str | None = None
    patient_id: str | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    """Whose study it is; a code when a person has to look."""

    patient_id: str | None
    code: str | None = None
    fields: tuple[str, ...] = ()


def contradictions(study: Study, patient: PatientIdentity) -> tuple[str, ...]:
    """Return the fields in which what the objects say is not what the register says; empty fields say nothing."""
    found = []
    if study.dicom_name.strip() and not _same_name(study.dicom_name, patient):
        found.append("name")
    born = re.sub(r"[^0-9]", "", study.dicom_birth_date)
    if len(born) == 8 and patient.birth_date and born != patient.birth_date.strftime("%Y%m%d"):
        found.append("birth_date")
    sex = SEXES.get(study.dicom_sex.strip().upper())
    if sex and patient.sex in SEXES.values() and sex != patient.sex:
        found.append("sex")
    return tuple(found)


def _same_name(said: str, patient: PatientIdentity) -> bool:
    spelled = _folded(said)
    if spelled == _folded(patient.name):
        return True
    return spelled.isascii() and spelled in {_folded(reading) for reading in patient.pinyin.split()}


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s^=·•.,'\u2019-]", "", plain)


async def find_order(
    uow: ReadingUnitOfWork, study: Study, origin: Origin, kind: Kind, *, within: timedelta, now: datetime
) -> ReadingOrder | None:
    """Return the sender's order that asked for this study: the upload's, by accession number, or the only candidate."""
    if origin.order_id:
        order = await uow.orders.get(origin.order_id, lock=True)
        if order and order.organization_id == study.organization_id and _is_waiting(order):
            return order
    if study.accession_number:
        by_number = await uow.orders.awaiting_study(study.organization_id, accession=study.accession_number)
        if len(by_number) == 1:
            return by_number[0]
    identified = await identify(uow, study, origin, None)
    if identified.patient_id is None or identified.code:
        return None
    recent = await uow.orders.awaiting_study(
        study.organization_id, patient_id=identified.patient_id, since=now - within
    )
    fitting = [order for order in recent if order.kind is kind]
    return fitting[0] if len(fitting) == 1 else None


def _is_waiting(order: ReadingOrder) -> bool:
    return order.study_uid is None and order.state is OrderState.RECEIVING


async def identify(uow: ReadingUnitOfWork, study: Study, origin: Origin, order: ReadingOrder | None) -> Identified:
    """Return whose study it is: who was chosen, or whose number it carries; then compare name, birth and sex."""
    chosen = (order.patient_id if order else None) or origin.patient_id
    patient = await uow.matching.patient(chosen) if chosen else None
    if patient is None and study.dicom_patient_id:
        issuer = study.dicom_issuer or study.organization_id
        patient = await uow.matching.patient_by_number(issuer, study.dicom_patient_id)
    if patient is None:
        return Identified(None, UNMATCHED)
    if fields := contradictions(study, patient):
        return Identified(None, NAME_MISMATCH, fields)
    if not chosen and not study.dicom_name.strip():
        return Identified(None, UNMATCHED)
    return Identified(patient.id)


def doubt(code: str, fields: tuple[str, ...] = ()) -> Flag:
    """Return the flag that says why a study is kept aside."""
    zh, en = WORDS[code]
    words = {"name": "姓名", "birth_date": "出生日期", "sex": "性别"}
    more = f"：{'、'.join(words[f] for f in fields)}" if fields else ""
    return Flag(code, "warn", zh + more, en + (f": {', '.join(fields)}" if fields else ""))


async def require_patient(uow: ReadingUnitOfWork, patient_id: str) -> PatientIdentity:
    """Return a registered patient.

    Raises
    ------
    UnknownSubject
        When there is none.
    """
    patient = await uow.matching.patient(patient_id)
    if patient is None:
        raise UnknownSubject("patients", patient_id)
    return patient


def require_same_person(order: ReadingOrder | None, patient_id: str) -> None:
    """Refuse an order that was placed for somebody else.

    Raises
    ------
    IdentityConflict
        When it was.
    """
    if order is not None and order.patient_id not in {None, patient_id}:
        raise IdentityConflict
