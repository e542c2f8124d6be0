"""The opinion: written by the experts together, signed over its bytes, adopted or not by who asked."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace

from video.consults import Consult, ConsultState, Expert, Opinion, OpinionText, Signature
from video.errors import UnknownSubject, VersionMismatch
from video.lifecycle import Fact
from video.model import TEMPLATE, Adopted, ConsultMode, Document
from video.service.ground import ADOPT, Act, announce, ask_owner, move, next_number, require, rules_for, the_experts


def canonical(consult: Consult, opinion: Opinion, experts: Sequence[Expert]) -> str:
    """Return the bytes that a signature covers, as text: JSON with sorted keys and no spaces (RFC 8785's form).

    They name the kind of document and who is liable, so that nobody takes an opinion for a diagnosis, and the
    application by its digest, so that a signature says over which question it was given.
    """
    application = json.dumps(asdict(consult.application), default=str, ensure_ascii=False, sort_keys=True)
    body = {
        "document": Document.OPINION.value,
        "template": TEMPLATE,
        "liable": "inviter",
        "number": opinion.number,
        "application": consult.number,
        "application_digest": digest_of(application),
        "service": consult.service.value,
        "mode": (ConsultMode.WRITTEN if consult.in_writing else ConsultMode.VIDEO).value,
        "inviter": consult.from_organization_id,
        "invitee": consult.to_organization_id,
        "patient": consult.patient_id,
        "begins_at": consult.begins_at.isoformat() if consult.begins_at else None,
        "ends_at": consult.ends_at.isoformat() if consult.ends_at else None,
        "experts": [_credentials(expert) for expert in experts],
        **asdict(opinion.text),
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _credentials(expert: Expert) -> dict[str, object]:
    return {
        "id": expert.id,
        "name": expert.name,
        "title": expert.title,
        "specialties": list(expert.specialties),
        "licence": expert.licence,
        "practising_since": expert.practising_since.isoformat(),
    }


def digest_of(body: str) -> str:
    """Return the SHA-256 over the stored bytes, in hex."""
    return hashlib.sha256(body.encode()).hexdigest()


async def the_opinion(act: Act, consult: Consult) -> Opinion:
    """Return a consult's opinion.

    Raises
    ------
    UnknownSubject
        When nobody has written a word.
    """
    opinion = await act.uow.opinions.get(consult.id)
    if opinion is None:
        raise UnknownSubject("opinions", consult.id)
    return opinion


async def write(act: Act, consult: Consult, text: OpinionText, *, expected: int) -> Opinion:
    """Keep what an expert writes (autosave); whoever writes with her hears of it. A signature on older words is void.

    Parameters
    ----------
    expected
        The version that was seen, 0 before the first word.

    Raises
    ------
    VersionMismatch
        When somebody else wrote meanwhile.
    """
    require(consult, "write-opinion", act.by)
    seen = await act.uow.opinions.get(consult.id)
    if expected != (seen.version if seen else 0):
        raise VersionMismatch(seen.version if seen else 0)
    if seen is None:
        number = await next_number(act, "Y")
        written = Opinion(consult.id, number, 1, text, act.now, act.now, act.by.user_id)
        await act.uow.opinions.add(written)
    else:
        written = replace(seen, text=text, version=seen.version + 1, updated_at=act.now, updated_by=act.by.user_id)
        await act.uow.opinions.save(written)
        await act.uow.opinions.void(consult.id, act.now)
    announce(act, consult, "opinion-saved", opinion_version=written.version, by=act.by.user_id)
    return written


async def void(act: Act, consult: Consult) -> None:
    """Void what stands signed while it is written: the question or the panel, which it covers too, is another now."""
    if consult.state is ConsultState.DOCUMENTING:
        await act.uow.opinions.void(consult.id, act.now)


async def sign(act: Act, consult: Consult, method: str, *, seen: int) -> Consult:
    """Sign what is written: the host's word ends the writing, a colleague's stands beside it; she re-authenticated.

    Parameters
    ----------
    seen
        The version of the words that she signs.

    Raises
    ------
    VersionMismatch
        When a colleague wrote meanwhile: nobody signs words that she has not seen.
    OpinionIncomplete, ExpertExperience, ExpertSpecialty
    """
    require(consult, "sign", act.by)
    opinion = await act.uow.opinions.get(consult.id) or _blank(act, consult)
    if opinion.version != seen:
        raise VersionMismatch(opinion.version)
    signer = await the_experts(act, [act.by.user_id], consult.to_organization_id)
    rules = await rules_for(act, consult.to_organization_id)
    standing = [each for each in await act.uow.opinions.signatures(consult.id) if each.voided_at is None]
    fact = Fact(
        experts=signer,
        on=act.today,
        least_years=rules.expert_years,
        text=opinion.text,
        signed_by=frozenset(each.user_id for each in standing),
    )
    moved = await move(act, consult, "sign", fact)
    panel = [await act.uow.roster.get(user_id) for user_id in consult.experts]
    body = canonical(consult, opinion, [expert for expert in panel if expert is not None])  # who has left is left out
    digest = digest_of(body)
    role = "host" if act.by.host else "expert"
    await act.uow.opinions.void(consult.id, act.now, besides=digest)
    await act.uow.opinions.sign(Signature(act.new_id(), consult.id, act.by.user_id, role, method, digest, act.now))
    if act.by.host:
        signed = replace(opinion, version=opinion.version + 1, body=body, digest=digest, signed_at=act.now)
        await act.uow.opinions.save(signed)
        await ask_owner(
            act, moved, ADOPT, zh="会诊意见已签发，请填采纳情况", en="the opinion is signed: say what you adopt"
        )
    return moved


def _blank(act: Act, consult: Consult) -> Opinion:
    """Return what stands before the first word: it lacks everything, and its signature is refused for that."""
    return Opinion(consult.id, "", 0, OpinionText(), act.now, act.now, act.by.user_id)


async def is_intact(act: Act, consult: Consult) -> bool:
    """Tell whether the stored bytes are those that the host signed."""
    opinion = await act.uow.opinions.get(consult.id)
    if opinion is None or opinion.body is None:
        return False
    signed = [each for each in await act.uow.opinions.signatures(consult.id) if each.voided_at is None]
    digest = digest_of(opinion.body)
    return digest == opinion.digest and any(each.role == "host" and each.digest == digest for each in signed)


async def adopt(act: Act, consult: Consult, adopted: Adopted | None, reason: str) -> Consult:
    """Say what the inviter made of the opinion; she decides, and what is done is hers.

    Raises
    ------
    ReasonRequired
        When it is not adopted as a whole and nobody says why.
    SignatureBroken
        When the stored bytes are not those that were signed.
    """
    require(consult, "adopt", act.by)
    return await move(act, consult, "adopt", Fact(adopted=adopted, reason=reason, intact=await is_intact(act, consult)))


async def close_without(act: Act, consult: Consult, reason: str) -> Consult:
    """Close a consult to which nobody writes an opinion, with the reason that the inviter is told."""
    return await move(act, consult, "close-without-opinion", Fact(reason=reason))
