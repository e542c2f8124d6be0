"""The life cycle of a referral ticket: two signed tables, one function that moves, and what a person may do now."""

from referral.lifecycle.anew import successor_of
from referral.lifecycle.commands import Command, ticket_commands
from referral.lifecycle.decide import decide, legal, may, permit, table_of
from referral.lifecycle.downward import DOWN_TABLE
from referral.lifecycle.guards import Fact
from referral.lifecycle.keeping import KEEPING_TABLE, end, expected, extended, permit_keeping
from referral.lifecycle.upward import UP_TABLE

__all__ = [
    "DOWN_TABLE",
    "KEEPING_TABLE",
    "UP_TABLE",
    "Command",
    "Fact",
    "decide",
    "end",
    "expected",
    "extended",
    "legal",
    "may",
    "permit",
    "permit_keeping",
    "successor_of",
    "table_of",
    "ticket_commands",
]
