"""Which layer of each video a receiver gets: sound first, everybody's lowest layer next, then better ones.

Pure: what is wanted and what there is, in; what is sent, out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SHARE = 0.8  # of the estimate that sound and video may take; the rest is for retransmissions and surprises


@dataclass(frozen=True, slots=True)
class Wish:
    """One video that a receiver would have.

    `bitrates` are those of the layers that its publisher sends now, rising; `highest` is how many of them the
    receiver may have, 0 for none.
    """

    priority: int
    bitrates: tuple[float, ...]
    highest: int


def allocate(wishes: Sequence[Wish], *, audio: float, estimate: float) -> list[int | None]:
    """Return for each wish the position of the layer to send, None for a pause.

    A lowest layer is sent only if all that goes out stays within `SHARE` of the estimate. Else the video pauses and
    the sound goes on. What a higher priority got, a lower one does not take away; ties are settled by order.
    """
    left = SHARE * estimate - audio
    given: list[int | None] = [None] * len(wishes)
    order = sorted(range(len(wishes)), key=lambda each: -wishes[each].priority)
    for each in order:
        wish = wishes[each]
        if wish.highest > 0 and wish.bitrates and wish.bitrates[0] <= left:
            given[each] = 0
            left -= wish.bitrates[0]
    for each in order:
        wish, at = wishes[each], given[each]
        while at is not None and at + 1 < min(len(wish.bitrates), wish.highest):
            step = wish.bitrates[at + 1] - wish.bitrates[at]
            if step > left:
                break
            left -= step
            at += 1
            given[each] = at
    return given


def missing(wishes: Sequence[Wish], given: Sequence[int | None], *, audio: float) -> float:
    """Return the estimate in bit/s from which the next layer of some wish would fit, 0 if nobody lacks one."""
    sent = audio + sum(wish.bitrates[at] for wish, at in zip(wishes, given, strict=True) if at is not None)
    steps = []
    for wish, at in zip(wishes, given, strict=True):
        following = 0 if at is None else at + 1
        if following < min(len(wish.bitrates), wish.highest):
            steps.append(wish.bitrates[following] - (0.0 if at is None else wish.bitrates[at]))
    return (sent + min(steps)) / SHARE if steps else 0.0
