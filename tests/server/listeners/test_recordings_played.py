"""What players are told of a recording: which tracks there are, and when each begins on one clock for all."""

import base64
import json
from pathlib import Path

from server.listeners.recordings import MANIFEST, Recordings
from tests.video.rtc.test_record import KEY, minute, track


def test_tracks_of_a_worker_that_began_anew_stand_on_the_clock_of_the_first(tmp_path: Path) -> None:
    """Somebody came in, or a worker was killed: what counts from a later beginning is moved by what lies between."""
    folder = tmp_path / "r1"
    folder.mkdir()
    for name in ("a.track", "b.track"):
        (folder / name).write_bytes(track(*minute(2)))
    said = [
        {"event": "recording", "room": "c1", "began_at": "2026-11-23T04:00:00.500000+00:00"},
        {"event": "track", "file": "a.track", "seat": "s1", "source": "camera", "codec": "vp8", "start_ms": 40},
        {"event": "stopped", "why": "anew"},
        {"event": "recording", "room": "c1", "began_at": "2026-11-23T04:00:12.750000+00:00"},
        {"event": "track", "file": "b.track", "seat": "s1", "source": "camera", "codec": "vp8", "start_ms": 30},
    ]
    text = "\n".join(json.dumps(line) for line in said)
    (folder / MANIFEST).write_text(text + '\n{"event": "tra', encoding="utf-8")
    shelf, key = Recordings(tmp_path), base64.b64encode(KEY).decode()
    assert [(each.number, each.start_ms) for each in shelf.tracks("r1", key)] == [(0, 40), (1, 12_280)]
    began = shelf.began_at("r1")
    assert began is not None
    assert began.isoformat() == "2026-11-23T04:00:00.500000+00:00"
    assert shelf.began_at("unknown") is None
