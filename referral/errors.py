"""Typed refusals of referrals and beds: data, no HTTP; `code` is stable and stands in the API's description."""

from collections.abc import Sequence


class ReferralRefusal(Exception):
    """Any refusal of this domain."""

    code = "REFUSED"


class UnknownSubject(ReferralRefusal):
    """There is no such ticket, bed, hold or follow-up, or the caller may not know that there is."""

    code = "NOT_FOUND"

    def __init__(self, kind: str, key: str) -> None:
        super().__init__(f"{kind} {key}")
        self.kind, self.key = kind, key


class NotPermitted(ReferralRefusal):
    """The caller is none of the parties that may do this."""

    code = "FORBIDDEN"


class IllegalTransition(ReferralRefusal):
    """The event is not in the table for this state; `legal` names the ones that are."""

    code = "STATE"

    def __init__(self, state: str, event: str, legal: Sequence[str]) -> None:
        super().__init__(f"{event} is not possible in state {state}; possible: {', '.join(legal) or 'nothing'}")
        self.state, self.event, self.legal = state, event, tuple(legal)


class VersionMismatch(ReferralRefusal):
    """Somebody changed it meanwhile; `current` is the version that stands."""

    code = "VERSION"

    def __init__(self, current: int) -> None:
        super().__init__(f"the current version is {current}")
        self.current = current


class ReasonRequired(ReferralRefusal):
    """A reason has to be written."""

    code = "REASON_REQUIRED"


class Incomplete(ReferralRefusal):
    """The ticket cannot be sent yet; `missing` names the fields."""

    code = "INCOMPLETE"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"missing: {', '.join(missing)}")
        self.missing = tuple(missing)


class DuplicateReferral(ReferralRefusal):
    """The patient has a live ticket to this department already: track it."""

    code = "DUPLICATE_REFERRAL"

    def __init__(self, existing: str, number: str) -> None:
        super().__init__(f"{number} is on its way already; follow it instead")
        self.existing, self.number = existing, number


class NoSuchDepartment(ReferralRefusal):
    """The receiver has no such department; `departments` names those it has, so that the sender can choose."""

    code = "NO_DEPARTMENT"

    def __init__(self, department: str, departments: Sequence[str]) -> None:
        has = "、".join(departments)
        super().__init__(f"接收机构没有{department}，有：{has} (the receiver has no {department})")
        self.department, self.departments = department, tuple(departments)


class WithinBaseScope(ReferralRefusal):
    """The guide says that the sender's level treats this; going on needs a written reason (分级诊疗指南)."""

    code = "WITHIN_BASE_SCOPE"

    def __init__(self, zh: str, en: str, rule_version: int) -> None:
        super().__init__(f"{zh} ({en})")
        self.zh, self.en, self.rule_version = zh, en, rule_version


class NeverDeclined(ReferralRefusal):
    """Level Ⅰ and Ⅱ are never declined; a redirect needs a place here first and medical affairs."""

    code = "NEVER_DECLINED"


class SuccessorRequired(ReferralRefusal):
    """A redirect names where the patient goes instead."""

    code = "SUCCESSOR_REQUIRED"


class AgreementRequired(ReferralRefusal):
    """No valid cooperation agreement covers referral between these organizations (国卫医发〔2018〕25号)."""

    code = "AGREEMENT_REQUIRED"


class ConsentRequired(ReferralRefusal):
    """Consent is written before a patient who is no emergency is sent; an emergency gives it afterwards."""

    code = "CONSENT_REQUIRED"


class ReviewRequired(ReferralRefusal):
    """A transfer beyond the county is reviewed before it is sent; an emergency afterwards (外转登记审核)."""

    code = "REVIEW_REQUIRED"


class RehabPlanRequired(ReferralRefusal):
    """Nobody goes home without summary, medicines, warning signs and a rehabilitation plan; `missing` names them."""

    code = "REHAB_PLAN_REQUIRED"

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(f"missing: {', '.join(missing)}")
        self.missing = tuple(missing)


