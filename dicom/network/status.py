"""Our refusals as DIMSE status codes: the wire's numbers are chosen here only (PS3.7 Annex C, PS3.4 B.2.3)."""

import errno
from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

from dicom import errors


class Status(IntEnum):
    """Status codes that we send."""

    SUCCESS = 0x0000
    PROCESSING_FAILURE = 0x0110
    INVALID_ARGUMENT = 0x0115
    SOP_CLASS_NOT_SUPPORTED = 0x0122
    NOT_AUTHORIZED = 0x0124
    UNRECOGNIZED_OPERATION = 0x0211
    OUT_OF_RESOURCES = 0xA700
    DOES_NOT_MATCH = 0xA900
    COERCED = 0xB000
    CANNOT_UNDERSTAND = 0xC000


# Refusals that intake may raise while an object is received.
OF_ERROR: Mapping[type[errors.DicomRefusal], Status] = MappingProxyType(
    {
        errors.Unreadable: Status.CANNOT_UNDERSTAND,
        errors.UidConflict: Status.COERCED,  # decisions 9: kept aside, the first stays: a warning
        errors.StorageFull: Status.OUT_OF_RESOURCES,
        errors.DatabaseAway: Status.OUT_OF_RESOURCES,
        errors.RowTaken: Status.OUT_OF_RESOURCES,
        errors.NotPermitted: Status.NOT_AUTHORIZED,
        errors.IdentityConflict: Status.DOES_NOT_MATCH,
    }
)

# Refusals of readers' commands: no DICOM peer can cause them.
NEVER_ON_THE_WIRE: frozenset[type[errors.DicomRefusal]] = frozenset(
    {
        errors.MalformedMultipart,
        errors.BodyBroken,
        errors.UnsupportedMedia,
        errors.NotAcceptable,
        errors.MalformedQuery,
        errors.WrongStudy,
        errors.UploadBusy,
        errors.NotDecodable,
        errors.UnknownSubject,
        errors.IllegalTransition,
        errors.UnknownState,
        errors.VersionMismatch,
        errors.AlreadyClaimed,
        errors.NotClaimHolder,
        errors.ReasonRequired,
        errors.SameSigner,
        errors.TitleTooLow,
        errors.Unsigned,
        errors.ReportEmpty,
        errors.AgreementRequired,
        errors.AlreadyMatched,
    }
)

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE})


def of_error(error: Exception) -> Status:
    """Return the status for what went wrong; what nobody foresaw is a processing failure (0x0110)."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return Status.OUT_OF_RESOURCES
    for kind in type(error).__mro__:
        if kind in OF_ERROR:
            return OF_ERROR[kind]
    return Status.PROCESSING_FAILURE


def is_stored(status: Status) -> bool:
    """Say whether the sender may forget the object: success, or a warning (PS3.4 B.2.3)."""
    return status == Status.SUCCESS or status >> 12 == 0xB
