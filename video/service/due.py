"""What happens when a time is over: an offer ends, a lobby opens, and for all else a ladder of people."""

from datetime import timedelta

from video.consults import Consult, ConsultState
from video.lifecycle import Fact
from video.rules import ConsultRules, escalation
from video.service import call
from video.service.ground import ARRANGE, DUE, LATE, Act, announce, ask, ask_owner, move, rules_for
from video.signaling.seats import Place

S = ConsultState


async def consult_due(act: Act, consult_id: str) -> None:
    """Do what the clock may do by itself, and tell the next people of everything else."""
    consult = await act.uow.consults.get(consult_id, lock=True)
    if consult is None or not consult.is_live:
        await act.uow.ledger.clear_deadline(DUE, consult_id)
        return
    since = consult.deadline_at or act.now
    if since > act.now:
        await act.uow.ledger.set_deadline(DUE, consult.id, since, rule_version=consult.rule_version)
    elif consult.state is S.SLOT_HELD:
        expired = await move(act, consult, "hold-expired", Fact())
        await ask_owner(
            act, expired, ARRANGE, zh="所给时间无人选，已放回，请重新安排", en="no time was chosen: offer again"
        )
    elif consult.state is S.SCHEDULED:
        await move(act, consult, "lobby-opens", Fact())
    elif consult.state is S.RINGING:
        await call.nobody_answered(act, consult)
    elif await _has_a_backup(act, consult):
        await call.no_show(act, consult, "expert", "")
    else:
        await _late(act, consult)


async def _has_a_backup(act: Act, consult: Consult) -> bool:
    """Tell whether the experts are late, and another one can be rung (lifecycles.md d: at T+10 the backup)."""
    if consult.state not in {S.LOBBY_OPEN, S.WAITING} or len(consult.experts) < 2:
        return False
    room = await act.uow.rooms.get(consult.id)
    return not room.has_side(Place.EXPERT)


async def _late(act: Act, consult: Consult) -> None:
    since = consult.deadline_at or act.now
    rules = await rules_for(act, consult.to_organization_id)
    step, next_at = _rung_at(consult, act.now - since, rules)
    rung = escalation(consult, step, rules)
    told = [
        await ask(
            act, consult, LATE, organization_id=organization_id, roles=roles, due_at=act.now,
            occasion=f"{consult.state.value}:{since.isoformat()}:{step}:{roles[0]}", zh=rung.words.zh, en=rung.words.en,
        )
        for organization_id, roles in rung.told
    ]  # fmt: skip
    announce(act, consult, "overdue", step=step, told=",".join(dict.fromkeys(told)))
    await act.uow.ledger.set_deadline(DUE, consult.id, since + next_at, rule_version=rules.version)


def _rung_at(consult: Consult, late: timedelta, rules: ConsultRules) -> tuple[int, timedelta]:
    """Return the rung that a delay has reached, and after which delay the next one follows."""
    step, reached = 0, escalation(consult, 0, rules).pause
    while reached <= late:
        step += 1
        reached += escalation(consult, step, rules).pause
    return step, reached
