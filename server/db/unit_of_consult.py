"""The side of a unit of work that consults use."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.db.queries.class_board import ClassBoard
from server.db.queries.consult_board import ConsultBoard
from server.db.queries.fhir_consults import FhirConsults
from server.db.repositories.calendar import Calendar, Roster
from server.db.repositories.consults import Consults, Opinions
from server.db.repositories.rooms import Rooms


class ConsultSide(ABC):
    """Repositories of consults on a transaction's connection."""

    services: Mapping[str, Any]

    @property
    @abstractmethod
    def connection(self) -> AsyncConnection:
        """Return the connection inside the transaction."""

    @cached_property
    def consults(self) -> Consults:
        """Return consults with their experts."""
        return Consults(self.connection)

    @cached_property
    def opinions(self) -> Opinions:
        """Return what the experts wrote and signed."""
        return Opinions(self.connection)

    @cached_property
    def calendar(self) -> Calendar:
        """Return the times that are kept on both sides."""
        return Calendar(self.connection)

    @cached_property
    def rooms(self) -> Rooms:
        """Return the rooms and what is written in them."""
        return Rooms(self.connection, self.services["cipher"])

    @cached_property
    def roster(self) -> Roster:
        """Return the experts who may be invited."""
        return Roster(self.connection)

    @cached_property
    def consult_board(self) -> ConsultBoard:
        """Return consults as lists show them."""
        return ConsultBoard(self.connection)

    @cached_property
    def class_board(self) -> ClassBoard:
        """Return consults that are open for teaching."""
        return ClassBoard(self.connection)

    @cached_property
    def fhir_consults(self) -> FhirConsults:
        """Return consults, times and opinions as FHIR searches for them."""
        return FhirConsults(self.connection)
