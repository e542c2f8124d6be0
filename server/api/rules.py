"""The rules that a county edits: the version in force, and the next one (`/api/v1/rules/{kind}`)."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, Field

from referral.errors import UnknownSubject, VersionMismatch
from server.accounts.model import AuditEntry
from server.api.endpoint import Body, Call, Routes, View
from server.api.problems import BadRequest
from server.workflows.rule_kinds import KINDS, UnsoundRule, check, whole

routes = Routes("rules")
RULE = "/api/v1/rules/{kind}"


class RuleBody(Body):
    """The next version: from when it holds, now where nothing is said; what it does not name is the default's."""

    valid_from: AwareDatetime | None = None
    data: dict[str, Any] = Field(max_length=100)


class RuleView(View):
    """A rule as it holds; `version` 0 is what the program comes with, `newest` may still be to come."""

    kind: str
    region: str
    version: int
    newest: int
    since: datetime | None
    data: dict[str, Any]


@routes.get(RULE, answer=RuleView)
async def show(call: Call) -> RuleView:
    """Show the version that is in force where the caller works."""
    kind = _kind(call)
    call.uow.audit(AuditEntry("read", "rules", kind))
    return await _in_force(call, kind, await _region(call))


@routes.add("PUT", RULE, body=RuleBody, answer=RuleView)
async def put(call: Call) -> RuleView:
    """Store the next version; If-Match names the newest one that was seen."""
    kind, region = _kind(call), await _region(call)
    _refuse_unsound(kind, call.body.data)
    newest = await call.uow.rule_book.newest(kind, region)
    since = max(call.body.valid_from or call.now, call.now)
    stored = call.if_match == newest
    if not (stored and await call.uow.rule_book.add(kind, region, newest + 1, since, call.body.data)):
        raise VersionMismatch(await call.uow.rule_book.newest(kind, region))
    call.uow.audit(AuditEntry("change", "rules", f"{kind} {newest + 1}", basis=since.isoformat()))
    return await _in_force(call, kind, region)


async def _in_force(call: Call, kind: str, region: str) -> RuleView:
    version, row = await call.uow.ledger.rule(kind, region, call.now) or (0, {})
    return RuleView(
        kind=kind,
        region=region,
        version=version,
        newest=await call.uow.rule_book.newest(kind, region),
        since=await call.uow.rule_book.since(kind, region, version) if version else None,
        data=whole(kind, row),
    )


def _kind(call: Call) -> str:
    kind = call.path("kind")
    if kind not in KINDS:
        raise UnknownSubject("rules", kind)
    return kind


def _refuse_unsound(kind: str, data: dict[str, Any]) -> None:
    try:
        check(kind, data)
    except UnsoundRule as unsound:
        text = f"规则读不通：{unsound.why} (the rule cannot serve: {unsound.why})"
        raise BadRequest("RULE_UNSOUND", text, status=422) from unsound


async def _region(call: Call) -> str:
    """Return the division whose rules hold where the caller works."""
    for organization_id in sorted(call.caller.organizations):
        region: str = await call.uow.neighbours.region_of(organization_id)
        if region:
            return region
    return str(call.hub.settings.region)
