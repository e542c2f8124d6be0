"""Whether a recorded history could have happened one operation at a time (Wing and Gong 1993, with Lowe's cache)."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeVar

State = TypeVar("State", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Operation:
    """What one client asked for, and what it was told.

    Parameters
    ----------
    invoked, returned
        Seconds of one clock; an operation without an answer has not returned (`inf`) and its result is None: it may
        have happened at any time since, or never.
    """

    client: str
    name: str
    subject: str
    result: str | None
    invoked: float
    returned: float = inf


# The states that an operation with its result can lead to from a state; none when it cannot have happened there.
Step = Callable[[State, Operation], Iterable[State]]


def linearization(history: Sequence[Operation], initial: State, step: Step[State]) -> list[Operation] | None:
    """Return an order of the operations that agrees with their times and with a sequential object, None without one.

    Parameters
    ----------
    step
        The sequential object; it may be of several minds.
    """
    operations = sorted(history, key=lambda operation: operation.invoked)
    answered = sum(1 << n for n, operation in enumerate(operations) if operation.returned < inf)
    seen: set[tuple[int, State]] = set()
    # Each entry: what was done, the state after it, and the order in which it was, newest first.
    stack: list[tuple[int, State, tuple[Operation, object] | None]] = [(0, initial, None)]
    while stack:
        done, state, order = stack.pop()
        if done & answered == answered:
            return _unrolled(order)
        for number in _next(operations, done):
            for after in step(state, operations[number]):
                place = (done | 1 << number, after)
                if place not in seen:
                    seen.add(place)
                    stack.append((*place, (operations[number], order)))
    return None


def _next(operations: Sequence[Operation], done: int) -> list[int]:
    """Return which operations can be next: those that began before any other that is left had returned."""
    first = (~done & (done + 1)).bit_length() - 1
    found: list[int] = []
    earliest = inf
    for number in range(first, len(operations)):
        if done >> number & 1:
            continue
        operation = operations[number]
        if operation.invoked > earliest:
            break
        found.append(number)
        earliest = min(earliest, operation.returned)
    # Answered ones are tried before those without an answer, the earliest answer first: the stack turns them round.
    return sorted(found, key=lambda number: operations[number].returned, reverse=True)


def _unrolled(order: tuple[Operation, object] | None) -> list[Operation]:
    found: list[Operation] = []
    while order is not None:
        operation, order = order  # type: ignore[assignment]
        found.append(operation)
    return found[::-1]