class CapabilityUnchecked(ReferralRefusal):
    """Whoever takes a patient over says that medicines and equipment are there; `lacking` names what is not."""

    code = "CAPABILITY_REQUIRED"

    def __init__(self, lacking: Sequence[str]) -> None:
        super().__init__(f"not confirmed: {', '.join(lacking)}")
        self.lacking = tuple(lacking)


class NotStable(ReferralRefusal):
    """A cloud ward takes only a stable inpatient with a plan of daily rounds."""

    code = "NOT_STABLE"


class TooManyQuestions(ReferralRefusal):
    """A ticket is asked for more at most twice; then it is decided."""

    code = "INFO_ROUNDS"


class LevelForced(ReferralRefusal):
    """An open critical value keeps a ticket at Ⅱ or above; only a doctor lowers a level, with a reason."""

    code = "LEVEL"


class NoBed(ReferralRefusal):
    """No bed for this ticket now: where it stands, why, and when one is expected."""

    code = "NO_BED"

    def __init__(self, *, position: int, zh: str, en: str, estimate: str | None) -> None:
        super().__init__(f"{zh} ({en})")
        self.position, self.zh, self.en, self.estimate = position, zh, en, estimate


class BedTaken(ReferralRefusal):
    """Somebody has the bed in this time."""

    code = "BED_TAKEN"

    def __init__(self, bed_id: str, *, holder: str = "", until: str | None = None) -> None:
        super().__init__(f"{bed_id} is taken" + (f" until {until}" if until else ""))
        self.bed_id, self.holder, self.until = bed_id, holder, until


class BedUnsuitable(ReferralRefusal):
    """The bed does not fit; `rule` names what: sex, isolation, devices, department, state, pool."""

    code = "BED_UNSUITABLE"

    def __init__(self, bed_id: str, rule: str, zh: str, en: str) -> None:
        super().__init__(f"{zh} ({en})")
        self.bed_id, self.rule, self.zh, self.en = bed_id, rule, zh, en


class NotEligible(ReferralRefusal):
    """Reserved beds are for those whose category gives bed priority today; care goes on all the same."""

    code = "NOT_ELIGIBLE"


class PatientHasBed(ReferralRefusal):
    """One patient lies in one bed, and one bed is held for a patient."""

    code = "PATIENT_HAS_BED"

    def __init__(self, bed_id: str) -> None:
        super().__init__(bed_id)
        self.bed_id = bed_id


class NotPreemptible(ReferralRefusal):
    """Only level Ⅰ takes a hold, only from Ⅲ or Ⅳ, and never an occupied bed (domain.md 4 d)."""

    code = "NOT_PREEMPTIBLE"


class HoldOver(ReferralRefusal):
    """The hold is no longer live."""

    code = "HOLD_OVER"


class StaleFeed(ReferralRefusal):
    """A message about a bed is older than what is known already; it changes nothing."""

    code = "STALE_FEED"


class VisitInFuture(ReferralRefusal):
    """A visit is recorded after it happened."""

    code = "FUTURE"


class BloodPressureOrder(ReferralRefusal):
    """Systolic stands above diastolic: the two are swapped."""

    code = "BP_ORDER"


class OutOfRange(ReferralRefusal):
    """A value no living person has in this unit; `hint` names the unit that is likely meant."""

    code = "RANGE"

    def __init__(self, field: str, hint: str) -> None:
        super().__init__(f"{field}: {hint}")
        self.field, self.hint = field, hint


class NegativeWait(ReferralRefusal, ValueError):
    """A ticket waits since later than now: clocks are the server's, and the order would be a guess (domain.md 4)."""

    code = "NEGATIVE_WAIT"

    def __init__(self, ticket_id: str) -> None:
        super().__init__(f"{ticket_id} waits since later than now")
        self.ticket_id = ticket_id
