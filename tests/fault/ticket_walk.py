"""One random walk of tickets through the hub, each step compared with the model of the signed tables (B05)."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from typing_extensions import override

from server.db.tables import ledger
from tests.builders.reading_house import Answer, House
from tests.referral import model_of_tickets as model
from tests.referral.model_of_tickets import Given, Modelled

REFERRALS, BEDS = "/api/v1/referrals", "/api/v1/beds"
# The people of config/demo/county.toml whom a ticket can concern, and some whom it does not.
ROLES: Mapping[str, tuple[str, ...]] = {
    "lilan": ("township-doctor@T01", "technician@T01"),
    "haiying": ("township-doctor@T01", "medical-affairs@T01"),
    "maxiaoyan": ("family-doctor@V0101", "township-doctor@V0101"),
    "zhoumin": ("referral-desk@C01",),
    "zhaoning": ("consultant@C01",),
    "yangfan": ("ward-nurse@C01",),
    "yiwu": ("medical-affairs@C01",),
    "shizhuan": ("referral-desk@M01", "consultant@M01"),
    "helin": ("township-doctor@T02",),
    "hazhiyuan": ("reporting-physician@C01-RAD",),
    "weijian": ("bureau@B01",),
}
SENDERS = {"T01": "lilan", "C01": "zhaoning", "M01": "shizhuan"}
EVENTS = model.events_of([model.table("upward"), model.table("downward")])
ONWARD = "M01"  # where a walk redirects to
RARE = {"die", "admitted-elsewhere", "not-arrived", "decline", "advise", "cancel", "redirect", "treat-and-release"}
OFTEN = {"send", "open", "accept", "hold-bed", "depart", "arrive", "admit", "discharge", "send-outcome", "refer-down"}
DIAGNOSIS = {"code": "I50.900x001", "system": "ICD-10 国家临床版 2.0", "name": "心力衰竭"}
PLAN: dict[str, Any] = {
    "discharge_summary": "心力衰竭，好转", "medicines": ["呋塞米 20 mg 每日一次 长期"],
    "warning_signs": "气促加重：联系卫生院", "rehabilitation": "低盐，每日步行 20 分钟", "equipment": ["心电图机"],
    "risk_tier": "yellow",
}  # fmt: skip
# What a downward ticket is proposed with, and what is wrong with it; without rehabilitation it is not even drafted.
PLANS: Mapping[str, dict[str, Any]] = {
    "": PLAN,
    "plan": PLAN | {"medicines": []},
    "stable": PLAN | {"cloud_ward": True, "stable": False},
    "none": PLAN | {"rehabilitation": ""},
}
AGREED = ({"T01", "C01"}, {"C01", "M01"})  # who may send patients to whom, and back home
LONGEST_HOLD = timedelta(hours=9)
NOTHING = Given()


class Differs(Exception):
    """The hub did or said something else than the signed tables; `steps` led there."""

    steps: Sequence["Step"] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One command as it is given again when a walk is replayed; `ticket` counts from the walk's first."""

    who: str
    event: str
    ticket: int = 0
    given: Given = NOTHING
    plan: str = ""

    @override
    def __str__(self) -> str:
        words = [word for word in ("words", "code", "successor", "outcome", "capable") if getattr(self.given, word)]
        more = [*words, *([f"level {self.given.level}"] if self.given.level else []), *filter(None, [self.plan])]
        return f"{self.who}: {self.event} #{self.ticket}" + (f" ({', '.join(more)})" if more else "")


@dataclass(slots=True)
class Walked:
    """A ticket of the walk: what the hub calls it, and what the tables say of it."""

    id: str
    model: Modelled
    version: int
    refused: int = 0  # commands about it that were refused


