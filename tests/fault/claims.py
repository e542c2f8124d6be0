"""Two readers claim the same orders at the same moment at two web processes."""

import asyncio
from collections import Counter
from pathlib import Path

from dicom.ecg.synthesis import EcgRecipe
from server.cli.morning import PEOPLE, ecg_object
from server.clock import SystemClock
from tests.fault.machinery import people, person, second_web, sends
from tests.flows.county import Person, as_registration
from tests.flows.devices import written
from tests.servers.hub import RunningHub

ORDERS = 6


async def ready_orders(hub: RunningHub, doctor: Person, folder: Path) -> list[str]:
    """Ask for ECGs to be read and send them; return the orders when they wait at the centre."""
    who = PEOPLE[3]
    known = (await doctor.sees(f"/api/v1/patients?q={who.resident_id}"))["items"]
    patient = known[0]["id"] if known else (await doctor.does("/api/v1/patients", as_registration(who)))["id"]
    orders = [await doctor.places(patient, "ecg", "routine", expected_instances=1) for _ in range(ORDERS)]
    now = SystemClock().now()
    ecgs = [
        ecg_object(who, EcgRecipe(rate_bpm=70 + n), accession=order["number"], at=now, seed=n)
        for n, order in enumerate(orders)
    ]
    outcomes = await sends(hub, written(folder, ecgs))
    assert all(outcome.status == 0 for outcome in outcomes)
    for order in orders:
        await doctor.waits_for(order["id"], "ready")
    return [str(order["id"]) for order in orders]


async def race_for_orders(hub: RunningHub, folder: Path) -> None:
    """Let two readers claim each order at once: one gets it, the other hears that it is taken."""
    with second_web(hub) as other:
        async with people(hub.url, hub.url, other) as (desk, here, there):
            doctor = await person(desk, hub.url, "lilan")
            readers = [await person(here, hub.url, "wangke"), await person(there, other, "chenyue")]
            for order in await ready_orders(hub, doctor, folder):
                path = f"/api/v1/reading-orders/{order}/claim"
                told = await asyncio.gather(*(reader.asks("POST", path, {}) for reader in readers))
                assert Counter(answer.status for answer in told) == {200: 1, 409: 1}, [a.body for a in told]
                holder = (await readers[0].sees(f"/api/v1/reading-orders/{order}"))["claimed_by"]
                assert holder == next(a.body["claimed_by"] for a in told if a.status == 200)
