"""The side of a unit of work that referrals and beds use."""

from abc import ABC, abstractmethod
from functools import cached_property

from sqlalchemy.ext.asyncio import AsyncConnection

from server.db.queries.bed_numbers import BedUse
from server.db.queries.capabilities import Capabilities
from server.db.queries.follow_up_list import FollowUpList
from server.db.queries.ownerless import Ownerless
from server.db.queries.prefill import Prefill
from server.db.queries.referral_board import ReferralBoard
from server.db.queries.referral_numbers import ReferralNumbers
from server.db.queries.watch_list import WatchList
from server.db.repositories.bed_board import BedBoard
from server.db.repositories.beside_tickets import CloudRounds, OutwardTransfers, PatientLinks
from server.db.repositories.follow_ups import FollowUps
from server.db.repositories.neighbours import Neighbours
from server.db.repositories.rule_book import RuleBook
from server.db.repositories.tickets import Tickets


class ReferralSide(ABC):
    """Repositories of referrals and beds on a transaction's connection."""

    @property
    @abstractmethod
    def connection(self) -> AsyncConnection:
        """Return the connection inside the transaction."""

    @cached_property
    def tickets(self) -> Tickets:
        """Return referral tickets, their conversation and their rankings."""
        return Tickets(self.connection)

    @cached_property
    def board(self) -> BedBoard:
        """Return wards, beds, holds and occupancies."""
        return BedBoard(self.connection)

    @cached_property
    def neighbours(self) -> Neighbours:
        """Return whom a ticket concerns."""
        return Neighbours(self.connection)

    @cached_property
    def outward(self) -> OutwardTransfers:
        """Return the register of transfers beyond the county."""
        return OutwardTransfers(self.connection)

    @cached_property
    def rounds(self) -> CloudRounds:
        """Return remote rounds of cloud wards."""
        return CloudRounds(self.connection)

    @cached_property
    def patient_links(self) -> PatientLinks:
        """Return links that somebody without an account holds."""
        return PatientLinks(self.connection)

    @cached_property
    def follow_ups(self) -> FollowUps:
        """Return calls and visits after somebody came home."""
        return FollowUps(self.connection)

    @cached_property
    def referral_board(self) -> ReferralBoard:
        """Return tickets as lists show them."""
        return ReferralBoard(self.connection)

    @cached_property
    def follow_up_list(self) -> FollowUpList:
        """Return follow-ups as lists show them."""
        return FollowUpList(self.connection)

    @cached_property
    def ownerless(self) -> Ownerless:
        """Return what nobody has to do, or at no time."""
        return Ownerless(self.connection)

    @cached_property
    def capabilities(self) -> Capabilities:
        """Return what organizations can do beside their beds."""
        return Capabilities(self.connection)

    @cached_property
    def prefill(self) -> Prefill:
        """Return what the record knows for a new ticket."""
        return Prefill(self.connection)

    @cached_property
    def rule_book(self) -> RuleBook:
        """Return the versions of rules."""
        return RuleBook(self.connection)

    @cached_property
    def referral_numbers(self) -> ReferralNumbers:
        """Return referrals in numbers."""
        return ReferralNumbers(self.connection)

    @cached_property
    def bed_use(self) -> BedUse:
        """Return beds in numbers."""
        return BedUse(self.connection)

    @cached_property
    def watch_list(self) -> WatchList:
        """Return who was told of what is nobody's."""
        return WatchList(self.connection)