@dataclass(slots=True)
class Walk:
    """Tickets of one patient; steps are tried on the hub and on the model."""

    house: House
    patient_id: str
    tickets: list[Walked] = field(default_factory=list)
    taken: list[Step] = field(default_factory=list)

    async def try_step(self, step: Step, watcher: str) -> None:
        """Take a step on both sides; a step about a ticket that is not there (a replay left it out) is nothing.

        Raises
        ------
        Differs
            When the hub answers, or shows afterwards, what the tables do not say.
        """
        self.taken.append(step)
        if step.event == "draft":
            await self._draft(step)
        elif step.event == "wait":
            await self._wait()
        elif step.ticket < len(self.tickets):
            await self._command(step, self.tickets[step.ticket])
        for ticket in self._touched(step):
            await self._compare(ticket, watcher)

    def _touched(self, step: Step) -> list[Walked]:
        """Return the tickets that a step can have changed: its own, the one it made, all of them when time passed."""
        last = len(self.tickets) - 1
        return [t for n, t in enumerate(self.tickets) if step.event == "wait" or n in {step.ticket, last}]

    def words(self, who: str, ticket: Walked) -> frozenset[str]:
        """Return what somebody is to a ticket."""
        there = ticket.model
        return model.parties(ROLES[who], home=there.home, sends=there.sends, takes=there.takes)

    def sees(self, who: str, ticket: Walked) -> bool:
        """Tell whether somebody may know of a ticket."""
        return ticket.model.is_seen_by(self.words(who, ticket), ROLES[who])

    async def _draft(self, step: Step) -> None:
        body = {
            "patient_id": self.patient_id, "direction": "up", "from_org": "T01", "to_org": "C01", "department": "心内",
            "reason_code": "beyond-capability", "diagnosis": DIAGNOSIS, "triage_level": step.given.level,
            "summary": "心功能 III 级" if step.given.words else "", "needs": {"department": "心内"},
        }  # fmt: skip
        made = await self.house.call(step.who, "POST", REFERRALS, body)
        _expect(made.status == 201, step, f"{made.status} {made.body}")
        complete = step.given.words or step.given.level <= model.LOWEST_GREEN
        drafted = Modelled(False, "T01", "C01", step.given.level, complete=complete)
        self.tickets.append(Walked(made.body["id"], drafted, made.body["version"]))

    async def _wait(self) -> None:
        """Let every hold run out that may, and let the worker act."""
        self.house.clock.at += LONGEST_HOLD
        self.house.forget_sessions()
        await self.house.pump()
        for ticket in self.tickets:
            ticket.model = model.expired(ticket.model)
            ticket.version = 0

    async def _command(self, step: Step, ticket: Walked) -> None:
        answer = await self._ask(step, ticket)
        told = f"{answer.status} {answer.code}" if answer.status >= 400 else "ok"
        if not self.sees(step.who, ticket):
            _expect(told in {model.FORBIDDEN, model.UNSEEN}, step, f"unseen, and the hub says {told}")
            ticket.refused += 1
            return
        said = model.verdict(ticket.model, step.event, step.given, self.words(step.who, ticket))
        beyond = _beyond_the_tables(step, ticket.model)
        if beyond and said.after is not None:
            said = model.Verdict(None, frozenset({beyond}))
        wanted = said.codes if said.after is None else {"ok"}
        _expect(told in wanted, step, f"the tables say {sorted(wanted)}, the hub says {told} {answer.body}")
        if said.after is None:
            ticket.refused += 1
        else:
            await self._moved(step, ticket, said.after, answer)

    async def _moved(self, step: Step, ticket: Walked, after: Modelled, answer: Answer) -> None:
        before, ticket.model = ticket.model, after
        if step.event == "refer-down":
            down = Modelled(True, after.takes, after.sends, 4, plan=step.plan)
            self.tickets.append(Walked(answer.body["id"], down, answer.body["version"]))
            return
        if step.event == "redirect":
            await self._successor(step, ticket, answer)
        if step.event in {"send", "retriage"}:
            ticket.model = self._at_once(ticket.model, raised=step.event == "send" or after.level < before.level)
        ticket.version = answer.body["version"]
        _same(ticket.model, answer.body, self.words(step.who, ticket), step)
        if before.state == "admitted" and after.state != "admitted":
            await self._clean(after.takes)

    def _at_once(self, ticket: Modelled, *, raised: bool) -> Modelled:
        """Let the system accept and place what is sent at, or was just raised to, Ⅰ or Ⅱ: a bed, else the bay.

        A Ⅱ in the bay that becomes a Ⅰ is raised too, and so is who is on the road or at the door (decision 0011).
        """
        if ticket.home or not (ticket.green and raised):
            return ticket
        if ticket.state in {"sent", "received", "info-needed"}:
            return model.received_at_once(ticket, free=True)
        return model.held_by_system(ticket)

    async def _successor(self, step: Step, ticket: Walked, answer: Answer) -> None:
        there = ticket.model
        sent = Modelled(False, there.sends, ONWARD, there.level, state="sent", sent=True)
        found = await self.house.call("lilan", "GET", f"{REFERRALS}/{answer.body['successor_id']}")
        _expect(found.status == 200, step, f"no successor: {found.status} {answer.body}")
        self.tickets.append(Walked(found.body["id"], self._at_once(sent, raised=True), found.body["version"]))

    async def _ask(self, step: Step, ticket: Walked) -> Answer:
        path, given = f"{REFERRALS}/{ticket.id}", step.given
        if step.event == "edit":
            body = {"diagnosis": DIAGNOSIS, "summary": "心功能 IV 级", "needs": {"department": "心内"}}
            plan = {"plan": PLANS[ticket.model.plan]} if ticket.model.home else {}
            version = ticket.version or await self._version(ticket)
            return await self.house.call(step.who, "PUT", path, body | plan, If_Match=f'"{version}"')
        words = {"reason": "见电话记录"} if given.words else {}
        more: dict[str, dict[str, Any]] = {
            "decline": {"code": "no-capability"} if given.code else {},
            "redirect": {"to_org": ONWARD, "department": "心内"} if given.successor else {},
            "retriage": {"triage_level": given.level},
            "override": {"rank": 1},
            "send-outcome": {"diagnosis": "心力衰竭"} if given.outcome else {},
            "take-over": {"medicines": given.capable, "equipment": given.capable},
        }
        bare = {"open", "acknowledge", "accept", "hold-bed", "depart", "arrive", "admit", "send", "first-visit",
                "close", "confirm-cancel", "take-over", "send-outcome"}  # fmt: skip
        body = more.get(step.event, {}) | ({} if step.event in bare else words)
        if step.event == "refer-down":
            body = PLANS[step.plan]
        return await self.house.call(step.who, "POST", f"{path}/{step.event}", body)

    async def _version(self, ticket: Walked) -> int:
        return int(
            (await self.house.call(SENDERS[ticket.model.sends], "GET", f"{REFERRALS}/{ticket.id}")).body["version"]
        )

    async def _compare(self, ticket: Walked, watcher: str) -> None:
        seen = await self.house.call(watcher, "GET", f"{REFERRALS}/{ticket.id}")
        if not self.sees(watcher, ticket):
            _expect(seen.status in {403, 404}, self.taken[-1], f"{watcher} sees {ticket.model.state}: {seen.status}")
            ticket.refused += seen.status == 404  # whose roles open no ticket at all made no move
            return
        _expect(seen.status == 200, self.taken[-1], f"{watcher} does not see {ticket.model}: {seen.status}")
        ticket.version = seen.body["version"]
        _same(ticket.model, seen.body, self.words(watcher, ticket), self.taken[-1])

    async def _clean(self, organization: str) -> None:
        who = {"C01": "yangfan", "M01": "shizhuan"}[organization]
        page = await self.house.call(who, "GET", f"{BEDS}?org={organization}&department=心内&state=to-clean")
        for bed in page.body["items"]:
            cleaned = await self.house.call(who, "POST", f"{BEDS}/{bed['id']}/clean")
            _expect(cleaned.status == 200, self.taken[-1], f"{bed['id']}: {cleaned.body}")

    async def end(self) -> None:
        """Let the patient die with every ticket that is not over, and compare what was audited as refused."""
        for ticket in self.tickets:
            if not ticket.model.is_over:
                in_bed = ticket.model.state == "admitted"
                ended = await self.house.call(SENDERS[ticket.model.sends], "POST", f"{REFERRALS}/{ticket.id}/die")
                _expect(ended.status == 200, self.taken[-1], f"die: {ended.status} {ended.body}")
                if in_bed:
                    await self._clean(ticket.model.takes)
        a = ledger.audit.c
        counted = sa.select(a.object_id, sa.func.count()).where(a.outcome == "refused").group_by(a.object_id)
        async with self.house.hub.unit_of_work(read=True) as uow:
            kept = dict((await uow.connection.execute(counted)).tuples().all())
        for number, ticket in enumerate(self.tickets):
            _expect(
                kept.get(ticket.id, 0) == ticket.refused, self.taken[-1],
                f"#{number}: {ticket.refused} commands were refused, {kept.get(ticket.id, 0)} are on record",
            )  # fmt: skip


