"""The checker of histories is checked: on histories that are known, and against every order of small random ones."""

import random
from collections.abc import Iterator
from itertools import permutations
from math import inf

import pytest

from tests.fault.linearizable import Operation, linearization


def bed(holder: str, operation: Operation) -> Iterator[str]:
    """Be one bed: free ("") or somebody's; without an answer a claim may have been granted or not."""
    wanted = operation.subject
    free, own = not holder, holder == wanted
    granted = {"claim": free, "release": own}[operation.name]
    after = {"claim": wanted, "release": ""}[operation.name]
    if operation.result in {"ok", None} and granted:
        yield after
    if operation.result in {"refused", None} and not granted:
        yield holder


def op(name: str, subject: str, result: str | None, invoked: float, returned: float = inf) -> Operation:
    return Operation(subject, name, subject, result, invoked, returned)


ONE_AFTER_THE_OTHER = [
    op("claim", "a", "ok", 0, 1),
    op("claim", "b", "refused", 2, 3),
    op("release", "a", "ok", 4, 5),
    op("claim", "b", "ok", 6, 7),
]
TURNED_ROUND = [op("claim", "a", "refused", 0, 9), op("claim", "b", "ok", 1, 8)]
TWO_WINNERS = [op("claim", "a", "ok", 0, 5), op("claim", "b", "ok", 1, 4)]
STALE_REFUSAL = [  # refused by somebody who had let go before it was asked
    op("claim", "a", "ok", 0, 1),
    op("release", "a", "ok", 2, 3),
    op("claim", "b", "refused", 4, 5),
]
KILLED_AND_GRANTED = [op("claim", "a", None, 0), op("claim", "b", "refused", 5, 6)]
KILLED_AND_LATE = [
    op("claim", "a", None, 0),
    op("claim", "b", "ok", 1, 2),
    op("release", "b", "ok", 3, 4),
    op("claim", "c", "refused", 5, 6),
]
KILLED_TWICE_USED = [  # one unanswered claim explains one refusal, not a refusal before and after somebody else's turn
    op("claim", "a", None, 0),
    op("claim", "b", "refused", 1, 2),
    op("claim", "c", "ok", 3, 4),
]


@pytest.mark.parametrize(
    "history", [ONE_AFTER_THE_OTHER, TURNED_ROUND, KILLED_AND_GRANTED, KILLED_AND_LATE, KILLED_AND_LATE[:2], []]
)
def test_a_history_that_one_bed_could_have_had_gets_its_order(history: list[Operation]) -> None:
    order = linearization(history, "", bed)
    assert order is not None
    assert {id(o) for o in order} >= {id(o) for o in history if o.result is not None}


@pytest.mark.parametrize("history", [TWO_WINNERS, STALE_REFUSAL, KILLED_TWICE_USED])
def test_a_history_that_no_bed_can_have_had_is_found(history: list[Operation]) -> None:
    assert linearization(history, "", bed) is None


def test_the_order_tells_who_was_first_though_both_overlapped() -> None:
    order = linearization(TURNED_ROUND, "", bed)
    assert order is not None
    assert [o.subject for o in order] == ["b", "a"]


def possible(history: list[Operation]) -> bool:
    """Try every order: what no checker can get wrong, and no computer can do for long histories."""

    def leads(states: set[str], operation: Operation) -> set[str]:
        return {after for state in states for after in bed(state, operation)}

    for order in permutations(history):
        if any(late.returned < early.invoked for n, early in enumerate(order) for late in order[n + 1 :]):
            continue
        states = {""}
        for operation in order:
            states = leads(states, operation) | (states if operation.result is None else set())
        if states:
            return True
    return False


def test_the_checker_agrees_with_every_order_of_small_random_histories() -> None:
    chance = random.Random(20261123)
    verdicts = []
    for _ in range(600):
        history = []
        for number in range(chance.randint(1, 5)):
            begun = chance.uniform(0, 5)
            result = chance.choice(["ok", "ok", "refused", "refused", None])
            ended = inf if result is None else begun + chance.uniform(0.1, 3)
            name = chance.choice(["claim", "claim", "release"])
            history.append(Operation(str(number), name, chance.choice("ab"), result, begun, ended))
        verdicts.append(possible(history))
        assert (linearization(history, "", bed) is not None) == verdicts[-1], history
    assert 0.2 < sum(verdicts) / len(verdicts) < 0.8, "both kinds are tried"
