"""Why a message is not taken, as typed facts: which acknowledgement, which of HL7's error codes, which of ours."""


class Hl7Refusal(Exception):
    """Base of every refusal of a message.

    Attributes
    ----------
    answer
        MSA-1: `AR` when the message itself cannot be taken, `AE` when what it says cannot be done (2.9.2.2).
    condition
        ERR-3, of HL7 table 0357.
    code
        ERR-5, our own stable code.
    """

    answer: str = "AR"
    condition: str = "207"
    code: str = "REFUSED"

    def __init__(self, detail: str, location: str = "") -> None:
        super().__init__(detail)
        self.detail, self.location = detail, location


class NotHl7(Hl7Refusal):
    """The bytes are no HL7 v2 message."""

    condition = "100"
    code = "NOT_HL7"


class WrongCharset(Hl7Refusal):
    """MSH-18 names a character set that is not known here, or one that the bytes are not in."""

    condition = "103"
    code = "CHARSET"


class UnsupportedMessage(Hl7Refusal):
    """A type of message that is not taken here."""

    condition = "200"
    code = "MESSAGE_TYPE"


class UnsupportedEvent(Hl7Refusal):
    """A trigger event that is not taken here."""

    condition = "201"
    code = "EVENT"


class UnsupportedProcessing(Hl7Refusal):
    """A message of training or debugging: beds are real here."""

    condition = "202"
    code = "PROCESSING_ID"


class UnsupportedVersion(Hl7Refusal):
    """A version of HL7 other than 2.x."""

    condition = "203"
    code = "HL7_VERSION"


class FieldMissing(Hl7Refusal):
    """A field that has to be there is not; `location` names it."""

    condition = "101"
    code = "FIELD_MISSING"


class BadValue(Hl7Refusal):
    """A field holds what it cannot hold; `location` names it."""

    answer = "AE"
    condition = "102"
    code = "BAD_VALUE"


class UnknownSender(Hl7Refusal):
    """No system of this application and facility is registered here, or it calls from elsewhere."""

    code = "UNKNOWN_SENDER"


class ControlIdReused(Hl7Refusal):
    """Another message bore this control id and was taken."""

    answer = "AE"
    condition = "205"
    code = "CONTROL_ID"


class UnknownBed(Hl7Refusal):
    """No bed of the sender's organization bears this label."""

    answer = "AE"
    condition = "204"
    code = "UNKNOWN_BED"


class NotDone(Hl7Refusal):
    """The message is understood and changes nothing; `code` is the stable code of whoever refused."""

    answer = "AE"

    def __init__(self, code: str, detail: str, location: str = "") -> None:
        super().__init__(detail, location)
        self.code = code


class Unavailable(Hl7Refusal):
    """Nothing can be stored at the moment; the same message will do later."""

    answer = "AE"
    code = "LATER"