def _beyond_the_tables(step: Step, ticket: Modelled) -> str:
    """Return the refusal that a move meets which the tables allow: another rule's, and not every ticket's."""
    if step.event == "refer-down" and step.plan == "none":
        return "422 REHAB_PLAN_REQUIRED"
    if step.event == "send" and ticket.home and {ticket.sends, ticket.takes} not in AGREED:
        return "422 AGREEMENT_REQUIRED"
    if step.event == "redirect" and ticket.takes == ONWARD:  # she is there already
        return "422 SUCCESSOR_REQUIRED"
    return ""


def _expect(so: object, step: Step, what: str) -> None:
    if not so:
        raise Differs(f"{step}: {what}")


def _same(ticket: Modelled, view: Mapping[str, Any], words: frozenset[str], step: Step) -> None:
    """Compare a ticket as somebody sees it with the model: state, level, place, and the commands she may give."""
    place = view["place"]["kind"] if view["place"] else "none"
    offered = {c["name"] for c in view["commands"] if c["allowed"]} & set(EVENTS)
    hub = (view["state"], view["triage_level"], place)
    mine = (ticket.state, ticket.level, "bed" if ticket.bed else "bay" if ticket.bay else "none")
    _expect(hub == mine, step, f"the tables say {mine}, the hub shows {hub}")
    allowed = model.allowed(ticket, words) & set(EVENTS)
    more, less = sorted(offered - allowed), sorted(allowed - offered)
    _expect(not more and not less, step, f"{ticket.state}, {sorted(words)}: offered too much {more}, too little {less}")


