"""What a class sees of studies: pictures of what is shown in its room now, and nothing of whose they are."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from dicom.deidentify import Json, deidentified, may_show_a_name
from dicom.errors import UnknownSubject
from dicom.ports import InstanceRecord
from server.accounts.model import SYSTEM, AuditEntry, Caller
from server.workflows.viewing import Viewing
from video.consults import Consult
from video.errors import BurnedIn, NotInside

ECG_CLASSES = "1.2.840.10008.5.1.4.1.1.9."
STUDY, ECG = "study", "ecg"


async def shown_in(
    uow: Any, caller: Caller, consult_id: str, view: Mapping[str, Any] | None, *, kind: str, address: Mapping[str, str]
) -> Any:
    """Return what of a study is shown to the caller now in the room where she looks on; of a picture, that instance.

    Raises
    ------
    NotInside
        When she does not sit in the room as one of the class.
    UnknownSubject
        When nothing of that kind is shown, or nothing of this consult's patient.
    """
    seat = (await uow.rooms.get(consult_id)).seat_of(caller.user_id)
    if seat is None or not (seat.is_inside and seat.observes):
        raise NotInside
    consult: Consult = await uow.consults.get(consult_id)
    if seat.who.invited and not consult.is_class:  # closed a moment ago
        raise NotInside
    study = str((view or {}).get("study_uid", ""))
    if view is None or view.get("kind") != kind or study not in consult.application.study_uids:
        raise UnknownSubject("views", consult_id)
    found = await uow.archive.holding(SYSTEM, study, address.get("series"), address.get("instance"), now=uow.now)
    if found is None or found.patient_id != consult.patient_id:
        raise UnknownSubject("views", consult_id)
    return found


def note_look_on(uow: Any, consult_id: str, found: Any) -> None:
    """Put on record that somebody of a class looks at a study."""
    uow.audit(AuditEntry("look-on", "studies", found.study_uid, found.patient_id, basis=consult_id))


def the_picture(instances: Collection[InstanceRecord], address: Mapping[str, str]) -> InstanceRecord:
    """Return the picture at an address in the study that is shown.

    Raises
    ------
    UnknownSubject
    """
    for record in instances:
        at = (record.study_instance_uid, record.series_instance_uid, record.sop_instance_uid)
        if record.has_pixels and at == (address["study"], address["series"], address["instance"]):
            return record
    raise UnknownSubject("instances", address["instance"])


def the_ecg(instances: Collection[InstanceRecord]) -> InstanceRecord:
    """Return the newest ECG of a study.

    Raises
    ------
    UnknownSubject
    """
    ecgs = [each for each in instances if each.sop_class_uid.startswith(ECG_CLASSES)]
    if not ecgs:
        raise UnknownSubject("ecg", "")
    return ecgs[-1]


async def data_set_of(viewing: Viewing, record: InstanceRecord, view: Mapping[str, Any]) -> Json:
    """Return what stands beside a picture without whose it is.

    Raises
    ------
    BurnedIn
        When its pixels may show a name, and nobody has said that they do not.
    """
    (walked,) = await viewing.walked([record])
    dataset = json.loads(walked.metadata)
    if may_show_a_name(dataset) and view.get("checked") is not True:
        raise BurnedIn
    return deidentified(dataset)


async def study_may_show_a_name(viewing: Viewing, records: Collection[InstanceRecord]) -> bool:
    """Tell whether any picture of these may show in its pixels who the patient is."""
    pictures = [record for record in records if record.has_pixels]
    return any(may_show_a_name(json.loads(walked.metadata)) for walked in await viewing.walked(pictures))


MACHINE_ONLY = ("version", "encoding", "groups", "device_measurements", "opinion")


def ecg_for_class(head: Mapping[str, Any], sop_instance_uid: str) -> dict[str, Any]:
    """Return an ECG's head without what people may have written on it: statements, labels, the one before."""
    kept = {name: head[name] for name in MACHINE_ONLY}
    groups = [{**group, "label": ""} for group in head["groups"]]
    return kept | {
        "groups": groups, "device_statements": [], "sop_instance_uid": sop_instance_uid, "prior_study_uid": None,
    }  # fmt: skip
