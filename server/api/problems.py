"""Every refusal's HTTP status and text in one table (RFC 9457, decisions 14)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from dicom import errors as dicom_errors
from referral import errors as referral_errors
from server.accounts import errors as account_errors
from server.api.field_words import words_of
from server.patients import errors as patient_errors
from video import errors as video_errors


class BadRequest(Exception):
    """A malformed request; `code` is stable, `errors` points at fields (JSON pointers)."""

    def __init__(self, code: str, detail: str, *, status: int = 400, errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(detail)
        self.code, self.detail, self.status, self.errors = code, detail, status, list(errors)


STATUS: dict[type[Exception], int] = {
    dicom_errors.DicomRefusal: 422,
    dicom_errors.Unreadable: 400,
    dicom_errors.MalformedMultipart: 400,
    dicom_errors.BodyBroken: 400,
    dicom_errors.UnsupportedMedia: 415,
    dicom_errors.NotAcceptable: 406,
    dicom_errors.MalformedQuery: 400,
    dicom_errors.WrongStudy: 409,
    dicom_errors.UploadBusy: 423,
    dicom_errors.NotDecodable: 422,
    dicom_errors.UidConflict: 409,
    dicom_errors.StorageFull: 507,
    dicom_errors.DatabaseAway: 503,
    dicom_errors.RowTaken: 503,
    dicom_errors.NotPermitted: 403,
    dicom_errors.UnknownSubject: 404,
    dicom_errors.IllegalTransition: 409,
    dicom_errors.VersionMismatch: 412,
    dicom_errors.AlreadyClaimed: 409,
    dicom_errors.NotClaimHolder: 409,
    dicom_errors.ReasonRequired: 422,
    dicom_errors.SameSigner: 422,
    dicom_errors.TitleTooLow: 422,
    dicom_errors.Unsigned: 422,
    dicom_errors.ReportEmpty: 422,
    dicom_errors.AgreementRequired: 422,
    dicom_errors.IdentityConflict: 422,
    dicom_errors.AlreadyMatched: 409,
    dicom_errors.UnknownState: 400,
    account_errors.AccountRefusal: 422,
    account_errors.NotSignedIn: 401,
    account_errors.WrongCredentials: 401,
    account_errors.Locked: 401,
    account_errors.OtpRequired: 401,
    account_errors.Forbidden: 403,
    account_errors.NoCareRelation: 403,
    account_errors.CsrfFailed: 403,
    account_errors.UnknownAccount: 404,
    account_errors.AlreadyExists: 409,
    account_errors.VersionMismatch: 412,
    account_errors.WeakPassword: 422,
    account_errors.ReasonNeeded: 422,
    account_errors.IllFormed: 422,
    patient_errors.PatientRefusal: 422,
    patient_errors.IdChecksum: 422,
    patient_errors.IdDate: 422,
    patient_errors.IdSexMismatch: 422,
    patient_errors.IdBirthMismatch: 422,
    patient_errors.IdFormat: 422,
    patient_errors.UnknownAssistance: 422,
    patient_errors.DateOrder: 422,
    patient_errors.NameRequired: 422,
    patient_errors.UnknownPatient: 404,
    patient_errors.IdentityConflict: 422,
    patient_errors.DuplicateIdentifier: 409,
    patient_errors.ResidentIdRequired: 422,
    referral_errors.ReferralRefusal: 422,
    referral_errors.UnknownSubject: 404,
    referral_errors.NotPermitted: 403,
    referral_errors.IllegalTransition: 409,
    referral_errors.VersionMismatch: 412,
    referral_errors.ReasonRequired: 422,
    referral_errors.Incomplete: 422,
    referral_errors.DuplicateReferral: 409,
    referral_errors.NoSuchDepartment: 422,
    referral_errors.WithinBaseScope: 422,
    referral_errors.NeverDeclined: 422,
    referral_errors.SuccessorRequired: 422,
    referral_errors.AgreementRequired: 422,
    referral_errors.ConsentRequired: 422,
    referral_errors.ReviewRequired: 422,
    referral_errors.RehabPlanRequired: 422,
    referral_errors.CapabilityUnchecked: 422,
    referral_errors.NotStable: 422,
    referral_errors.TooManyQuestions: 409,
    referral_errors.LevelForced: 422,
    referral_errors.NoBed: 409,
    referral_errors.BedTaken: 409,
    referral_errors.BedUnsuitable: 422,
    referral_errors.NotEligible: 422,
    referral_errors.PatientHasBed: 409,
    referral_errors.NotPreemptible: 422,
    referral_errors.HoldOver: 409,
    referral_errors.StaleFeed: 409,
    referral_errors.VisitInFuture: 422,
    referral_errors.BloodPressureOrder: 422,
    referral_errors.OutOfRange: 422,
    referral_errors.NegativeWait: 422,
    video_errors.VideoRefusal: 422,
    video_errors.UnknownSubject: 404,
    video_errors.NotPermitted: 403,
    video_errors.IllegalTransition: 409,
    video_errors.VersionMismatch: 412,
    video_errors.ReasonRequired: 422,
    video_errors.Incomplete: 422,
    video_errors.AgreementRequired: 422,
    video_errors.ConsentRequired: 422,
    video_errors.NotOfPatient: 422,
    video_errors.InviterTitle: 422,
    video_errors.ExpertExperience: 422,
    video_errors.ExpertSpecialty: 422,
    video_errors.SlotTaken: 409,
    video_errors.SlotOver: 409,
    video_errors.UnsoundSlot: 422,
    video_errors.OpinionIncomplete: 422,
    video_errors.SignatureBroken: 422,
    video_errors.OutOfRange: 422,
    video_errors.MalformedFrame: 400,
    video_errors.Locked: 409,
    video_errors.ClassFull: 409,
    video_errors.BurnedIn: 409,
    video_errors.NotInside: 409,
    video_errors.TooEarly: 409,
    video_errors.CallOver: 409,
    video_errors.MediaAway: 503,
}


PASSING = frozenset({503, 507})  # what time or an administrator mends: the same request will do later
COME_AGAIN = 5  # seconds


def status_of(error: Exception) -> int | None:
    """Return the status of a typed refusal (its class's own row), None when it is no refusal of ours."""
    return STATUS.get(type(error))


def problem(status: int, code: str, detail: str, **more: Any) -> web.Response:
    """Return an `application/problem+json` answer with our stable `code`."""
    body = {"type": f"/problems/{code.lower()}", "title": code, "status": status, "detail": detail, "code": code}
    body |= {k: v for k, v in more.items() if v}
    return web.Response(
        status=status,
        body=json.dumps(body, ensure_ascii=False, default=str).encode(),
        headers={"Content-Type": "application/problem+json; charset=utf-8", "Cache-Control": "no-store"},
    )


def from_error(error: Exception) -> web.Response | None:
    """Return the answer for a refusal, None for anything that is a fault of ours."""
    if isinstance(error, BadRequest):
        return problem(error.status, error.code, error.detail, errors=error.errors)
    if isinstance(error, ValidationError):
        return problem(400, "MALFORMED", "请求格式不对，请按提示改", errors=_field_errors(error))
    status = status_of(error)
    if status is None:
        return None
    data = {
        k: v for k, v in vars(error).items() if not k.startswith("_") and isinstance(v, str | int | bool | list | tuple)
    }
    errors = data.pop("errors", None)
    answer = problem(status, getattr(error, "code", "REFUSED"), str(error), errors=errors, **data)
    if status in PASSING:
        answer.headers["Retry-After"] = str(COME_AGAIN)
    return answer


def _field_errors(error: ValidationError) -> list[dict[str, str]]:
    return [
        {"pointer": "/" + "/".join(str(p) for p in e["loc"]), "code": e["type"].upper(), "detail": words_of(e)}
        for e in error.errors(include_url=False, include_input=False)
    ]
