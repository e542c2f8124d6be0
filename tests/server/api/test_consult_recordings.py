"""Who plays a track of a recording is on record, with its number; of a track that is none nobody is."""

import base64
import json
from typing import Any

import pytest

from server.listeners.recordings import MANIFEST, Recordings
from tests.builders.reading_house import House
from tests.flows.consulting import CONSULTS
from tests.server.api.test_fhir_consults import applied, house
from tests.video.rtc.test_record import minute, track
from video.signaling.seats import Recorded

__all__ = ["house"]  # the fixture
Json = dict[str, Any]


@pytest.fixture
async def tracks(house: House) -> str:
    """Give the address of a recording's tracks, of which there is one, number 0."""
    consult = await applied(house)
    async with house.hub.unit_of_work() as uow:
        await uow.rooms.begin_recording(
            Recorded("r1", consult["id"], house.clock.at, "zhaoning", ("lilan",), house.clock.at)
        )
        key = base64.b64decode(await uow.rooms.key_of("r1"))
    folder = house.hub.settings.data_path / "recordings" / "r1"
    folder.mkdir(parents=True)
    (folder / "a.track").write_bytes(track(*minute(2), key=key))
    said: list[Json] = [
        {"event": "recording", "room": consult["id"], "began_at": house.clock.at.isoformat()},
        {"event": "track", "file": "a.track", "seat": "s1", "source": "camera", "codec": "vp8", "start_ms": 40},
    ]
    (folder / MANIFEST).write_text("\n".join(json.dumps(line) for line in said), encoding="utf-8")
    house.hub.recordings = Recordings(folder.parent)
    return f"{CONSULTS}/{consult['id']}/recordings/r1/tracks"


async def test_whoever_plays_a_track_is_on_record_with_its_number_and_her_request(house: House, tracks: str) -> None:
    played = await house.call("lilan", "GET", f"{tracks}/0", Range="bytes=4-99")
    assert (played.status, len(played.body)) == (206, 96)
    (row,) = await _plays(house)
    assert (row["actor_id"], row["object_id"], row["request_id"]) == ("lilan", "r1/0", played.headers["X-Request-ID"])


@pytest.mark.parametrize("number", ["1", "%C2%B2", "%EF%BC%91", "-1", "0x0", "9" * 5000, "a"])
async def test_a_track_that_is_none_is_not_found_and_nobody_played_it(house: House, tracks: str, number: str) -> None:
    assert (await house.call("lilan", "GET", f"{tracks}/{number}")).status == 404
    assert await _plays(house) == []


async def _plays(house: House) -> list[Json]:
    records = (await house.call("shenji", "GET", "/api/v1/audit?limit=500")).body["items"]
    return [each for each in records if each["action"] == "play"]
