"""Typed refusals of consults: data, no HTTP; `code` is stable and stands in the API's description."""

from collections.abc import Sequence
from datetime import datetime


class VideoRefusal(Exception):
    """Any refusal of this domain."""

    code = "REFUSED"


class UnknownSubject(VideoRefusal):
    """There is no such consult, expert, slot or opinion, or the caller may not know that there is."""

    code = "NOT_FOUND"

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"{kind} {key}")
        self.kind, self.key = kind, key


class NotPermitted(VideoRefusal):
    """The caller is none of the parties that may do this."""

    code = "FORBIDDEN"


class IllegalTransition(VideoRefusal):
    """The event is not in the table for this state; `legal` names the ones that are."""

    code = "STATE"

    def __init__(self, state: str, event: str, legal: Sequence[str]) -> None:
        super().__init__(f"{event} is not possible in state {state}; possible: {', '.join(legal) or 'nothing'}")
        self.state, self.event, self.legal = state, event, tuple(legal)


class VersionMismatch(VideoRefusal):
    """Somebody changed it meanwhile; `current` is the version that stands."""

    code = "VERSION"

    def __init__(self, current: int) -> None:
        super().__init__(f"the current version is {current}")
        self.current = current


class ReasonRequired(VideoRefusal):
    """A reason has to be written; a refusal's is told to the inviter (国卫医发〔2018〕25号)."""

    code = "REASON_REQUIRED"


class Incomplete(VideoRefusal):
    """The application lacks what an invitation carries; `missing` names the fields."""

    code = "INCOMPLETE"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"missing: {', '.join(missing)}")
        self.missing = tuple(missing)


class AgreementRequired(VideoRefusal):
    """No valid agreement covers consults between inviter and invitee (国卫医发〔2018〕25号)."""

    code = "AGREEMENT_REQUIRED"


class ConsentRequired(VideoRefusal):
    """Without written consent only an emergency goes on, with who approved it and why (民法典 1220)."""

    code = "CONSENT_REQUIRED"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"missing: {', '.join(missing)}")
        self.missing = tuple(missing)


class NotOfPatient(VideoRefusal):
    """A study or a report that the application names is none of this patient's; `keys` names which."""

    code = "NOT_OF_PATIENT"

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__(f"not of this patient: {', '.join(keys)}")
        self.keys = tuple(keys)


class InviterTitle(VideoRefusal):
    """A hospital invites through a practising physician; assistants and village doctors may at a primary house only."""

    code = "INVITER_TITLE"


class ExpertExperience(VideoRefusal):
    """The expert has not worked independently for long enough (国卫医发〔2018〕25号: three years)."""

    code = "EXPERT_EXPERIENCE"

    def __init__(self, expert_id: str, years: int, least: int) -> None:
        super().__init__(f"{expert_id}: {years} years of independent work, {least} are needed")
        self.expert_id, self.years, self.least = expert_id, years, least


class ExpertSpecialty(VideoRefusal):
    """A named expert does not practise what is asked, or nobody named does; `specialties` names what is wanted."""

    code = "EXPERT_SPECIALTY"

    def __init__(self, expert_id: str, specialties: Sequence[str]) -> None:
        super().__init__(f"{expert_id or 'nobody'}: {', '.join(specialties)}")
        self.expert_id, self.specialties = expert_id, tuple(specialties)


class SlotTaken(VideoRefusal):
    """The expert or the inviter's consult room is promised to somebody else in this time."""

    code = "SLOT_TAKEN"

    def __init__(self, resource: str, begins_at: datetime) -> None:
        super().__init__(f"{resource} is taken at {begins_at.isoformat()}")
        self.resource, self.begins_at = resource, begins_at.isoformat()


class SlotOver(VideoRefusal):
    """The slot was not offered, or is not kept any more."""

    code = "SLOT_OVER"


class UnsoundSlot(VideoRefusal):
    """A slot lies in the past, ends before it begins, or lasts too long."""

    code = "SLOT_UNSOUND"


class OpinionIncomplete(VideoRefusal):
    """The opinion cannot be signed yet; `missing` names the parts."""

    code = "OPINION_INCOMPLETE"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"missing: {', '.join(missing)}")
        self.missing = tuple(missing)


class SignatureBroken(VideoRefusal):
    """The stored bytes are not those that were signed: nobody adopts them."""

    code = "UNSIGNED"


class OutOfRange(VideoRefusal):
    """A number that a rule or a roster cannot hold."""

    code = "RANGE"

    def __init__(self, field: str, hint: str) -> None:
        super().__init__(f"{field}: {hint}")
        self.field, self.hint = field, hint


class MalformedFrame(VideoRefusal):
    """A signalling frame is not as its table says; `field` names what is wrong, `hint` what belongs there."""

    code = "MALFORMED"

    def __init__(self, field: str, hint: str) -> None:
        super().__init__(f"{field or 'frame'}: {hint}")
        self.field, self.hint = field, hint


class Locked(VideoRefusal):
    """The host has locked the room: nobody new comes in."""

    code = "ROOM_LOCKED"


class NotInside(VideoRefusal):
    """Whoever waits before the door says nothing into the room."""

    code = "NOT_ADMITTED"


class TooEarly(VideoRefusal):
    """The lobby is not open yet; `begins_at` says when the consult begins."""

    code = "TOO_EARLY"

    def __init__(self, begins_at: datetime | None) -> None:
        super().__init__(f"the lobby opens before {begins_at.isoformat() if begins_at else 'a time is chosen'}")
        self.begins_at = begins_at.isoformat() if begins_at else ""


class ClassFull(VideoRefusal):
    """As many look on already as the county allows; `most` says how many."""

    code = "CLASS_FULL"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} look on already")
        self.most = most


class BurnedIn(VideoRefusal):
    """The picture may show the patient's name in its pixels: whoever shows it to a class looks first, and says so."""

    code = "BURNED_IN"


class CallOver(VideoRefusal):
    """The consult is past its call, or never has one."""

    code = "OVER"


class MediaAway(VideoRefusal):
    """No media worker answers: the call goes on in writing and by telephone until one does."""

    code = "MEDIA_AWAY"
