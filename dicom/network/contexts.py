"""Which presentation contexts are taken (decisions 8): every storage SOP class and transfer syntax of DICOM."""

from dataclasses import dataclass

from dicom.network.pdu import AssociateAC, AssociateRQ, ContextResult, ProposedContext, UserInformation

# Our own root is derived from a UUID (PS3.5 B.2): no registration needed, and it never changes.
IMPLEMENTATION_CLASS_UID = "2.25.205936420857043192841130512960338017405"
IMPLEMENTATION_VERSION_NAME = "LUTONG_0_1"

VERIFICATION = "1.2.840.10008.1.1"
IMPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2"
EXPLICIT_VR_LITTLE_ENDIAN = "1.2.840.10008.1.2.1"

_DICOM = "1.2.840.10008."
_STORAGE = "1.2.840.10008.5.1.4.1.1"
# Services that stand among the storage classes (PS3.6 Table A-1).
_NOT_STORAGE = frozenset(
    f"{_STORAGE}.{tail}"
    for tail in ("200.4", "200.5", "200.6", "201.2", "201.3", "201.4", "201.5", "201.6")  # queries, inventory
)
# Storage classes that stand elsewhere, the retired ones too (PS3.6 Table A-1).
_MORE_STORAGE = frozenset(
    {
        "1.2.840.10008.5.1.1.27",  # Stored Print
        "1.2.840.10008.5.1.1.29",  # Hardcopy Grayscale
        "1.2.840.10008.5.1.1.30",  # Hardcopy Color
        "1.2.840.10008.5.1.4.34.1",  # RT Beams Delivery Instruction, trial
        "1.2.840.10008.5.1.4.34.7",  # RT Beams Delivery Instruction
        "1.2.840.10008.5.1.4.34.10",  # RT Brachy Application Setup
        "1.2.840.10008.5.1.4.38.1",  # Hanging Protocol
        "1.2.840.10008.5.1.4.39.1",  # Color Palette
        "1.2.840.10008.5.1.4.43.1",  # Generic Implant Template
        "1.2.840.10008.5.1.4.44.1",  # Implant Assembly Template
        "1.2.840.10008.5.1.4.45.1",  # Implant Template Group
    }
)
_TRANSFER_SYNTAX = "1.2.840.10008.1.2"
_PAPYRUS = "1.2.840.10008.1.20"  # retired, and the only one that stands elsewhere
ACCEPTED, ABSTRACT_SYNTAX_NOT_SUPPORTED, TRANSFER_SYNTAXES_NOT_SUPPORTED = 0, 3, 4


def is_storage(uid: str, *, private: bool = False) -> bool:
    """Say whether objects of this SOP class are stored; `private` takes those outside DICOM's root as well."""
    if uid.startswith(_DICOM):
        return (uid.startswith(f"{_STORAGE}.") and uid not in _NOT_STORAGE) or uid == _STORAGE or uid in _MORE_STORAGE
    return private and is_uid(uid)


def is_uid(value: str) -> bool:
    """Say whether a value can be a UID: digits and dots, 64 bytes; leading zeros are forgiven (decisions 8)."""
    return 0 < len(value) <= 64 and value.isascii() and value.replace(".", "").isdigit()


def is_transfer_syntax(uid: str) -> bool:
    """Say whether objects are taken in this transfer syntax: any under DICOM's root (PS3.5 §10)."""
    return is_uid(uid) and (uid in {_TRANSFER_SYNTAX, _PAPYRUS} or uid.startswith(f"{_TRANSFER_SYNTAX}."))


@dataclass(frozen=True, slots=True)
class Context:
    """An accepted presentation context."""

    id: int
    abstract_syntax: str
    transfer_syntax: str


def judge(context: ProposedContext, *, private: bool) -> ContextResult:
    """Answer one proposed context; of several transfer syntaxes the first that is known is taken."""
    if context.abstract_syntax != VERIFICATION and not is_storage(context.abstract_syntax, private=private):
        return ContextResult(context.id, ABSTRACT_SYNTAX_NOT_SUPPORTED, context.transfer_syntaxes[0])
    taken = next(filter(is_transfer_syntax, context.transfer_syntaxes), None)
    if taken is None:
        return ContextResult(context.id, TRANSFER_SYNTAXES_NOT_SUPPORTED, context.transfer_syntaxes[0])
    return ContextResult(context.id, ACCEPTED, taken)


def negotiate(request: AssociateRQ, *, max_length: int, private: bool) -> AssociateAC:
    """Return the answer to a request: one result per context, our maximum length, one operation at a time."""
    return AssociateAC(
        request.called_ae_title,
        request.calling_ae_title,
        tuple(judge(context, private=private) for context in request.contexts),
        UserInformation(
            max_length,
            IMPLEMENTATION_CLASS_UID,
            IMPLEMENTATION_VERSION_NAME,
            (1, 1) if request.user.async_operations else None,
        ),
    )


def accepted(request: AssociateRQ, answer: AssociateAC) -> dict[int, Context]:
    """Return the contexts that both sides agreed on, by identifier."""
    proposed = {context.id: context for context in request.contexts}
    return {
        result.id: Context(result.id, proposed[result.id].abstract_syntax, result.transfer_syntax)
        for result in answer.contexts
        if result.result == ACCEPTED and result.id in proposed
    }
