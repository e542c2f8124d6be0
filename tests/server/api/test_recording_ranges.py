"""Which bytes of a recorded track an answer gives: a player asks for the rest, and gets a piece of it."""

import pytest
from aiohttp.test_utils import make_mocked_request

from server.api.consult_recordings import MOST, ranged

SIZE = 3 * MOST


@pytest.mark.parametrize(
    ("asked", "status", "given", "said"),
    [
        (None, 200, (0, SIZE), None),
        ("bytes=0-", 206, (0, MOST), f"bytes 0-{MOST - 1}/{SIZE}"),
        (f"bytes={SIZE - 10}-", 206, (SIZE - 10, SIZE), f"bytes {SIZE - 10}-{SIZE - 1}/{SIZE}"),
        ("bytes=4-99", 206, (4, 100), f"bytes 4-99/{SIZE}"),
        ("bytes=-5", 206, (SIZE - 5, SIZE), f"bytes {SIZE - 5}-{SIZE - 1}/{SIZE}"),
        (f"bytes=-{2 * SIZE}", 206, (0, MOST), f"bytes 0-{MOST - 1}/{SIZE}"),
        (f"bytes={SIZE}-", 416, (0, 0), f"bytes */{SIZE}"),
        (f"bytes={SIZE}-{SIZE + 5}", 416, (0, 0), f"bytes */{SIZE}"),
        ("bytes=-0", 416, (0, 0), f"bytes */{SIZE}"),
        ("bytes=abc", 200, (0, SIZE), None),
        ("bytes=-", 200, (0, SIZE), None),
        ("items=0-5", 200, (0, SIZE), None),
        ("bytes=5-2", 200, (0, SIZE), None),
        ("bytes=0-1,4-5", 200, (0, SIZE), None),
    ],
)
def test_a_range_is_a_mebibyte_at_most(
    asked: str | None, status: int, given: tuple[int, int], said: str | None
) -> None:
    request = make_mocked_request("GET", "/", headers={"Range": asked} if asked else {})
    answer, begin, end = ranged(request, SIZE)
    assert (answer.status, (begin, end), answer.headers.get("Content-Range")) == (status, given, said)


@pytest.mark.parametrize("validator", ['"abc"', "Mon, 23 Nov 2026 04:00:00 GMT"])
def test_a_range_of_another_version_is_the_whole(validator: str) -> None:
    """A track has no validator: none that a player names is ours."""
    request = make_mocked_request("GET", "/", headers={"Range": "bytes=4-99", "If-Range": validator})
    answer, begin, end = ranged(request, SIZE)
    assert (answer.status, (begin, end)) == (200, (0, SIZE))
