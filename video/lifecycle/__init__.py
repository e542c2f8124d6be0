"""The life cycle of a consult: one signed table, one function that moves, and what a person may do now."""

from video.lifecycle.commands import Command, consult_commands
from video.lifecycle.consult import CONSULT_TABLE
from video.lifecycle.decide import decide, legal, may, permit
from video.lifecycle.guards import Fact

__all__ = ["CONSULT_TABLE", "Command", "Fact", "consult_commands", "decide", "legal", "may", "permit"]
