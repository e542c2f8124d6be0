"""One row of a transition table, the look-up by pair, and the text a person signs."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

State = TypeVar("State", bound=StrEnum)


class Elsewhere(StrEnum):
    """Where a row leads that names no state of its own."""

    SAME = "(same)"


SAME = Elsewhere.SAME


@dataclass(frozen=True, slots=True)
class Row(Generic[State]):
    """From these states, on this event, to that state.

    Parameters
    ----------
    to
        The state afterwards; `SAME` changes facts and no state.
    who
        Words of who may; `system` is the hub itself.
    guards
        Names of what has to hold; several rows of one pair are tried in order.
    deadline
        The kind of deadline that begins here, "" for none.
    """

    sources: tuple[State, ...]
    event: str
    to: State | Elsewhere
    who: tuple[str, ...]
    guards: tuple[str, ...] = ()
    deadline: str = ""


def rows_of(table: Sequence[Row[State]], state: State, event: str) -> list[Row[State]]:
    """Return the rows of one pair, in the table's order."""
    return [row for row in table if state in row.sources and row.event == event]


def legal_events(table: Sequence[Row[State]], state: State) -> tuple[str, ...]:
    """Return the events that the table knows for a state, in the table's order."""
    return tuple(dict.fromkeys(row.event for row in table if state in row.sources))


def render(table: Sequence[Row[State]], states: Sequence[State]) -> str:
    """Return the table as text: one line for each source state and row, terminal states named at the end."""
    lines = ["from | event | to | who | guard | deadline"]
    for state in states:
        for row in table:
            if state in row.sources:
                cells = (state.value, row.event, row.to.value, ", ".join(row.who))
                lines.append(" | ".join((*cells, ", ".join(row.guards) or "-", row.deadline or "-")))
    terminal = [state.value for state in states if not legal_events(table, state)]
    return "\n".join([*lines, f"terminal: {', '.join(terminal)}", ""])


def states_of(table: Sequence[Row[State]]) -> tuple[State, ...]:
    """Return the states that a table knows, in the order of their enumeration."""
    named = {state for row in table for state in (*row.sources, row.to) if not isinstance(state, Elsewhere)}
    return tuple(state for state in type(table[0].sources[0]) if state in named)
