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
        (f"bytes={SIZE}-", 416, (0, 0), f"bytes */{SIZE}"),
    ],
)
def test_a_range_is_a_mebibyte_at_most(
    asked: str | None, status: int, given: tuple[int, int], said: str | None
) -> None:
    request = make_mocked_request("GET", "/", headers={"Range": asked} if asked else {})
    answer, begin, end = ranged(request, SIZE)
    assert (answer.status, (begin, end), answer.headers.get("Content-Range")) == (status, given, said)
