"""What the imaging domain refuses, as typed facts; each edge maps them to its own status."""

from collections.abc import Sequence
from typing import ClassVar


class DicomRefusal(Exception):
    """Base of every refusal of this domain; `code` is the stable word on the wire."""

    code: ClassVar[str] = "REFUSED"


class Unreadable(DicomRefusal):
    """The bytes are no DICOM object with Study, Series and SOP Instance UIDs."""

    code = "DICOM_INVALID"


class MalformedMultipart(DicomRefusal):
    """A multipart body that breaks its format or a limit (RFC 2046 §5.1)."""

    code = "MULTIPART"


class BodyBroken(MalformedMultipart):
    """A body that was cut, fell silent, dripped, or grew beyond its limit."""

    code = "BODY"


class UnsupportedMedia(DicomRefusal):
    """The body's media type is none that is taken here (PS3.18 §8.7)."""

    code = "MEDIA_TYPE"


class NotAcceptable(DicomRefusal):
    """Nothing that can be answered is acceptable to the caller (PS3.18 §8.7.4)."""

    code = "NOT_ACCEPTABLE"


class MalformedQuery(DicomRefusal):
    """A search whose keys or values make no sense, or go beyond a limit."""

    code = "QUERY"


class UploadBusy(DicomRefusal):
    """Another request is writing to this upload (tus: 423)."""

    code = "UPLOAD_BUSY"


class WrongStudy(DicomRefusal):
    """The object belongs to another study than the one in the address (PS3.18 §10.5)."""

    code = "WRONG_STUDY"


class NotDecodable(DicomRefusal):
    """The pixels or waveforms cannot be decoded; the object stays as it is."""

    code = "NOT_DECODABLE"


class UidConflict(DicomRefusal):
    """The same SOP Instance UID came with other bytes; the first stays, this one is kept aside."""

    code = "UID_CONFLICT"


class StorageFull(DicomRefusal):
    """The object store cannot take the object now (PS3.4 B.2.3: A7xx)."""

    code = "STORAGE_FULL"


class DatabaseAway(DicomRefusal):
    """The index does not answer now; the same request will do later."""

    code = "DATABASE_AWAY"


class RowTaken(DatabaseAway):
    """Another process wrote the same row at the same instant; the same request will do at once."""


class NotPermitted(DicomRefusal):
    """The sender may not store this object here."""

    code = "NOT_PERMITTED"


class UnknownSubject(DicomRefusal):
    """There is no such study, order or report, or the caller may not know that there is."""

    code = "NOT_FOUND"

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"{kind} {key}")
        self.kind, self.key = kind, key


class IllegalTransition(DicomRefusal):
    """The event is not in the table for this state; `legal` names the ones that are."""

    code = "STATE"

    def __init__(self, state: str, event: str, legal: Sequence[str]) -> None:
        super().__init__(f"{event} is not possible in state {state}; possible: {', '.join(legal) or 'nothing'}")
        self.state, self.event, self.legal = state, event, tuple(legal)


class VersionMismatch(DicomRefusal):
    """Somebody changed it meanwhile; `current` is the version that stands."""

    code = "VERSION"

    def __init__(self, current: int) -> None:
        super().__init__(f"the current version is {current}")
        self.current = current


class AlreadyClaimed(DicomRefusal):
    """Another reader holds the order; data: who, until when."""

    code = "CLAIMED"

    def __init__(self, holder: str, until: str) -> None:
        super().__init__(f"{holder} until {until}")
        self.holder, self.until = holder, until


class NotClaimHolder(DicomRefusal):
    """Only the reader who holds the order may do this."""

    code = "NOT_CLAIM_HOLDER"


class ReasonRequired(DicomRefusal):
    """A reason has to be written."""

    code = "REASON_REQUIRED"


class SameSigner(DicomRefusal):
    """The reviewing physician is another person than the reporting one (double signing)."""

    code = "SAME_SIGNER"


class TitleTooLow(DicomRefusal):
    """The reviewer's title is below the author's."""

    code = "TITLE"


class Unsigned(DicomRefusal):
    """A report is issued only with a valid signature over exactly its bytes."""

    code = "UNSIGNED"


class ReportEmpty(DicomRefusal):
    """A report needs an impression before it can be signed."""

    code = "REPORT_INCOMPLETE"


class AgreementRequired(DicomRefusal):
    """No valid cooperation agreement covers this service (国卫医发〔2018〕25号)."""

    code = "AGREEMENT_REQUIRED"


class IdentityConflict(DicomRefusal):
    """What the object says about the patient contradicts the chosen patient."""

    code = "NAME_MISMATCH"


class AlreadyMatched(DicomRefusal):
    """The study belongs to a patient whose report is already released; it is amended, not re-pointed."""

    code = "ALREADY_MATCHED"


class UnknownState(DicomRefusal):
    """A word that is no state of the life cycle."""

    code = "UNKNOWN_STATE"