def next_step(walk: Walk, chance: random.Random) -> Step:
    """Return the next step: mostly one that the tables allow, often any person's any command, now and then a wait."""
    live = [n for n, ticket in enumerate(walk.tickets) if not ticket.model.is_over]
    onward = [n for n in live if not walk.tickets[n].model.home]
    if not onward:
        return Step("lilan", "draft", 0, Given(level=chance.randint(1, 4), words=chance.random() < 0.8))
    luck = chance.random()
    if luck < 0.02:
        return Step("worker", "wait")
    if luck < 0.3:
        number = chance.randrange(len(walk.tickets))
        return _filled(walk, Step(chance.choice(list(ROLES)), chance.choice(EVENTS), number), chance)
    legal = [
        (who, event, n)
        for n in live
        for who in ROLES
        if walk.sees(who, walk.tickets[n])
        for event in model.allowed(walk.tickets[n].model, walk.words(who, walk.tickets[n]))
        if event in EVENTS
    ]
    events = sorted({(event, n) for _, event, n in legal})
    weights = [1 if event in RARE else 30 if event in OFTEN else 6 for event, _ in events]
    ((event, number),) = chance.choices(events, weights)
    who = chance.choice(sorted({w for w, e, n in legal if (e, n) == (event, number)}))
    return _filled(walk, Step(who, event, number), chance)


def _filled(walk: Walk, step: Step, chance: random.Random) -> Step:
    given = Given(
        words=chance.random() < 0.8,
        code=step.event == "decline" and chance.random() < 0.5,
        successor=chance.random() < 0.8,
        outcome=chance.random() < 0.8,
        capable=chance.random() < 0.8,
        level=chance.randint(1, 4) if step.event == "retriage" else 0,
    )
    plan = chance.choice(["", "", "", *PLANS]) if step.event == "refer-down" else ""
    home = any(t.model.home and not t.model.is_over for t in walk.tickets)
    if step.event == "refer-down" and home:  # one way home at a time: a second one is tracked, by another rule
        return Step(step.who, "override", step.ticket, given)
    return replace(step, given=given, plan=plan)


async def walk_at_random(house: House, patient_id: str, seed: int, steps: int) -> Sequence[Step]:
    """Walk so many steps; return them.

    Raises
    ------
    Differs
        With the steps until then in `steps`.
    """
    chance, walk = random.Random(seed), Walk(house, patient_id)
    return await _walked(walk, steps, lambda: next_step(walk, chance), lambda: chance.choice(list(ROLES)))


async def replay(house: House, patient_id: str, steps: Sequence[Step], watcher: str = "lilan") -> Differs | None:
    """Take these steps again, watched by one person; return how it differs, None when it does not."""
    rest = iter(steps)
    try:
        await _walked(Walk(house, patient_id), len(steps), lambda: next(rest), lambda: watcher)
    except Differs as differs:
        return differs
    return None


async def shortest(house: House, patient_id: str, steps: Sequence[Step], *, tries: int) -> Sequence[Step]:
    """Leave out of a walk that differs at its last step what it differs there without: halves first, then steps."""
    size = len(steps) // 2
    while size and tries > 0:
        for start in range(0, len(steps), size):
            tries -= 1
            fewer = [*steps[:start], *steps[start + size :]]
            found = await replay(house, patient_id, fewer)
            if found is not None and [*found.steps] == fewer:
                steps = fewer
                break
        else:
            size //= 2
    return steps


async def _walked(walk: Walk, steps: int, step: Callable[[], Step], watcher: Callable[[], str]) -> Sequence[Step]:
    try:
        for _ in range(steps):
            await walk.try_step(step(), watcher())
        await walk.end()
    except Differs as differs:
        differs.steps = list(walk.taken)
        raise
    return walk.taken
