"""A web process that is killed at its n-th durable step while it holds a bed or admits a patient (B07)."""

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import aiohttp

from tests.fault.last_bed import BED, BED_ID, WARD, Race, twins
from tests.fault.machinery import web_process
from tests.flows.county import Json, Person
from tests.flows.referring import BEDS, REFERRALS, beds_of

STEPS = ("hold-bed", "admit")


@dataclass(slots=True)
class Crash:
    """What was found after a kill: the state of the ticket, whether the command was answered and the process gone."""

    command: str
    call: str
    when: int
    state: str = ""
    answered: bool = False
    killed: bool = False


async def crash(race: Race, command: str, call: str, when: int) -> Crash:
    """Kill a web process of its own at its n-th system call of a kind in the middle of a command; look afterwards.

    Raises
    ------
    AssertionError
        When the bed and the ticket tell two stories.
    """
    found = Crash(command, call, when)
    ticket = await _ready(race, command)
    with ExitStack() as stack:
        url, process = stack.enter_context(web_process(race.hub))
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as client:
            who = await Person("zhoumin" if command == "hold-bed" else "yangfan", client, url).sign_in()
            with _tracing(process.pid, call, when):
                await asyncio.sleep(0.4)
                found.answered = await _gives(who, ticket, command)
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.1 if found.answered else 5)
            found.killed = process.poll() is not None
    found.state = await _one_story(race, ticket, command, answered=found.answered)
    await _tidy(race, ticket)
    return found


async def _gives(who: Person, ticket: str, command: str) -> bool:
    """Give the command; tell whether it was answered with a yes before its process died."""
    body: Json = {"bed_id": BED_ID} if command == "hold-bed" else {}
    try:
        return (await who.asks("POST", f"{REFERRALS}/{ticket}/{command}", body)).status == 200
    except (aiohttp.ClientError, OSError):
        return False


async def _ready(race: Race, command: str) -> str:
    """Return a ticket that is ready for the command."""
    first, race.made = race.made, race.made + 1
    (ticket,) = await twins(race.hub, race.tickets[0], first, race.made)
    if command == "admit":
        await race.desks[0].does(f"{REFERRALS}/{ticket}/hold-bed", {"bed_id": BED_ID})
        await race.desks[0].does(f"{REFERRALS}/{ticket}/arrive")
    return ticket


@contextmanager
def _tracing(pid: int, call: str, when: int) -> Iterator[None]:
    rule = f"inject={call}:signal=KILL:when={when}"
    strace = shutil.which("strace") or "strace"
    words = [strace, "-f", "-qq", "-e", f"trace={call}", "-e", rule, "-o", "/dev/null", "-p", str(pid)]
    tracer = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        tracer.kill()  # told to end, it would wait for a process that nobody has buried yet
        tracer.wait(10)


async def _one_story(race: Race, ticket: str, command: str, *, answered: bool) -> str:
    """Compare the ticket with the bed: both have moved, or neither has; what was answered has happened."""
    seen = await race.doctor.sees(f"{REFERRALS}/{ticket}")
    bed = (await beds_of(race.nurse, "C01", WARD))[BED]
    holder = bed["hold"]["ticket_id"] if bed["hold"] else None
    lies = bed["occupancy"]["ticket_id"] if bed["occupancy"] else None
    told = (seen["state"], seen["place"]["kind"] if seen["place"] else "none", holder, lies)
    before, after = {
        "hold-bed": (("accepted", "none", None, None), ("bed-held", "bed", ticket, None)),
        "admit": (("arrived", "bed", ticket, None), ("admitted", "bed", None, ticket)),
    }[command]
    assert told in {before, after}, told
    assert told == after or not answered, told
    return str(seen["state"])


async def _tidy(race: Race, ticket: str) -> None:
    await race.doctor.does(f"{REFERRALS}/{ticket}/die", {"reason": "演练结束"})
    await race.nurse.asks("POST", f"{BEDS}/{BED_ID}/clean", {})
